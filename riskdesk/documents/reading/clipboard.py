"""What spreadsheets leave on the clipboard: HTML and tab-separated text of the same cells, put together to one block."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from riskdesk.documents.reading.cells import read_text
from riskdesk.documents.reading.grid import Document, Mark, Table, cut
from riskdesk.domain.filled_form import Block
from riskdesk.errors import InputError

MOST_ROWS, MOST_COLUMNS = 20_000, 200
_MOST_HTML = 32 << 20  # characters; what is longer is taken from the text
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"(?=[\t\n]|\Z)')
_NEEDS_QUOTES = re.compile(r'[\t\n]|""')
_SPACE = re.compile(r"[ \t\r\n\f]+")
_ANY_SPACE = re.compile(r"\s+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLOCKS = {"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "pre", "section", "center"}
_UNSEEN = {"script", "style", "head", "title", "template"}
_Merged = tuple[int, int, int, int]


def read_clipboard(html: str, text: str) -> Block:
    """Return the copied cells; a text that is no table is one cell. Raise `InputError` for what is too much.

    The text keeps every space, the HTML says surely where a cell ends: the text is taken if both hold the same cells.
    """
    copied = _from_html(_SURROGATES.sub("", html)) if "<t" in html.lower() and len(html) <= _MOST_HTML else None
    typed = _from_text(_SURROGATES.sub("", text))
    if copied is None:
        return _checked(Block(typed))
    if _agree(copied.rows, typed):
        return _checked(Block(typed, copied.merged))
    return _checked(copied)


def document_of(block: Block) -> Document:
    """Return the block as a file with one table."""
    rows: list[list[str]] = []
    marks: dict[tuple[int, int], Mark] = {}
    for at, row in enumerate(block.rows):
        read = [read_text(text) for text in row]
        marks.update({(at, column): mark for column, (_, mark) in enumerate(read) if mark})
        rows.append(cut([text for text, _ in read]))
    return Document([Table("", rows, list(block.merged), marks)])


def _checked(block: Block) -> Block:
    columns = max(map(len, block.rows), default=0)
    if len(block.rows) > MOST_ROWS or columns > MOST_COLUMNS:
        raise InputError(
            f"粘贴的内容有 {len(block.rows)} 行、{columns} 列，超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列。"
            "请分几次复制，或保存为文件后导入。"
        )
    if not any(text.strip() for row in block.rows for text in row):
        raise InputError("剪贴板中没有可以粘贴的文字。请先在 Excel/WPS 中选中单元格并复制。")
    return block


def _agree(copied: tuple[tuple[str, ...], ...], typed: tuple[tuple[str, ...], ...]) -> bool:
    """Say whether both hold the same cells, whatever the spaces."""
    return [_bare(row) for row in copied] == [_bare(row) for row in typed]


def _bare(row: tuple[str, ...]) -> list[str]:
    return cut([_ANY_SPACE.sub("", text) for text in row])


def _from_text(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the cells of tab-separated text; a cell is quoted only where it holds a line break, a tab or doubled quotes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\t" not in text:
        whole = text.removesuffix("\n")
        quoted = _QUOTED.fullmatch(whole)
        return ((_unquoted(quoted[1]) if quoted and _NEEDS_QUOTES.search(quoted[1]) else whole,),)
    rows: list[tuple[str, ...]] = []
    row: list[str] = []
    at, end = 0, len(text)
    while at <= end:
        cell, at = _cell_at(text, at)
        row.append(cell)
        if at >= end or text[at] == "\n":
            rows.append(tuple(row))
            row = []
            if at + 1 >= end:  # the line end after the last row begins no other
                break
        at += 1
    return tuple(rows)


def _cell_at(text: str, at: int) -> tuple[str, int]:
    """Return the cell that begins there, and where it ends."""
    if text.startswith('"', at) and (quoted := _QUOTED.match(text, at)) and _NEEDS_QUOTES.search(quoted[1]):
        return _unquoted(quoted[1]), quoted.end()
    tab, line = text.find("\t", at), text.find("\n", at)
    stop = min((place for place in (tab, line) if place >= 0), default=len(text))
    return text[at:stop], stop


def _unquoted(text: str) -> str:
    return text.replace('""', '"')


def _from_html(html: str) -> Block | None:
    """Return the first table with cells, None if there is none."""
    parser = _TableParser()
    parser.feed(html)
    parser.close()
    parser.end_table()
    return Block(tuple(map(tuple, parser.rows)), tuple(parser.merged)) if any(parser.rows) else None


class _TableParser(HTMLParser):
    """Gathers the cells of the first table; a table inside a cell gives that cell its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.merged: list[_Merged] = []
        self._taken: dict[int, int] = {}  # column -> first row that is free again
        self._text: list[str] | None = None  # of the open cell
        self._spans = (1, 1)
        self._overflows = False
        self._depth = 0
        self._unseen = 0
        self._ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._depth += 1
        elif self._ended or self._depth == 0:
            return
        elif tag == "tr" and self._depth == 1:
            self._end_cell()
            self._begin_row()
        elif tag in ("td", "th") and self._depth == 1:
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif self._text is not None and tag == "br":
            self._text.append("\n")
        elif tag in _BLOCKS:
            self._begin_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "table" and self._depth:
            self._depth -= 1
            if self._depth == 0:
                self.end_table()
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag in _BLOCKS:
            self._begin_line()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._unseen:
            self._text.append(_SPACE.sub(" ", data))

    def end_table(self) -> None:
        """Close what is open; further tables are not read if this one has cells."""
        self._end_cell()
        self._ended = any(self.rows)

    def _begin_line(self) -> None:
        if self._text is not None and "".join(self._text[-2:]).strip(" ")[-1:] not in ("", "\n"):
            self._text.append("\n")

    def _begin_row(self) -> None:
        self.rows.append([])
        if len(self.rows) > MOST_ROWS:
            raise InputError(f"粘贴的内容超过 {MOST_ROWS} 行。请分几次复制，或保存为文件后导入。")

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        if not self.rows:
            self._begin_row()
        self._text = []
        self._spans = (_span(attributes.get("rowspan")), _span(attributes.get("colspan")))
        # Excel lets a long text run over its neighbours and says so as if they were merged
        self._overflows = "mso-ignore:colspan" in (attributes.get("style") or "").replace(" ", "")

    def _end_cell(self) -> None:
        if self._text is None:
            return
        row, at = self.rows[-1], len(self.rows) - 1
        while self._taken.get(len(row), 0) > at:
            row.append("")
        column, (down, across) = len(row), self._spans
        row += [_lines("".join(self._text)), *[""] * (across - 1)]
        self._text = None
        self._taken.update(dict.fromkeys(range(column, column + across), at + down))
        if down > 1 or (across > 1 and not self._overflows):
            self.merged.append((at, column, at + down - 1, column + across - 1))
        if len(row) > MOST_COLUMNS:
            raise InputError(f"粘贴的内容超过 {MOST_COLUMNS} 列。请只选中报送表的各列再复制。")


def _span(text: str | None) -> int:
    return min(max(1, int(text)), MOST_ROWS) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1


def _lines(text: str) -> str:
    return "\n".join(_SPACE.sub(" ", line).strip(" ") for line in text.split("\n")).strip("\n").replace("\xa0", " ")
