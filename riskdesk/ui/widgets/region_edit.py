"""涉及区域: free text, with the regions that are understood of it as chips below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from riskdesk.domain.text import clean
from riskdesk.services.completion import Choice
from riskdesk.services.reference import Reference
from riskdesk.ui.widgets.completing_edit import LastWordEdit
from riskdesk.ui.widgets.flow_layout import FlowLayout
from riskdesk.ui.widgets.line_and_more import LineAndMore
from riskdesk.ui.widgets.parts import chip, empty


class RegionEdit(LineAndMore):
    """Text and codes; codes that came with a loaded text are kept as long as it stands as loaded."""

    def __init__(
        self, reference: Reference, choices: Callable[[str], Sequence[Choice]], parent: QWidget | None = None
    ) -> None:
        self.line = _RegionLine(reference, choices)
        self._chips = QWidget()
        super().__init__(self.line, self._chips, parent)
        self._reference = reference  # its regions are read when there is something to understand
        self._loaded: tuple[str, str, tuple[str, ...]] = ("", "", ())
        self._flow = FlowLayout(self._chips)
        self.line.changed.connect(self._on_line_changed)
        self._show_chips()

    def put(self, value: Any) -> None:
        """Show the text and the codes of a record."""
        text, codes = value
        self._loaded = ("", "", ())
        self.line.put(text.replace("\n", "、"))
        self._loaded = (self.line.text(), text, codes)
        self._show_chips()

    def refill(self, value: Any) -> None:
        self.line.refill(value[0].replace("\n", "、"))

    def value(self) -> tuple[str, tuple[str, ...]]:
        shown, text, codes = self._loaded
        if self.line.text() == shown:
            return text, codes
        text = clean(self.line.text())
        return text, self._reference.regions.parse(text)

    def chips(self) -> list[str]:
        """Return the names on the chips."""
        return [self._name(code) for code in self.value()[1]]

    def _name(self, code: str) -> str:
        regions = self._reference.regions
        return regions.full_name(code) if code in regions else code

    def _on_line_changed(self) -> None:
        if not self.line.composing:
            self._show_chips()
        self.changed.emit()

    def _show_chips(self) -> None:
        empty(self._flow)
        for name in self.chips():
            self._flow.addWidget(chip(name, "blue"))
        self._chips.setVisible(self._flow.count() > 0)


class _RegionLine(LastWordEdit):
    def __init__(self, reference: Reference, choices: Callable[[str], Sequence[Choice]]) -> None:
        super().__init__(choices, "如 太原市小店区、迎泽区；可输拼音首字母")
        self._reference = reference

    def take(self, choice: Choice) -> None:
        """Write the name with the regions above it: many counties and towns share theirs."""
        name = self._reference.regions.full_name(choice.code) if choice.code else choice.text
        super().take(Choice(name, choice.code))
