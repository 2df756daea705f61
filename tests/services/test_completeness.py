"""谁没报 with typed forms: a form counts in the period of its rows, whatever day it was taken on."""

import csv

import pytest
from services.test_importing import ROW

from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.handoff import ReportState
from riskdesk.services import importing, undoing
from riskdesk.services.completeness import completeness
from riskdesk.services.setup import set_up

COUNTY = "迎泽区市场监督管理局"
CODE = "140106-JU"


@pytest.fixture
def city(tmp_path, monkeypatch):
    """A city on the 29th: May was due on the 25th."""
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-29T09:00:00")
    with set_up(tmp_path / "city", "140100-JU", person="李四", phone="0351-0000000") as desk:
        yield desk


def form(folder, *rows, day="2023年5月24日", name="迎泽.csv"):
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"填报单位：{COUNTY}", "", "", f"填报时间：{day}", "", "", ""])
        writer.writerow([column.title for column in COLUMNS])
        writer.writerows(rows or [("零报告", "", "", "", "", "", "")])
    return path


def state(desk, period):
    return next(each for each in completeness(desk, period).offices if each.code == CODE)


def test_a_form_taken_after_the_period_turned_counts_in_the_period_of_its_rows(city, tmp_path):
    importing.import_files(city, [form(tmp_path, ROW)])
    assert state(city, "2023-05").state is ReportState.RECEIVED
    assert state(city, "2023-05").late
    assert not state(city, "2023-05").signed
    assert state(city, "2023-06").state is ReportState.MISSING


def test_a_form_of_two_months_counts_in_both(city, tmp_path):
    later = ("头盔", "1", *ROW[2:])
    files = [form(tmp_path, ROW), form(tmp_path, later, day="2023年5月28日", name="迎泽6月.csv")]
    importing.import_files(city, files)
    assert [state(city, each).state for each in ("2023-05", "2023-06")] == [ReportState.RECEIVED] * 2


def test_a_nil_form_counts_by_its_date(city, tmp_path):
    importing.import_files(city, [form(tmp_path)])
    assert state(city, "2023-05").state is ReportState.NIL
    assert state(city, "2023-06").state is ReportState.MISSING


def test_a_nil_form_counts_in_the_period_that_a_person_chose(city, tmp_path):
    importing.import_files(city, [form(tmp_path, day="2023年5月28日")], period="2023-05")
    assert state(city, "2023-05").state is ReportState.NIL


def test_a_nil_form_without_a_date_counts_in_the_period_of_its_day(city, tmp_path):
    importing.import_files(city, [form(tmp_path, day="")])
    assert state(city, "2023-06").state is ReportState.NIL


def test_a_form_that_was_taken_back_does_not_count(city, tmp_path):
    done = importing.import_files(city, [form(tmp_path, ROW)])
    undoing.undo(city, done.id)
    assert state(city, "2023-05").state is ReportState.MISSING
