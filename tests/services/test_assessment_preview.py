"""What came and is no record is told line by line before it is taken."""

from decimal import Decimal

import pytest
from services.quick_offices import CITY
from services.station_year import STATION
from services.test_assessments import PROVINCE, review, sheet, step, template

from riskdesk import clock
from riskdesk.domain.assessment import Column, Filled, Judged, Review, review_to_body
from riskdesk.domain.revisions import revision
from riskdesk.domain.scoring import Answer
from riskdesk.services import assessing, assessment_preview
from riskdesk.services.setup import set_up


@pytest.fixture
def city(tmp_path):
    with set_up(tmp_path / "city", CITY, person="示例") as desk:
        yield desk


def put(desk, *steps):
    with desk.store.write("示例", "test") as writing:
        desk.revisions.add(writing, steps)


def lines(desk, given):
    return "\n".join(assessment_preview.lines(desk, given))


def test_a_new_sheet_tells_who_how_much_and_what_is_missing(city):
    told = lines(city, step(assessing.SHEET, STATION, sheet(city)))
    assert "单位：某监测站（140100-ZD01）　年度：2023 年" in told
    assert "自评合计 5 分，没有填完，还没有等级" in told
    assert "未填的指标 17 项：A2、" in told


def test_a_newer_sheet_tells_what_changed_against_what_is_here_and_what_is_still_given_back(city):
    first = step(assessing.SHEET, STATION, sheet(city, filled={"A1": Filled(Answer(option=0)), "A2": Filled()}))
    given_back = Review(first.object_id, first.hash, Column.CITY, {}, {"A1": "缺批复", "A2": "请填写"})
    put(city, first, step(assessing.REVIEW, CITY, review_to_body(given_back)))
    body = sheet(city, filled={"A1": Filled(Answer(option=0)), "A2": Filled(Answer(option=1))})
    newer = revision(
        object_id=first.object_id, kind=assessing.SHEET, org=STATION, body=body, author="某人", at=clock.now(), parents=[first]
    )  # fmt: skip
    told = lines(city, newer)
    assert "有变化的 1 项：A2" in told
    assert "填报 未填 → " in told
    assert "退回后还没有补正的指标 1 项：A1" in told
    assert "与本机现有的一版相同" in lines(city, first)


def test_a_review_tells_its_column_total_what_is_given_back_and_why(city):
    first = step(assessing.SHEET, STATION, sheet(city))
    put(city, first)
    made = Review(
        first.object_id, first.hash, Column.CITY, {"A1": Judged(Decimal(3), "资质过期")}, {"A2": "缺任命文件"}, (), "同意推荐"
    )  # fmt: skip
    told = lines(city, step(assessing.REVIEW, CITY, review_to_body(made)))
    assert "市局初核合计 3 分" in told
    assert "退回 A2" in told
    assert "缺任命文件" in told
    assert "自评 5，市局初核 3。资质过期" in told
    assert "意见：同意推荐" in told


def test_a_review_whose_sheet_is_not_here_is_told_as_far_as_it_goes(city):
    assert "对应的自评表还没有收到" in lines(city, step(assessing.REVIEW, PROVINCE, review(Column.PROVINCE)))


def test_indicators_tell_their_version_and_what_makes_no_sense_tells_nothing(city):
    assert "第 2 版" in lines(city, step(assessing.TEMPLATE, PROVINCE, template(city), assessing.TEMPLATE_ID))
    assert lines(city, step(assessing.SHEET, STATION, {})) == ""
    assert assessment_preview.lines(city, None) == ()
