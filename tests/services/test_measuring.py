"""What edits, the bin and a report that was only sealed do to the numbers of the indicators: nothing that the station would gain by."""

from datetime import date

import pytest
from services.station_year import STATION, STATION_NAME
from services.test_assessing import SEVEN

from riskdesk.domain.handoff import HandedState, Told
from riskdesk.domain.records import Record
from riskdesk.domain.scoring import Answer
from riskdesk.domain.station_template import template_of
from riskdesk.services import assessing, entry
from riskdesk.services.measuring import measure
from riskdesk.services.setup import set_up
from riskdesk.store.packages import AnsweredRevision, Package

ABOVE = "140100-JU"


@pytest.fixture
def station(tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2025-06-10T09:00:00")
    with set_up(tmp_path / "station", STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
        yield desk


def typed(desk, product, period="2025-05", **more):
    given = Record(period, product=product, content="刹车距离过长，容易摔伤", **{**SEVEN, **more})
    return entry.save(desk, given)


def edited(desk, step, **changes):
    return entry.save(desk, entry.record_of(step).edited(**changes), step.object_id, reason="更正")


def package(desk, period, created, *steps, direction="out", kind="report", number=1, **facts):
    facts = {"items": [step.hash for step in steps], **facts}
    sender, receiver = (STATION, ABOVE) if direction == "out" else (ABOVE, STATION)
    made = Package(
        f"{kind}{number:02}{period}".ljust(64, "0"), "", "", direction, kind, f"u{kind}{period}{number}", sender, (receiver,),
        period, number, not steps, created, created, "0" * 64, "a.rdpkg", facts,
    )  # fmt: skip
    with desk.store.write("示例", "test") as writing:
        desk.packages.add(writing, made)
    return made


def written(desk, made, *moments):
    """Note, as handing over does, when a report was written for the way; the last of several is kept."""
    for at in moments:
        noted = desk.settings.get("handed_over") or {}
        with desk.store.write("示例", "test") as writing:
            desk.settings.put_changed(writing, "handed_over", {**noted, made.id: at}, {made.id: at})
            desk.packages.note_sent(writing, made.facts["items"])


def handed_on(desk, period, day, *steps, number=1):
    made = package(desk, period, f"{day}T09:00:00+08:00", *steps, number=number)
    written(desk, made, f"{day}T10:00:00+08:00")
    return made


def answered(desk, made, state, *steps, number=1):
    said = [
        AnsweredRevision(made.id, each.hash, each.object_id, Told(made.number, ABOVE, number, state), "请补正")
        for each in steps
    ]
    with desk.store.write("示例", "test") as writing:
        desk.packages.note_answers(writing, f"{made.id[:60]}{number:04}", "", said)


def told(desk, code):
    return measure(desk, 2025, template_of(assessing.template_data(desk)).indicators)[code]


def test_what_was_answered_stays_though_the_record_is_edited_and_withdrawn(station):
    steps = returned, received, adopted = [typed(station, name) for name in ("甲", "乙", "丙")]
    report = handed_on(station, "2025-05", "2025-05-20", *steps)
    answered(station, report, HandedState.RETURNED, returned)
    answered(station, report, HandedState.RECEIVED, received)
    answered(station, report, HandedState.ADOPTED, adopted)
    before = {code: told(station, code) for code in ("B4", "C4", "E1")}
    assert before["C4"].text == "报送3条，被退回过1条"
    for step in steps:
        edited(station, step, content="改了，还没有再报")
    assert {code: told(station, code) for code in before} == before
    for step in steps:
        entry.withdraw(station, step.object_id, "重复")
    after = {code: told(station, code) for code in before}
    assert {code: (each.answer, each.behind) for code, each in after.items()} == {
        code: (each.answer, each.behind) for code, each in before.items()
    }
    assert after["C4"].text == "报送3条（含报送后撤回的3条），被退回过1条"


def test_a_return_that_was_mended_is_a_return_and_an_acceptance(station):
    first = typed(station, "甲")
    answered(station, handed_on(station, "2025-05", "2025-05-20", first), HandedState.RETURNED, first)
    again = edited(station, first, content="补正批次")
    answered(station, handed_on(station, "2025-05", "2025-05-22", again, number=2), HandedState.RECEIVED, again)
    assert (told(station, "C4").answer, told(station, "B4").answer) == (Answer(number=1), Answer(number=1))


def test_what_was_withdrawn_before_it_was_reported_counts_nowhere(station):
    typed(station, "甲", source_codes=("S1",))
    gone = typed(station, "乙", source_codes=("S2",), important_codes=("I1",), key_codes=("K1",))
    entry.withdraw(station, gone.object_id, "重复")
    assert told(station, "B2").answer == Answer(number=1)
    assert told(station, "C3").text == "全年无重点风险信息"
    assert told(station, "D3").answer is None
    assert told(station, "C2").text == "1条中七栏齐全0条"


def test_an_adopted_suggestion_is_that_of_the_revision_that_was_adopted(station):
    step = typed(station, "甲", important_codes=("I1",))
    answered(station, handed_on(station, "2025-05", "2025-05-20", step), HandedState.ADOPTED, step)
    edited(station, step, suggestion="")
    assert told(station, "E1").answer == Answer(number=1)
    assert told(station, "D3").text == "重要风险信息1条，其中已核实或被上级采用1条"


def test_a_report_that_was_only_sealed_was_not_reported(station):
    package(station, "2025-01", "2025-01-24T09:00:00+08:00", typed(station, "甲", "2025-01"))
    found = told(station, "C1")
    assert found.answer == Answer(number=0)
    assert "2025-01" in found.text


def test_sealed_in_time_and_written_late_is_late_unless_an_answer_says_it_was_there(station):
    made = package(station, "2025-01", "2025-01-24T09:00:00+08:00", typed(station, "甲", "2025-01"))
    written(station, made, "2025-01-24T10:00:00+08:00", "2025-02-03T10:00:00+08:00")
    late = told(station, "C1")
    assert (late.answer, late.text.endswith("；按写出报送包的日期计")) == (Answer(number=0), True)
    package(station, "2025-01", "2025-01-25T09:00:00+08:00", direction="in", kind="answer", about=made.id)
    assert told(station, "C1").answer.number * 5 == 1


def test_what_was_sealed_in_time_and_only_its_second_report_written_late_is_late(station):
    step = typed(station, "甲", "2025-01")
    package(station, "2025-01", "2025-01-24T09:00:00+08:00", step)
    handed_on(station, "2025-01", "2025-02-03", step, number=2)
    assert told(station, "C1").answer == Answer(number=0)
    package(station, "2025-02", "2025-02-24T09:00:00+08:00")
    handed_on(station, "2025-02", "2025-03-03", number=2)
    assert told(station, "C1").answer == Answer(number=0)


def test_months_judged_by_their_sealing_are_named(station):
    handed_on(station, "2025-01", "2025-01-24", typed(station, "甲", "2025-01"))
    package(station, "2025-02", "2025-02-24T09:00:00+08:00")  # nil: nothing tells whether it left
    assert told(station, "C1").text.endswith("；按写出报送包的日期计，其中2025-02没有写出的记录，按封存日期计")


def test_a_key_record_that_was_never_reported_is_missed(station):
    on_time = typed(station, "甲", key_codes=("K1",), discovered_on=date(2025, 5, 19))
    handed_on(station, "2025-05", "2025-05-20", on_time)
    typed(station, "乙", "2025-06", key_codes=("K1",), discovered_on=date(2025, 6, 9))
    assert told(station, "C3").answer == Answer(option=0)  # until tomorrow
    missed = typed(station, "丙", "2025-06", key_codes=("K1",), discovered_on=date(2025, 6, 8))
    found = told(station, "C3")
    assert (found.answer, found.behind) == (Answer(option=2), (missed.object_id,))
    assert found.text == "重点风险信息3条，其中发现后超过1天才报送0条，超过1天仍未报送1条"


@pytest.mark.parametrize(("late", "option"), [(0, 0), (1, 1), (2, 2), (3, 2)])
def test_late_key_records_choose_the_option_by_their_number(station, late, option):
    days = [date(2025, 5, 10 if number < late else 19) for number in range(3)]
    steps = [typed(station, f"产品{day}{n}", key_codes=("K1",), discovered_on=day) for n, day in enumerate(days)]
    handed_on(station, "2025-05", "2025-05-20", *steps)
    assert told(station, "C3").answer == Answer(option=option)


def test_a_key_record_without_a_day_of_discovery_is_left_to_people(station):
    undated = typed(station, "甲", key_codes=("K1",))
    typed(station, "乙", key_codes=("K1",), discovered_on=date(2025, 5, 1))
    found = told(station, "C3")
    assert (found.answer, found.behind) == (None, (undated.object_id,))
    assert "其中1条没有填写发现日期" in found.text
    assert found.text.endswith("2025-05 甲")
