"""Who may hand on what of an assessment: only the station its sheet, the city and the province their columns, the province the indicators."""

from dataclasses import replace

import pytest
from services.quick_offices import CITY, COUNTY, PERIOD, SUO
from services.test_verdicts import forged, received, report

from riskdesk import clock
from riskdesk.domain.assessment import Column, Filled, Review, Sheet, review_to_body, sheet_to_body
from riskdesk.domain.revisions import revision
from riskdesk.domain.scoring import Answer
from riskdesk.errors import InputError, UsageError
from riskdesk.exchange.manifest import PackageKind
from riskdesk.exchange.payload import ASSESSMENT, assessment_to_bytes
from riskdesk.services import assessing, assessments, reviewing, upkeep
from riskdesk.services.setup import set_up
from riskdesk.store.ids import new_id

STATION, OTHER, PROVINCE = "140100-ZD01", "140200-ZD01", "140000-JU"


@pytest.fixture
def city(tmp_path):
    with set_up(tmp_path / "city", CITY, person="示例") as desk:
        yield desk


def step(kind, org, body, object_id=""):
    return revision(object_id=object_id or new_id(), kind=kind, org=org, body=body, author="某人", at=clock.now())


def sheet(desk, station=STATION, **more):
    given = Sheet(station, "某监测站", 2023, assessing.template_data(desk), {"A1": Filled(Answer(option=0))})
    return sheet_to_body(replace(given, **more))


def review(column):
    return review_to_body(Review("id", "hash", column))


def template(desk, version=2):
    return {"schema": 1, "template": {**assessing.template_data(desk), "version": version}}


def test_what_an_office_may_say_is_named(city):
    assert (
        assessments.matter_of(city, step(assessing.SHEET, STATION, sheet(city)), STATION).title
        == "2023年自评表（某监测站）"
    )
    known = assessments.matter_of(city, step(assessing.REVIEW, PROVINCE, review(Column.PROVINCE)), PROVINCE)
    assert known.title == "省局验收（对应的自评表还没有收到）"
    made = step(assessing.TEMPLATE, PROVINCE, template(city), assessing.TEMPLATE_ID)
    assert assessments.matter_of(city, made, PROVINCE).title == "监测站指标模板第2版"


@pytest.mark.parametrize(
    ("kind", "office", "body", "words"),
    [
        ("sheet", OTHER, sheet, "只能由监测站自己"),
        ("sheet", COUNTY, lambda desk: sheet(desk, COUNTY), "只能由监测站自己"),
        ("sheet", STATION, lambda desk: {**sheet(desk), "filled": {"A1": {}}}, "数据不完整"),
        ("sheet", STATION, lambda desk: sheet(desk, filled={"A1": Filled(Answer(option=9))}), "选择一项"),
        ("sheet", STATION, lambda desk: {**sheet(desk), "template": {}}, "模板"),
        ("sheet", STATION, lambda desk: {**sheet(desk), "vetoes": [{}]}, "数据不完整"),
        ("review", COUNTY, lambda desk: review(Column.CITY), "市局初核不能由这个单位"),
        ("review", CITY, lambda desk: review(Column.PROVINCE), "省局验收不能由这个单位"),
        ("review", STATION, lambda desk: review(Column.SELF), "自评不能由这个单位"),
        ("review", CITY, lambda desk: {**review(Column.CITY), "judged": {"A1": {"points": "NaN", "reason": ""}}}, "数据不完整"),
        ("template", CITY, template, "只能由省局"),
        ("template", PROVINCE, lambda desk: {"schema": 1}, "模板"),
        ("record", STATION, lambda desk: {}, "不认识"),
    ],
)  # fmt: skip
def test_what_an_office_may_not_say_is_refused(city, kind, office, body, words):
    kinds = {"sheet": assessing.SHEET, "review": assessing.REVIEW, "template": assessing.TEMPLATE}
    object_id = assessing.TEMPLATE_ID if kind == "template" else ""
    with pytest.raises(InputError, match=words):
        assessments.matter_of(city, step(kinds.get(kind, kind), office, body(city), object_id), office)


def test_what_another_office_made_is_not_handed_on_as_ones_own(city):
    with pytest.raises(InputError, match="不是签名单位自己的内容"):
        assessments.matter_of(city, step(assessing.SHEET, STATION, sheet(city)), CITY)


def test_a_market_office_that_signs_a_stations_sheet_is_told_row_by_row_and_nothing_is_kept(offices):
    with offices.desk(COUNTY) as county:
        steps = (step(assessing.SHEET, SUO, sheet(county, SUO)), step(assessing.SHEET, STATION, sheet(county)))
    files = {ASSESSMENT: assessment_to_bytes(steps)}
    one = received(offices, forged(offices, SUO, files, kind=PackageKind.ASSESSMENT), exit_code=3)
    assert [each["outcome"] for each in one["rows"]] == ["rejected", "rejected"]
    with offices.desk(COUNTY) as county:
        assert assessing.sheets(county) == []
        assert upkeep.check(county) == []


def test_a_record_in_an_assessment_is_not_taken(offices):
    body = {"period": PERIOD, "product": "假", "content": "冒名"}
    files = {ASSESSMENT: assessment_to_bytes((step("record", SUO, body),))}
    one = received(offices, forged(offices, SUO, files, kind=PackageKind.ASSESSMENT), exit_code=3)
    assert [each["why"] for each in one["rows"]] == ["不认识的内容"]
    assert offices.call(COUNTY, "list").data == []


def test_an_assessment_in_a_report_is_not_taken(offices):
    with offices.desk(COUNTY) as county:
        given = step(assessing.SHEET, SUO, sheet(county, SUO))
    one = received(offices, forged(offices, SUO, report(given)), exit_code=3)
    assert [each["why"] for each in one["rows"]] == ["不认识的内容"]


def test_a_city_that_has_nothing_to_do_with_a_station_does_not_judge_it(city):
    kept = step(assessing.SHEET, STATION, sheet(city))
    theirs = Review(kept.object_id, kept.hash, Column.CITY, conclusion="冒名")
    right = step(assessing.REVIEW, CITY, review_to_body(replace(theirs, conclusion="同意")))
    wrong = step(assessing.REVIEW, "140200-JU", review_to_body(theirs))
    with city.store.write("示例", "test") as writing:
        city.revisions.add(writing, [kept, right, wrong])
    [seen] = reviewing.assessed(city, 2023)
    assert seen.reviews[Column.CITY].review.conclusion == "同意"


def test_only_the_levels_above_judge(tmp_path):
    with set_up(tmp_path / "county", COUNTY, person="示例") as county, pytest.raises(UsageError, match="初核由市局"):
        reviewing.own_column(county)


def test_nothing_is_handed_on_that_is_not_there(city):
    with pytest.raises(InputError, match="没有修订过指标模板"):
        assessments.own_template(city)
    with pytest.raises(InputError, match="还没有收到"):
        reviewing.find(city, 2023, STATION)
