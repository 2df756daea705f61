"""Annex 2, the yearly report, as a Word file: real headings, a table of contents, tables, pictures of the charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from riskdesk.documents import annex2_texts as texts
from riskdesk.documents import charts
from riskdesk.documents.annex2_pdf import laid_out
from riskdesk.documents.annex2_styles import BODY, HEI, TEXT_WIDTH, run_properties, set_page, set_settings, set_styles
from riskdesk.documents.annex2_texts import Figure, Heading, Item, Missing, Note, NumberedTable, Paragraph
from riskdesk.documents.ooxml import XmlText, normalised
from riskdesk.documents.rendered import Rendered
from riskdesk.domain.annual import AnnualReport
from riskdesk.domain.progress import Progress, silent

_PICTURE = Mm(150)
_ROOM = TEXT_WIDTH  # of a table
_PAD = 100  # left and right in a cell
_CELL = 210  # ten and a half points, in twentieths
_KEPT_ROWS = 6  # a table of so many rows is not divided
_KEPT_FIRST = 3  # of a longer one so many rows stand together under the head
SPARE: Final = 30.0  # points of a page that Word and LibreOffice need more than the PDF does
_LOW = 12  # lines of a row that is not divided
_AUTHOR_LIMIT = 255  # python-docx takes no longer one
_W = nsdecls("w")
_TITLE_BEFORE, _UNIT_BEFORE = 2300, 4400  # on the cover
_CHAR = 320  # sixteen points
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_BEGIN, _SEPARATE, _END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))


def render_docx(report: AnnualReport, progress: Progress = silent) -> Rendered:
    """Return the report as docx; the page numbers in its table of contents are those of the PDF until Word updates them."""
    xml = XmlText()
    document = docx.Document()
    set_page(document)
    set_styles(document)
    set_settings(document)
    body = document.element.body
    final = body.find(qn("w:sectPr"))
    flow = laid_out(report, SPARE)
    writer = _Writer(document, xml, flow.items, flow.stretches)
    for element in (
        *_front(report, flow.items, flow.places, final, xml),
        *writer.elements(progress),
        *_end(report, xml),
    ):
        final.addprevious(element)
    _set_footers(document)
    _set_properties(document, report, xml)
    out = BytesIO()
    document.save(out)
    return Rendered(normalised(out.getvalue(), texts.file_day(report)), xml.warnings())


class _Writer:
    """The items of a report as XML."""

    def __init__(self, document: Document, xml: XmlText, items: Sequence[Item], stretches: Mapping[str, float]) -> None:
        self._document, self._xml, self._items, self._stretches = document, xml, items, stretches
        self._bookmarks = 0

    def elements(self, progress: Progress) -> Iterator[BaseOxmlElement]:
        total = len(self._items)
        for index, item in enumerate(self._items):
            progress(index, total, "正在写入 Word")
            note_follows = index + 1 < total and isinstance(self._items[index + 1], Note)
            match item:
                case Heading():
                    yield self._heading(item)
                case Paragraph():
                    yield _paragraph("BodyText", _run(self._xml(item.text)), kept=index + 1 == total)
                case Missing():
                    marked = '<w:highlight w:val="yellow"/>'
                    yield _paragraph("BodyText", _run(item.text, HEI, 32, marked), kept=index + 1 == total)
                case NumberedTable():
                    yield _paragraph("Caption", _run(self._xml(item.caption)), kept=True, before=160)
                    yield self._table(item, note_follows=note_follows)
                case Figure():
                    yield self._picture(item, index)
                    yield _paragraph("Caption", _run(self._xml(item.caption)), kept=note_follows)
                case Note():
                    yield _paragraph("AnnexNote", _run(self._xml(item.text)))
        progress(total, total, "Word 写入完成")

    def _heading(self, item: Heading) -> BaseOxmlElement:
        self._bookmarks += 1
        number = self._bookmarks
        runs = (
            f'<w:bookmarkStart w:id="{number}" w:name="{item.name}"/>{_run(self._xml(item.text))}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )
        return _paragraph(f"Heading{item.level}", runs)

    def _picture(self, item: Figure, index: int) -> BaseOxmlElement:
        picture = BytesIO(charts.png(item.chart, stretch=self._stretches[item.caption]))
        inline = self._document.part.new_pic_inline(picture, width=_PICTURE)
        inline.docPr.set("id", str(index + 1))
        inline.docPr.set("name", self._xml(item.caption))
        inline.docPr.set("descr", self._xml(item.told))
        paragraph = _paragraph("AnnexFigure", "<w:r><w:drawing/></w:r>")
        next(paragraph.iter(qn("w:drawing"))).append(inline)
        return paragraph

    def _table(self, item: NumberedTable, *, note_follows: bool) -> BaseOxmlElement:
        table = item.table
        widths = _widths(item)
        centred = texts.is_centred(table)
        sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        kept_rows = len(table.rows) if len(table.rows) <= _KEPT_ROWS else _KEPT_FIRST
        head = [
            _cell(self._xml(text), width, HEI, centred=True, kept=True)
            for text, width in zip(table.head, widths, strict=True)
        ]
        rows = [_row(head, "<w:cantSplit/><w:tblHeader/>")]
        for number, cells in enumerate(table.rows, 1):
            left = len(table.rows) - number
            kept = left == 1 or number < kept_rows if left else note_follows
            written = [
                _cell(self._xml(text), width, BODY, centred=middle, kept=kept)
                for text, width, middle in zip(cells, widths, centred, strict=True)
            ]
            rows.append(_row(written, "<w:cantSplit/>" if _is_low(cells, widths) else ""))
        return parse_xml(
            f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{sides}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
            f'<w:top w:w="60" w:type="dxa"/><w:left w:w="{_PAD}" w:type="dxa"/><w:bottom w:w="60" w:type="dxa"/>'
            f'<w:right w:w="{_PAD}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
            f"{''.join(rows)}</w:tbl>"
        )


def _front(
    report: AnnualReport, items: Sequence[Item], pages: dict[str, int], section: BaseOxmlElement, xml: XmlText
) -> Iterator[BaseOxmlElement]:
    """Return cover and contents, a section of their own without page numbers."""
    yield _paragraph("Title", _run(xml(report.title)), before=_TITLE_BEFORE)
    yield _paragraph("Subtitle", _run(texts.year_text(report)), before=200)
    yield _paragraph("Subtitle", _run(xml(report.unit)), before=_UNIT_BEFORE)
    yield _paragraph("Subtitle", _run(texts.day_text(report)))
    yield _contents([each for each in items if isinstance(each, Heading)], pages, xml)
    properties = parse_xml(f'<w:pPr {_W}><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>')  # it takes no room
    properties.append(deepcopy(section))
    last = parse_xml(f"<w:p {_W}/>")
    last.append(properties)
    yield last


def _contents(headings: Sequence[Heading], pages: dict[str, int], xml: XmlText) -> BaseOxmlElement:
    """Return the table of contents as Word makes it, already filled."""
    entries = []
    for number, each in enumerate(headings):
        begin = (
            f'{_BEGIN}<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>{_SEPARATE}'
        )
        page = f'<w:r><w:instrText xml:space="preserve"> PAGEREF {each.name} \\h </w:instrText></w:r>'
        entries.append(
            f'<w:p><w:pPr><w:pStyle w:val="TOC{each.level}"/></w:pPr>{"" if number else begin}'
            f'<w:hyperlink w:anchor="{each.name}" w:history="1">{_run(xml(each.text))}<w:r><w:tab/></w:r>'
            f"{_BEGIN}{page}{_SEPARATE}{_run(str(pages[each.name]))}{_END}</w:hyperlink>"
            f"{_END if number == len(headings) - 1 else ''}</w:p>"
        )
    heading = (
        '<w:p><w:pPr><w:pStyle w:val="TOCHeading"/><w:pageBreakBefore/></w:pPr>'
        + _run("　".join(texts.CONTENTS))
        + "</w:p>"
    )
    return parse_xml(
        f'<w:sdt {_W}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/>'
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{heading}{''.join(entries)}</w:sdtContent></w:sdt>"
    )


def _end(report: AnnualReport, xml: XmlText) -> Iterator[BaseOxmlElement]:
    yield _paragraph("AnnexEnd", _run(xml(report.unit)), before=578, right=2 * _CHAR)
    yield _paragraph("AnnexEnd", _run(texts.day_text(report)), right=4 * _CHAR)


def _paragraph(style: str, runs: str, *, kept: bool = False, before: int = -1, right: int = 0) -> BaseOxmlElement:
    keep = "<w:keepNext/>" if kept else ""
    spacing = f'<w:spacing w:before="{before}"/>' if before >= 0 else ""
    indent = f'<w:ind w:right="{right}"/>' if right else ""
    return parse_xml(f'<w:p {_W}><w:pPr><w:pStyle w:val="{style}"/>{keep}{spacing}{indent}</w:pPr>{runs}</w:p>')


def _run(text: str, font: str = "", half_points: int = 0, more: str = "") -> str:
    """Return a run; without a font it stands in that of its style."""
    properties = f"<w:rPr>{run_properties(font, half_points)}{more}</w:rPr>" if font else ""
    pieces = "<w:tab/>".join(
        "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' if line else "" for line in piece.split("\n"))
        for piece in text.split("\t")
    )
    return f"<w:r>{properties}{pieces}</w:r>"


def _widths(item: NumberedTable) -> list[int]:
    """Return the widths of the columns in twentieths of a point; together they fill the line."""
    count = len(item.table.head)
    widths = [
        round(each * _CELL) + 2 * _PAD for each in texts.column_shares(item.table, (_ROOM - 2 * _PAD * count) / _CELL)
    ]
    widths[-1] += _ROOM - sum(widths)
    return widths


def _is_low(cells: Sequence[str], widths: Sequence[int]) -> bool:
    """Whether a row is so low that Word had better not break it across pages."""
    return all(
        len(text) * _CELL / (width - 2 * _PAD) + text.count("\n") < _LOW
        for text, width in zip(cells, widths, strict=True)
    )


def _row(cells: Sequence[str], properties: str) -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(text: str, width: int, font: str, *, centred: bool, kept: bool) -> str:
    keep = "<w:keepNext/>" if kept else ""
    align = '<w:jc w:val="center"/>' if centred else ""
    paragraphs = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="AnnexTable"/>{keep}{align}</w:pPr>{_run(line, font, 21)}</w:p>'
        for line in text.split("\n")
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'


def _set_footers(document: Document) -> None:
    """Number the pages of the report from 1, on odd pages right, on even ones left, a character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[-1]
    section._sectPr.insert_element_before(parse_xml(f'<w:pgNumType {_W} w:start="1"/>'), "w:cols", "w:docGrid")
    page = '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        paragraph.getparent().replace(
            paragraph,
            parse_xml(
                f'<w:p {_W}><w:pPr><w:pStyle w:val="Footer"/><w:ind w:left="280" w:right="280"/><w:jc w:val="{side}"/></w:pPr>'
                f"{_run('— ')}{_BEGIN}{page}{_SEPARATE}{_run('1')}{_END}{_run(' —')}</w:p>"
            ),
        )


def _set_properties(document: Document, report: AnnualReport, xml: XmlText) -> None:
    properties = document.core_properties
    moment = datetime.combine(texts.file_day(report), time(), UTC).replace(tzinfo=None)
    properties.created = properties.modified = moment
    properties.author = properties.last_modified_by = xml(report.unit)[:_AUTHOR_LIMIT]
    properties.title = "".join(texts.lines(xml(report.title)))[:_AUTHOR_LIMIT]
    properties.subject = properties.comments = properties.keywords = ""
    properties.language, properties.revision = "zh-CN", 1
