import time
import zipfile
from datetime import date
from io import BytesIO

import docx
import openpyxl
import pytest

from riskdesk.documents.ooxml import XmlText, normalised

DAY = date(2023, 5, 10)


def workbook():
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "甲"
    return book


@pytest.mark.parametrize("make", [workbook, docx.Document])
def test_the_same_content_saved_at_two_times_becomes_the_same_bytes(make, monkeypatch):
    packages = []
    for moment in (1_700_000_000, 1_700_086_400):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        monkeypatch.setattr(time, "localtime", lambda *_, moment=moment: time.gmtime(moment))
        out = BytesIO()
        make().save(out)
        packages.append(out.getvalue())
    assert packages[0] != packages[1]
    assert normalised(packages[0], DAY) == normalised(packages[1], DAY)


def test_normalising_again_changes_nothing_and_loses_no_member():
    out = BytesIO()
    workbook().save(out)
    once = normalised(out.getvalue(), DAY)
    assert normalised(once, DAY) == once
    before, after = zipfile.ZipFile(out), zipfile.ZipFile(BytesIO(once))
    assert sorted(before.namelist()) == sorted(after.namelist())
    assert after.namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]
    assert after.testzip() is None
    same = [name for name in before.namelist() if before.read(name) == after.read(name)]
    assert set(before.namelist()) - set(same) == {"docProps/core.xml"}


def test_the_day_of_the_form_is_the_time_of_the_file():
    out = BytesIO()
    workbook().save(out)
    properties = openpyxl.load_workbook(BytesIO(normalised(out.getvalue(), DAY))).properties
    assert properties.created.date() == properties.modified.date() == DAY


def test_text_that_xml_can_hold_is_left_alone():
    xml = XmlText()
    assert xml("甲\t乙\n😀\u3000<&>") == "甲\t乙\n😀\u3000<&>"
    assert xml.warnings() == ()


def test_every_character_that_xml_cannot_hold_is_replaced_once_and_named():
    xml = XmlText()
    bad = [chr(code) for code in range(32) if code not in (9, 10, 13)] + ["\ud800", "\udfff", "\ufffe", "\uffff"]
    assert xml("".join(bad)) == "\ufffd" * len(bad)
    (warning,) = xml.warnings()
    assert all(f"U+{ord(char):04X}" in warning for char in bad)
