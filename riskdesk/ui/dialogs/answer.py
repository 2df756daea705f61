"""回执: what is said of each record of a report that came, or of a station's sheet: received, adopted, or returned with a reason."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import answering, keyring
from riskdesk.services.answering import Answering
from riskdesk.services.desk import Desk
from riskdesk.services.handed import Came, PackageRecord, records_of
from riskdesk.ui import theme
from riskdesk.ui.dialogs.unlock import with_passphrase
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.parts import button, named, told
from riskdesk.ui.widgets.plan_details import record_table
from riskdesk.ui.widgets.signer_choice import SignerChoice
from riskdesk.ui.widgets.target_folder import TargetFolder
from riskdesk.ui.widgets.watermark import mark_training
from riskdesk.ui.widgets.working import run_with_progress

_HEADINGS = ("涉及产品", "处理", "风险信息内容", "退回原因")
_OF_STATIONS = ("材料", "处理", "内容", "退回原因")
_TOLD = "没有退回的记录按“已收到”答复；已列入本单位封存报送的，按“已采用”答复。"
_TOLD_OF_STATIONS = "没有退回的按“已收到”答复；这里退回的是整份。自评表要补正其中几项的，请在“监测站”页上逐项退回。"
_WIDTHS = (30, 12, 0, 44)


class AnswerDialog(QDialog):
    """Calls `answered()` after the answer was written; stays open to lead to the file."""

    def __init__(
        self,
        bench: Bench,
        came: Came,
        answered: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("回执和退回")
        self._bench, self._desk, self._jobs, self._came, self._answered = bench, bench.desk, bench.jobs, came, answered
        self._records = records_of(bench.desk, came.package)
        self._returns: dict[str, str] = {}  # reasons by record
        self._written = Path()
        self.table = ChipTable("包里的记录", _OF_STATIONS if came.title else _HEADINGS, _WIDTHS, 1)
        self.returned = QCheckBox("退回这一条(&T)")
        self.reason = named(QLineEdit(placeholderText="写明要补正什么"), "退回原因")
        self.versions = named(QTextBrowser(), "所选记录的内容")
        self.versions.setTabChangesFocus(True)
        self.target = TargetFolder(bench.folder)
        self.signer = SignerChoice(self._desk)
        self._told = QLabel(wordWrap=True)
        self._trouble = told(name="err")
        self._write = button("写出回执(&W)", icon="send", kind="primary")
        self._open = button("打开文件夹(&O)", icon="folder")
        self._close = button("关闭(&C)")
        self._lay_out()
        self._connect()
        self._show_records()
        letter, line = theme.letter(self), self.fontMetrics().height()
        room = self.screen().availableGeometry()
        self.resize(min(letter * 160, room.width() - 40), min(line * 38, room.height() - 60))
        self.table.setFocus()
        mark_training(self._desk, self)

    def _lay_out(self) -> None:
        package, title = self._came.package, self._came.title
        nil = "零报告" if package.nil else f"{self._came.records} 条记录"
        what = title or f"{package.period} 期第 {package.number} 次　{nil}"
        reason, folder = QLabel("退回原因(&R)"), QLabel("写到(&D)")
        reason.setBuddy(self.reason)
        folder.setBuddy(self.target.line)
        returning = QHBoxLayout()
        for part in (self.returned, reason):
            returning.addWidget(part)
        returning.addWidget(self.reason, 1)
        place = QHBoxLayout()
        place.addWidget(folder)
        place.addWidget(self.target, 1)
        place.addWidget(self.signer.label)
        place.addWidget(self.signer)
        foot = QHBoxLayout()
        foot.addWidget(self._told, 1)
        for each in (self._open, self._close, self._write):
            foot.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(told(f"{self._came.office}　{what}", "h2"))
        layout.addWidget(told(_TOLD_OF_STATIONS if title else _TOLD, "muted"))
        layout.addWidget(self.table, 3)
        layout.addLayout(returning)
        layout.addWidget(self.versions, 2)
        layout.addLayout(place)
        layout.addWidget(self._trouble)
        layout.addLayout(foot)
        self._open.hide()
        self._write.setDefault(True)

    def _connect(self) -> None:
        self.table.itemSelectionChanged.connect(self._on_row_chosen)
        self.returned.toggled.connect(self._on_returned)
        self.reason.textEdited.connect(self._on_reason)
        self._write.clicked.connect(self._on_write)
        self._open.clicked.connect(self._on_open)
        self._close.clicked.connect(self.reject)

    def _show_records(self) -> None:
        for each in self._records:
            self.table.add_row((each.title, "", each.content, ""), "")
        for row in range(len(self._records)):
            self._show_row(row)
        any_there = bool(self._records)
        for part in (self.returned, self.reason):
            part.setEnabled(any_there)
            part.setToolTip("" if any_there else "零报告没有可以退回的记录")
        self.table.choose(0)
        self._on_row_chosen()

    def _show_row(self, row: int) -> None:
        each = self._records[row]
        word, tone = _said(each, is_back=each.object_id in self._returns)
        for column, text in ((1, word), (3, self._returns.get(each.object_id, ""))):
            if (item := self.table.item(row, column)) is not None:
                item.setText(text)
                item.setToolTip(text)
        if (item := self.table.item(row, 1)) is not None:
            item.setData(Qt.ItemDataRole.UserRole, tone)

    def _chosen(self) -> PackageRecord | None:
        row = self.table.currentRow()
        return self._records[row] if 0 <= row < len(self._records) else None

    def _on_row_chosen(self) -> None:
        each = self._chosen()
        if each is None:
            return
        self.returned.blockSignals(True)
        self.returned.setChecked(each.object_id in self._returns)
        self.returned.blockSignals(False)
        self.reason.setText(self._returns.get(each.object_id, ""))
        if each.record is None:
            forked = "<p>有两个互不包含的版本。退回后，填报单位会看到两个版本。</p>" if each.is_forked else ""
            self.versions.setHtml(f"<p><b>{escape(each.title)}</b></p><p>{escape(each.content)}</p>{forked}")
        elif each.versions:
            parts = [f"<p><b>版本 {at}</b></p>{record_table(one)}" for at, one in enumerate(each.versions, 1)]
            note = "<p>这条记录有两个版本，可能来自两台电脑或恢复的备份。退回后，填报单位会看到两个版本并选定一个。</p>"
            self.versions.setHtml(note + "<hr>".join(parts))
        else:
            self.versions.setHtml(record_table(each.record))

    def _on_returned(self, wanted: bool) -> None:
        each = self._chosen()
        if each is None:
            return
        if wanted:
            self._returns[each.object_id] = self.reason.text().strip()
            self.reason.setFocus()
        else:
            self._returns.pop(each.object_id, None)
            self.reason.clear()
        self._show_row(self.table.currentRow())

    def _on_reason(self, text: str) -> None:
        each = self._chosen()
        if each is not None and text.strip():
            self._returns[each.object_id] = text.strip()
            self.returned.blockSignals(True)
            self.returned.setChecked(True)
            self.returned.blockSignals(False)
            self._show_row(self.table.currentRow())
        elif each is not None and each.object_id in self._returns:
            self._returns[each.object_id] = ""
            self._show_row(self.table.currentRow())

    def _on_write(self) -> None:
        self._trouble.clear()
        silent = [row for row, each in enumerate(self._records) if self._returns.get(each.object_id, "x") == ""]
        if silent:
            self._trouble.setText("请为退回的每一条写明原因：要补正什么。")
            self.table.choose(silent[0])
            self.reason.setFocus()
            return
        try:
            folder = self.target.folder()
        except UserError as error:
            self._refuse(error)
            return
        why = "回执要用本单位的密钥签名。"
        with_passphrase(self, self._bench, why, lambda text: self._start(folder, text))

    def _start(self, folder: Path, passphrase: str) -> None:
        home, reference = self._desk.home, self._desk.reference
        package, returns, person = self._came.package.id, dict(self._returns), self.signer.person()

        def work(_progress: Progress) -> Answering:
            with Desk(home, reference) as desk:
                return answering.answer(desk, keyring.unlock(desk, passphrase, person), package, returns, folder)

        run_with_progress(self, self._jobs, "写回执", work=work, done=self._on_answered, failed=self._refuse)

    def _on_answered(self, done: Answering) -> None:
        self._written = done.file
        counts = (("收到", done.received), ("退回", done.returned), ("采用", done.adopted))
        said = "、".join(f"{word} {count} 条" for word, count in counts if count) or "收到零报告"
        self._told.setText(f"已写出 {done.file.name}（{said}），请送给{self._came.office}。")
        self._write.hide()
        self._open.show()
        self._open.setFocus()
        self._answered()

    def _on_open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))


def _said(each: PackageRecord, *, is_back: bool) -> tuple[str, str]:
    """Return what the answer will say of a record, and the tone of its chip."""
    if is_back:
        return "退回", "red"
    if each.is_forked:
        return "两个版本", "amber"
    return "采用" if each.is_adopted else "收到", "green"
