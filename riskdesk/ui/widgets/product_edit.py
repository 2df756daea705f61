"""涉及产品: a line with suggestions; the category of a product of the catalogue is offered, never filled in unasked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from riskdesk.services.completion import Choice, Completion
from riskdesk.ui.widgets.completing_edit import CompletingEdit
from riskdesk.ui.widgets.line_and_more import LineAndMore
from riskdesk.ui.widgets.parts import button


class ProductEdit(LineAndMore):
    """The product as typed; `category_taken` tells that the offered category was accepted."""

    category_taken = Signal(object)

    def __init__(self, completion: Completion, parent: QWidget | None = None) -> None:
        self.line = CompletingEdit(completion.products, "可输名称或拼音首字母")
        self.offer = button("", kind="quiet")
        super().__init__(self.line, self.offer, parent)
        self._completion = completion
        self._known: tuple[str, str] = ("", "")
        self._category: Choice | None = None
        self.offer.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes on to the next field; Alt+L is the key for this
        self.offer.hide()
        self.line.changed.connect(self.changed)
        self.line.chosen.connect(self._on_settled)
        self.line.editingFinished.connect(self._on_settled)
        self.offer.clicked.connect(self._on_offer_clicked)

    def put(self, value: Any) -> None:
        super().put(value)
        self.offer.hide()

    def know(self, category: str, focus_group: str) -> None:
        """Take note of what the record says already; the same is not offered again."""
        self._known = (category, focus_group)

    def _on_settled(self) -> None:
        category = self._completion.category_of(self.line.value())
        self._category = category
        if category is None or (category.text, category.code) == self._known:
            self.offer.hide()
            return
        focus = f"，监测重点 {category.code}" if category.code else ""
        self.offer.setText(f"类别填为“{category.text}”{focus}(&L)")
        self.offer.setAccessibleName(f"类别填为{category.text}{focus}")
        self.offer.show()

    def _on_offer_clicked(self) -> None:
        self.offer.hide()
        self.category_taken.emit(self._category)
        self.line.setFocus()
