"""Taking in a block of cells that was copied from a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from riskdesk.domain.filled_form import Block
from riskdesk.services.importing import ReadSource

_NAME = Path("粘贴的内容")


def pasted(html: str, text: str) -> Block:
    """Return the cells that lie on the clipboard as HTML and as text; raise `InputError` for none or too many."""
    from riskdesk.documents.reading.clipboard import read_clipboard

    return read_clipboard(html, text)


def source(block: Block) -> ReadSource:
    """Return the block as something to be imported."""
    from riskdesk.documents.reading.clipboard import document_of

    return ReadSource(_NAME, None, document_of(block))
