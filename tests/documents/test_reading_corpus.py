"""The collected forms come back exactly as they were typed, in this process and through the guard."""

import json
import tarfile
from datetime import date
from pathlib import Path

import pytest

from riskdesk.documents.reading.child import GuardedReader
from riskdesk.documents.reading.form import read_form
from riskdesk.domain.annex1 import FIELDS
from riskdesk.domain.table_mapping import TableMapping

ROOT = Path(__file__).parents[2]
FORMS = ROOT / "tests/corpus/forms"
TRUTH = json.loads((FORMS / "truth.json").read_text(encoding="utf-8"))
CPSC = TableMapping.from_json(
    {
        "columns": {
            "product": "Name of product",
            "content": ["Hazard Description", "Incidents"],
            "source_ref": "Recall Number",
            "occurred_on": "Date",
        },
        "key": "source_ref",
        "source": "S7",
    }
)


@pytest.fixture(scope="module")
def guard():
    with GuardedReader() as reader:
        yield reader


@pytest.mark.parametrize("name", TRUTH)
def test_a_form_reads_as_it_was_typed(name, guard):
    form = read_form(FORMS / name)
    assert [{field: row.values[field] for field in FIELDS} for row in form.rows] == TRUTH[name]["records"]
    assert form.nil == TRUTH[name]["nil"]
    assert not any(row.problems for row in form.rows)
    assert guard.read(FORMS / name) == form
    if name != "16_html.xls":
        assert (form.head.unit, str(form.head.date)) == ("太原市迎泽区市场监督管理局", "2023-05-10")
        assert (form.head.person, form.head.phone) == ("张三", "0351-0000000")


def test_the_row_numbers_are_those_of_the_spreadsheet():
    form = read_form(FORMS / "07_trailing.xlsx")
    assert [row.row for row in form.rows] == [6, 7, 8, 9, 10]
    assert [(skipped.row, skipped.reason) for skipped in form.skipped] == [(5, "示例行")]
    assert form.rows[0].original["enterprise_count_text"] == "３６"
    assert [(row.sheet, row.row) for row in read_form(FORMS / "09_months.xlsx").rows] == [
        ("4月", 5),
        ("4月", 6),
        ("5月", 5),
        ("5月", 6),
        ("5月", 7),
    ]


def test_the_samples_read_as_a_form(guard):
    form = guard.read(ROOT / "resources/samples/samples.csv")
    assert len(form.rows) == 33
    assert form.rows[0].values["unit"] == "大同市云冈区市场监督管理局"
    assert form.rows[0].values["discovered_on"] == "2023-05-08"
    assert not any(row.problems for row in form.rows)
    [told] = form.skipped
    assert (told.row, told.reason[:17]) == (1, "未认出的列：“sample_id”")


def test_the_cpsc_files_read_with_a_mapping_through_one_child(guard, tmp_path):
    with tarfile.open(ROOT / "tests/corpus/cpsc_recalls_csv_303files.tgz") as archive:
        archive.extractall(tmp_path, filter="data")
    files = sorted(tmp_path.rglob("*.csv"))
    assert len(files) == 303
    guard.read(files[0], CPSC)
    pid = guard.pid
    rows = [row for path in files for row in guard.read(path, CPSC).rows]
    assert guard.pid == pid
    assert len(rows) == 2636
    assert len({row.values["source_ref"] for row in rows}) == 902
    assert not any(row.problems for row in rows)
    assert all("&nbsp;" not in text for row in rows for text in row.values.values())
    assert {row.values["source_codes"] for row in rows} == {"S7"}
    assert all(date.fromisoformat(row.values["occurred_on"]).year >= 2023 for row in rows)
