"""The parts of a template besides its indicators, as the province edits them: title and total, a dimension, grades, vetoes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from riskdesk.domain import template_editing as editing
from riskdesk.errors import InputError
from riskdesk.ui import theme
from riskdesk.ui.widgets.parts import told
from riskdesk.ui.widgets.template_fields import TemplateForm, line_edit, show_text, text_edit
from riskdesk.ui.widgets.template_rows import RowsEdit

_SHORT = 14  # half characters of points


class GeneralForm(TemplateForm):
    """Title, what it is based on, and the total."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("模板", parent)
        self.name, self.basis, self.total = (
            text_edit("标题", 1, 3),
            text_edit("依据", 2, 5),
            line_edit("总分"),
        )
        self.total.setMaximumWidth(theme.letter(self) * _SHORT)
        self.add_row("标题(&T)", self.name)
        self.add_row("依据(&B)", self.basis)
        self.add_row("总分(&P)", self.total)
        self.rows.addRow(told("版本号在保存时自动加一。已经填写的自评表仍按原来的模板，新建的采用新模板。"))
        self.name.changed.connect(lambda: self._change("title", " ".join(self.name.value().split("\n"))))
        self.basis.changed.connect(lambda: self._change("basis", self.basis.value()))
        self.total.changed.connect(lambda: self._change("total", editing.number(self.total.text())))

    def fill(self) -> None:
        """Show title, basis and total."""
        show_text(self.name, str(self.data["title"]))
        show_text(self.basis, str(self.data.get("basis", "")))
        show_text(self.total, editing.shown(self.data["total"]))

    def take_focus(self) -> None:
        """Go to the title."""
        self.name.setFocus()

    def _change(self, field: str, value: object) -> None:
        self.put({**self.data, field: value}, field)


class DimensionForm(TemplateForm):
    """Name and points of a dimension."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("维度", parent)
        self.name, self.points = line_edit("维度名称"), line_edit("维度分值")
        self.points.setMaximumWidth(theme.letter(self) * _SHORT)
        self.add_row("名称(&M)", self.name)
        self.add_row("分值(&P)", self.points)
        self.rows.addRow(told("分值应等于其中各指标满分之和，各维度的分值之和应等于总分。"))
        self.name.changed.connect(self._on_name)
        self.points.changed.connect(self._on_points)

    def fill(self) -> None:
        """Show the dimension."""
        show_text(self.name, self._name())
        show_text(self.points, editing.shown(self.data["dimensions"].get(self._name(), "")))

    def take_focus(self) -> None:
        """Go to the name."""
        self.name.setFocus()
        self.name.selectAll()

    def _name(self) -> str:
        return editing.dimensions(self.data)[self.at]

    def _on_name(self) -> None:
        try:
            data = editing.dimension_renamed(self.data, self._name(), self.name.text())
        except InputError as error:
            self.refuse(str(error))
        else:
            self.put(data, "name")

    def _on_points(self) -> None:
        points = {**self.data["dimensions"], self._name(): editing.number(self.points.text())}
        self.put({**self.data, "dimensions": points}, "points")


class GradesForm(TemplateForm):
    """What totals are called, from the highest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("等级", parent)
        self.grades = RowsEdit("等级", (("等级（从高到低）", 0), ("多少分起", 0)))
        self.rows.addRow(self.grades)
        self.rows.addRow(told("最后一级从 0 分起。关键指标得 0 分的，最高只能评为倒数第二级。"))
        self.grades.changed.connect(
            lambda key: self.put({**self.data, "grades": editing.pairs_put(self.grades.value())}, key)
        )

    def fill(self) -> None:
        """Show the grades."""
        self.grades.show_rows([(str(name), editing.shown(least)) for name, least in self.data["grades"]])

    def take_focus(self) -> None:
        """Go to the rows."""
        self.grades.setFocus()


class VetoesForm(TemplateForm):
    """What decides alone, whatever the points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("否决项", parent)
        self.vetoes = RowsEdit("否决项", (("代码", 10), ("情形", 0), ("直接评为", 16)), fewest=0)
        self.rows.addRow(self.vetoes)
        self.vetoes.changed.connect(lambda key: self.put(editing.vetoes_put(self.data, self.vetoes.value()), key))

    def fill(self) -> None:
        """Show the vetoes."""
        self.vetoes.show_rows([(each["code"], each["text"], each["result"]) for each in self.data["veto"]])

    def take_focus(self) -> None:
        """Go to the rows."""
        self.vetoes.setFocus()
