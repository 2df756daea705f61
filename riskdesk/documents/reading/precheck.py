"""A look through a zipped document before a library unpacks it: bombs, stray far cells, entities, damage.

python-calamine keeps a sheet as last row × last column cells and ends the whole process when that is too much memory
(tafia/calamine#693), so the true extent is found here, by streaming the XML, whatever the sheet says about itself.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from riskdesk.documents.reading.ole import DAMAGED
from riskdesk.errors import UnreadableFileError

MOST_CELLS = 2_000_000  # of a sheet, as rows × columns: 64 MB in calamine
_MOST_TAGS = 4_000_000
_MOST_BYTES = 200 << 20
_MOST_RATIO = 200
_CHUNK = 1 << 18
_UNREAD = re.compile(r"(?:xl|word)/(?:media|embeddings|theme|drawings|charts|fonts)/|docProps/|Pictures/|Thumbnails/")
_NO_CELLS = re.compile(r"xl/(?:sharedStrings|styles|cellimages|calcChain)\.xml")
_TAG = re.compile(rb"""<(?:[\w.-]+:)?(row|c)(?=[\s/>])((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""")
_PLACE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Z]*)(\d+)["']""")
_SPECIAL = re.compile(rb"""<(?:[\w.-]+:)?f[\s/>]|\st\s*=\s*["']e["']""")
_PLAIN = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_ODD = re.compile(rb"<(?:c[^ \w]|[\w.-]+:c[\s/>])")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HIDDEN_ROW = re.compile(rb"""<(?:[\w.-]{1,20}:)?row(?=\s)([^<>]*\shidden\s*=\s*["'](?:1|true)["'][^<>]*)>""")
_HIDDEN_PLACE = re.compile(rb"""\sr\s*=\s*["'](\d{1,7})["']""")
_TAIL = 4096  # a tag is shorter


@dataclass(slots=True)
class SheetFacts:
    """Where the last cell with content lies (counted from 0), the error values, whether cells need a closer look, the
    rows that are hidden.
    """

    last_row: int = 0
    last_column: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    special: bool = False
    hidden_rows: set[int] = field(default_factory=set)


def sparse() -> UnreadableFileError:
    """Return the refusal of a sheet that is far too large, mostly through a stray cell far outside."""
    return UnreadableFileError(
        "工作表的范围太大（可能在很远的行列有多余的内容或格式）。请新建一个表格，只把报送表复制进去，保存后再试。"
    )


def check_archive(data: bytes) -> dict[str, SheetFacts]:
    """Unpack every part that will be read, piece by piece; return the facts of each part that has cells, by name.

    Raise `UnreadableFileError` for a bomb, a damaged archive or a part with entities.
    """
    facts: dict[str, SheetFacts] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive)
            for name in archive.namelist():
                if _UNREAD.match(name) or name.endswith("/"):
                    continue
                cells = not _NO_CELLS.match(name) and name.startswith("xl/")
                quick = _scan(_pieces(archive, name), _Glance() if cells else None)
                found = quick or _scan(_pieces(archive, name), _Walk()) or SheetFacts()
                if found.last_row or found.last_column or found.special:
                    facts[name] = found
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise UnreadableFileError(DAMAGED) from error
    except RuntimeError as error:  # zipfile's word for a member with a password
        raise UnreadableFileError("文件有打开密码。请取消密码，保存后再试。") from error
    return facts


def _check_sizes(archive: zipfile.ZipFile) -> None:
    total = 0
    for info in archive.infolist():
        if _UNREAD.match(info.filename):
            continue
        total += info.file_size
        bomb = info.file_size > 1 << 20 and info.file_size > _MOST_RATIO * max(1, info.compress_size)
        if bomb or total > _MOST_BYTES:
            raise UnreadableFileError(
                "文件展开后过大，不像正常的报送表。请新建一个表格，只把报送表复制进去，保存后再试。"
            )


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as part:
        while piece := part.read(_CHUNK):
            yield piece


def _scan(pieces: Iterator[bytes], look: _Glance | _Walk | None) -> SheetFacts | None:
    """Return what `look` finds of the cells; None if it cannot tell and another must look."""
    facts = SheetFacts()
    tail = b""
    for piece in pieces:
        text = tail + piece
        if b"<!" in text and _ENTITIES.search(text):
            raise UnreadableFileError(
                "文件含有不正常的内容（XML 实体定义），为安全起见不予读取。请用 Excel/WPS/Word 打开后另存再试。"
            )
        if look is None:
            tail = text[-16:]
            continue
        facts.special = facts.special or _special(text)
        if b"hidden=" in text:
            facts.hidden_rows |= {
                int(row[1]) - 1 for row in map(_HIDDEN_PLACE.search, _HIDDEN_ROW.findall(text)) if row
            }
        done = look.take(text)
        if done is None:
            return None
        tail = text[max(done, len(text) - _TAIL) :]
    if look is not None:
        facts.last_row, facts.last_column = look.last_row, look.last_column
    return facts


def _special(text: bytes) -> bool:
    """Say whether there may be formulas or error values (the quick searches spare the slow one)."""
    return any(sign in text for sign in (b"<f", b":f", b'"e"', b"'e'")) and bool(_SPECIAL.search(text))


class _Glance:
    """The quick look at sheets as Excel and WPS write them, where every cell begins with its place."""

    def __init__(self) -> None:
        self.last_row = self.last_column = 0

    def take(self, text: bytes) -> int | None:
        """Read all cells of a piece; return where the last one begins to end, None if they need the exact look."""
        end = text.rfind(b">") + 1
        places = _PLAIN.findall(text, 0, end)
        if len(places) != text.count(b"<c ", 0, end) or _ODD.search(text):
            return None
        if places:
            self.last_row = max(self.last_row, max(map(int, {row for _, row in places})) - 1)
            self.last_column = max(self.last_column, *map(column_number, {letters for letters, _ in places}))
        return None if (self.last_row + 1) * (self.last_column + 1) > MOST_CELLS else end


class _Walk:
    """Follows rows and cells in the order of the sheet, since a cell without a place stands right of the one before."""

    def __init__(self) -> None:
        self.last_row = self.last_column = 0
        self._row = self._row_tag = self._column = -1
        self._tags = 0

    def take(self, text: bytes) -> int:
        """Read all tags of a piece; return where the last one ends."""
        done = 0
        row, row_tag, column = self._row, self._row_tag, self._column
        last_row, last_column = self.last_row, self.last_column
        for tag in _TAG.finditer(text):
            self._tags += 1
            done = tag.end()
            attributes = tag[2]
            place = _PLACE.search(attributes)
            if tag[1] == b"row":
                row = row_tag = int(place[2]) - 1 if place else row + 1
                column = -1
                continue
            if place and place[1]:
                row, column = int(place[2]) - 1, column_number(place[1])
            else:  # libraries do not agree on the row after a cell that claims another one
                row, column = max(row, row_tag), column + 1
            if attributes[-1:] != b"/":  # a blank cell costs nothing
                last_row, last_column = max(last_row, row), max(last_column, column)
        self._row, self._row_tag, self._column = row, row_tag, column
        self.last_row, self.last_column = last_row, last_column
        if self._tags > _MOST_TAGS or (last_row + 1) * (last_column + 1) > MOST_CELLS:
            raise sparse()
        return done


@lru_cache(1024)
def column_number(letters: bytes) -> int:
    """Return the column of its letters, counted from 0."""
    number = 0
    for letter in letters[:7]:
        number = number * 26 + letter - 64
    return number - 1
