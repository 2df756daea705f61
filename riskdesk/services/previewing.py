"""Looking at PDF pages inside the program: the official form before it is exported, and attached files."""

from __future__ import annotations

from riskdesk.documents.pages import PageImage, page_count, page_image
from riskdesk.domain.progress import Progress, silent
from riskdesk.services.desk import Desk
from riskdesk.services.exporting import form_of

__all__ = ["PageImage", "page_count", "page_image", "pdf_of"]


def pdf_of(desk: Desk, period: str, progress: Progress = silent) -> bytes:
    """Return the official form of a period as a PDF file that lies nowhere yet."""
    from riskdesk.documents.annex1_pdf import render_pdf

    return render_pdf(form_of(desk, period), progress).data
