"""Who may sign for the office, whose certificate ends early, and telling the offices below of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from riskdesk.errors import InputError
from riskdesk.services import kits, operators, revoking
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.revoking import Why
from riskdesk.ui.dialogs.key_work import KeyWork, Words, written
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.parts import named

_REASONS = (
    (Why.LOST, "密钥丢失或可能被他人掌握（以前没有接收的包一律拒收）"),
    (Why.LEFT, "人员调离"),
    (Why.REPLACED, "已更换新的密钥"),
    (Why.CLOSED, "单位撤销或合并"),
)


class SignerDialog(KeyWork):
    """添加签名人."""

    def __init__(self, bench: Bench, done: Callable[[str], object], parent: QWidget | None = None) -> None:
        about = "签名人可以用本单位的密钥口令给报送包签名；姓名写在证书里，上级能看到。"
        words = Words("添加签名人", about, "添加(&S)", "add", "给签名人发证书要用本单位的密钥。")
        super().__init__(bench, words, done, parent)
        self.person = named(QLineEdit(), "签名人姓名")
        self.add_line("姓名(&N)", self.person)

    def work(self) -> Callable[[Desk, Keys, str], str]:
        person = self.person.text().strip()
        if not person:
            raise InputError("请填写签名人的姓名。")

        def add(desk: Desk, keys: Keys, passphrase: str) -> str:
            operators.add_operator(desk, keys, passphrase, person)
            return f"已添加签名人 {person}。"

        return add


class RenewalDialog(KeyWork):
    """换发: a new key and certificate for somebody who signs already."""

    def __init__(self, bench: Bench, person: str, done: Callable[[str], object], parent: QWidget | None = None) -> None:
        about = f"给签名人 {person} 换一把新密钥，发新的证书。旧密钥丢失的，换发后请再吊销旧证书。"
        words = Words("换发签名人的证书", about, "换发(&S)", "refresh", "给签名人发证书要用本单位的密钥。")
        super().__init__(bench, words, done, parent)
        self._person = person

    def work(self) -> Callable[[Desk, Keys, str], str]:
        person = self._person

        def renew(desk: Desk, keys: Keys, passphrase: str) -> str:
            until = operators.add_operator(desk, keys, passphrase, person).expires[:10]
            return f"已给签名人 {person} 换发证书，到 {until}。"

        return renew


class RevokeDialog(KeyWork):
    """吊销: `whom` is the code of an office below or the name of a person of ours."""

    def __init__(
        self, bench: Bench, whom: str, name: str, done: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        about = f"吊销 {name} 的证书。吊销后不能恢复，只能重新申请。会写出一份信任更新，请发给上级和所有下级单位。"
        words = Words("吊销证书", about, "吊销(&S)", "delete", "吊销证书要用本单位的密钥签名。")
        super().__init__(bench, words, done, parent)
        self._whom, self._name = whom, name
        self._go.setDefault(False)  # Enter in a field revokes nothing
        self.reason = named(QComboBox(), "吊销原因")
        for why, title in _REASONS:
            self.reason.addItem(title, str(why))
        self.add_line("原因(&R)", self.reason)
        self.add_folder()

    def work(self) -> Callable[[Desk, Keys, str], str]:
        why, folder, whom = Why(str(self.reason.currentData())), self.target.folder(), self._whom

        def revoke(desk: Desk, keys: Keys, _passphrase: str) -> str:
            done = revoking.revoke(desk, keys, whom, why, folder)
            left = revoking.NEWEST_LEFT if revoking.still_holds(desk, whom) else ""
            return f"已吊销 {self._name} 的证书。{left}{written(done.file)}请发给上级和所有下级单位。"

        return revoke


class DistributeDialog(KeyWork):
    """信任更新."""

    def __init__(self, bench: Bench, done: Callable[[str], object], parent: QWidget | None = None) -> None:
        about = "写出吊销名单、单位名录和加密公钥，发给上级和所有下级单位；对方用“接收”收下即可（上级只采用其中的吊销名单）。"
        words = Words("信任更新", about, "写出(&W)", "export", "信任更新要用本单位的密钥签名。")
        super().__init__(bench, words, done, parent)
        self.add_folder()

    def work(self) -> Callable[[Desk, Keys, str], str]:
        folder = self.target.folder()
        return lambda desk, keys, _passphrase: (
            f"{written(kits.distribute(desk, keys, folder).file)}请发给上级和所有下级单位。"
        )
