"""Reminders: the right ones on the right day, the most pressing first; and due dates for other calendars."""

import csv
import re
from datetime import date, datetime, timedelta

import pytest
from conftest import CORPUS
from services.station_year import STATION
from services.test_assessing import sheet_at

from riskdesk import clock
from riskdesk.domain.assessment import Filled
from riskdesk.domain.records import Record
from riskdesk.domain.scoring import Answer
from riskdesk.errors import InputError
from riskdesk.services import annual_exports, calendar, entry, exporting, reminding, reviewing, upkeep
from riskdesk.services.preferences import Preferences, keep
from riskdesk.services.reminders import ics, reminders
from riskdesk.services.setup import set_up
from riskdesk.services.workbench import workbench
from riskdesk.store.packages import Package

RECORD = Record("2023-05", product="电热毯", content="温控器失效引发起火。")


@pytest.fixture
def on(monkeypatch):
    return lambda moment: monkeypatch.setenv("RISKDESK_NOW", moment)


@pytest.fixture
def desk(tmp_path, on):
    on("2023-05-01T09:00:00")
    with set_up(tmp_path / "desk", "140105-JU", person="张三") as desk:
        yield desk


def seal(desk, period):
    items = [row.revision for row in desk.records.of_period(period)]
    with desk.store.write("张三", "seal") as writing:
        draft = desk.submissions.put_draft(
            writing, org=desk.office.code, period=period, kind="monthly", items=items, at=clock.now()
        )
        desk.submissions.seal(writing, draft.id, nil=not items, reason="", at=clock.now())


def told(desk):
    return [each.id for each in reminders(desk, workbench(desk))]


def backed_up(desk, at, on):
    on(at)
    upkeep.back_up(desk)


def test_nothing_is_said_when_there_is_nothing_to_say(desk, on):
    seal(desk, "2023-04")
    backed_up(desk, "2023-05-15T09:00:00", on)
    assert told(desk) == []


def test_the_due_date_is_told_three_days_ahead_and_on_the_day(desk, on):
    seal(desk, "2023-04")
    seen = {}
    for day in range(19, 28):
        backed_up(desk, f"2023-05-{day:02}T08:00:00", on)
        seen[day] = [each for each in told(desk) if not each.startswith("cutoff")]
    assert seen == {
        19: [],
        20: [],
        21: [],
        22: ["due:2023-05"],
        23: ["due:2023-05"],
        24: ["due:2023-05"],
        25: ["today:2023-05"],
        26: ["late:2023-05"],
        27: ["late:2023-05"],
    }


def test_a_sealed_period_is_not_reminded_of(desk, on):
    seal(desk, "2023-04")
    backed_up(desk, "2023-05-25T08:00:00", on)
    assert "today:2023-05" in told(desk)
    seal(desk, "2023-05")
    assert told(desk) == []
    on("2023-05-26T08:00:00")
    assert told(desk) == []


def test_a_period_whose_form_was_written_out_is_not_reminded_of_and_a_blank_form_does_not_count(desk, on, tmp_path):
    seal(desk, "2023-04")
    backed_up(desk, "2023-05-25T08:00:00", on)
    exporting.export_period(desk, "2023-05", tmp_path, [exporting.Format.XLSX])
    assert "today:2023-05" in told(desk)
    entry.save(desk, RECORD)
    exporting.export_period(desk, "2023-05", tmp_path, [exporting.Format.XLSX])
    assert told(desk) == []
    on("2023-05-26T08:00:00")
    assert told(desk) == []


def test_a_period_before_the_program_came_is_not_late_unless_it_has_records(tmp_path, on):
    on("2023-06-05T09:00:00")
    with set_up(tmp_path / "new", "140105-JU", person="张三") as desk:
        assert told(desk) == []
        entry.save(desk, RECORD)
        [late] = reminders(desk, workbench(desk))
        assert (late.id, late.urgent, late.page) == ("late:2023-05", True, "workbench")
        assert "11 天" in late.text


def test_the_cut_off_of_the_own_level_is_told_from_the_day_before(desk, on):
    seal(desk, "2023-04")
    for moment, expected in (
        ("2023-05-24T09:59:00", []),
        ("2023-05-24T10:00:00", [False]),
        ("2023-05-25T09:00:00", [False]),
        ("2023-05-25T10:01:00", [True]),
    ):
        backed_up(desk, moment, on)
        assert [each.urgent for each in reminders(desk, workbench(desk)) if each.id == "cutoff:2023-05"] == expected
    keep(desk, Preferences(cutoffs=()))
    assert "cutoff:2023-05" not in told(desk)


def test_key_records_past_their_time_are_told_together_after_a_late_period(desk, on):
    on("2023-05-24T08:00:00")
    first = entry.save(desk, RECORD.edited(key_codes=("K1",)))
    entry.save(desk, RECORD.edited(product="童车", key_codes=("K1",)))
    backed_up(desk, "2023-05-25T07:59:00", on)
    assert not any(each.startswith("urgent") for each in told(desk))
    backed_up(desk, "2023-05-26T09:00:00", on)
    found = reminders(desk, workbench(desk))
    assert [each.id.split(":")[0] for each in found] == ["late", "urgent"]
    assert "2 条" in found[1].text
    assert "电热毯、童车" in found[1].text
    entry.withdraw(desk, first.object_id, "误录")
    assert "1 条" in reminders(desk, workbench(desk))[1].text


def test_a_missing_calendar_is_told_from_november(desk, on):
    last = max(calendar.holidays_of(desk).years)
    seal(desk, "2023-04")
    for moment, expected in ((f"{last}-10-31", []), (f"{last}-11-01", [f"calendar:{last + 1}"])):
        backed_up(desk, f"{moment}T09:00:00", on)
        assert [each for each in told(desk) if each.startswith("calendar")] == expected
    backed_up(desk, f"{last + 1}-03-01T09:00:00", on)
    assert f"calendar:{last + 1}" in told(desk)


def test_a_week_without_a_copy_is_told(desk, on):
    seal(desk, "2023-04")
    on("2023-05-07T09:00:00")
    assert told(desk) == []
    on("2023-05-08T09:00:00")
    assert told(desk) == ["backup"]
    assert "还没有备份" in reminders(desk, workbench(desk))[0].text
    upkeep.back_up(desk)
    on("2023-05-15T08:59:00")
    assert told(desk) == []
    on("2023-05-15T09:00:00")
    assert "7 天前" in reminders(desk, workbench(desk))[0].text


def test_a_copy_with_a_date_in_the_future_is_no_reason_to_be_calm(desk, on):
    seal(desk, "2023-04")
    backed_up(desk, "2024-01-01T09:00:00", on)
    on("2023-05-15T09:00:00")
    assert told(desk) == ["backup"]


ANNUAL, LATE = "年度报告", "年度报告逾期"


def annual_at(desk, on, day):
    on(f"{day}T09:00:00")
    return [(each.id, each.title) for each in reminders(desk, workbench(desk)) if each.id.startswith("annual")]


@pytest.mark.parametrize(
    ("due", "days"),
    [
        (
            "12-31",
            {"2023-11-30": "", "2023-12-01": ANNUAL, "2023-12-31": ANNUAL, "2024-01-01": LATE, "2024-07-01": LATE},
        ),
        ("01-15", {"2023-11-30": "", "2023-12-01": ANNUAL, "2024-01-15": ANNUAL, "2024-01-16": LATE}),
        ("11-20", {"2023-10-20": "", "2023-10-21": ANNUAL, "2023-11-20": ANNUAL, "2023-12-01": LATE}),
    ],
)
def test_the_annual_report_is_told_from_december_and_goes_on_as_overdue(desk, on, due, days):
    keep(desk, Preferences(annual_due=due))
    for day, expected in days.items():
        assert (day, annual_at(desk, on, day)) == (day, [("annual:2023", expected)] if expected else [])


def test_an_overdue_annual_report_leads_to_its_page_and_is_told_beside_the_next_one(desk, on):
    on("2024-01-10T09:00:00")
    [late] = [each for each in reminders(desk, workbench(desk)) if each.id == "annual:2023"]
    assert (late.urgent, late.page, late.can_dismiss) == (True, "annual", True)
    assert "已过 10 天" in late.text
    assert annual_at(desk, on, "2024-12-05") == [("annual:2023", LATE), ("annual:2024", ANNUAL)]
    assert annual_at(desk, on, "2025-12-05") == [("annual:2024", LATE), ("annual:2025", ANNUAL)]


def test_an_annual_report_is_not_told_any_more_once_it_was_written_out(desk, on):
    assert annual_at(desk, on, "2023-12-20")
    annual_exports.note(desk, 2023)
    assert annual_at(desk, on, "2023-12-20") == []
    assert annual_at(desk, on, "2024-02-01") == []
    assert annual_at(desk, on, "2024-12-20") == [("annual:2024", ANNUAL)]


def test_an_annual_report_that_somebody_does_not_write_is_dismissed_for_good(desk, on):
    assert annual_at(desk, on, "2024-01-10")
    reminding.dismiss(desk, "annual:2023")
    assert annual_at(desk, on, "2024-01-10") == []
    assert annual_at(desk, on, "2024-12-20") == [("annual:2024", ANNUAL)]


def test_the_annual_report_of_a_year_before_the_program_came_is_not_overdue_unless_it_has_records(tmp_path, on):
    on("2024-02-05T09:00:00")
    with set_up(tmp_path / "new", "140105-JU", person="张三") as desk:
        assert annual_at(desk, on, "2024-02-05") == []
        entry.save(desk, RECORD)
        assert annual_at(desk, on, "2024-02-05") == [("annual:2023", LATE)]


def test_ids_are_unique_and_pages_are_known(desk, on):
    entry.save(desk, RECORD.edited(key_codes=("K1",)))
    on("2023-12-25T09:00:00")
    found = reminders(desk, workbench(desk))
    assert len({each.id for each in found}) == len(found) >= 4
    assert {each.page for each in found} <= {"workbench", "records", "settings", "annual"}
    assert found[0].urgent


# -- the calendar file, read back by a parser of our own


def parsed(data):
    """Return the events of an iCalendar file as dictionaries; refuse what RFC 5545 refuses."""
    assert data.endswith(b"\r\n")
    assert re.search(rb"[^\r]\n|\r[^\n]", data) is None
    lines = data[:-2].split(b"\r\n")
    assert all(0 < len(line) <= 75 for line in lines)
    whole = []
    for line in lines:
        line.decode("utf-8")  # no character is cut in two
        if line.startswith(b" "):
            whole[-1] += line[1:]
        else:
            whole.append(line)
    stack, events = [], []
    for line in (each.decode("utf-8") for each in whole):
        name, value = re.fullmatch(r"([A-Z-]+(?:;[A-Z]+=[A-Z-]+)*):(.*)", line).groups()
        if name == "BEGIN":
            stack.append((value, {}))
        elif name == "END":
            kind, content = stack.pop()
            assert kind == value
            if kind == "VEVENT":
                assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "SUMMARY"} <= content.keys()
                events.append(content)
            elif kind == "VALARM":
                assert {"ACTION", "TRIGGER", "DESCRIPTION"} <= content.keys()
                stack[-1][1].setdefault("alarms", []).append(content)
            else:
                assert {"VERSION", "PRODID"} <= content.keys()
        else:
            assert name not in stack[-1][1], f"{name} twice"
            assert re.search(r"(?<!\\)[,;]", value) is None
            stack[-1][1][name] = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], value)
    assert stack == []
    return events


def days(events):
    return [datetime.strptime(each["DTSTART;VALUE=DATE"], "%Y%m%d").date() for each in events]


def test_the_calendar_file_has_the_real_due_dates_of_2024(desk):
    with (CORPUS / "deadlines.csv").open(encoding="utf-8-sig", newline="") as file:
        due = {row["period"]: date.fromisoformat(row["due_chinesecalendar"]) for row in csv.DictReader(file)}
    events = parsed(ics(desk, 2024))
    assert days(events) == [due[f"2024-{month:02}"] for month in range(1, 13)]
    for day, event in zip(days(events), events, strict=True):
        assert event["DTEND;VALUE=DATE"] == f"{day + timedelta(days=1):%Y%m%d}"
        assert [each["ACTION"] for each in event["alarms"]] == ["DISPLAY", "DISPLAY"]
        assert "暂定" not in event["SUMMARY"]


def test_events_keep_their_ids_and_say_why_a_date_moved(desk, on):
    first = parsed(ics(desk, 2024))
    on("2024-03-01T09:00:00")
    assert [each["UID"] for each in parsed(ics(desk, 2024))] == [each["UID"] for each in first]
    assert len({each["UID"] for each in first}) == 12
    assert any("顺延至" in each["DESCRIPTION"] for each in first)


def test_dates_of_a_year_without_a_calendar_say_so(desk):
    last = max(calendar.holidays_of(desk).years)
    events = parsed(ics(desk, last + 2))
    assert len(events) == 12
    moving = [each for each in events if "暂定" in each["SUMMARY"]]
    assert moving
    assert all("可能的日期" in each["DESCRIPTION"] for each in moving)


def test_the_first_year_begins_with_the_first_period(desk):
    assert parsed(ics(desk, 2023))[0]["SUMMARY"].startswith("风险信息报送截止（2023-04 期）")
    for year in (2022, 2101):
        with pytest.raises(InputError):
            ics(desk, year)


def test_a_station_is_told_of_its_sheet_until_it_has_handed_it_on(tmp_path, on):
    with set_up(tmp_path / "station", "140100-ZD01", person="示例") as station:
        on("2025-12-20T09:00:00")
        assert "acceptance" not in "".join(told(station))
        keep(station, Preferences(acceptance_due="01-15"))
        assert "acceptance:2026" in told(station)
        on("2025-12-15T09:00:00")
        assert "acceptance:2026" not in told(station)
        on("2026-01-15T09:00:00")
        [due] = [each for each in reminders(station, workbench(station)) if each.id == "acceptance:2026"]
        assert (due.urgent, due.page, due.can_dismiss) == (True, "stations", False)
        on("2026-02-20T09:00:00")
        [late] = [each for each in reminders(station, workbench(station)) if each.id == "acceptance:2026"]
        assert (late.urgent, late.title, late.can_dismiss) == (True, "监测站自评逾期", True)
        assert "已过 36 天" in late.text
        step = sheet_at(station, STATION, {})
        package = Package(
            "a" * 64, "", "", "out", "assessment", "u", "140100-ZD01", ("140000-JU",), "2026", 1, False,
            "2026-01-10T09:00:00+08:00", "2026-01-10T09:00:00+08:00", "b" * 64, "a.rdpkg", {"items": [step.hash]},
        )  # fmt: skip
        with station.store.write("示例", "test") as writing:
            station.packages.add(writing, package)
        assert "acceptance" not in "".join(told(station))


@pytest.mark.parametrize(("office", "column"), [("140100-JU", "市局初核"), ("140000-JU", "省局验收")])
def test_those_above_are_told_of_the_sheets_that_wait_for_them(tmp_path, on, office, column):
    on("2025-06-10T09:00:00")
    with set_up(tmp_path / "above", office, person="示例") as above:
        keep(above, Preferences(acceptance_due="06-20"))
        assert "judging" not in "".join(told(above))
        sheet_at(above, STATION, {"A1": Filled(Answer(option=0))})
        [waiting] = [each for each in reminders(above, workbench(above)) if each.id.startswith("judging:2025")]
        assert (waiting.title, waiting.urgent, waiting.page) == (column, False, "stations")
        assert "1 份等待" in waiting.text
        on("2025-06-30T09:00:00")
        [late] = [each for each in reminders(above, workbench(above)) if each.id.startswith("judging:2025")]
        assert (late.title, late.urgent) == (f"{column}逾期", True)
        reminding.dismiss(above, late.id)
        assert "judging" not in "".join(told(above))
        sheet_at(above, STATION, {"A1": Filled(Answer(option=1))})
        assert "judging" in "".join(told(above))  # what came since is told
        seen = reviewing.find(above, 2025, STATION)
        reviewing.returned(above, seen, "A1", "缺材料")  # now it is the station's turn
        assert "judging" not in "".join(told(above))


def test_others_are_not_told_of_a_stations_sheet(desk, on):
    on("2024-01-15T09:00:00")
    keep(desk, Preferences(acceptance_due="01-15"))
    assert "acceptance" not in "".join(told(desk))
