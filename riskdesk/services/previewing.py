"""Looking at PDF pages inside the program: the official form before it is exported, and attached files."""

from __future__ import annotations

from pathlib import Path

from riskdesk.documents.pages import PageImage, page_count, page_image
from riskdesk.domain.progress import Progress, silent
from riskdesk.files import fault
from riskdesk.services.desk import Desk
from riskdesk.services.exporting import form_of

__all__ = ["PageImage", "is_pdf", "page_count", "page_image", "pdf_of"]
_PDF = b"%PDF-"
_HEAD = 1024  # bytes that a PDF's mark stands in


def is_pdf(path: Path) -> bool:
    """Tell by its content whether a file is a PDF."""
    try:
        with path.open("rb") as file:
            return _PDF in file.read(_HEAD)
    except OSError as error:
        raise fault(path, error) from error


def pdf_of(desk: Desk, period: str, progress: Progress = silent) -> bytes:
    """Return the official form of a period as a PDF file that lies nowhere yet."""
    from riskdesk.documents.annex1_pdf import render_pdf

    return render_pdf(form_of(desk, period), progress).data
