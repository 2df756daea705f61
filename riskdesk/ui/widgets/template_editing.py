"""The template's editor without its window: the tree, the form of what is chosen in it, undo and redo, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain import template_editing as editing
from riskdesk.domain.template_checking import Part, Place, Problem, dimension_of, problem, why_not_deleted
from riskdesk.domain.template_editing import Data
from riskdesk.domain.timeline import Timeline
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.template_fields import REDO, UNDO, TemplateForm, allow, scrolled
from riskdesk.ui.widgets.template_indicator import IndicatorForm
from riskdesk.ui.widgets.template_parts import DimensionForm, GeneralForm, GradesForm, VetoesForm
from riskdesk.ui.widgets.template_tree import TemplateTree


@dataclass(frozen=True, slots=True)
class _State:
    """What the template was after a step, and which parts were looked at before and after it."""

    data: Data
    before: Place
    after: Place


class TemplateEditing(QWidget):
    """Emits `changed` after every step, undone ones too; `problem` is the first thing that is wrong then."""

    changed = Signal()

    def __init__(self, data: Data, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._begun = data
        self.place = Place(Part.GENERAL)  # which part is shown
        self._line = Timeline(_State(data, self.place, self.place))
        self.problem: Problem | None = None
        self.tree = TemplateTree()
        self.forms: Mapping[Part, TemplateForm] = {
            Part.GENERAL: GeneralForm(),
            Part.DIMENSION: DimensionForm(),
            Part.INDICATOR: IndicatorForm(),
            Part.GRADES: GradesForm(),
            Part.VETOES: VetoesForm(),
        }
        self.add = button("增加指标(&A)", icon="add")
        self.add_dimension = button("增加维度(&D)", icon="add")
        self.delete = button("删除(&X)", icon="delete")
        self.up = button("上移(&U)", icon="up")
        self.down = button("下移(&N)", icon="down")
        self.undo = button("撤销(&Z)", icon="undo")
        self.redo = button("重做(&Y)", icon="redo")
        self.lead = button("转到出错处(&G)", kind="quiet", icon="next")
        self._told = told()
        self._wrong = told(name="err")
        self._stack = QStackedWidget()
        self._scrolls = {part: scrolled(form) for part, form in self.forms.items()}
        self._lay_out()
        self._connect()
        self._show()

    # --- what the dialog asks for ---

    @property
    def data(self) -> Data:
        """The template as it is now."""
        return self._line.now.data

    def is_changed(self) -> bool:
        """Tell whether it says something else than at the beginning."""
        return self.data != self._begun

    def go(self, place: Place) -> None:
        """Show another part."""
        self._line, self.place = self._line.paused(), place
        self._show()

    def lead_to_problem(self) -> None:
        """Show the part in which something is wrong, with the cursor in it."""
        if self.problem is not None:
            self.go(self.problem.place)
            self.forms[self.place.part].take_focus()

    # --- the parts ---

    def _lay_out(self) -> None:
        left = QWidget()
        grid = QGridLayout()
        grid.setSpacing(6)
        buttons = ((self.add, self.add_dimension, self.delete), (self.up, self.down))
        for row, those in enumerate(buttons):
            for column, each in enumerate(those):
                grid.addWidget(each, row, column)
        inside = QVBoxLayout(left)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.tree, 1)
        inside.addLayout(grid)
        for scroll in self._scrolls.values():
            self._stack.addWidget(scroll)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._stack)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        foot = QHBoxLayout()
        for part in (self.undo, self.redo):
            foot.addWidget(part)
        foot.addWidget(self._told, 1)
        foot.addWidget(self._wrong, 1)
        foot.addWidget(self.lead)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter, 1)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.tree.chosen.connect(self.go)
        self.tree.deletion_wanted.connect(self.delete.click)
        self.tree.move_wanted.connect(self._move)
        for form in self.forms.values():
            form.edited.connect(self._on_edited)
        self.add.clicked.connect(self._on_add)
        self.add_dimension.clicked.connect(self._on_add_dimension)
        self.delete.clicked.connect(self._on_delete)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.undo.clicked.connect(self._on_undo)
        self.redo.clicked.connect(self._on_redo)
        self.lead.clicked.connect(self.lead_to_problem)
        for keys, slot in ((UNDO, self._on_undo), (REDO, self._on_redo)):
            for each in keys:
                QShortcut(QKeySequence(each), self, slot)

    # --- showing ---

    def _show(self) -> None:
        """Show the state in the tree and in the form of what is chosen."""
        part = self.place.part
        self.forms[part].show_data(self.data, self.place)
        if self._stack.currentWidget() is not self._scrolls[part]:
            self._stack.setCurrentWidget(self._scrolls[part])
        self._show_beside()

    def _show_beside(self) -> None:
        """Show what follows from the state; the form is left alone, as it is being typed in."""
        self.tree.show_data(self.data, self.place)
        self.problem = problem(self.data)
        is_right = self.problem is None
        self._wrong.setText("" if self.problem is None else self.problem.text)
        self._told.setText("各部分合计与应得的一致，可以保存。" if self.is_changed() else "还没有修改。")
        for each, is_shown in ((self._wrong, not is_right), (self.lead, not is_right), (self._told, is_right)):
            each.setVisible(is_shown)
        self._offer()
        self.changed.emit()

    def _offer(self) -> None:
        data, place = self.data, self.place
        is_indicator = place.part is Part.INDICATOR
        allow(self.undo, bool(self._line.past), "没有可以撤销的修改")
        allow(self.redo, bool(self._line.future), "没有可以重做的修改")
        allow(self.add, dimension_of(data, place) is not None, "请先选中一个维度或指标")
        why = why_not_deleted(data, place)
        allow(self.delete, not why, why)
        for each, by, end in ((self.up, -1, "已经是本维度的第一个"), (self.down, 1, "已经是本维度的最后一个")):
            can = is_indicator and editing.neighbour(data, place.at, by) is not None
            allow(each, can, end if is_indicator else "请先选中一个指标")

    # --- steps ---

    def _on_edited(self, data: Data, key: str, place: Place) -> None:
        self._line = self._line.then(_State(data, self.place, place), key)
        self.place = place
        self._show_beside()

    def _step(self, data: Data, place: Place) -> None:
        if data == self.data:
            return
        self._line = self._line.then(_State(data, self.place, place))
        self.place = place
        self._show()

    def _on_add(self) -> None:
        dimension = dimension_of(self.data, self.place)
        if dimension is not None:
            data, at = editing.added(self.data, dimension)
            self._step(data, Place(Part.INDICATOR, at))
            self.forms[Part.INDICATOR].take_focus()

    def _on_add_dimension(self) -> None:
        data, at = editing.dimension_added(self.data)
        self._step(data, Place(Part.DIMENSION, at))
        self.forms[Part.DIMENSION].take_focus()

    def _on_delete(self) -> None:
        place, dimension = self.place, dimension_of(self.data, self.place)
        if why_not_deleted(self.data, place) or dimension is None:
            return
        if place.part is Part.INDICATOR:
            data, at = editing.deleted(self.data, place.at)
            self._step(data, Place(Part.INDICATOR, at))
        else:
            data = editing.dimension_deleted(self.data, dimension)
            rest = len(editing.dimensions(data))
            self._step(data, Place(Part.DIMENSION, min(place.at, rest - 1)) if rest else Place(Part.GENERAL))

    def _move(self, by: int) -> None:
        if self.place.part is Part.INDICATOR:
            data, at = editing.moved(self.data, self.place.at, by)
            self._step(data, Place(Part.INDICATOR, at))

    def _on_undo(self) -> None:
        was = self._line.now
        if self._line.past:
            self._line = self._line.undone()
            self._go_where(was.before)

    def _on_redo(self) -> None:
        if self._line.future:
            self._line = self._line.redone()
            self._go_where(self._line.now.after)

    def _go_where(self, place: Place) -> None:
        """Show the part that became another; the cursor stays in its field."""
        focus = QApplication.focusWidget()
        self.go(place)
        if focus is not None and focus.isVisible():
            focus.setFocus()
