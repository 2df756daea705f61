"""What an office sees first: its period, how far it is, and what cannot wait."""

from datetime import date, datetime

import pytest

from riskdesk import clock
from riskdesk.domain.enterprise_count import parse_enterprise_count
from riskdesk.domain.records import Record
from riskdesk.services import drafting, entry, upkeep
from riskdesk.services.preferences import Preferences, keep
from riskdesk.services.sealing import Wish, readiness
from riskdesk.services.setup import set_up
from riskdesk.services.workbench import workbench

SOFT = Record("2023-05", product="电热毯", content="温控器失效引发起火。")
WHOLE = SOFT.edited(
    enterprise_count=parse_enterprise_count("1"),
    regions_text="小店区",
    region_codes=("140105",),
    analysis="控温器失效",
    suggestion="抽查",
    sources_text="投诉",
    source_codes=("S2",),
)


def seal(desk, period="2023-05"):
    items = [row.revision for row in desk.records.of_period(period)]
    with desk.store.write("张三", "seal") as writing:
        draft = desk.submissions.put_draft(
            writing, org=desk.office.code, period=period, kind="monthly", items=items, at=clock.now()
        )
        desk.submissions.seal(writing, draft.id, nil=not items, reason="", at=clock.now())


def told(desk):
    return [(step.title, step.done, step.current) for step in workbench(desk).steps]


def test_a_new_office_begins_with_entering(desk):
    seen = workbench(desk)
    assert (seen.deadline.period.id, seen.deadline.due, seen.days_left, seen.late) == (
        "2023-05",
        date(2023, 5, 25),
        0,
        False,
    )
    assert seen.superior == "太原市市场监督管理局"
    assert [moment for _, moment in seen.cutoffs][1] == datetime(2023, 5, 25, 10)
    assert told(desk) == [
        ("录入", False, True),
        ("校核", False, False),
        ("封存", False, False),
        ("送出", False, False),
        ("回执", False, False),
    ]
    assert (seen.entered, seen.entered_before, seen.drafts, seen.urgent, seen.last_backup) == (0, 0, 0, (), None)


def test_counts_are_of_the_period_and_leave_the_bin_out(desk):
    entry.save(desk, SOFT)
    entry.save(desk, WHOLE.edited(important_codes=("I1",)))
    entry.save(desk, WHOLE.edited(important_codes=("I1",), key_codes=("K1",)))
    entry.save(desk, SOFT.edited(period="2023-04"))
    binned = entry.save(desk, SOFT.edited(product="误录"))
    entry.withdraw(desk, binned.object_id, "误录")
    drafting.keep(desk, Record("2023-05"))
    seen = workbench(desk)
    assert (seen.entered, seen.entered_before, seen.unchecked, seen.important, seen.key, seen.drafts) == (
        3,
        1,
        1,
        1,
        1,
        1,
    )


def test_the_steps_follow_the_work(desk):
    step = entry.save(desk, SOFT)
    assert told(desk)[:2] == [("录入", True, False), ("校核", False, True)]
    assert workbench(desk).steps[1].note == "1 条待核"
    entry.save(desk, WHOLE, step.object_id)
    assert told(desk)[1:3] == [("校核", True, False), ("封存", False, True)]
    seal(desk)
    assert told(desk)[2:] == [("封存", True, False), ("送出", False, True), ("回执", False, False)]
    assert "上报" in workbench(desk).steps[3].note


def test_a_fork_is_to_be_checked(desk):
    step = entry.save(desk, WHOLE)
    sides = [entry.next_revision(desk, WHOLE.edited(brand=name), step.object_id, parents=[step]) for name in "左右"]
    with desk.store.write("", "test") as writing:
        desk.revisions.add(writing, sides)
    assert told(desk)[1] == ("校核", False, True)


def test_a_nil_report_is_an_entry_too(desk):
    seal(desk)
    assert [step.done for step in workbench(desk).steps] == [True, True, True, False, False]
    assert workbench(desk).steps[0].note == "零报告"


def test_key_records_wait_from_their_first_registration_the_oldest_first(desk, monkeypatch):
    at = "2023-05-23T09:00:00"
    monkeypatch.setenv("RISKDESK_NOW", at)
    old = entry.save(desk, SOFT.edited(product="旧", key_codes=("K1",)))
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-25T08:00:00")
    entry.save(desk, SOFT.edited(product="新", key_codes=("K2",)))
    entry.save(desk, SOFT.edited(product="旧", key_codes=("K1",), analysis="改"), old.object_id)
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-25T09:00:00")
    seen = [(each.row.product, each.hours, each.overdue) for each in workbench(desk).urgent]
    assert seen == [("旧", 48.0, True), ("新", 1.0, False)]
    keep(desk, Preferences(urgent_hours=72))
    assert not any(each.overdue for each in workbench(desk).urgent)
    seal(desk)
    assert workbench(desk).urgent == ()


def test_the_newest_copy_is_told_with_its_time_zone(desk):
    upkeep.back_up(desk)
    assert workbench(desk).last_backup == clock.now()


@pytest.mark.parametrize(
    ("code", "given", "name"),
    [
        ("140000-JU", {}, ""),
        ("140105-S01", {"name": "坞城所", "parent": "140105-JU"}, "太原市小店区市场监督管理局"),
        ("140100-ZD01", {}, None),
    ],
)
def test_every_level_has_a_workbench(tmp_path, code, given, name):
    with set_up(tmp_path / code, code, person="张", **{"name": "监测站", **given}) as desk:
        assert name in (None, workbench(desk).superior)


def test_days_after_the_due_date_belong_to_the_next_period(desk, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-26T00:00:00")
    seen = workbench(desk)
    assert (seen.deadline.period.id, seen.days_left) == ("2023-06", 30)


def test_what_came_after_the_report_was_sealed_is_still_to_be_reported(desk):
    entry.save(desk, WHOLE)
    seal(desk)
    entry.save(desk, WHOLE.edited(product="燃气灶"))
    steps = {step.title: step for step in workbench(desk).steps}
    assert (steps["封存"].done, steps["封存"].current) == (False, True)
    assert steps["封存"].note == "封存后又有 1 条新增或更正，还没有报送，请再次上报"


def test_the_workbench_and_the_report_count_the_same_records_as_to_be_checked(desk):
    entry.save(desk, SOFT)
    entry.save(desk, WHOLE)

    def in_report():
        return [each for each in readiness(desk, Wish("2023-05")).warnings if "待核" in each]

    assert (workbench(desk).unchecked, in_report()) == (1, ["1 条记录待核。"])
    seal(desk)
    assert (workbench(desk).unchecked, in_report()) == (0, [])


def test_records_to_be_checked_and_forks_are_told_apart(desk):
    entry.save(desk, SOFT)
    step = entry.save(desk, WHOLE)
    sides = [entry.next_revision(desk, WHOLE.edited(brand=name), step.object_id, parents=[step]) for name in "左右"]
    with desk.store.write("", "test") as writing:
        desk.revisions.add(writing, sides)
    seen = workbench(desk)
    assert (seen.unchecked, seen.forked) == (1, 1)
    assert seen.steps[1].note == "1 条待核、1 条有两个版本"
