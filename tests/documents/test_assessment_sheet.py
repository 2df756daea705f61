"""A station's sheet on paper and as a workbook: all that was said stands there, however long it is."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from documents.test_papers import text_of
from openpyxl import load_workbook

from riskdesk.documents.assessment_pdf import render_pdf
from riskdesk.documents.assessment_texts import AssessmentForm
from riskdesk.documents.assessment_xlsx import render_xlsx
from riskdesk.domain.assessment import Column, Filled, Judged, Review, Sheet
from riskdesk.domain.scoring import Answer
from riskdesk.domain.station_template import template_from_text
from riskdesk.paths import resource

TEMPLATE = template_from_text(resource("station/template.json").read_text("utf-8"))
LONG = "".join(f"第{number}句说明，" for number in range(900))


def form(note="", **review):
    filled = {"A1": Filled(Answer(option=0), note=note)}
    sheet = Sheet("140100-ZD01", "某监测站", 2023, TEMPLATE, filled)
    return AssessmentForm(sheet, date(2024, 1, 5), {}, {Column.CITY: Review("id", "hash", Column.CITY, **review)})


def cells(data):
    """The texts of the workbook, row by row; no row is higher than Excel can show."""
    sheet = load_workbook(BytesIO(data)).active
    assert all((each.height or 0) <= 409 for each in sheet.row_dimensions.values())
    return [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]


@pytest.mark.parametrize("where", ["note", "conclusion"])
def test_a_long_text_goes_on_in_further_rows_of_the_workbook(where):
    given = form(note=LONG) if where == "note" else form(conclusion=LONG)
    rows = cells(render_xlsx(given))
    assert LONG in "".join(row[-1] for row in rows if row).replace("\n", "")
    if where == "note":
        assert [row[0] for row in rows].count("A1（续）") > 3


def test_what_the_city_gave_back_and_vetoed_is_printed():
    veto = TEMPLATE["veto"][0]
    given = form(
        judged={"A2": Judged(Decimal(1), "只见一人")},
        returned={"A1": "请补批复"},
        vetoes=(veto["code"],),
        conclusion="补正后再核",
    )
    workbook = "".join(text for row in cells(render_xlsx(given)) for text in row)
    paper = text_of(render_pdf(given))
    for said in ("市局初核（签字、盖章）", "只见一人", "A1请补批复", veto["code"], "补正后再核", "否决项（自评）：无"):
        assert said in workbook.replace(" ", "")
        assert said in paper.replace(" ", "").replace("\n", "")
