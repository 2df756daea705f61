"""Sheets, reviews and indicators by somebody with true keys and another program: nothing false stands, and nothing breaks the pages."""

import json
import os
import shutil
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from services.quick_offices import CITY, PASSPHRASE, PROVINCE, STATION, take
from services.test_verdicts import forged, received

from riskdesk import clock
from riskdesk.domain.assessment import Column, Filled, Judged, Measured, Review, Sheet, review_to_body, sheet_to_body
from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.revisions import RevisionState, revision
from riskdesk.domain.scoring import Answer
from riskdesk.errors import InputError
from riskdesk.exchange.manifest import PackageKind
from riskdesk.exchange.payload import ASSESSMENT, assessment_to_bytes
from riskdesk.services import answering, assessing, assessments, attaching, keyring, reviewing, undoing, upkeep
from riskdesk.store.ids import new_id

OFFICES = (PROVINCE, CITY, STATION)
YEAR = 2023


def step(kind, org, body, object_id="", **more):
    return revision(
        object_id=object_id or new_id(), kind=kind, org=org, body=body, author="某人", at=clock.now(), **more
    )


def sheet(offices, **more):
    with offices.desk(STATION) as desk:
        given = Sheet(STATION, desk.office.name, YEAR, assessing.template_data(desk), {"A1": Filled(Answer(option=0))})
    return {**sheet_to_body(given), **more}


def said(**answer):
    return {"answer": answer, "reason": "", "note": "", "evidence": []}


def send(offices, sender, to, *steps, exit_code=0):
    files = {ASSESSMENT: assessment_to_bytes(steps)}
    return received(offices, forged(offices, sender, files, to=to, kind=PackageKind.ASSESSMENT), to, exit_code)


def told(one):
    return [(each["outcome"], each["why"]) for each in one["rows"]]


def listed(offices, code):
    """The stations that have handed in a sheet."""
    reply = offices.call(code, "assess", "list", "--year", YEAR)
    assert reply.code == 0, reply.said
    return [each for each in reply.data if each["columns"]["self"]]


def handed(offices, code, make):
    """Hand on what `make` gives; return the file."""
    folder = offices.usb / new_id()
    folder.mkdir()
    with offices.desk(code) as desk:
        return assessments.hand_on(desk, keyring.unlock(desk, PASSPHRASE), *make(desk), folder).file


def own_sheet(desk):
    return assessments.own_sheet(desk, YEAR)


def in_force(offices):
    with offices.desk(PROVINCE) as desk:
        return assessing.template_data(desk)


@pytest.mark.parametrize(("kind", "sender"), [(assessing.SHEET, STATION), (assessing.REVIEW, CITY)])
def test_nothing_takes_the_place_of_the_indicators(offices, kind, sender):
    before = in_force(offices)
    bodies = {
        assessing.SHEET: sheet(offices, template={**before, "version": 999}),
        assessing.REVIEW: review_to_body(Review("id", "hash", Column.CITY)),
    }
    one = send(offices, sender, PROVINCE, step(kind, sender, bodies[kind], assessing.TEMPLATE_ID), exit_code=3)
    assert told(one) == [("rejected", "编号属于指标模板，不能用于别的内容")]
    assert in_force(offices) == before
    assert offices.call(PROVINCE, "assess", "template").code == 0


def test_a_sheet_with_rules_of_its_own_is_told_before_it_is_taken_and_wherever_it_is_shown(offices):
    easy = json.loads(json.dumps(in_force(offices)))
    for each in easy["indicators"]:
        each.update(rule={"type": "options", "options": [["好", each["max_points"]], ["差", 0]]}, auto_metric=None)
    filled = {each["code"]: said(option=0) for each in easy["indicators"]}
    one = send(offices, STATION, PROVINCE, step(assessing.SHEET, STATION, sheet(offices, template=easy, filled=filled)))
    assert "与本机已知的各版都不一致" in "".join(one["verdict"]["warnings"])
    with offices.desk(PROVINCE) as desk:
        assert "与本机已知的各版都不一致" in "".join(reviewing.find(desk, YEAR, STATION).doubts)


def test_a_sheet_under_the_name_of_another_office_is_told(offices):
    one = send(offices, STATION, PROVINCE, step(assessing.SHEET, STATION, sheet(offices, unit="阳泉市市场监督管理局")))
    assert "签名的却是" in "".join(one["verdict"]["warnings"])
    [row] = listed(offices, PROVINCE)
    assert "签名的却是" in "".join(row["doubts"])
    with offices.desk(PROVINCE) as desk:
        assert "签名的却是" in "".join(reviewing.find(desk, YEAR, STATION).doubts)


@pytest.mark.parametrize(
    "more",
    [
        {"year": 10**15},
        {"year": -5},
        {"year": "2023"},
        {"year": True},
        {"filled": {"B4": said(number="1e10000000")}},
        {"filled": {"B4": said(number="9" * 5000)}},
        {"filled": {"A1": said(option=True)}},
        {"filled": {"A1": said(option=10**6)}},
        {"filled": {"A1": {**said(option=0), "evidence": [{"of": "", "attachment": {"sha256": "/etc/passwd", "name": "a", "size": 1}}]}}},
    ],
)  # fmt: skip
def test_what_no_program_of_ours_writes_is_refused_in_words_and_the_pages_go_on(offices, more):
    one = send(offices, STATION, PROVINCE, step(assessing.SHEET, STATION, sheet(offices, **more)), exit_code=3)
    [(outcome, why)] = told(one)
    assert outcome == "rejected"
    assert "。" in why or "：" in why
    assert listed(offices, PROVINCE) == []


def test_a_withdrawn_sheet_is_not_taken(offices):
    gone = step(assessing.SHEET, STATION, sheet(offices), state=RevisionState.WITHDRAWN)
    assert [each for each, _ in told(send(offices, STATION, PROVINCE, gone, exit_code=3))] == ["rejected"]


def reviewed(offices, kept, **more):
    return step(assessing.REVIEW, CITY, {**review_to_body(Review(kept.object_id, kept.hash, Column.CITY)), **more})


MISFITS = [
    {"judged": {"A1": {"points": "99", "reason": "好"}}},
    {"judged": {"ZZ": {"points": "1", "reason": "好"}}},
    {"judged": {"A1": {"points": "1", "reason": " "}}},
    {"returned": {"ZZ": "补"}},
    {"returned": {"A1": ""}},
    {"vetoes": ["nix"]},
]


@pytest.mark.parametrize("more", MISFITS)
def test_a_review_that_its_sheet_does_not_allow_is_refused_or_not_used_whichever_comes_first(offices, more):
    kept = step(assessing.SHEET, STATION, sheet(offices))
    send(offices, CITY, PROVINCE, reviewed(offices, kept, **more))
    send(offices, STATION, PROVINCE, kept)
    with offices.desk(PROVINCE) as desk:
        seen = reviewing.find(desk, YEAR, STATION)
        assert seen.reviews == {}
        assert "没有采用" in "".join(seen.doubts)
    assert told(send(offices, CITY, PROVINCE, reviewed(offices, kept, **more), exit_code=3))[0][0] == "rejected"
    assert [each["unit"] for each in listed(offices, PROVINCE)] == [kept.body["unit"]]


@pytest.mark.parametrize("points", ["9E+999999", "1e1", "-1", "NaN", "1.234", "9" * 5000, 5])
def test_points_that_are_none_are_refused(offices, points):
    kept = step(assessing.SHEET, STATION, sheet(offices))
    send(offices, STATION, PROVINCE, kept)
    one = send(offices, CITY, PROVINCE, reviewed(offices, kept, judged={"A1": {"points": points, "reason": "好"}}), exit_code=3)  # fmt: skip
    assert "数据不完整" in told(one)[0][1]
    assert len(listed(offices, PROVINCE)) == 1


def test_evidence_that_did_not_come_is_told(offices):
    lost = {"of": "", "attachment": {"sha256": "ab" * 32, "name": "批复.pdf", "size": 5}}
    filled = {"A1": {**said(option=0), "evidence": [lost]}}
    one = send(offices, STATION, PROVINCE, step(assessing.SHEET, STATION, sheet(offices, filled=filled)))
    assert "1 份证明材料不在包内" in "".join(one["verdict"]["warnings"])
    assert "批复.pdf" in "".join(one["verdict"]["warnings"])


def test_a_sheet_is_handed_on_as_it_stands(offices):
    with offices.desk(STATION) as desk:
        kept = assessing.new(desk, YEAR)
        for option in (0, 1, 2):
            kept = assessing.fill(desk, kept, "A1", Answer(option=option))
    file = handed(offices, STATION, own_sheet)
    with offices.desk(CITY) as desk:
        [one] = take(desk, file)
        assert (one.plan.counts()["read"], one.plan.counts()["new"]) == (1, 1)
        assert reviewing.find(desk, YEAR, STATION).kept.sheet.of("A1").answer == Answer(option=2)
        assert upkeep.check(desk) == []


def test_evidence_of_any_name_is_handed_on(offices, tmp_path):
    with offices.desk(STATION) as desk:
        kept = assessing.new(desk, YEAR)
        for name in ("建站批复2023.7月", "no ending", "照片.JPEG", ".x", "a." + "b" * 50):
            file = tmp_path / name
            file.write_text(name)
            kept = assessing.attach(desk, kept, "A1", file)
    file = handed(offices, STATION, own_sheet)
    with offices.desk(CITY) as desk:
        [one] = take(desk, file)
        assert one.run_id
        assert one.verdict.warnings == ()
        assert upkeep.check(desk) == []


def test_two_versions_after_a_restored_backup_are_told_and_joined_by_the_station(offices, tmp_path):
    with offices.desk(STATION) as desk:
        assessing.new(desk, YEAR)
    shutil.copytree(offices.home(STATION), tmp_path / "backup")
    with offices.desk(STATION) as desk:
        for option in (0, 1, 2):
            assessing.fill(desk, assessing.find(desk, YEAR), "A1", Answer(option=option))
    first = handed(offices, STATION, own_sheet)
    shutil.rmtree(offices.home(STATION))
    shutil.copytree(tmp_path / "backup", offices.home(STATION))
    with offices.desk(STATION) as desk:
        assessing.fill(desk, assessing.find(desk, YEAR), "A2", Answer(option=1), reason="新的")
    second = handed(offices, STATION, own_sheet)
    with offices.desk(CITY) as desk:
        take(desk, first)
        [one] = take(desk, second)
        assert [row.outcome for row in one.plan.rows if row.outcome is not Outcome.SAME] == [Outcome.CONFLICT]
        seen = reviewing.find(desk, YEAR, STATION)
        assert "两个互不包含的版本" in "".join(seen.doubts)
        back = answering.answer(
            desk, keyring.unlock(desk, PASSPHRASE), one.package, {seen.kept.id: "有两个版本"}, tmp_path
        )
    with offices.desk(STATION) as desk:
        assert take(desk, back.file)[0].run_id
        kept = assessing.find(desk, YEAR)
        assert kept.sheet.of("A2").reason == "新的"  # what was made here stands, until somebody here says otherwise
        [other] = [each for each in assessing.versions(desk, kept) if each.sheet.of("A1").answer == Answer(option=2)]
        kept = assessing.restore(desk, kept, other)
        assessing.fill(desk, kept, "A2", Answer(option=1), reason="新的")
    third = handed(offices, STATION, own_sheet)
    with offices.desk(CITY) as desk:
        assert take(desk, third)[0].run_id
        seen = reviewing.find(desk, YEAR, STATION)
        assert (seen.doubts, seen.kept.sheet.of("A1").answer) == ((), Answer(option=2))
        assert seen.kept.sheet.of("A2").reason == "新的"
        assert upkeep.check(desk) == []


def test_of_two_sheets_of_one_station_and_year_one_is_shown_and_that_is_told(offices):
    one, other = (step(assessing.SHEET, STATION, sheet(offices)) for _ in range(2))
    send(offices, STATION, CITY, one, other)
    with offices.desk(CITY) as desk:
        [seen] = reviewing.assessed(desk, YEAR)
        assert "2 份自评表" in "".join(seen.doubts)


def judged(offices, change):
    """Hand a sheet to the city, let it judge, change the sheet, hand it up again; return nothing."""
    with offices.desk(STATION) as desk:
        kept = assessing.fill(desk, assessing.new(desk, YEAR), "A1", Answer(option=0))
        assessing.fill(desk, kept, "A2", Answer(option=0), reason="实有")
    file = handed(offices, STATION, own_sheet)
    with offices.desk(CITY) as desk:
        take(desk, file)
        change(desk)
    with offices.desk(STATION) as desk:
        assessing.fill(desk, assessing.find(desk, YEAR), "A2", Answer(option=1), reason="实有")
    file = handed(offices, STATION, own_sheet)
    with offices.desk(CITY) as desk:
        take(desk, file)


def test_what_was_given_back_stays_so_until_the_station_changes_it(offices):
    def give_back(desk):
        seen = reviewing.returned(desk, reviewing.find(desk, YEAR, STATION), "A1", "补材料")
        reviewing.points(desk, seen, "A2", Judged(reviewing.find(desk, YEAR, STATION).points(Column.SELF)["A2"]))

    judged(offices, give_back)
    with offices.desk(CITY) as desk:
        seen = reviewing.conclude(desk, reviewing.find(desk, YEAR, STATION), "请补充")
        review = seen.reviews[Column.CITY].review
        assert (review.returned, "A2" in review.judged) == ({"A1": "补材料"}, False)
        seen = reviewing.accept_rest(desk, seen)
        assert "A1" not in seen.reviews[Column.CITY].review.judged
        assert seen.points(Column.CITY)["A2"] == seen.points(Column.SELF)["A2"]


def test_the_province_does_not_pass_what_the_city_gave_back(offices):
    judged(offices, lambda desk: reviewing.returned(desk, reviewing.find(desk, YEAR, STATION), "A1", "补材料"))
    sheet_file = handed(offices, STATION, own_sheet)
    review_file = handed(offices, CITY, lambda desk: assessments.own_review(desk, reviewing.find(desk, YEAR, STATION)))
    with offices.desk(PROVINCE) as desk:
        take(desk, sheet_file, review_file)
        seen = reviewing.accept_rest(desk, reviewing.find(desk, YEAR, STATION))
        assert "A1" not in seen.reviews[Column.PROVINCE].review.judged
        assert "A2" in seen.reviews[Column.PROVINCE].review.judged


def test_counting_anew_mends_nothing_that_was_given_back(offices):
    judged(offices, lambda desk: reviewing.returned(desk, reviewing.find(desk, YEAR, STATION), "B1", "补材料"))
    with offices.desk(CITY) as desk:
        seen = reviewing.find(desk, YEAR, STATION)
        filled = replace(seen.kept.sheet.of("B1"), computed=Answer(number=None, option=1))
        anew = replace(seen.kept, sheet=replace(seen.kept.sheet, filled={**seen.kept.sheet.filled, "B1": filled}))
        [one] = reviewing.given_back(desk, replace(seen, kept=anew))["B1"]
        assert not one.is_mended


def test_of_two_people_who_judge_at_once_the_second_is_told(offices):
    judged(offices, lambda _: None)
    with offices.desk(CITY) as desk:
        seen = reviewing.find(desk, YEAR, STATION)
        reviewing.points(desk, seen, "A1", Judged(Decimal(0), "缺"))
        with pytest.raises(InputError, match="已被修改"):
            reviewing.points(desk, seen, "A2", Judged(Decimal(0), "缺"))
        assert list(reviewing.find(desk, YEAR, STATION).reviews[Column.CITY].review.judged) == ["A1"]


def test_names_and_words_of_other_programs_are_cleaned(offices, tmp_path):
    file = tmp_path / os.fsdecode("证明".encode("gbk") + b".pdf")
    file.write_text("x")
    with offices.desk(STATION) as desk:
        kept = assessing.attach(desk, assessing.new(desk, YEAR), "A1", file)
        kept = assessing.fill(desk, kept, "A1", Answer(option=1), note="半个字\ud800，\u202e倒着")
        [evidence] = kept.sheet.of("A1").evidence
        assert evidence.attachment.name.isprintable()
        assert evidence.attachment.name.endswith(".pdf")
        assert kept.sheet.of("A1").note == "半个字，倒着"
        with pytest.raises(InputError, match="年度"):
            assessing.new(desk, 20230)


def test_what_a_person_said_with_a_reason_stays_though_the_data_said_the_same_for_a_while(offices):
    def say(kept, code, computed):
        filled = {**kept.sheet.filled, code: replace(kept.sheet.of(code), computed=computed)}
        return replace(kept.sheet, filled=filled)

    two, three, four = (Answer(number=Fraction(number)) for number in (2, 3, 4))
    with offices.desk(STATION) as desk:
        kept = assessing.new(desk, YEAR)
        kept = assessing.save(desk, kept, say(kept, "B4", two))
        kept = assessing.fill(desk, kept, "B4", three, reason="纸质材料一条")
        for computed in (three, four):
            sheet_ = assessing._refreshed(kept.sheet, {"B4": Measured(computed, "")})
            kept = assessing.save(desk, kept, sheet_)
            assert (kept.sheet.of("B4").computed, kept.sheet.of("B4").answer) == (computed, three)


def test_a_file_that_was_taken_off_the_sheet_is_not_handed_on(offices, tmp_path):
    large, right = tmp_path / "错.mp4", tmp_path / "对.pdf"
    large.write_bytes(os.urandom(200_000))
    right.write_bytes(b"x")
    with offices.desk(STATION) as desk:
        kept = assessing.attach(desk, assessing.new(desk, YEAR), "A1", large)
        kept = assessing.detach(desk, kept, "A1", kept.sheet.of("A1").evidence[0])
        assessing.attach(desk, kept, "A1", right)
    file = handed(offices, STATION, own_sheet)
    assert file.stat().st_size < 200_000
    with offices.desk(CITY) as desk:
        [one] = take(desk, file)
        assert one.verdict.warnings == ()
        [evidence] = reviewing.find(desk, YEAR, STATION).kept.sheet.of("A1").evidence
        assert attaching.place(desk, evidence.attachment).read_bytes() == b"x"


def test_a_sheet_that_was_judged_is_not_taken_back(offices):
    with offices.desk(STATION) as desk:
        assessing.fill(desk, assessing.new(desk, YEAR), "A1", Answer(option=0))
    file = handed(offices, STATION, own_sheet)
    with offices.desk(CITY) as desk:
        [one] = take(desk, file)
        undoing.undo(desk, one.run_id)
        assert reviewing.assessed(desk, YEAR) == []
        [one] = take(desk, file)
        reviewing.points(desk, reviewing.find(desk, YEAR, STATION), "A1", Judged(Decimal(0), "缺"))
        with pytest.raises(InputError, match="已经核验过"):
            undoing.undo(desk, one.run_id)
        assert upkeep.check(desk) == []


def test_a_review_of_something_else_than_the_sheet_breaks_no_page(offices):
    kept, other = (step(assessing.SHEET, STATION, sheet(offices)) for _ in range(2))
    send(offices, STATION, PROVINCE, kept, other)
    wrong = step(assessing.REVIEW, CITY, {**reviewed(offices, kept).body, "revision": other.hash})
    assert "不是它写明的自评表" in told(send(offices, CITY, PROVINCE, wrong, exit_code=3))[0][1]
    with offices.desk(PROVINCE) as desk:
        shown = reviewing.find(desk, YEAR, STATION).kept.id
    unknown = {
        **reviewed(offices, kept).body,
        "sheet": shown,
        "revision": "0" * 64,
        "judged": {"A1": {"points": "9999", "reason": "好"}},
    }
    send(offices, CITY, PROVINCE, step(assessing.REVIEW, CITY, unknown))
    with offices.desk(PROVINCE) as desk:
        seen = reviewing.find(desk, YEAR, STATION)
        assert seen.points(Column.CITY)["A1"] is None
        assert "没有采用" in "".join(seen.doubts)
        assert reviewing.given_back(desk, seen) == {}
        assert reviewing.accept_rest(desk, seen).result(Column.PROVINCE).total > 0


def test_an_own_review_in_two_versions_goes_on_and_is_told(offices):
    with offices.desk(STATION) as desk:
        assessing.fill(desk, assessing.new(desk, YEAR), "A1", Answer(option=0))
    file = handed(offices, STATION, own_sheet)
    with offices.desk(CITY) as desk:
        take(desk, file)
        seen = reviewing.points(desk, reviewing.find(desk, YEAR, STATION), "A1", Judged(Decimal(0), "缺"))
        [first] = desk.revisions.tips(seen.reviews[Column.CITY].id)
        other = step(assessing.REVIEW, CITY, {**first.body, "conclusion": "另一版"}, first.object_id)
        with desk.store.write("示例", "test") as writing:
            desk.revisions.add(writing, [other])
        seen = reviewing.find(desk, YEAR, STATION)
        assert "市局初核有两个互不包含的版本" in "".join(seen.doubts)
        seen = reviewing.conclude(desk, seen, "以这一版为准")
        assert (seen.reviews[Column.CITY].review.conclusion, len(desk.revisions.tips(first.object_id))) == (
            "以这一版为准",
            1,
        )
