"""The official form of Annex 1 as a Word file: rows are made as XML, `table.cell()` would take minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt

from riskdesk.documents.annex1_texts import NIL, STEP, date_text, person_text, phone_text, unit_text
from riskdesk.documents.ooxml import XmlText, normalised
from riskdesk.documents.rendered import Rendered
from riskdesk.domain.annex1 import ANNEX, COLUMNS, TITLE, Annex1Form
from riskdesk.domain.progress import Progress, silent

_BODY, _HEI, _SONG, _TITLE_FONT, _LATIN = "仿宋_GB2312", "黑体", "宋体", "方正小标宋简体", "Times New Roman"
_WIDTHS: Final = (1640, 1140, 1440, 4130, 2850, 1990, 1380)  # twentieths of a point; together 257 mm
_CENTRED = (0, 1, 2, 6)
_COUNT = 1
_PAD = 80  # left and right in a cell
_BODY_SIZE = 21  # half points
_TAB = 10_600  # where 填报时间 and 联系电话 begin
_LOW = 7  # lines
_WHOLE = "<w:trPr><w:cantSplit/></w:trPr>"
_KEPT = 400  # characters up to which the last row is kept with the foot
_AUTHOR_LIMIT = 255  # python-docx takes no longer one
_W = nsdecls("w")


def render_docx(form: Annex1Form, progress: Progress = silent) -> Rendered:
    """Return the form as docx; rows may break across pages, the heading row is repeated by Word."""
    xml = XmlText()
    document = docx.Document()
    _set_page(document)
    body = document.element.body
    place = body.index(body.find(qn("w:sectPr")))
    table = _table(form, xml, progress)
    for element in (*_top(form, xml), table, _line(person_text(form), phone_text(form), xml, before=120)):
        body.insert(place, element)
        place += 1
    _set_properties(document, form, xml)
    out = BytesIO()
    document.save(out)
    return Rendered(normalised(out.getvalue(), form.date), xml.warnings())


def _top(form: Annex1Form, xml: XmlText) -> list[BaseOxmlElement]:
    return [
        _paragraph(_run(ANNEX, _HEI, 28)),
        _paragraph(_run(TITLE, _TITLE_FONT, 44), centred=True, line=720),
        _line(unit_text(form), date_text(form), xml, after=60),
    ]


def _paragraph(runs: str, *, centred: bool = False, line: int = 400) -> BaseOxmlElement:
    return parse_xml(f"<w:p {_W}>{_paragraph_properties(line, centred=centred)}{runs}</w:p>")


def _line(left: str, right: str, xml: XmlText, before: int = 0, after: int = 0) -> BaseOxmlElement:
    """Return a line above or below the table, of two parts."""
    runs = f"{_run(xml(left), _BODY, 24)}<w:r><w:tab/></w:r>{_run(xml(right), _BODY, 24)}"
    return parse_xml(
        f'<w:p {_W}><w:pPr><w:tabs><w:tab w:val="left" w:pos="{_TAB}"/></w:tabs>'
        f'<w:spacing w:before="{before}" w:after="{after}" w:line="360" w:lineRule="exact"/></w:pPr>{runs}</w:p>'
    )


def _table(form: Annex1Form, xml: XmlText, progress: Progress) -> BaseOxmlElement:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS)
    table = parse_xml(
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(_WIDTHS)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:top w:w="50" w:type="dxa"/><w:left w:w="{_PAD}" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/>'
        f'<w:right w:w="{_PAD}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid></w:tbl>'
    )
    heads = [_cell(column.title, width, _HEI, 24, centred=True) for column, width in zip(COLUMNS, _WIDTHS, strict=True)]
    table.append(_row(heads, "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"))
    rows = form.rows
    for index, row in enumerate(rows):
        if index % STEP == 0:
            progress(index, len(rows), "正在写入 Word")
        texts = [xml(text) for text in row.cells]
        table.append(_row(_body_cells(texts, last=index == len(rows) - 1), _WHOLE if _is_low(texts) else ""))
    if not rows and not form.nil:
        table.append(_row(_body_cells([""] * len(COLUMNS), last=True), _WHOLE))
    if form.nil:
        table.append(
            _row(
                [_cell(NIL, sum(_WIDTHS), _BODY, 24, centred=True, span=len(COLUMNS), kept=True)],
                '<w:trPr><w:trHeight w:val="900"/></w:trPr>',
            )
        )
    progress(len(rows), len(rows), "Word 写入完成")
    return table


def _body_cells(texts: Sequence[str], *, last: bool) -> list[str]:
    kept = last and max(map(len, texts)) <= _KEPT
    return [
        _cell(text, width, _BODY, _BODY_SIZE, centred=_is_centred(column, text), kept=kept)
        for column, (text, width) in enumerate(zip(texts, _WIDTHS, strict=True))
    ]


def _is_low(texts: Sequence[str]) -> bool:
    """Whether a row is so low that Word had better not break it across pages."""
    room = [(width - 2 * _PAD) / (_BODY_SIZE * 10) for width in _WIDTHS]
    return all(len(text) / width + text.count("\n") < _LOW for text, width in zip(texts, room, strict=True))


def _is_centred(column: int, text: str) -> bool:
    return column == _COUNT or (column in _CENTRED and _fits_line(text, _WIDTHS[column]))


def _fits_line(text: str, width: int) -> bool:
    return "\n" not in text and len(text) * _BODY_SIZE * 10 <= width - 2 * _PAD


def _row(cells: Sequence[str], properties: str = "") -> BaseOxmlElement:
    return parse_xml(f"<w:tr {_W}>{properties}{''.join(cells)}</w:tr>")


def _cell(
    text: str, width: int, font: str, half_points: int, *, centred: bool = False, span: int = 1, kept: bool = False
) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    properties = _paragraph_properties(300, centred=centred, kept=kept)
    paragraphs = "".join(f"<w:p>{properties}{_run(line, font, half_points)}</w:p>" for line in text.split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'


def _paragraph_properties(line: int, *, centred: bool, kept: bool = False) -> str:
    keep = "<w:keepNext/>" if kept else ""
    align = '<w:jc w:val="center"/>' if centred else ""
    return f'<w:pPr>{keep}<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>{align}</w:pPr>'


def _run(text: str, font: str, half_points: int) -> str:
    fonts = f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:eastAsia="{font}" w:cs="{_LATIN}"/>'
    size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    pieces = "<w:tab/>".join(_text(piece) for piece in text.split("\t"))
    return f"<w:r><w:rPr>{fonts}{size}</w:rPr>{pieces}</w:r>"


def _text(piece: str) -> str:
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' if line else "" for line in piece.split("\n"))
    return "<w:br/>".join(lines)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(22)
    section.footer_distance = Mm(12)
    style = document.styles["Normal"]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()  # the theme's fonts would win
    for kind, name in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", _BODY)):
        fonts.set(qn(f"w:{kind}"), name)
    style.font.size = Pt(10.5)
    number = (
        f"{_run('— ', _SONG, 24)}"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{_run('1', _SONG, 24)}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        f"{_run(' —', _SONG, 24)}"
    )
    footer = section.footer.paragraphs[0]._p
    footer.getparent().replace(footer, _paragraph(number, centred=True, line=320))


def _set_properties(document: Document, form: Annex1Form, xml: XmlText) -> None:
    properties = document.core_properties
    moment = datetime.combine(form.date, time(), UTC).replace(tzinfo=None)
    properties.created = properties.modified = moment
    properties.author = properties.last_modified_by = xml(form.unit)[:_AUTHOR_LIMIT]
    properties.title, properties.subject = TITLE, ANNEX
    properties.comments = properties.keywords = ""
    properties.language, properties.revision = "zh-CN", 1
