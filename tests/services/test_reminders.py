"""Reminders: the right ones on the right day, the most pressing first; and due dates for other calendars."""

import csv
import re
from datetime import date, datetime, timedelta

import pytest
from conftest import CORPUS

from riskdesk import clock
from riskdesk.domain.records import Record
from riskdesk.errors import InputError
from riskdesk.services import calendar, entry, exporting, upkeep
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


@pytest.mark.parametrize(
    ("due", "days"),
    [
        ("12-31", {"2023-11-30": "", "2023-12-01": "annual:2023", "2023-12-31": "annual:2023", "2024-01-01": ""}),
        ("01-15", {"2023-11-30": "", "2023-12-01": "annual:2023", "2024-01-15": "annual:2023", "2024-01-16": ""}),
        ("11-20", {"2023-10-20": "", "2023-10-21": "annual:2023", "2023-11-20": "annual:2023", "2023-12-01": ""}),
    ],
)
def test_the_annual_report_is_told_from_december(desk, on, due, days):
    keep(desk, Preferences(annual_due=due))
    for day, expected in days.items():
        on(f"{day}T09:00:00")
        found = [each for each in told(desk) if each.startswith("annual")]
        assert (day, found) == (day, [expected] if expected else [])


def test_ids_are_unique_and_pages_are_known(desk, on):
    entry.save(desk, RECORD.edited(key_codes=("K1",)))
    on("2023-12-25T09:00:00")
    found = reminders(desk, workbench(desk))
    assert len({each.id for each in found}) == len(found) >= 4
    assert {each.page for each in found} <= {"workbench", "records", "settings"}
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
        on("2023-12-20T09:00:00")
        assert "acceptance" not in "".join(told(station))
        keep(station, Preferences(acceptance_due="01-15"))
        assert "acceptance:2024" in told(station)
        on("2023-12-15T09:00:00")
        assert "acceptance:2024" not in told(station)
        on("2024-01-15T09:00:00")
        [due] = [each for each in reminders(station, workbench(station)) if each.id == "acceptance:2024"]
        assert due.urgent
        package = Package(
            "a" * 64, "", "", "out", "assessment", "u", "140100-ZD01", ("140000-JU",), "2024", 1, False,
            "2024-01-10T09:00:00+08:00", "2024-01-10T09:00:00+08:00", "b" * 64, "a.rdpkg", {"items": []},
        )  # fmt: skip
        with station.store.write("示例", "test") as writing:
            station.packages.add(writing, package)
        assert "acceptance" not in "".join(told(station))


def test_others_are_not_told_of_a_stations_sheet(desk, on):
    on("2024-01-15T09:00:00")
    keep(desk, Preferences(acceptance_due="01-15"))
    assert "acceptance" not in "".join(told(desk))
