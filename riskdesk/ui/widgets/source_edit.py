"""信息来源: the nine sources as ticks and a line of detail; a text that came otherwise is kept until the ticks change."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from riskdesk.domain.vocab import SEPARATOR, Vocabulary
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.text_edits import LineEdit
from riskdesk.ui.widgets.tick_list import TickList


class SourceEdit(QWidget):
    """Its value is the printed text and the codes of the sources."""

    changed = Signal()

    def __init__(self, vocabulary: Vocabulary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vocabulary = vocabulary
        self._loaded: tuple[tuple[str, ...], str, str] = ((), "", "")  # codes, text, detail
        self.ticks = TickList(vocabulary.sources.items())
        self.detail = LineEdit("来源说明（选填），如 平台名称、文号、工单号")
        self.detail.setAccessibleName("来源说明")
        self.kept = told()
        self.as_detail = button("原文放入说明", kind="quiet", name="把来源原文放入来源说明")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self.ticks, self.kept, self.as_detail, self.detail):
            layout.addWidget(part)
        self.ticks.changed.connect(self._on_changed)
        self.detail.changed.connect(self._on_changed)
        self.as_detail.clicked.connect(self._on_as_detail_clicked)
        self._show_kept()

    @property
    def target(self) -> QWidget:
        return self.ticks.target

    @property
    def composing(self) -> bool:
        return self.detail.composing

    def put(self, value: Any) -> None:
        """Show the text and the codes of a record."""
        text, codes = value
        self._loaded = (codes, text, self._detail_in(text, codes))
        self.ticks.put(codes)
        self.detail.put(self._loaded[2])
        self._show_kept()

    def refill(self, value: Any) -> None:
        text, codes = value
        self.ticks.put(codes)
        self.detail.refill(self._detail_in(text, codes))

    def value(self) -> tuple[str, tuple[str, ...]]:
        codes, text, detail = self._loaded
        ticked = self.ticks.value()
        if set(ticked) != set(codes):
            return _joined(self._vocabulary.sources_text(ticked), self.detail.value()), ticked
        if self.detail.value() == detail:
            return text, codes
        start = self._vocabulary.sources_text(codes) if self._is_standard() else text
        return _joined(start, self.detail.value()), codes

    def unread(self) -> str:
        return ""

    def _detail_in(self, text: str, codes: tuple[str, ...]) -> str:
        """Return what stands behind the standard wording of the sources."""
        standard = self._vocabulary.sources_text(codes)
        return text[len(standard) + len(SEPARATOR) :] if standard and text.startswith(standard + SEPARATOR) else ""

    def _is_standard(self) -> bool:
        codes, text, detail = self._loaded
        return text == _joined(self._vocabulary.sources_text(codes), detail)

    def _show_kept(self) -> None:
        codes, text, _ = self._loaded
        other = not self._is_standard()
        printed = set(self.ticks.value()) == set(codes)
        after = "仍按原文打印；改动勾选后改用通知的标准用语" if printed else "已改用勾选项的标准用语"
        self.kept.setText(f"原文：{text}（{after}）")
        self.kept.setVisible(other)
        self.as_detail.setVisible(other and not printed and text not in self.detail.text())

    def _on_changed(self) -> None:
        self._show_kept()
        self.changed.emit()

    def _on_as_detail_clicked(self) -> None:
        self.detail.refill(_joined(self.detail.value(), self._loaded[1].replace("\n", " ")))
        self.detail.setFocus()


def _joined(*parts: str) -> str:
    return SEPARATOR.join(part for part in parts if part)
