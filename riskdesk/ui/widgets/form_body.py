"""The fields of the form between its head and its foot, in a scroll area: printed columns, criteria, 更多信息, attachments."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from riskdesk.domain.problems import Problem
from riskdesk.domain.records import Record
from riskdesk.services.completion import Choice, Completion
from riskdesk.services.desk import Desk
from riskdesk.services.preferences import preferences
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.attachment_list import AttachmentList
from riskdesk.ui.widgets.completing_edit import CompletingEdit
from riskdesk.ui.widgets.criteria_panel import CriteriaPanel
from riskdesk.ui.widgets.disclosure import Disclosure
from riskdesk.ui.widgets.field_block import FieldBlock
from riskdesk.ui.widgets.mime import files_of, pastes_files
from riskdesk.ui.widgets.more_panel import MorePanel
from riskdesk.ui.widgets.printed_fields import PrintedFields
from riskdesk.ui.widgets.problem_guide import ProblemGuide
from riskdesk.ui.widgets.record_binding import RecordBinding, Tie

_MARGIN = 24  # px kept visible around a field that was gone to


class FormBody(QScrollArea):
    """Everything that a person fills in."""

    changed = Signal()
    visited = Signal()
    acceptance_wanted = Signal(object)
    take_back_wanted = Signal(object)

    def __init__(self, desk: Desk, completion: Completion, jobs: Jobs) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        self.printed = PrintedFields(desk.reference, completion)
        self.criteria = CriteriaPanel(desk.reference.vocabulary, preferences(desk).urgent_hours)
        self.more = MorePanel(desk.reference, completion)
        self.attachments = AttachmentList(desk, jobs)
        inside = QWidget()
        inside.setObjectName("form")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 12, 12)
        layout.setSpacing(12)
        layout.addWidget(self.printed)
        layout.addWidget(self.criteria)
        self.disclosure = Disclosure("更多信息(&M)", self.more)
        layout.addWidget(self.disclosure)
        attached = FieldBlock("附件", self.attachments)
        layout.addWidget(attached)
        layout.addStretch()
        self.setWidget(inside)
        self.blocks: dict[str, FieldBlock] = {
            **self.printed.blocks,
            **self.criteria.blocks,
            **self.more.blocks,
            "attachments": attached,
        }
        self._ties = {
            **self.printed.ties,
            "important_codes": Tie(self.criteria.important, ("important_codes",)),
            "key_codes": Tie(self.criteria.key, ("key_codes",)),
            "triage_reason": Tie(self.criteria.reason, ("triage_reason",)),
            **self.more.ties,
            "attachments": Tie(self.attachments, ("attachments",)),
        }
        self.binding = RecordBinding(self._ties)
        self.guide = ProblemGuide(self.blocks, self)
        self._connect()

    def show_record(self, record: Record) -> None:
        """Show a record from its top."""
        self.printed.product.know(record.category, record.focus_group)
        self.binding.show(record)
        self.follow(record)
        self.verticalScrollBar().setValue(0)

    def follow(self, record: Record) -> None:
        """Bring up to date what depends on the record as it stands: suggestions, periods, counts."""
        self.printed.product.know(record.category, record.focus_group)
        self.criteria.follow(record)
        self.more.follow(record)
        filled = self.more.filled(record)
        self.disclosure.tell(f"已填 {filled} 项" if filled else "")

    def show_problems(self, record: Record, every: Sequence[Problem], still_open: Sequence[Problem]) -> None:
        """Show what is wrong at the fields; what was typed and cannot be read is wrong, too."""
        unread = list(self.binding.unread())
        self.guide.show(record, [*every, *unread], [*still_open, *unread])

    def is_composing(self) -> bool:
        """Tell whether an input method has unfinished text in one of the edits: nothing may move then."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused) and bool(getattr(focused, "composing", False))

    def commit(self) -> None:
        """Take over what is being typed into a cell of the table of enterprises."""
        focused, table = QApplication.focusWidget(), self.more.enterprises.table
        if focused is not None and focused is not table and table.isAncestorOf(focused):
            table.setFocus()

    def focused_field(self) -> str:
        """Return the name of the field with the focus, "" if none has it."""
        focused = QApplication.focusWidget()
        return next((name for name, block in self.blocks.items() if block.has(focused)), "")

    def go_to_problem(self) -> bool:
        """Go to the next problem after the focus, or the first; False if there is none."""
        block = self.guide.next(QApplication.focusWidget())
        if block is not None:
            self.go(block)
        return block is not None

    def go_to_first_problem(self) -> None:
        """Go to what has to be put right first."""
        if (block := self.guide.first()) is not None:
            self.go(block)

    def accept_here(self) -> None:
        """Ask for a reason for the problem of the field with the focus, or else go to the next problem."""
        block = self.blocks.get(self.focused_field())
        if block is None or not block.lines.accept_first():
            self.go_to_problem()

    def take_back_here(self) -> None:
        """Take back what was accepted in the field with the focus."""
        if (block := self.blocks.get(self.focused_field())) is not None:
            block.lines.take_first_back()

    def go(self, block: FieldBlock) -> None:
        """Go to a field, wherever it is folded away."""
        if self.more.isAncestorOf(block):
            self.disclosure.open()
        block.go()
        self.ensureWidgetVisible(block, 0, _MARGIN)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Qt override: files may be dropped anywhere on the form."""
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Qt override: dropped files become attachments."""
        self.attachments.take(files_of(event.mimeData()))
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt override: copied files are pasted as attachments, whatever edit has the focus."""
        if pastes_files(event):
            self.attachments.take_clipboard()
        else:
            super().keyPressEvent(event)

    def _connect(self) -> None:
        for tie in self._ties.values():
            tie.editor.changed.connect(self.changed)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.guide.visited.connect(self.visited)
        self.printed.product.category_taken.connect(self._on_category_taken)
        for block in self.blocks.values():
            block.lines.accept_wanted.connect(self.acceptance_wanted)
            block.lines.take_back_wanted.connect(self.take_back_wanted)

    def _on_scrolled(self) -> None:
        focused = QApplication.focusWidget()
        if isinstance(focused, CompletingEdit):
            focused.close_list()

    def _on_category_taken(self, category: Choice) -> None:
        self._ties["category"].editor.refill(category.text)
        if category.code:
            self._ties["focus_group"].editor.refill(category.code)
