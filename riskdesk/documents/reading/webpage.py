"""HTML tables: web pages, and what many systems call .xls but write as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskdesk.documents.reading import plain
from riskdesk.documents.reading.cells import read_text
from riskdesk.documents.reading.grid import Document, Mark, Table, cut
from riskdesk.documents.reading.ole import DAMAGED
from riskdesk.documents.reading.precheck import MOST_CELLS, sparse
from riskdesk.errors import UnreadableFileError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_BYTES = 12 << 20  # the tree takes some twelve times the text
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "ul", "ol", "pre", "section", "center"}
_UNSEEN = {"script", "style", "head", "title", "template", "noscript"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MOST_SPAN = 1000


def read_html(data: bytes) -> Document:
    """Return every table of the page and the text outside of tables as lines."""
    from lxml import etree, html

    if len(data) > _MOST_BYTES:
        raise UnreadableFileError("网页文件太大，无法读取。请用 Excel/WPS 打开，另存为 .xlsx 后再试。")
    text = _DECLARATION.sub("", _decode(data))
    try:
        page = html.document_fromstring(text, parser=html.HTMLParser(no_network=True, remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(DAMAGED) from error
    document = Document()
    tables = list(page.iter("table"))
    for number, table in enumerate(tables, 1):
        document.tables.append(_table(table, f"表格{number}" if len(tables) > 1 else ""))
    document.lines = _text(page).split("\n")
    return document


def _decode(data: bytes) -> str:
    found = _CHARSET.search(data[:4096])
    name = found[1].decode("ascii", "replace").lower() if found else ""
    # a byte order mark and UTF-16 are seen by `plain.text_of`; pages call GB18030 by the name of its older parts
    if name in ("gbk", "gb2312", "gb18030", "x-gbk", "gb_2312-80") and not data.startswith(
        (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
    ):
        return data.decode("gb18030", "replace")
    return plain.text_of(data)


def _table(element: HtmlElement, name: str) -> Table:
    rows: list[list[str]] = []
    merged: list[tuple[int, int, int, int]] = []
    marks: dict[tuple[int, int], Mark] = {}
    taken: dict[int, int] = {}  # column -> first row that is free again
    width = size = 0
    for row in _own(element, "tr"):
        at = len(rows)
        texts: list[str] = []
        for cell in _own(row, "td", "th"):
            while taken.get(len(texts), 0) > at:
                texts.append("")
            column, across, down = len(texts), _span(cell, "colspan"), _span(cell, "rowspan")
            text, mark = read_text(_text(cell).strip())
            if not text and next(cell.iter("img"), None) is not None:
                mark = Mark.PICTURE
            if mark:
                marks[at, column] = mark
            texts += [text] + [""] * (across - 1)
            taken.update(dict.fromkeys(range(column, column + across), at + down))
            if across > 1 or down > 1:
                merged.append((at, column, at + down - 1, column + across - 1))
        width, size = max(width, len(texts)), size + len(texts)
        if size > MOST_CELLS:
            raise sparse()
        rows.append(cut(texts))
    return Table(name, rows, merged, marks, flows=True, width=width)


def _own(element: HtmlElement, *tags: str) -> Iterator[HtmlElement]:
    """Yield the rows or cells of an element, not those of tables inside of it."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag != "table" and child.tag not in ("td", "th"):
            yield from _own(child, *tags)


def _span(cell: HtmlElement, attribute: str) -> int:
    text = cell.get(attribute, "").strip()
    return min(max(1, int(text)), _MOST_SPAN) if text.isdigit() and len(text) < 9 else 1


def _text(element: HtmlElement) -> str:
    """Return the text as a browser shows it, without tables inside."""
    lines = ("".join(_pieces(element))).split("\n")
    return "\n".join(_SPACE.sub(" ", line).strip(" ") for line in lines).strip("\n")


def _pieces(element: HtmlElement) -> Iterator[str]:
    yield _SPACE.sub(" ", element.text or "")
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif child.tag in _BLOCKS:
            yield "\n"
            if child.tag != "table":
                yield from _pieces(child)
                yield "\n"
        elif isinstance(child.tag, str) and child.tag not in _UNSEEN:
            yield from _pieces(child)
        yield _SPACE.sub(" ", child.tail or "")
