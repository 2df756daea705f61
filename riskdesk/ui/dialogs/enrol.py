"""Certificates by file: asking for one, issuing one to an office below after a telephone call, installing one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from riskdesk.errors import InputError
from riskdesk.services import anchoring, approving, enrolling, keyring
from riskdesk.services.anchoring import Unknown
from riskdesk.services.approving import Asked
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.ui.dialogs.key_work import KeyWork, Words, written
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import named, told

_CALL = "请用您自己掌握的号码打电话给对方（不要用文件里写的号码），请对方念屏幕上的 30 位数字，逐组核对。"


class AskDialog(KeyWork):
    """申请证书: writes the request and the sheet that is stamped."""

    def __init__(self, bench: Bench, done: Callable[[str], object], parent: QWidget | None = None) -> None:
        about = "写出证书申请文件和《数字证书申请单》，打印盖章后一起交给上级单位；上级会打电话核对下面的 30 位数字。"
        super().__init__(
            bench, Words("申请证书", about, "写出申请(&W)", "export", "申请要用本单位的密钥签名。"), done, parent
        )
        fingerprint = QLineEdit(keyring.own_fingerprint(bench.desk), readOnly=True)
        self.add_line("本单位指纹(&F)", named(fingerprint, "本单位密钥的指纹"))
        self.add_folder()

    def work(self) -> Callable[[Desk, Keys, str], str]:
        folder = self.target.folder()

        def ask(desk: Desk, keys: Keys, _passphrase: str) -> str:
            done = enrolling.ask(desk, keys, folder)
            return f"{written(done.file)}申请单也在那里，请打印盖章。上级打电话来时，请念指纹：{done.fingerprint}"

        return ask


class ApproveDialog(KeyWork):
    """办理下级申请: shows who asks, and issues nothing before the number was compared."""

    def __init__(
        self, bench: Bench, file: Path, asked: Asked, done: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        about = f"{asked.name}（{asked.code}）申请证书。{_CALL}"
        super().__init__(
            bench, Words("办理下级申请", about, "签发证书(&S)", "check", "签发证书要用本单位的密钥。"), done, parent
        )
        self._file, self._asked = file, asked
        self.fingerprint = named(QLineEdit(asked.fingerprint, readOnly=True), "申请中的指纹")
        self.same = QCheckBox("已打电话核对，六组数字全部一致(&Y)")
        self.heard = named(QLineEdit(placeholderText="或者输入电话里听到的 30 位数字"), "电话里听到的数字")
        self.form.addRow(told(f"经办人：{asked.person or '未填'}　电话（仅供参考）：{asked.phone or '未填'}", "muted"))
        if not asked.known:
            self.form.addRow(told("这个单位不在本机的单位名录中，签发后会加进去。请核对名称和代码。", "warn"))
        self.add_line("申请中的指纹(&F)", self.fingerprint)
        self.form.addRow(self.same)
        self.add_line("听到的数字(&H)", self.heard)
        self.add_folder()

    def work(self) -> Callable[[Desk, Keys, str], str]:
        heard = self.heard.text().strip() or (self._asked.fingerprint if self.same.isChecked() else "")
        if not heard:
            raise InputError("请先打电话核对 30 位数字，一致后勾选，或输入听到的数字。")
        folder, file = self.target.folder(), self._file

        def approve(desk: Desk, keys: Keys, _passphrase: str) -> str:
            done = approving.approve(desk, keys, file, heard, folder)
            return f"{written(done.file)}请把它交给{self._asked.name}安装。"

        return approve


class InstallDialog(KeyWork):
    """安装上级发来的证书: the number of the root is compared the first time; `root` is "" if it was compared before."""

    def __init__(
        self, bench: Bench, file: Path, root: str, done: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        about = f"安装 {file.name}。"
        about += f"第一次安装，要核对省局根证书的指纹。{_CALL}" if root else "签发单位的根证书以前已经核对过。"
        words = Words("安装上级发来的证书", about, "安装(&S)", "check", "安装证书要用本单位的密钥。")
        super().__init__(bench, words, done, parent)
        self._file, self._root = file, root
        self.same = QCheckBox("已打电话向上级核对，六组数字全部一致(&Y)")
        self.heard = named(QLineEdit(placeholderText="或者输入电话里听到的 30 位数字"), "电话里听到的数字")
        if root:
            self.add_line("根证书指纹(&F)", named(QLineEdit(root, readOnly=True), "根证书的指纹"))
            self.form.addRow(self.same)
            self.add_line("听到的数字(&H)", self.heard)

    def work(self) -> Callable[[Desk, Keys, str], str]:
        heard = self.heard.text().strip() or (self._root if self.same.isChecked() else "")
        if self._root and not heard:
            raise InputError("请先打电话向上级核对 30 位数字，一致后勾选，或输入听到的数字。")
        file = self._file

        def install(desk: Desk, keys: Keys, passphrase: str) -> str:
            enrolling.install(desk, keys, passphrase, file, heard)
            return "证书已安装，本单位已登记，可以上报。"

        return install


class PinDialog(KeyWork):
    """登记单位: an office that has no certificate from above is known by its own number from now on."""

    def __init__(
        self, bench: Bench, file: Path, unknown: Unknown, done: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        about = f"{unknown.name}（{unknown.code}）还没有上级签发的证书。登记后，它和它下级的包显示为“可信（已核对指纹）”。{_CALL}"
        words = Words("登记单位", about, "登记(&S)", "check", "登记单位要用本单位的密钥口令确认。")
        super().__init__(bench, words, done, parent)
        self._file, self._unknown = file, unknown
        self.same = QCheckBox("已打电话核对，六组数字全部一致(&Y)")
        self.heard = named(QLineEdit(placeholderText="或者输入电话里听到的 30 位数字"), "电话里听到的数字")
        self.add_line("对方的指纹(&F)", named(QLineEdit(unknown.fingerprint, readOnly=True), "对方的指纹"))
        self.form.addRow(self.same)
        self.add_line("听到的数字(&H)", self.heard)

    def work(self) -> Callable[[Desk, Keys, str], str]:
        heard = self.heard.text().strip() or (self._unknown.fingerprint if self.same.isChecked() else "")
        if not heard:
            raise InputError("请先打电话核对 30 位数字，一致后勾选，或输入听到的数字。")
        file = self._file

        def pin(desk: Desk, keys: Keys, _passphrase: str) -> str:
            return f"已登记 {anchoring.pin(desk, file, heard, keys).name}，可以接收它的包了。"

        return pin
