"""Settings: the office's keys and certificate, and the certificates that it issued to others."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from riskdesk.services import keyring, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import KeyState
from riskdesk.services.roster import roster_of
from riskdesk.services.trusting import Issued
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.flow_layout import FlowLayout
from riskdesk.ui.widgets.parts import button, chip, heading, named, retone, told

_HEADINGS = ("发给", "单位", "状态", "签发日期", "到期", "证书指纹", "说明")
_WIDTHS, _CHIPS = (0, 0, 12, 14, 14, 14, 14), 2
_REASONS = {"lost": "密钥丢失", "left": "人员调离", "replaced": "已更换", "closed": "单位撤销"}
_NO_KEYS = "请先建立密钥"
_MARK = 8  # characters


class KeySettings(QWidget):
    """Shows the state and emits what is wanted; `revoke_wanted(whom, name)`, `renewal_wanted(person)`. `changed` says that it may be otherwise now."""

    changed = Signal()
    keys_wanted = Signal()
    request_wanted = Signal()
    install_wanted = Signal()
    signer_wanted = Signal()
    approve_wanted = Signal()
    distribute_wanted = Signal()
    pin_wanted = Signal()
    replacing_wanted = Signal()
    root_wanted = Signal()
    renewal_wanted = Signal(str)
    revoke_wanted = Signal(str, str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._issued: Sequence[Issued] = ()
        self._state = chip("", "grey")
        self._about = told()
        self._renewal = told(name="warn")
        self.fingerprint = named(QLineEdit(readOnly=True), "本单位密钥的指纹")
        self._make = button("建立密钥(&K)…", icon="lock", kind="primary")
        self._ask = button("申请证书(&Q)…", icon="export")
        self._install = button("安装上级发来的证书(&I)…", icon="import")
        self._signer = button("添加签名人(&P)…", icon="person")
        self._replace = button("更换密钥(&E)…", icon="refresh")
        self._pin = button("登记单位(&U)…", icon="building", name="登记没有上级证书的单位")
        self._approve = button("办理下级申请(&Y)…", icon="check")
        self._distribute = button("信任更新(&T)…", icon="send")
        self._root = button("接受新的根证书(&R)…" if desk.office.parent else "更换根证书(&R)…", icon="refresh")
        self._renew = button("换发(&N)…", icon="person", name="给选中的签名人换发证书")
        self._revoke = button("吊销(&X)…", icon="delete", kind="danger", name="吊销选中的证书")
        self.issued = ChipTable("已签发的证书", _HEADINGS, _WIDTHS, _CHIPS)
        self._told = told()
        self._trouble = told(name="err")
        self._lay_out()
        for pressed, wanted in (
            (self._make, self.keys_wanted), (self._ask, self.request_wanted), (self._install, self.install_wanted),
            (self._signer, self.signer_wanted), (self._approve, self.approve_wanted),
            (self._distribute, self.distribute_wanted), (self._pin, self.pin_wanted), (self._replace, self.replacing_wanted),
            (self._root, self.root_wanted),
        ):  # fmt: skip
            pressed.clicked.connect(wanted)
        self._renew.clicked.connect(self._on_renew)
        self._revoke.clicked.connect(self._on_revoke)
        self.issued.itemSelectionChanged.connect(self._offer_for_chosen)
        self.refresh()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(heading("本单位的密钥和证书"))
        head.addWidget(self._state)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addLayout(head)
        for part in (self._about, self._renewal, self.fingerprint):
            layout.addWidget(part)
        layout.addWidget(_line(self._make, self._ask, self._install, self._signer, self._replace, self._root))
        layout.addWidget(heading("发给下级单位和本单位签名人的证书"))
        layout.addWidget(_line(self._approve, self._pin, self._distribute, self._renew, self._revoke))
        layout.addWidget(self.issued, 1)
        layout.addWidget(self._told)
        layout.addWidget(self._trouble)

    def refresh(self) -> None:
        """Show what is stored."""
        state = keyring.state(self._desk)
        self._show_state(state)
        self._offer(state)
        self._issued = trusting.issued(self._desk)
        roster = roster_of(self._desk)
        at = self.issued.currentRow()
        self.issued.clear_rows()
        for each in self._issued:
            office = roster.name_of(each.office)
            whom, unit = (each.person, office) if each.person else (office, each.office)
            word, tone = _standing(each)
            dates, why = (each.at[:10], each.expires[:10]), _REASONS.get(each.reason, "")
            self.issued.add_row((whom, unit, word, *dates, _mark(each.certificate), why), tone)
        self.issued.choose(at)
        self._offer_for_chosen()

    def tell(self, text: str) -> None:
        """Say what was done."""
        self._told.setText(text)
        self._trouble.clear()

    def complain(self, text: str) -> None:
        """Say what could not be done."""
        self._trouble.setText(text)

    def _show_state(self, state: KeyState | None) -> None:
        self.fingerprint.setVisible(state is not None)
        self._renewal.setVisible(state is not None and state.needs_renewal)
        if state is None:
            retone(self._state, "未建立", "red")
            self._about.setText("还没有密钥，不能上报，也不能打开加密的包。建立密钥大约一分钟，要准备好口令。")
            return
        retone(self._state, *(("已登记", "green") if state.enrolled else ("未登记", "amber")))
        people = "、".join(f"{each.person}（到 {each.expires[:10]}）" for each in state.operators)
        more = "" if state.enrolled else "上级还没有签发证书，上级收到包时会显示“单位未知”。请点“申请证书”。"
        self._about.setText(f"签名人：{people}。还有 {state.days_left} 天到期。{more}")
        self.fingerprint.setText(state.fingerprint)
        ended = "已经过期" if state.days_left < 0 else f"还有 {state.days_left} 天到期"
        self._renewal.setText(f"签名证书{ended}，请重新申请证书并安装，签名人的证书会一起更新。")

    def _offer(self, state: KeyState | None) -> None:
        self._make.setVisible(state is None)
        others = (self._approve, self._pin, self._distribute, self._root)
        for each in (self._ask, self._install, self._signer, self._replace, *others):
            each.setEnabled(state is not None)
            each.setToolTip("" if state is not None else _NO_KEYS)
        if not self._desk.office.parent:
            self._ask.setEnabled(False)
            self._ask.setToolTip("省局是信任的起点，不需要向上级申请证书")

    def _chosen(self) -> Issued | None:
        row = self.issued.currentRow()
        return self._issued[row] if 0 <= row < len(self._issued) else None

    def _offer_for_chosen(self) -> None:
        chosen = self._chosen()
        person = chosen is not None and chosen.person
        self._renew.setEnabled(bool(person))
        self._renew.setToolTip("" if person else "请先选中一名签名人")
        may = chosen is not None and not chosen.revoked_at
        if not may and self._revoke.hasFocus():
            self.issued.setFocus()
        self._revoke.setEnabled(may)
        self._revoke.setToolTip("" if may else "请先选中一张有效的证书")

    def _on_renew(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.renewal_wanted.emit(chosen.person)

    def _on_revoke(self) -> None:
        chosen, item = self._chosen(), self.issued.item(self.issued.currentRow(), 0)
        if chosen is not None and item is not None:
            self.revoke_wanted.emit(chosen.person or chosen.office, item.text())


def _mark(certificate: str) -> str:
    """Return the beginning of a certificate's fingerprint: what tells those of people of one name apart."""
    return hashlib.sha256(base64.b64decode(certificate)).hexdigest()[:_MARK].upper()


def _standing(given: Issued) -> tuple[str, str]:
    if given.revoked_at:
        return "已吊销", "red"
    return ("已更换", "grey") if given.replaced_at else ("有效", "green")


def _line(*buttons: QPushButton) -> QWidget:
    line = QWidget()
    flow = FlowLayout(line)
    for each in buttons:
        flow.addWidget(each)
    return line
