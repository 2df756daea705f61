"""One indicator as the province edits it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QWidget

from riskdesk.domain import template_editing as editing
from riskdesk.domain.template_checking import Part, Place
from riskdesk.domain.template_editing import METRICS, RULES
from riskdesk.ui import theme
from riskdesk.ui.widgets.choice_edits import OptionBox
from riskdesk.ui.widgets.parts import named, told
from riskdesk.ui.widgets.template_fields import TemplateForm, line_edit, show_text, text_edit
from riskdesk.ui.widgets.template_rule import RuleEdit

_SHORT = 14  # half characters of a code or of points
_BY_PEOPLE = "由人填写"
_UNFIT = "系统统计“{title}”时按 {options} 种说法来选；说法不是 {options} 种时，只显示统计，由监测站自己选。"


class IndicatorForm(TemplateForm):
    """Every change is handed on as it is typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("指标", parent)
        self.code, self.name = line_edit("代码"), line_edit("名称")
        self.dimension = named(OptionBox(()), "维度")
        self.points = line_edit("满分")
        self.critical = QCheckBox("关键指标：得 0 分则最高只能评为倒数第二级(&K)")
        self.answered = named(
            OptionBox([("", _BY_PEOPLE), *((code, f"系统统计：{each.title}") for code, each in METRICS.items())]),
            "由什么回答",
        )
        self._unfit = told(name="warn")
        self.kind = named(OptionBox(RULES.items()), "评分方式")
        self.rule = RuleEdit()
        self.note = line_edit("评分说明", "写给填表的人，可以不填")
        self.evidence = text_edit("证明材料，每行一种", 2, 6)
        self.words = text_edit("通知原文", 1, 4)
        self.where = line_edit("通知出处", "如 二(二)")
        self._lay_out()
        self._connect()

    def fill(self) -> None:
        """Show the indicator."""
        given = self.data["indicators"][self.at]
        metric = given.get("auto_metric") or ""
        self.title.setText(f"指标 {given['code']} {given['name']}")
        show_text(self.code, given["code"])
        show_text(self.name, given["name"])
        show_text(self.points, editing.shown(given["max_points"]))
        show_text(self.note, str(given["rule"].get("note", "")))
        evidence = list(map(str, given.get("evidence", ())))
        if self._evidence() != evidence:  # an empty line is being typed in otherwise
            show_text(self.evidence, "\n".join(evidence))
        show_text(self.words, str(given.get("seed_words", "")))
        show_text(self.where, str(given.get("seed_where", "")))
        for box in (self.critical, self.dimension, self.answered, self.kind):
            box.blockSignals(True)
        self.critical.setChecked(bool(given.get("critical", False)))
        self.dimension.put(given["dimension"])  # offering keeps what is chosen
        self.dimension.offer([(each, each) for each in editing.dimensions(self.data)])
        self.answered.put(metric)
        self.kind.put(given["rule"]["type"])
        for box in (self.critical, self.dimension, self.answered, self.kind):
            box.blockSignals(False)
        self.rule.show_rule(given["rule"], metric)
        self._tell_unfit()

    def take_focus(self) -> None:
        """Go to the name."""
        self.name.setFocus()
        self.name.selectAll()

    def _lay_out(self) -> None:
        for line in (self.code, self.points):
            line.setMaximumWidth(theme.letter(self) * _SHORT)
        self.add_row("代码(&C)", self.code)
        self.add_row("名称(&M)", self.name)
        self.add_row("维度(&W)", self.dimension)
        self.add_row("满分(&P)", self.points)
        self.rows.addRow("", self.critical)
        self.add_row("由什么回答(&B)", self.answered)
        self.rows.addRow("", self._unfit)
        self.add_row("评分方式(&T)", self.kind)
        self.rows.addRow("", self.rule)
        self.add_row("评分说明(&R)", self.note)
        self.add_row("证明材料(&V)\n每行一种", self.evidence)
        self.add_row("通知原文(&L)", self.words)
        self.add_row("通知出处(&O)", self.where)

    def _connect(self) -> None:
        for name, line in (("code", self.code), ("name", self.name), ("seed_where", self.where)):
            line.changed.connect(lambda name=name, line=line: self._change(name, line.value()))
        self.words.changed.connect(lambda: self._change("seed_words", self.words.value()))
        self.points.changed.connect(lambda: self._change("max_points", editing.number(self.points.text())))
        self.evidence.changed.connect(lambda: self._change("evidence", self._evidence()))
        self.note.changed.connect(lambda: self._change_rule({"note": self.note.value()}, "note"))
        self.critical.toggled.connect(lambda on: self.put(editing.changed(self.data, self.at, critical=on)))
        self.dimension.changed.connect(self._on_dimension)
        self.answered.changed.connect(
            lambda: self._put_and_fill(editing.answered_by(self.data, self.at, str(self.answered.value())))
        )
        self.kind.changed.connect(lambda: self._put_and_fill(editing.ruled(self.data, self.at, str(self.kind.value()))))
        self.rule.changed.connect(self._change_rule)

    def _evidence(self) -> list[str]:
        lines = (each.strip() for each in self.evidence.value().splitlines())
        return [each for each in lines if each]

    def _change(self, name: str, value: Any) -> None:
        self.put(editing.changed(self.data, self.at, **{name: value}), name)
        if name in ("code", "name"):
            given = self.data["indicators"][self.at]
            self.title.setText(f"指标 {given['code']} {given['name']}")

    def _change_rule(self, fields: dict[str, Any], key: str) -> None:
        self.put(editing.rule_changed(self.data, self.at, **fields), key)
        self.rule.fit()
        self._tell_unfit()

    def _on_dimension(self) -> None:
        data, at = editing.belonging(self.data, self.at, str(self.dimension.value()))
        self.place = Place(Part.INDICATOR, at)
        self.put(data)

    def _put_and_fill(self, data: editing.Data) -> None:
        self.put(data)
        self.fill()

    def _tell_unfit(self) -> None:
        given = self.data["indicators"][self.at]
        metric = METRICS.get(given.get("auto_metric") or "")
        options = given["rule"].get("options", ())
        is_unfit = metric is not None and metric.options not in (0, len(options))
        self._unfit.setText(_UNFIT.format(title=metric.title, options=metric.options) if metric and is_unfit else "")
        self.rows.setRowVisible(self._unfit, is_unfit)
