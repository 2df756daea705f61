"""How an indicator is scored: the type of its rule, and what that type wants to know."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from riskdesk.domain.template_editing import Data, number, pairs_put, shown
from riskdesk.ui import theme
from riskdesk.ui.widgets.template_fields import line_edit, show_text
from riskdesk.ui.widgets.template_rows import RowsEdit
from riskdesk.ui.widgets.text_edits import LineEdit

_POINTS = 12  # half characters
_NUMBERS: Mapping[str, str] = {"full": "满分数值", "zero_at": "零分数值"}


class RuleEdit(QStackedWidget):
    """The parts of a rule, one page a type. Emits `changed(fields, key)` with the fields of the rule that became others."""

    changed = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.options = RowsEdit("说法和得分", (("说法", 0), ("得分", _POINTS)))
        self.steps = RowsEdit("分档", (("数值达到（从高到低）", 0), ("得分", 0)))
        self.items = RowsEdit("逐项", (("项目", 0),))
        self.each = line_edit("每项得分")
        self.numbers = {part: line_edit(title, "比例可写 95% 或 0.95") for part, title in _NUMBERS.items()}
        pages = {
            "options": self.options,
            "per_item": self._page(("每项得分(&Q)", self.each), below=self.items),
            "steps": self.steps,
            "linear": self._page(("得满分的数值(&Q)", self.numbers["full"])),
            "linear_down": self._page(("得零分的数值(&Q)", self.numbers["zero_at"])),
        }
        self._pages = pages
        for page in pages.values():
            self.addWidget(page)
        self.options.changed.connect(self._on_options)
        self.steps.changed.connect(self._on_steps)
        self.items.changed.connect(self._on_items)
        self.each.changed.connect(lambda: self._on_number("points_each", self.each))
        for part, line in self.numbers.items():
            line.changed.connect(lambda part=part, line=line: self._on_number(part, line))

    def show_rule(self, rule: Data, metric: str) -> None:
        """Show the parts of a rule."""
        kind = rule["type"]
        if kind == "options":
            self.options.show_rows([(str(text), shown(points)) for text, points in rule["options"]])
        elif kind == "per_item":
            show_text(self.each, shown(rule["points_each"]))
            self.items.show_rows([(str(each),) for each in rule["items"]])
        elif kind == "steps":
            self.steps.show_rows([(shown(least, metric), shown(points)) for least, points in rule["steps"]])
        else:
            part = "full" if kind == "linear" else "zero_at"
            show_text(self.numbers[part], shown(rule[part], metric))
        self.setCurrentWidget(self._pages[kind])
        self.fit()

    def fit(self) -> None:
        """Be as high as the page that is shown, not as the highest."""
        for page in self._pages.values():
            policy = page.sizePolicy()
            kind = policy.Policy.Preferred if page is self.currentWidget() else policy.Policy.Ignored
            policy.setVerticalPolicy(kind)
            page.setSizePolicy(policy)
        self.updateGeometry()

    def _page(self, row: tuple[str, LineEdit], below: QWidget | None = None) -> QWidget:
        page = QWidget()
        label = QLabel(row[0])
        label.setBuddy(row[1])
        row[1].setMaximumWidth(theme.letter(self) * 30)
        form = QFormLayout()
        form.addRow(label, row[1])
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(form)
        if below is not None:
            layout.addWidget(below)
        return page

    def _on_options(self, key: str) -> None:
        self.changed.emit({"options": pairs_put(self.options.value())}, key)

    def _on_items(self, key: str) -> None:
        self.changed.emit({"items": [each for (each,) in self.items.value()]}, key)

    def _on_steps(self, key: str) -> None:
        rows = [[number(least), number(points)] for least, points in self.steps.value()]
        self.changed.emit({"steps": rows}, key)

    def _on_number(self, part: str, line: LineEdit) -> None:
        self.changed.emit({part: number(line.text())}, part)
