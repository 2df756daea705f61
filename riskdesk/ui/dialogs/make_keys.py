"""Making the office's keys: a passphrase typed twice, then the recovery sheet that belongs into the safe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import key_making
from riskdesk.services.desk import Desk
from riskdesk.services.key_making import Recovery
from riskdesk.ui import theme
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import button, heading, named, told
from riskdesk.ui.widgets.saving import ask_for_folder
from riskdesk.ui.widgets.working import run_with_progress

_ABOUT = (
    "密钥用来给报送包签名，让上级知道包是本单位做的、中途没有人改过；也用来打开发给本单位的加密包。"
    "密钥保存在本机的数据文件夹中，用口令锁住。忘记口令不会丢失数据，但要重新建立密钥并请上级重新签发证书。"
)
_SHEET = (
    "密钥已经建立，口令已试开成功。请保存并打印“密钥恢复单”，放进单位保险柜：忘记口令时，凭它可以打开别人加密发给本单位的包。"
    "这是唯一一次机会，关闭后不能再显示。"
)


class MakeKeysDialog(QDialog):
    """Calls `made()` at the end; once the keys are there it closes only with the sheet saved, or given up on purpose."""

    def __init__(self, bench: Bench, made: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("建立本单位的密钥")
        self._bench, self._desk, self._jobs, self._made = bench, bench.desk, bench.jobs, made
        self._recovery: Recovery | None = None
        self._sheet: Path | None = None
        self.person = named(QLineEdit(bench.desk.office.person), "签名人姓名")
        self.first = named(QLineEdit(), "口令")
        self.again = named(QLineEdit(), "再输一次口令")
        for each in (self.first, self.again):
            each.setEchoMode(QLineEdit.EchoMode.Password)
        self.shown = QCheckBox("显示口令(&V)")
        self.skipped = QCheckBox("不保存恢复单，我知道以后忘记口令将打不开加密的包(&N)")
        self.form = QFormLayout()
        self._fingerprint = named(QLineEdit(readOnly=True), "本单位密钥的指纹")
        self._told = told()
        self._warning = told(name="warn")
        self._trouble = told(name="err")
        self._make = button("建立密钥(&K)", icon="lock", kind="primary")
        self._save = button("保存恢复单(&S)…", icon="save", kind="primary")
        self._print = button("打开并打印(&R)", icon="print")
        self._finish = button("完成(&F)", icon="check")
        self._later = button("以后再说(&L)")
        self._steps = QStackedWidget()
        self._steps.addWidget(self._first_step())
        self._steps.addWidget(self._second_step())
        foot = QHBoxLayout()
        foot.addStretch(1)
        for part in (self._later, self._make, self._finish):
            foot.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(self._steps)
        layout.addWidget(self._trouble)
        layout.addLayout(foot)
        self._finish.hide()
        self._make.setDefault(True)
        self._connect()
        self._show_sheet()
        self.setMinimumWidth(theme.letter(self) * 84)
        (self.first if bench.desk.office.person else self.person).setFocus()

    def _first_step(self) -> QWidget:
        step = QWidget()
        form = self.form
        for title, field in (("签名人(&P)", self.person), ("口令(&W)", self.first), ("再输一次(&A)", self.again)):
            label = QLabel(title)
            label.setBuddy(field)
            form.addRow(label, field)
        layout = QVBoxLayout(step)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("口令"))
        layout.addWidget(QLabel(_ABOUT, wordWrap=True))
        layout.addLayout(form)
        layout.addWidget(self.shown)
        layout.addWidget(told("最好是几个不相干的词，例如“正确 马 电池 订书钉”。不要用单位名称、电话号码。", "muted"))
        layout.addStretch(1)
        return step

    def _second_step(self) -> QWidget:
        step = QWidget()
        label = QLabel("本单位密钥的指纹（申请证书时打电话核对）(&I)")
        label.setBuddy(self._fingerprint)
        buttons = QHBoxLayout()
        buttons.addWidget(self._save)
        buttons.addWidget(self._print)
        buttons.addStretch(1)
        layout = QVBoxLayout(step)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("密钥恢复单"))
        layout.addWidget(QLabel(_SHEET, wordWrap=True))
        layout.addLayout(buttons)
        layout.addWidget(self._told)
        layout.addWidget(self.skipped)
        layout.addWidget(self._warning)
        layout.addWidget(label)
        layout.addWidget(self._fingerprint)
        layout.addStretch(1)
        return step

    def _connect(self) -> None:
        self.shown.toggled.connect(self._on_shown)
        self.skipped.toggled.connect(self._show_sheet)
        self._make.clicked.connect(self._on_make)
        self._save.clicked.connect(self._on_save)
        self._print.clicked.connect(self._on_print)
        self._finish.clicked.connect(self.accept)
        self._later.clicked.connect(self.reject)

    def accept(self) -> None:
        """Close, once the sheet is saved or given up."""
        if self._may_close():
            super().accept()
            self._made()

    def reject(self) -> None:
        """Close without keys; with keys the sheet comes first."""
        if self._recovery is None:
            super().reject()
        else:
            self.accept()

    def _may_close(self) -> bool:
        may = self._sheet is not None or self.skipped.isChecked()
        if not may:
            self._trouble.setText("请先保存恢复单；确实不保存的，请勾选上面的一项。")
        return may

    def _on_shown(self, wanted: bool) -> None:
        for each in (self.first, self.again):
            each.setEchoMode(QLineEdit.EchoMode.Normal if wanted else QLineEdit.EchoMode.Password)

    def _on_make(self) -> None:
        self._trouble.clear()
        text, person = self.first.text(), self.person.text().strip()
        if not person:
            self._complain("请填写签名人姓名：它写在证书里，上级能看到。", self.person)
        elif text != self.again.text():
            self._complain("两次输入的口令不一样，请重新输入。", self.again)
        else:
            home, reference, make = self._desk.home, self._desk.reference, self.making(text, person)

            def work(_progress: Progress) -> Recovery:
                with Desk(home, reference) as desk:
                    return make(desk)

            run_with_progress(self, self._jobs, self.windowTitle(), work=work, done=self._on_made, failed=self._refuse)

    def making(self, passphrase: str, person: str) -> Callable[[Desk], Recovery]:
        """Return what makes the keys."""
        return lambda desk: key_making.make_keys(desk, passphrase, person)

    def _on_made(self, recovery: Recovery) -> None:
        self._recovery = recovery
        self._bench.held.keep(self.first.text())
        self.first.clear()
        self.again.clear()
        self._fingerprint.setText(recovery.fingerprint)
        self._steps.setCurrentIndex(1)
        self._make.hide()
        self._later.hide()
        self._finish.show()
        self._save.setFocus()

    def _on_save(self) -> None:
        folder = ask_for_folder(self, "选择保存恢复单的文件夹（建议 U 盘，打印后删除）")
        if folder is None or self._recovery is None:
            return
        self._trouble.clear()
        try:
            self._sheet = key_making.write_recovery_sheet(self._desk, self._recovery, folder)
        except UserError as error:
            self._refuse(error)
            return
        self._show_sheet()
        self._print.setFocus()

    def _on_print(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._sheet)))

    def _show_sheet(self) -> None:
        saved, skipped = self._sheet is not None, self.skipped.isChecked()
        self._told.setText(f"已保存：{self._sheet}。打印后请删除这个文件。" if saved else "恢复单还没有保存。")
        self._warning.setText("没有恢复单时，忘记口令就再也打不开别人加密发来的包。" if skipped and not saved else "")
        self._print.setEnabled(saved)
        self._print.setToolTip("" if saved else "请先保存恢复单")
        self._finish.setEnabled(saved or skipped)
        self._finish.setToolTip("" if saved or skipped else "请先保存恢复单")
        if saved or skipped:
            self._trouble.clear()

    def _complain(self, text: str, field: QWidget) -> None:
        self._trouble.setText(text)
        field.setFocus()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))


class ReplaceKeysDialog(MakeKeysDialog):
    """更换密钥: as when they were made first; with the paper, what was encrypted to the old ones can still be opened."""

    def __init__(self, bench: Bench, made: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(bench, made, parent)
        self.setWindowTitle("更换本单位的密钥")
        self.secret = named(QLineEdit(placeholderText="没有就留空：以前加密发来的包将打不开"), "恢复单上的恢复密钥")
        label = QLabel("恢复密钥(&I)")
        label.setBuddy(self.secret)
        self.form.addRow(label, self.secret)
        self.form.addRow(told("原来的密钥作废，数据不受影响；更换后要重新申请证书。", "warn"))

    def making(self, passphrase: str, person: str) -> Callable[[Desk], Recovery]:
        secret = self.secret.text()
        return lambda desk: key_making.replace_keys(desk, passphrase, secret, person)
