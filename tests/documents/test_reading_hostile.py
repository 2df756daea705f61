"""Files that were made, or have grown, to hurt: each is read right or refused in a sentence, fast and within the memory."""

import io
import re
import struct
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from riskdesk.documents.reading.child import GuardedReader
from riskdesk.documents.reading.form import read_form
from riskdesk.domain.annex1 import COLUMNS
from riskdesk.errors import UnreadableFileError

FORMS = Path(__file__).parents[1] / "corpus/forms"
TITLES = [column.title for column in COLUMNS]
SHEET = "xl/worksheets/sheet1.xml"
OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = "</sheetData></worksheet>"


def text_cell(text, place=""):
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


HEADING = "<row>" + "".join(text_cell(title) for title in TITLES) + "</row>"
RECORD = "<row>" + "".join(text_cell(text) for text in ("产品", "3", "太原", "内容", "", "", "")) + "</row>"


@pytest.fixture(scope="module")
def guard():
    with GuardedReader() as reader:
        yield reader


@pytest.fixture
def read(guard):
    def quickly(path):
        started = time.monotonic()
        try:
            return guard.read(path)
        finally:
            assert time.monotonic() - started < 5
            if guard.pid and Path("/proc").exists():
                status = Path(f"/proc/{guard.pid}/status").read_text()
                assert int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) < 300 * 1024

    return quickly


def workbook(path, sheet, **others):
    """Write a workbook whose first sheet is the given XML, or pieces of it."""
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    replaced = {SHEET: sheet} | {name.replace("__", "/").replace("_", "."): text for name, text in others.items()}
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            if name not in replaced:
                new.writestr(name, old.read(name))
        for name, content in replaced.items():
            with new.open(name, "w", force_zip64=True) as part:
                for piece in [content] if isinstance(content, str) else content:
                    part.write(piece.encode() if isinstance(piece, str) else piece)
    return path


FAR = {
    "plain": '<row r="1048576"><c r="XFD1048576" t="str"><v> </v></c></row>',
    "order": '<row r="1048576"><c s="1" t="str" r="XFD1048576"><v> </v></c></row>',
    "quotes": "<row r='1048576'><c t='str' r='XFD1048576'><v> </v></c></row>",
    "greater": '<row r="1048576"><c x=">" r="XFD1048576"><v>1</v></c></row>',
    "row only": '<row r="1048576">' + "<c><v>1</v></c>" * 3 + "</row>",
    "after a far one": '<row r="200000"><c r="ZZ1"/><c><v>1</v></c></row>',
}


@pytest.mark.parametrize("name", FAR)
def test_a_stray_far_cell_is_refused(name, read, tmp_path):
    dimension = OPEN.replace("<sheetData>", '<dimension ref="A1:B2"/><sheetData>')
    path = workbook(tmp_path / "a.xlsx", dimension + HEADING + RECORD + FAR[name] + CLOSE)
    with pytest.raises(UnreadableFileError, match="工作表的范围太大"):
        read(path)


def test_a_stray_far_blank_cell_costs_nothing(read, tmp_path):
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert len(read(workbook(tmp_path / "a.xlsx", OPEN + HEADING + RECORD + far + CLOSE)).rows) == 1


def test_a_prefixed_sheet_is_looked_through_too(read, tmp_path):
    sheet = (
        (OPEN + HEADING + RECORD + FAR["plain"] + CLOSE)
        .replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("xmlns=", "xmlns:x=")
    )
    with pytest.raises(UnreadableFileError, match="工作表的范围太大"):
        read(workbook(tmp_path / "a.xlsx", sheet))


def test_a_gigabyte_of_zeros_is_refused(read, tmp_path):
    path = workbook(tmp_path / "a.xlsx", (b"0" * (1 << 20) for _ in range(1100)))
    with pytest.raises(UnreadableFileError, match="展开后过大"):
        read(path)
    # and again with a directory that lies about the size
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    assert struct.unpack_from("<I", data, at + 24)[0] == 1100 << 20
    struct.pack_into("<I", data, at + 24, 1000)
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError, match="损坏"):
        read(path)


def test_a_bomb_of_cells_is_refused(read, tmp_path):
    rows = (f'<row r="{row}">' + "<c><v>1</v></c>" * 100 + "</row>" for row in range(1, 60_001))
    with pytest.raises(UnreadableFileError, match=r"过大|范围太大"):
        read(workbook(tmp_path / "a.xlsx", (OPEN, *rows, CLOSE)))


def test_a_bomb_of_shared_strings_is_survived(guard, read, tmp_path):
    texts = (f"<si><t>{number:020d}{number * 7919 % 10**9}</t></si>" for number in range(2_000_000))
    strings = ('<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">', *texts, "</sst>")
    path = workbook(tmp_path / "a.xlsx", OPEN + HEADING + RECORD + CLOSE, xl__sharedStrings_xml=strings)
    try:
        assert len(read(path).rows) <= 1
    except UnreadableFileError as error:
        assert "a.xlsx" in str(error)  # noqa: PT017 - both are right
    assert read(FORMS / "01_std.xlsx").rows


@pytest.mark.parametrize("name", ["01_std.xlsx", "20_std.xls", "17_std.docx", "24_std.ods"])
def test_a_file_cut_short_is_refused_or_read(name, read, tmp_path):
    data = (FORMS / name).read_bytes()
    for part in (0.3, 0.5, 0.7, 0.9, 0.97):
        path = tmp_path / f"{part}{name}"
        path.write_bytes(data[: int(len(data) * part)])
        with pytest.raises(UnreadableFileError, match="损坏"):
            read(path)


@pytest.mark.parametrize("name", ["01_std.xlsx", "20_std.xls", "17_std.docx", "24_std.ods", "16_html.xls"])
def test_a_file_with_wrong_bytes_never_ends_in_a_bug(name, read, tmp_path):
    data = (FORMS / name).read_bytes()
    for seed in range(60):
        broken = bytearray(data)
        for step in range(1 + seed % 7):
            broken[(seed * 7919 + step * 104729) % len(data)] ^= 1 << seed % 8
        path = tmp_path / f"{seed}{name}"
        path.write_bytes(broken)
        try:
            read(path)
        except UnreadableFileError as error:
            assert name in str(error)  # noqa: PT017 - both are right


def test_an_old_workbook_with_a_far_cell_or_a_password_is_refused(read, tmp_path):
    data = (FORMS / "20_std.xls").read_bytes()
    # LABELSST of the first cells: record 00FD, ten bytes, row, column
    at = data.index(b"\xfd\x00\x0a\x00")
    far = bytearray(data)
    struct.pack_into("<HH", far, at + 4, 65535, 255)
    (tmp_path / "far.xls").write_bytes(far)
    with pytest.raises(UnreadableFileError, match="工作表的范围太大"):
        read(tmp_path / "far.xls")
    locked = bytearray(data)
    start = data.index(b"\x09\x08\x10\x00") + 20
    struct.pack_into("<H", locked, start, 0x002F)
    (tmp_path / "locked.xls").write_bytes(locked)
    with pytest.raises(UnreadableFileError, match="打开密码"):
        read(tmp_path / "locked.xls")


def test_many_blank_formatted_rows_cost_nothing(read, tmp_path):
    blank = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{c}{row}" s="1"/>' for c in "ABCDEFG") + "</row>"
        for row in range(3, 65_537)
    )
    assert len(read(workbook(tmp_path / "a.xlsx", OPEN + HEADING + RECORD + blank + CLOSE)).rows) == 1


def test_texts_like_formulas_and_escapes_are_texts(read, tmp_path):
    texts = ["=1+1", "+1", "-1", "@x", "_x0041_", "_x005F_x0041_", "=cmd|' /c calc'!A0"]
    rows = "".join(f"<row>{text_cell('甲')}{text_cell('1')}{text_cell('区')}{text_cell(text)}</row>" for text in texts)
    form = read(workbook(tmp_path / "a.xlsx", OPEN + HEADING + rows + CLOSE))
    # calamine reads _x0041_ as Excel does
    assert [row.values["content"] for row in form.rows] == [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "A",
        "_x0041_",
        "=cmd|' /c calc'!A0",
    ]


def test_a_sheet_that_is_really_html_and_one_that_is_really_text(read, tmp_path):
    (tmp_path / "a.xlsx").write_bytes((FORMS / "16_html.xls").read_bytes())
    (tmp_path / "b.xls").write_bytes((FORMS / "12_gb18030.csv").read_bytes())
    assert len(read(tmp_path / "a.xlsx").rows) == len(read(tmp_path / "b.xls").rows) == 5


def document(path, body, doctype=""):
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{w}"><w:body>{body}</w:body></w:document>',
        )
    return path


def word_row(texts):
    return "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in texts) + "</w:tr>"


def test_a_cell_of_forty_thousand_characters_in_word_is_whole(read, tmp_path):
    body = f"<w:tbl>{word_row(TITLES)}{word_row(['甲', '1', '区', '风险' * 20_000, '', '', ''])}</w:tbl>"
    assert read(document(tmp_path / "a.docx", body)).rows[0].values["content"] == "风险" * 20_000


def test_entities_that_grow_are_refused(read, tmp_path):
    names = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10)]
    path = document(tmp_path / "a.docx", "<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", f"<!DOCTYPE x [{''.join(names)}]>")
    with pytest.raises(UnreadableFileError, match="实体"):
        read(path)


def test_a_cell_over_a_million_columns_in_word_is_refused(read, tmp_path):
    wide = '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
    with pytest.raises(UnreadableFileError, match="范围太大"):
        read(document(tmp_path / "a.docx", wide))


def opendocument(path, rows):
    spaces = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text")}
    declared = " ".join(f'xmlns:{name}="{space}"' for name, space in spaces.items())
    table = f'<table:table table:name="表">{rows}</table:table>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
        archive.writestr("content.xml", f"<office:document-content {declared}>{body}</office:document-content>")
    return path


def ods_row(texts, more="", extra=""):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f"<table:table-row {more}>{cells}{extra}</table:table-row>"


def test_repeated_blank_cells_and_rows_of_opendocument_cost_nothing(read, tmp_path):
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    row = ods_row(
        ["甲", "1", "区", "一<text:s text:c='2'/>二</text:p><text:p>三", "", "", ""],
        "",
        '<table:table-cell table:number-columns-repeated="16377"/>',
    )
    form = read(opendocument(tmp_path / "a.ods", ods_row(TITLES) + row + blank))
    assert [found.values["content"] for found in form.rows] == ["一  二\n三"]


def test_tall_and_wide_cells_of_opendocument(read, tmp_path):
    cell = '<table:table-cell office:value-type="string" {}><text:p>{}</text:p></table:table-cell>'
    covered = "<table:covered-table-cell/>"
    rest = "".join(cell.format("", text) for text in ("1", "区", "内容", "", "", ""))
    tall = cell.format('table:number-rows-spanned="2"', "甲")
    wide = cell.format('table:number-columns-spanned="7"', "一、小标题")
    rows = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in (tall + rest, covered + rest, wide))
    form = read(opendocument(tmp_path / "a.ods", ods_row(TITLES) + rows))
    assert [row.values["product"] for row in form.rows] == ["甲", "甲"]
    assert [(skipped.row, skipped.reason) for skipped in form.skipped] == [(4, "横贯表格的小标题")]


@pytest.mark.parametrize(
    "row",
    [
        ods_row(["x"], 'table:number-rows-repeated="999999999"'),
        ods_row(
            [],
            "",
            '<table:table-cell table:number-columns-repeated="999999999"/><table:table-cell><text:p>x</text:p></table:table-cell>',
        ),
        '<table:table-row table:number-rows-repeated="999999999"/>' + ods_row(["x"]),
    ],
)
def test_a_far_cell_of_opendocument_is_refused(row, read, tmp_path):
    with pytest.raises(UnreadableFileError, match="范围太大"):
        read(opendocument(tmp_path / "a.ods", ods_row(TITLES) + row))


def test_html_with_huge_spans_is_refused_or_read(read, tmp_path):
    row = "<tr>" + "<td colspan=100000 rowspan=100000>x</td>" * 100 + "</tr>"
    (tmp_path / "a.html").write_text("<table>" + row * 100 + "</table>", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="范围太大"):
        read(tmp_path / "a.html")


def test_deeply_nested_html_ends_in_a_sentence(read, tmp_path):
    (tmp_path / "a.html").write_text("<table><tr><td>" + "<b>" * 100_000, encoding="utf-8")
    with pytest.raises(UnreadableFileError):
        read(tmp_path / "a.html")


def test_a_far_cell_is_refused_in_this_process_too(tmp_path):
    with pytest.raises(UnreadableFileError, match="范围太大"):
        read_form(workbook(tmp_path / "a.xlsx", OPEN + FAR["plain"] + CLOSE))
