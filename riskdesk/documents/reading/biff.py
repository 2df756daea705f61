"""A look through an old Excel workbook (BIFF8) before calamine opens it: password, stray far cells, error values."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from riskdesk.documents.reading import ole
from riskdesk.documents.reading.precheck import MOST_CELLS, SheetFacts, sparse
from riskdesk.documents.reading.sniff import protected
from riskdesk.errors import UnreadableFileError

_FORMULA, _FILEPASS, _MULRK, _BOOLERR, _BOF, _BOUNDSHEET = 0x0006, 0x002F, 0x00BD, 0x0205, 0x0809, 0x0085
_CELLS = {
    _FORMULA,
    _MULRK,
    _BOOLERR,
    0x00D6,
    0x00FD,
    0x0203,
    0x0204,
    0x027E,
}  # and RSTRING, LABELSST, NUMBER, LABEL, RK
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def check_workbook(data: bytes) -> list[SheetFacts]:
    """Return the facts of each sheet in the order of the file; raise `UnreadableFileError` for a dangerous one."""
    file = ole.CompoundFile(data)
    book = file.stream("Workbook" if "Workbook" in file.names else "Book")
    sheets: list[SheetFacts] = []
    starts: list[int] = []
    at_start: dict[int, SheetFacts] = {}
    for at, kind, body in _records(book):
        if kind == _FILEPASS:
            raise protected()
        if kind == _BOUNDSHEET and len(body) >= 4:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == _BOF:
            sheets.append(SheetFacts())
            at_start[at] = sheets[-1]
        elif kind in _CELLS and sheets and len(body) >= 6:
            _count(sheets[-1], kind, body)
    for facts in sheets:
        if (facts.last_row + 1) * (facts.last_column + 1) > MOST_CELLS:
            raise sparse()
    return [at_start.get(start, SheetFacts()) for start in starts]


def _count(facts: SheetFacts, kind: int, body: bytes) -> None:
    row, column = struct.unpack_from("<HH", body)
    last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULRK else column
    facts.last_row = max(facts.last_row, row)
    facts.last_column = max(facts.last_column, last)
    if kind == _BOOLERR and len(body) >= 8 and body[7]:
        facts.errors[row, column] = _ERRORS.get(body[6], "#N/A")
    # the value of a formula is a number, or its kind and two bytes FF: 2 is an error
    elif kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        facts.errors[row, column] = _ERRORS.get(body[8], "#N/A")


def _records(book: bytes) -> Iterator[tuple[int, int, bytes]]:
    at, end = 0, len(book)
    if end < 4 or struct.unpack_from("<H", book)[0] != _BOF:
        raise UnreadableFileError(ole.DAMAGED)
    while at + 4 <= end:
        kind, size = struct.unpack_from("<HH", book, at)
        if at + 4 + size > end:
            raise UnreadableFileError(ole.DAMAGED)
        yield at, kind, book[at + 4 : at + 4 + size]
        at += 4 + size
