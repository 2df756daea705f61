"""Opens the dialogs that a record form asks for; widgets know no dialogs, so a page calls this once for its form."""

from __future__ import annotations

from collections.abc import Callable

from riskdesk.domain.problems import Problem
from riskdesk.domain.records import Attachment
from riskdesk.services.desk import Desk
from riskdesk.services.merging import Overtaken
from riskdesk.ui.dialogs.accept_problem import AcceptProblemDialog
from riskdesk.ui.dialogs.attachment_preview import AttachmentPreviewDialog
from riskdesk.ui.dialogs.leaving import LeavingQuestion
from riskdesk.ui.dialogs.overtaken import OvertakenDialog
from riskdesk.ui.widgets.record_form import RecordForm


def serve(form: RecordForm, desk: Desk) -> None:
    """Open what the form asks for from now on; the history is the page's, as it may restore a record."""

    def ask_reason(problem: Problem) -> None:
        AcceptProblemDialog(problem, lambda reason: form.accept_problem(problem, reason), form).open()

    def preview(attachment: Attachment) -> None:
        AttachmentPreviewDialog(desk, form.jobs, attachment, form).open()

    def ask_what_to_save(overtaken: Overtaken) -> None:
        OvertakenDialog(desk, overtaken, merged=form.merge, kept=form.keep_draft, parent=form).open()

    def ask_what_becomes(then: Callable[[], object]) -> None:
        for before in form.findChildren(LeavingQuestion):
            before.close()  # what is wanted last counts
        LeavingQuestion(lambda: form.save_then(then), lambda: form.discard_then(then), form).open()

    form.acceptance_wanted.connect(ask_reason)
    form.leaving_asked.connect(ask_what_becomes)
    form.preview_wanted.connect(preview)
    form.merge_wanted.connect(ask_what_to_save)
