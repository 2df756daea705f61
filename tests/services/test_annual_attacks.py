"""Yearly reports by somebody with true keys and another program: what could not be shown is refused in words, and nothing breaks the pages."""

import contextlib
import copy
import json
import random
from dataclasses import replace

import pytest
from services.quick_offices import CITY, PASSPHRASE, PROVINCE, STATION, take, type_in
from services.test_assessment_attacks import handed, sheet, step, told
from services.test_verdicts import forged, received

from riskdesk.documents.annex2_docx import render_docx
from riskdesk.documents.annex2_pdf import render_pdf
from riskdesk.domain.annual import HEADINGS
from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.revisions import RevisionState, heads
from riskdesk.errors import InputError
from riskdesk.exchange.manifest import PackageKind
from riskdesk.exchange.payload import ASSESSMENT, assessment_to_bytes
from riskdesk.services import annual, annual_received, answering, assessing, assessments, charting, keyring, upkeep
from riskdesk.store.ids import new_id

OFFICES = (PROVINCE, CITY, STATION)
YEAR, PRODUCT = 2023, "儿童用品"


@pytest.fixture
def body(offices):
    """What a true report of the station holds."""
    with offices.desk(STATION) as desk:
        type_in(desk, "儿童滑板车", "婴儿推车")
        kept = annual.new(desk, PRODUCT, YEAR)
        [made] = desk.revisions.of(kept.id)
    return made.body


def changed(body, path, value):
    """Return a body with something else at a place: names and numbers from the outside in; `...` takes it away."""
    new = copy.deepcopy(body)
    at = new
    for each in path[:-1]:
        at = at[each]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return new


def send(offices, sender, to, *steps, exit_code=0):
    files = {ASSESSMENT: assessment_to_bytes(steps)}
    return received(offices, forged(offices, sender, files, to=to, kind=PackageKind.ASSESSMENT), to, exit_code)


def refused(offices, body, *, org=STATION, object_id="", **more):
    """The province must refuse a body in words, and go on."""
    made = step(annual.KIND, org, body, object_id, **more)
    [(outcome, why)] = told(send(offices, STATION, PROVINCE, made, exit_code=3))
    assert outcome == "rejected"
    assert why
    assert "Error" not in why
    with offices.desk(PROVINCE) as desk:
        assert annual_received.received(desk) == []
    return why


BLOCK = ("sections", 3, "blocks")  # of 2.1: overview, monthly, batches
CHART, TABLE = (*BLOCK, 1, "chart"), (*BLOCK, 1, "table")
HOSTILE = [
    (("schema",), 2),
    (("schema",), True),
    (("schema",), ...),
    (("product",), ""),
    (("product",), "玩" * 101),
    (("product",), "玩具\n二"),
    (("product",), "玩具\u202e二"),
    (("product",), 5),
    (("unit",), " "),
    (("unit",), ...),
    (("year",), 10**15),
    (("year",), -5),
    (("year",), "2023"),
    (("year",), True),
    (("day",), "1970-01-01"),
    (("day",), "2023-02-30"),
    (("day",), "明天"),
    (("includes",), ["词"] * 101),
    (("includes",), [""]),
    (("includes",), "词"),
    (("sections",), []),
    (("sections",), {}),
    (("sections",), [5]),
    (("sections", 0), ...),
    (("sections", 0, "code"), "9.9"),
    (("sections", 0, "code"), "1.１"),
    (("sections", 0, "code"), "x"),
    (("sections", 0, "code"), "1.2"),
    (("sections", 0, "title"), ""),
    (("sections", 0, "title"), "题" * 301),
    (("sections", 0, "text"), "字" * 200_001),
    (("sections", 0, "text"), None),
    (("sections", 0, "left_out"), ["nix"]),
    (BLOCK, {}),
    ((*BLOCK, 0), None),
    ((*BLOCK, 0, "kind"), "nix"),
    ((*BLOCK, 0, "kind"), "monthly"),
    ((*BLOCK, 0, "title"), "\x00"),
    ((*BLOCK, 0, "at"), "昨天"),
    ((*BLOCK, 0, "at"), 5),
    ((*TABLE, "head"), []),
    ((*TABLE, "head"), ["列"] * 13),
    ((*TABLE, "rows", 0), ["一格"]),
    ((*TABLE, "rows"), []),
    ((*TABLE, "rows", 0, 1), 5),
    ((*TABLE, "behind"), [[]]),
    ((*TABLE, "behind", 0), [5]),
    ((*CHART, "kind"), "pie"),
    ((*CHART, "labels"), ["一"] * 25),
    ((*CHART, "labels", 0), "长" * 301),
    ((*CHART, "series", 0, "values"), [1]),
    ((*CHART, "series", 0, "values", 0), -1),
    ((*CHART, "series", 0, "values", 0), 10**12),
    ((*CHART, "series", 0, "values", 0), "1"),
    ((*CHART, "series"), ["列"]),
    ((*CHART, "whole"), -1),
]


@pytest.mark.parametrize(("path", "value"), HOSTILE, ids=lambda each: str(each)[:40])
def test_what_cannot_be_shown_is_refused_in_words(offices, body, path, value):
    refused(offices, changed(body, path, value))


def test_parts_that_may_not_grow_do_not_and_those_that_may_are_counted(offices, body):
    for part, count in (("1", 1), ("2", 13)):
        more = [{"code": f"{part}.{30 + each}", "title": "增加的"} for each in range(count)]
        assert "太多" in refused(offices, {**body, "sections": [*body["sections"], *more]})
    fine = {**body, "sections": [*body["sections"], {"code": "4.4", "title": "增加的"}]}
    assert told(send(offices, STATION, PROVINCE, step(annual.KIND, STATION, fine)))[0][0] == "new"


def test_only_the_signer_s_own_that_stands_is_taken(offices, body):
    assert "签名单位自己" in refused(offices, body, org=CITY)
    refused(offices, body, state=RevisionState.WITHDRAWN)
    assert "指标模板" in refused(offices, body, object_id=assessing.TEMPLATE_ID)


def test_it_takes_no_other_thing_s_place(offices, body):
    filled = step(assessing.SHEET, STATION, sheet(offices))
    send(offices, STATION, PROVINCE, filled)
    refused(offices, body, object_id=filled.object_id)
    with offices.desk(CITY) as desk:
        own = annual.new(desk, PRODUCT, YEAR)
    taking = send(offices, STATION, CITY, step(annual.KIND, STATION, body, own.id), exit_code=3)
    assert [each for each, _ in told(taking)] == ["rejected"]
    with offices.desk(CITY) as desk:
        assert annual.reports(desk) == [own]
        assert annual_received.received(desk) == []


def test_under_the_name_of_another_office_it_is_told(offices, body):
    one = send(offices, STATION, PROVINCE, step(annual.KIND, STATION, {**body, "unit": "阳泉市市场监督管理局"}))
    assert "签名的却是" in "".join(one["verdict"]["warnings"])
    with offices.desk(PROVINCE) as desk:
        [seen] = annual_received.received(desk)
        assert "签名的却是" in seen.doubts[0]


def test_of_two_on_one_product_and_year_both_are_told(offices, body):
    send(offices, STATION, PROVINCE, *(step(annual.KIND, STATION, body) for _ in range(2)))
    with offices.desk(PROVINCE) as desk:
        found = annual_received.received(desk)
        assert len(found) == 2
        assert all("2 份" in each.doubts[0] for each in found)


def test_what_a_newer_program_adds_is_kept(offices, body):
    more = {**body, "seal": "公章"}
    more["sections"][0]["colour"] = "红"
    send(offices, STATION, PROVINCE, step(annual.KIND, STATION, more))
    with offices.desk(PROVINCE) as desk:
        [seen] = annual_received.received(desk)
        assert json.loads(seen.kept.report.extra) == {"seal": "公章"}
        assert json.loads(seen.kept.report.sections[0].extra) == {"colour": "红"}


STRANGE = (
    None,
    True,
    -1,
    0,
    10**18,
    "",
    "x",
    "\x00",
    "\u202e",
    "字" * 5000,
    [],
    ["x"],
    {},
    {"x": 1},
    [[]],
    "1.1",
    "2023",
)


def places(value, path=()):
    """Return the way to everything in a body."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inside:
        yield from places(each, (*path, name))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_changed_it_is_refused_in_words_or_can_be_shown_compared_and_printed(offices, body, seed):
    pick = random.Random(seed)
    ways = [each for each in places(body) if each]
    passed = []
    with offices.desk(STATION) as desk:
        for _ in range(300):
            given = changed(body, pick.choice(ways), pick.choice(STRANGE))
            made = step(annual.KIND, STATION, given)
            with contextlib.suppress(InputError):  # in words; anything else is a bug
                assert assessments.matter_of(desk, made, STATION).told
                passed.append(annual.kept_of(made).report)
    assert passed
    for report in pick.sample(passed, min(len(passed), 4)):
        annual.outline(report)
        assert render_pdf(report).data
        assert render_docx(report).data
        for block in (block for each in report.sections for block in each.blocks):
            if block.chart is not None:
                assert charting.chart_image(block.chart, 300).width == 300


def test_the_largest_charts_and_odd_characters_that_are_taken_can_be_drawn_and_printed(offices, body):
    for kind, count in (("bar", 24), ("trend", 24), ("pareto", 24), ("stacked", 24), ("tiles", 300)):
        series = [{"name": "列\u202e" * 9, "values": [10**9, None, *[0] * (count - 2)]}] * 3
        chart = {
            "kind": kind,
            "title": "\x00\n",
            "labels": ["\ud7ff标\x07签" * 9] * count,
            "series": series,
            "unit": "",
        }
        given = changed(changed(body, CHART, chart), ("sections", 0, "text"), "\x00\x0b\u202e字\r\n\ufffe")
        with offices.desk(STATION) as desk:
            made = step(annual.KIND, STATION, given)
            assessments.matter_of(desk, made, STATION)
        report = annual.kept_of(made).report
        assert charting.chart_image(report.section("2.1").blocks[1].chart, 300).rgb
        assert render_pdf(report).data
        assert render_docx(report).data


def test_two_versions_after_a_restored_backup_are_told_and_joined_by_the_station(offices, tmp_path):
    with offices.desk(STATION) as desk:
        kept = annual.new(desk, PRODUCT, YEAR)
        [first] = desk.revisions.of(kept.id)
        one = annual.write(desk, kept.id, {"1.1": "甲"})
    other = step(annual.KIND, STATION, changed(first.body, ("sections", 0, "text"), "乙"), kept.id, parents=[first])
    send(offices, STATION, CITY, other)
    file = handed(offices, STATION, lambda desk: assessments.own_annual(desk, kept.id))
    with offices.desk(CITY) as desk:
        [taken] = take(desk, file)
        assert [row.outcome for row in taken.plan.rows] == [Outcome.CONFLICT]
        [seen] = annual_received.received(desk)
        assert "2 个互不包含的版本" in seen.doubts[0]
        back = answering.answer(
            desk, keyring.unlock(desk, PASSPHRASE), taken.package, {kept.id: "有两个版本"}, tmp_path
        )
    with offices.desk(STATION) as desk:
        assert take(desk, back.file)[0].run_id
        assert len(heads(desk.revisions.of(kept.id))) == 2
        now = annual.current(desk, kept.id)
        annual.save(desk, now, replace(now.report, sections=one.report.with_text("1.1", "甲乙").sections))
        assert len(heads(desk.revisions.of(kept.id))) == 1
    file = handed(offices, STATION, lambda desk: assessments.own_annual(desk, kept.id))
    with offices.desk(CITY) as desk:
        assert take(desk, file)[0].run_id
        [seen] = annual_received.received(desk)
        assert (seen.doubts, seen.kept.report.section("1.1").text) == ((), "甲乙")
        assert upkeep.check(desk) == []


def test_every_heading_of_the_notice_comes_through(offices, body):
    made = step(annual.KIND, STATION, body, new_id())
    send(offices, STATION, CITY, made)
    with offices.desk(CITY) as desk:
        [seen] = annual_received.received(desk)
        assert [each.code for each in seen.kept.report.sections] == list(HEADINGS)
        assert (seen.kept.revision, seen.office) == (made.hash, STATION)
