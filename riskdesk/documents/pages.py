"""Pages of a PDF file as pictures, to be looked at inside the program."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk.errors import UnreadableFileError
from riskdesk.files import fault

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_LARGEST = 4000  # px of a side
_drawing = threading.Lock()  # PDFium may be inside one call only, whatever the thread


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page as a picture: `width` × `height` px, three bytes (red, green, blue) each, rows without padding."""

    width: int
    height: int
    rgb: bytes


def page_count(source: Path | bytes) -> int:
    """Return how many pages a PDF file has."""
    with _drawing, closing(_open(source)) as document:
        return len(document)


def page_image(source: Path | bytes, number: int, width: int) -> PageImage:
    """Return page `number` (from 0) of a PDF file, `width` px wide."""
    from pypdfium2 import PdfiumError

    with _drawing, closing(_open(source)) as document:
        try:
            return _drawn(document, number, width)
        except PdfiumError as error:
            raise UnreadableFileError(f"第 {number + 1} 页无法显示，PDF 文件可能已损坏。") from error


def _drawn(document: PdfDocument, number: int, width: int) -> PageImage:
    page = document[number]
    scale = min(width / page.get_width(), _LARGEST / page.get_height())
    with closing(page), closing(page.render(scale=scale, rev_byteorder=True)) as bitmap:
        rows = bytes(bitmap.buffer)
        packed = bitmap.width * 3
        rgb = b"".join(rows[at : at + packed] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
        return PageImage(bitmap.width, bitmap.height, rgb)


def _open(source: Path | bytes) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        return PdfDocument(source)
    except OSError as error:
        raise fault(source if isinstance(source, Path) else Path(), error) from error
    except PdfiumError as error:
        name = source.name if isinstance(source, Path) else "文件"
        raise UnreadableFileError(f"{name} 不是可以显示的 PDF（可能已加密或损坏）。") from error
