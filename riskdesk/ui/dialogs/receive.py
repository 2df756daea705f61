"""接收: what came, whether it can be believed, and what taking it would do; then all or some of it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import answering, assessment_preview, choosing, handed, keyring
from riskdesk.services.choosing import Choice, Stopped
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.receiving import Looked, PlannedRevision, Received
from riskdesk.services.roster import roster_of
from riskdesk.services.signers import likely_signer
from riskdesk.services.taking import Seen
from riskdesk.services.verdicts import Standing
from riskdesk.ui import theme
from riskdesk.ui.dialogs.receive_files import ArrivedFiles, FileRow, file_row
from riskdesk.ui.dialogs.receive_words import came_back, totals
from riskdesk.ui.dialogs.unlock import with_passphrase
from riskdesk.ui.models.plan_rows import PlanRowsModel
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.plan_details import PlanDetails
from riskdesk.ui.widgets.saving import ask_for_folder
from riskdesk.ui.widgets.tick_table import TickTable
from riskdesk.ui.widgets.watermark import mark_training
from riskdesk.ui.widgets.working import run_with_progress

_LEAST = (8, 12, 16, 20)  # half characters of the records' first columns


@dataclass(frozen=True, slots=True)
class Arrived:
    """Files that were looked at, with the passphrase that opened them ("" if none was needed)."""

    paths: tuple[Path, ...]
    seen: Seen
    passphrase: str


class ReceiveDialog(QDialog):
    """Calls `taken()` after something was taken; stays open to offer the receipts, or the way to what came back.

    Signal: `returned_wanted(id)` – the records that came back of this report of ours are to be shown; the dialog is closed.
    """

    returned_wanted = Signal(str)

    def __init__(
        self,
        bench: Bench,
        arrived: Arrived,
        taken: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("接收报送包")
        self._bench, self._desk, self._jobs, self._arrived, self._taken = bench, bench.desk, bench.jobs, arrived, taken
        self._received: dict[int, Received] = {}
        bench.folder.use(arrived.paths[0].parent)  # what is answered goes back the way it came
        self.model = PlanRowsModel(roster_of(self._desk), self)
        self.files = ArrivedFiles()
        self.rows = TickTable(self.model, "包里的记录", _LEAST)
        self.details = PlanDetails()
        self.retired = QCheckBox("确认这些包是在证书停用之前做的，仍然接收(&T)")
        self._waiting = told("\n".join(each.text for each in arrived.seen.waiting), "warn")
        self._told = QLabel(wordWrap=True)
        self._trouble = told(name="err")
        self._take = button("接收(&R)", icon="import", kind="primary")
        self._answer = button("发回执(&H)…", icon="send", name="给接收了的包写回执")
        self._returned = button("查看退回的记录(&V)", icon="undo", kind="primary")
        self._close = button("关闭(&C)")
        self._lay_out()
        self._connect()
        self._show_files()
        letter, line = theme.letter(self), self.fontMetrics().height()
        room = self.screen().availableGeometry()
        self.resize(min(letter * 190, room.width() - 40), min(line * 44, room.height() - 60))
        self.files.setFocus()
        mark_training(self._desk, self)

    # --- the parts ---

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.rows)
        split.addWidget(self.details)
        split.setChildrenCollapsible(False)
        split.setSizes([1, 1])
        foot = QHBoxLayout()
        foot.addStretch(1)
        for each in (self._close, self._answer, self._returned, self._take):
            each.setAutoDefault(True)  # Enter presses the one that has the focus
            foot.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(told("空格勾选或取消所选的文件、记录；原来的文件不会被改动。", "muted"))
        layout.addWidget(self.files, 1)
        layout.addWidget(self._waiting)
        layout.addWidget(self.retired)
        layout.addWidget(split, 3)
        layout.addWidget(self._told)
        layout.addWidget(self._trouble)
        layout.addLayout(foot)
        self._waiting.setVisible(bool(self._arrived.seen.waiting))
        self.retired.setVisible(any(each.verdict.standing is Standing.RETIRED for each in self._packages()))
        self._answer.hide()
        self._returned.hide()
        self._take.setDefault(True)

    def _connect(self) -> None:
        self.files.itemSelectionChanged.connect(self._on_file_chosen)
        self.files.ticked.connect(self._on_file_ticked)
        self.rows.selectionModel().currentRowChanged.connect(self._show_details)
        self.model.chosen_changed.connect(self._on_rows_ticked)
        self.retired.toggled.connect(self._show_files)
        self._take.clicked.connect(self._on_take)
        self._answer.clicked.connect(self._on_answer)
        self._returned.clicked.connect(self._on_returned)
        self._close.clicked.connect(self.reject)

    # --- showing ---

    def _packages(self) -> Sequence[Looked]:
        return self._arrived.seen.packages

    def _may_take(self, looked: Looked) -> bool:
        return looked.verdict.allows(accept_retired=self.retired.isChecked())

    def _show_files(self) -> None:
        self.files.show_rows([self._file_row(number, looked) for number, looked in enumerate(self._packages())])
        self._on_file_chosen()
        self._show_choice()

    def _file_row(self, number: int, looked: Looked) -> FileRow:
        done, may_take = self._received.get(number), self._may_take(looked)
        is_left = bool(self._received) and done is None and may_take
        is_ticked = self.model.is_wanted(number, looked) if may_take and not self._received else None
        return file_row(looked, done, is_left=is_left, is_ticked=is_ticked)

    def _on_file_ticked(self, number: int) -> None:
        """A package that is ticked is wanted whole, of one that is not nothing is."""
        self.model.tick_package(number, self._packages()[number], wanted=self.files.is_ticked(number))
        self._show_choice()

    def _on_rows_ticked(self) -> None:
        """A package of which nothing is ticked is not either."""
        number, looked = self.files.currentRow(), self._looked()
        if looked is not None:
            self.files.put_tick(number, is_ticked=self.model.is_wanted(number, looked))
        self._show_choice()

    def _on_file_chosen(self) -> None:
        looked = self._looked()
        self.model.show_package(
            self.files.currentRow(),
            looked,
            may_take=looked is not None and self._may_take(looked) and not self._received,
        )
        if self.model.rowCount():
            self.rows.selectRow(0)
        self._show_details()

    def _looked(self) -> Looked | None:
        number = self.files.currentRow()
        return self._packages()[number] if 0 <= number < len(self._packages()) else None

    def _show_details(self) -> None:
        row = self.model.row(self.rows.currentIndex().row())
        about = assessment_preview.lines(self._desk, row.step) if isinstance(row, PlannedRevision) else ()
        self.details.show_parts(self._looked(), row, about)

    def _choices(self) -> dict[int, Choice]:
        return {
            number: self._choice(number, looked)
            for number, looked in enumerate(self._packages())
            if self.files.is_ticked(number)
        }

    def _choice(self, number: int, looked: Looked) -> Choice:
        chosen, retired = self.model.chosen(number, looked), self.retired.isChecked()
        return Choice(looked.source, looked.package, chosen, accept_retired=retired)

    def _show_choice(self) -> None:
        if self._received:
            return
        count = len(self._choices())
        good = sum(map(self._may_take, self._packages()))
        self._told.setText(f"共 {len(self._packages())} 个包，可以接收 {good} 个，已勾选 {count} 个。")
        self._take.setEnabled(bool(count))
        self._take.setToolTip("" if count else "没有可以接收的包")

    # --- taking ---

    def _on_take(self) -> None:
        self._trouble.clear()
        home, reference = self._desk.home, self._desk.reference
        passphrase, choices = self._arrived.passphrase, self._choices()

        def work(progress: Progress) -> dict[int, Received]:
            with Desk(home, reference) as desk:
                keys = keyring.unlock(desk, passphrase) if passphrase else None
                done = _taken_until_stopped(desk, list(choices.values()), keys, progress)
            return dict(zip(choices, done, strict=False))

        run_with_progress(self, self._jobs, "接收", work=work, done=self._on_taken, failed=self._on_failed)

    def _on_taken(self, received: dict[int, Received]) -> None:
        self._received = received
        self._show_files()
        taken = [each for each in received.values() if each.run_id]
        left = sum(self._may_take(each) for number, each in enumerate(self._packages()) if number not in received)
        self._told.setText(totals(received, left))
        self._take.hide()
        self._answer.setVisible(any(map(self._can_answer, taken)))
        self._returned.setVisible(bool(self._reports_returned()))
        self._taken()
        offered = (each for each in (self._returned, self._answer) if each.isVisibleTo(self))
        self._offer(next(offered, self._close))

    def _offer(self, given: QPushButton) -> None:
        """Let Enter press a button from wherever the focus is; the button that had this is hidden by now."""
        given.setDefault(True)
        given.setFocus()

    def _can_answer(self, each: Received) -> bool:
        return handed.can_answer(self._desk, each.verdict.kind, each.verdict.office)

    def _reports_returned(self) -> list[str]:
        """Return the ids of our reports of which records came back in what was taken."""
        taken = [self._packages()[number] for number, each in self._received.items() if each.run_id]
        return [looked.plan.answer.package for looked in taken if looked.plan.answer and came_back(looked)]

    def _on_returned(self) -> None:
        report = self._reports_returned()[0]
        self.accept()
        self.returned_wanted.emit(report)

    def _on_failed(self, error: Exception) -> None:
        self._refuse(error)
        self._taken()  # each package is taken for itself: those before it are in

    def _on_answer(self) -> None:
        folder = ask_for_folder(self, "选择写回执的 U 盘或文件夹", self._bench.folder.path)
        if folder is not None:
            self._bench.folder.use(folder)
            self._trouble.clear()
            why = "回执要用本单位的密钥签名。"
            with_passphrase(self, self._bench, why, lambda text: self._write(folder, text))

    def _write(self, folder: Path, passphrase: str) -> None:
        home, reference = self._desk.home, self._desk.reference
        wanted = [each.package for each in self._received.values() if each.run_id and self._can_answer(each)]

        def work(progress: Progress) -> list[Path]:
            files = []
            with Desk(home, reference) as desk:
                keys = keyring.unlock(desk, passphrase, likely_signer(desk))
                for number, package in enumerate(wanted):
                    progress(number, len(wanted))
                    files.append(answering.answer(desk, keys, package, {}, folder).file)
            return files

        run_with_progress(self, self._jobs, "写回执", work=work, done=self._on_answered, failed=self._refuse)

    def _on_answered(self, files: list[Path]) -> None:
        names = "\n".join(each.name for each in files)
        self._told.setText(f"已写出 {len(files)} 份回执到 {files[0].parent}，请送给对应单位：\n{names}")
        self._answer.hide()
        self._offer(self._close)
        self._taken()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))


def _taken_until_stopped(
    desk: Desk, choices: Sequence[Choice], keys: Keys | None, progress: Progress
) -> tuple[Received, ...]:
    """Take packages; who stops it sees which are in, unless none is: then all may be taken as before."""
    try:
        return choosing.take_chosen(desk, choices, keys, progress)
    except Stopped as stop:
        if not any(each.run_id for each in stop.received):
            raise
        return stop.received
