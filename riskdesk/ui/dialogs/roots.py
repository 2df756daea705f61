"""The province's next root: made by the province, taken by all others after a telephone call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from riskdesk.errors import InputError
from riskdesk.services import anchoring, keyring
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.ui.dialogs.key_work import KeyWork, Words, written
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import named


class RootDialog(KeyWork):
    """更换根证书, in the province."""

    def __init__(self, bench: Bench, done: Callable[[str], object], parent: QWidget | None = None) -> None:
        about = (
            "建立新的根密钥，用原来的根证书为它担保，并写出一份信任更新，请发给下级单位。"
            "原来签发的证书继续有效；下级单位要打电话核对新的指纹后接受。"
        )
        words = Words("更换根证书", about, "更换(&S)", "refresh", "更换根证书要用原来的密钥签名。")
        super().__init__(bench, words, done, parent)
        self.sure = QCheckBox("确定更换，不能撤销(&Y)")
        self.form.addRow(self.sure)
        self.add_folder()

    def work(self) -> Callable[[Desk, Keys, str], str]:
        if not self.sure.isChecked():
            raise InputError("更换根证书不能撤销。确定更换的，请先勾选。")
        folder = self.target.folder()

        def hand_over(desk: Desk, keys: Keys, passphrase: str) -> str:
            file = anchoring.hand_over_root(desk, keys, passphrase, folder).file
            number = keyring.own_fingerprint(desk)
            return f"已更换根证书。{written(file)}请发给下级单位；对方打电话来核对时，请念新的指纹：{number}"

        return hand_over


class AcceptRootDialog(KeyWork):
    """接受新的根证书, everywhere else; `number` is that of the root in the file."""

    def __init__(
        self, bench: Bench, file: Path, number: str, done: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        about = (
            f"接受 {file.name} 中省局新的根证书。请用您自己掌握的号码打电话给省局（不要用文件里写的号码），"
            "请对方念屏幕上的 30 位数字，逐组核对。"
        )
        words = Words("接受新的根证书", about, "接受(&S)", "check", "接受根证书要用本单位的密钥口令确认。")
        super().__init__(bench, words, done, parent)
        self._file, self._number = file, number
        self.same = QCheckBox("已打电话向省局核对，六组数字全部一致(&Y)")
        self.heard = named(QLineEdit(placeholderText="或者输入电话里听到的 30 位数字"), "电话里听到的数字")
        self.add_line("新根证书的指纹(&F)", named(QLineEdit(number, readOnly=True), "新根证书的指纹"))
        self.form.addRow(self.same)
        self.add_line("听到的数字(&H)", self.heard)

    def work(self) -> Callable[[Desk, Keys, str], str]:
        heard = self.heard.text().strip() or (self._number if self.same.isChecked() else "")
        if not heard:
            raise InputError("请先打电话向省局核对 30 位数字，一致后勾选，或输入听到的数字。")
        file = self._file

        def accept(desk: Desk, _keys: Keys, _passphrase: str) -> str:
            anchoring.accept_root(desk, file, heard)
            return "已接受新的根证书。"

        return accept
