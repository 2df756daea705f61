"""Which of the office's people signs."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLabel

from riskdesk.services.desk import Desk
from riskdesk.services.signers import last_signer, signers
from riskdesk.ui.widgets.parts import named


class SignerChoice(QComboBox):
    """Stands on whoever signed last; hidden, with its `label`, as long as there is nothing to choose."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        named(self, "签名人")
        self.label = QLabel("签名人(&N)")
        self.label.setBuddy(self)
        people = signers(desk)
        self.addItems(people)
        self.setCurrentText(last_signer(desk))
        if len(people) < 2:
            self.label.hide()
            self.hide()

    def person(self) -> str:
        """Return the name of who signs, "" as long as there are no keys."""
        return self.currentText()
