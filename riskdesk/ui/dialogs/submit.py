"""上报: what would be handed on and what stands in the way; then sealed, signed, written, read back and verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.progress import Progress
from riskdesk.errors import Cancelled, UserError
from riskdesk.services import handing_over, keyring, sealing
from riskdesk.services.desk import Desk
from riskdesk.services.handed import Package
from riskdesk.services.handing_over import HandedOver, Way
from riskdesk.services.reminders import overdue
from riskdesk.services.roster import roster_of
from riskdesk.services.sealing import Readiness, Wish
from riskdesk.ui import theme
from riskdesk.ui.dialogs.make_keys import MakeKeysDialog
from riskdesk.ui.dialogs.unlock import with_passphrase
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import button, chip, empty, heading, named, styled, told
from riskdesk.ui.widgets.scan_list import ScanList
from riskdesk.ui.widgets.signer_choice import SignerChoice
from riskdesk.ui.widgets.target_folder import TargetFolder
from riskdesk.ui.widgets.volumes import volume_choice
from riskdesk.ui.widgets.watermark import mark_training
from riskdesk.ui.widgets.working import run_with_progress

_MONTHS = 18


@dataclass(frozen=True, slots=True)
class _Field:
    """An edit with its label, shown together."""

    label: QLabel
    edit: QWidget

    def show(self, wanted: bool) -> None:
        self.label.setVisible(wanted)
        self.edit.setVisible(wanted)


@dataclass(frozen=True, slots=True)
class _Unwritten:
    """A report that is sealed and lies nowhere on the way, and why."""

    package: Package
    folder: Path
    why: str

    def __str__(self) -> str:
        return (
            f"{self.package.period} 期第 {self.package.number} 次报送已封存，但没有写出并核验：{self.why}\n"
            f"没有核验的文件已从 {self.folder} 删除，删不掉的请勿使用。请在“收发—已上报”再次写出。"
        )


class SubmitDialog(QDialog):
    """Calls `handed()` after a report was sealed; stays open to show what was written."""

    def __init__(
        self,
        bench: Bench,
        period: str,
        handed: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("上报")
        self._bench, self._desk, self._jobs, self._handed = bench, bench.desk, bench.jobs, handed
        self._written: tuple[Path, ...] = ()
        self._ready: Readiness | None = None
        self._make_widgets(period)
        self._lay_out()
        self._connect()
        self._look_again()
        mark_training(self._desk, self)
        letter = theme.letter(self)
        room = self.screen().availableGeometry()
        self.resize(min(letter * 150, room.width() - 40), min(self.fontMetrics().height() * 36, room.height() - 60))

    # --- the parts ---

    def _make_widgets(self, period: str) -> None:
        self.period = named(QComboBox(), "报送期")
        plan = self._desk.reference.periods
        for each in plan.back_from(plan.period(period), _MONTHS):
            self.period.addItem(f"{each.id} 期（{each.start:%m-%d} 至 {each.end:%m-%d}）", each.id)
        self._now = plan.period(period)
        before = overdue(self._desk, self._now)
        self.period.setCurrentIndex(max(0, self.period.findData(before.period.id if before else period)))
        self.nil = QCheckBox("零报告：本期确实没有风险信息(&Z)")
        self.late = named(QLineEdit(placeholderText="如：等待检验结果"), "迟报原因")
        self.reason = named(QLineEdit(placeholderText="如：补报 1 条、更正企业数量"), "更正或补充的原因")
        self.secrets = QCheckBox("标为工作秘密的记录可以报送，其中不含国家秘密(&Y)")
        self.scans = ScanList()
        self.target = TargetFolder(self._bench.folder)
        self.encrypt = QCheckBox("加密，只有收件单位能打开(&E)")
        self.encrypt.setChecked(True)
        self._unencrypted = told(name="warn")
        self.volume = volume_choice()
        self.signer = SignerChoice(self._desk)
        self._late_field = _labelled("迟报原因(&L)", self.late)
        self._reason_field = _labelled("更正或补充的原因(&W)", self.reason)
        self._told = QLabel(wordWrap=True)
        self._trouble = told(name="err")
        self._done = QLabel(wordWrap=True)
        self._done.setTextFormat(Qt.TextFormat.PlainText)
        self._keys = button("建立密钥(&K)…", icon="lock")
        self._submit = button("上报(&S)", icon="send", kind="primary")
        self._open = button("打开文件夹(&O)", icon="folder")
        self._print = button("打印交接单(&T)", icon="print")
        self._submit.setDefault(True)

    def _lay_out(self) -> None:
        period, volume = _labelled("报送期(&M)", self.period), _labelled("分卷(&V)", self.volume)
        folder = QLabel("写到(&D)")
        folder.setBuddy(self.target.line)
        left = QVBoxLayout()
        left.setSpacing(7)
        for part in (
            period.label, self.period, self.nil, self._late_field.label, self.late, self._reason_field.label, self.reason,
            self.secrets, QLabel("盖章件扫描（可拖入，不是必须）"), self.scans, folder, self.target, self.encrypt,
            self._unencrypted, volume.label, self.volume, self.signer.label, self.signer,
        ):  # fmt: skip
            left.addWidget(part)
        left.addStretch(1)
        form = styled(QWidget(), "page")
        form.setLayout(left)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(form)
        columns = QHBoxLayout()
        columns.setSpacing(20)
        columns.addWidget(scroll, 1)
        columns.addLayout(self._right_column(), 1)
        close = button("关闭(&C)")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(self._submit)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.addLayout(columns, 1)
        whole.addWidget(self._trouble)
        whole.addLayout(foot)

    def _right_column(self) -> QVBoxLayout:
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        result = QHBoxLayout()
        result.addWidget(self._open)
        result.addWidget(self._print)
        result.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(heading("报送内容"))
        right.addWidget(self._told)
        right.addLayout(self._lines)
        right.addWidget(self._keys, alignment=Qt.AlignmentFlag.AlignLeft)
        right.addStretch(1)
        right.addWidget(self._done)
        right.addLayout(result)
        return right

    def _connect(self) -> None:
        self.period.currentIndexChanged.connect(self._look_again)
        self.signer.currentIndexChanged.connect(self._look_again)
        self.scans.changed.connect(self._look_again)
        for box in (self.nil, self.secrets, self.encrypt):
            box.toggled.connect(self._look_again)
        self._keys.clicked.connect(self._on_keys)
        self._submit.clicked.connect(self._on_submit)
        self._open.clicked.connect(self._on_open)
        self._print.clicked.connect(self._on_print)

    # --- what would be handed on ---

    def wish(self) -> Wish:
        """Return what is wanted, as it is filled in."""
        return Wish(
            str(self.period.currentData()),
            nil=self.nil.isChecked(),
            encrypt=self._may_encrypt(),
            late=self.late.text().strip(),
            reason=self.reason.text().strip(),
            scans=self.scans.paths(),
            secrets_confirmed=self.secrets.isChecked(),
            person=self.signer.person(),
        )

    def _look_again(self) -> None:
        self._trouble.clear()
        self._show_written(())
        try:
            ready = self._ready = sealing.readiness(self._desk, self.wish())
        except UserError as error:
            self._ready = None
            self._refuse(error)
            return
        roster = roster_of(self._desk)
        names = "、".join(roster.office(code).name for code in ready.receivers if code in roster) or "没有上级单位"
        count = "零报告" if ready.nil else f"{ready.records} 条记录"
        self._told.setText(f"{count}，报送至 {names}{_following(ready)}。")
        self._late_field.show(self._is_late())
        self._reason_field.show(bool(ready.follows) and not ready.repeats)
        self.secrets.setVisible(bool(ready.secrets))
        self._keys.setVisible(not keyring.has_keys(self._desk))
        self._offer_encryption(ready)
        self._show_lines(ready)
        self._submit.setEnabled(not ready.hindrances)
        self._submit.setToolTip("请先处理右边列出的问题" if ready.hindrances else "")

    def _is_late(self) -> bool:
        """Whether something is to be sealed late: what is only written again has told its reason."""
        return self._ready is not None and self._ready.late and not self._ready.repeats

    def _may_encrypt(self) -> bool:
        """Whether it is to be encrypted if that is possible: a tick that cannot be set says nothing of what is wanted."""
        return self.encrypt.isChecked() or not self.encrypt.isEnabled()

    def _offer_encryption(self, ready: Readiness) -> None:
        possible = not ready.unknown
        if possible != self.encrypt.isEnabled():
            self.encrypt.blockSignals(True)  # nobody wants anything else than before
            self.encrypt.setChecked(possible)
            self.encrypt.blockSignals(False)
            self.encrypt.setEnabled(possible)
        self._unencrypted.setText("" if possible else f"不能加密：还没有{'、'.join(ready.unknown)}的加密公钥。")
        self._unencrypted.setVisible(not possible)
        self.encrypt.setToolTip(self._unencrypted.text())

    def _show_lines(self, ready: Readiness) -> None:
        empty(self._lines)
        before = overdue(self._desk, self._now)
        if before is not None and before.period.id == ready.period:
            text = (
                f"{ready.period} 期已过截止日期，还没有上报，先报这一期。要报本期（{self._now.id}）的，请改选报送期。"
            )
            self._lines.addWidget(_line("逾期未报", "red", text))
        for text in ready.hindrances:
            self._lines.addWidget(_line("须先处理", "red", text))
        for text in ready.warnings:
            self._lines.addWidget(_line("请留意", "amber", text))
        if not ready.hindrances:
            self._lines.addWidget(_line("可以上报", "green", "点“上报”后依次核对、封存、签名、写出、读回核验。"))

    def _on_keys(self) -> None:
        MakeKeysDialog(self._bench, self._look_again, self).open()

    # --- handing on ---

    def _on_submit(self) -> None:
        self._trouble.clear()
        try:
            folder = self.target.folder()
        except UserError as error:
            self._refuse(error)
            self.target.line.setFocus()
            return
        if self._is_late() and not self.late.text().strip():
            self._trouble.setText("已过截止日期，请填写迟报原因。")
            self.late.setFocus()
            return
        way = Way(folder, encrypt=self._may_encrypt(), volume=int(self.volume.currentData()))
        with_passphrase(self, self._bench, "上报要用本单位的密钥签名。", lambda text: self._start(way, text))

    def _start(self, way: Way, passphrase: str) -> None:
        home, reference, wish = self._desk.home, self._desk.reference, self.wish()

        def work(progress: Progress) -> HandedOver | _Unwritten:
            with Desk(home, reference) as desk:
                keys = keyring.unlock(desk, passphrase, wish.person)
                package = sealing.seal(desk, keys, wish, progress)
                try:
                    return handing_over.hand_over(desk, keys, package, way, progress)
                except Cancelled:
                    return _Unwritten(package, way.folder, "已取消。")
                except UserError as error:
                    return _Unwritten(package, way.folder, str(error))

        run_with_progress(self, self._jobs, "上报", work=work, done=self._on_ended, failed=self._on_failed)

    def _on_ended(self, result: HandedOver | _Unwritten) -> None:
        self._look_again()
        if isinstance(result, HandedOver):
            self._show_handed(result)
        else:
            self._trouble.setText(str(result))
        self._handed()

    def _show_handed(self, result: HandedOver) -> None:
        self._show_written(result.files, result.warnings)
        self._told.setText(f"{result.package.period} 期第 {result.package.number} 次报送已封存、写出并核验。")
        self._reason_field.show(False)
        empty(self._lines)
        self._lines.addWidget(_line("已上报", "green", "请把写出的文件和打印的交接单送给收件单位。"))
        self._submit.setEnabled(False)  # once more only after something was changed
        self._open.setFocus()

    def _on_failed(self, error: Exception) -> None:
        self._look_again()
        if isinstance(error, Cancelled):
            self._trouble.setText("已取消：没有封存，也没有写出文件。")
        self._refuse(error)
        self._handed()  # it may be sealed all the same

    def _show_written(self, files: tuple[Path, ...], warnings: tuple[str, ...] = ()) -> None:
        self._written = files
        names = "\n".join(path.name for path in files)
        more = "\n".join(("", *warnings)) if warnings else ""
        self._done.setText(
            f"已上报。文件已写出、读回，签名核验无误：\n{files[0].parent}\n{names}{more}" if files else ""
        )
        for each in (self._open, self._print):
            each.setVisible(bool(files))

    def _on_open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written[0].parent)))

    def _on_print(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written[-1])))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))


def _following(ready: Readiness) -> str:
    if ready.repeats:
        return f"。与上次封存的内容相同，将再次写出第 {ready.repeats} 次报送"
    return f"，这是第 {ready.follows + 1} 次报送（更正或补充）" if ready.follows else ""


def _labelled(title: str, edit: QWidget) -> _Field:
    label = QLabel(title)
    label.setBuddy(edit)
    return _Field(label, edit)


def _line(word: str, tone: str, text: str) -> QWidget:
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(chip(word, tone), alignment=Qt.AlignmentFlag.AlignTop)
    layout.addWidget(QLabel(text, wordWrap=True), 1)
    return line
