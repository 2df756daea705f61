"""A template as a tree: title and total, dimensions with their indicators and points, grades, vetoes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeWidgetItem, QWidget

from riskdesk.domain import template_editing as editing
from riskdesk.domain.template_checking import Part, Place, Sum, sums, whole_sum
from riskdesk.domain.template_editing import Data
from riskdesk.ui.widgets.chip_tree import ChipTree

_TONE = int(Qt.ItemDataRole.UserRole)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, slots=True)
class _Row:
    place: Place
    text: str
    points: str = ""
    tone: str = "grey"


class TemplateTree(ChipTree):
    """Emits `chosen(place)` when a person goes elsewhere; Delete and Alt with arrows are what the buttons below it do."""

    chosen = Signal(object)
    deletion_wanted = Signal()
    move_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("模板的内容", _TONE, parent)
        self._places: list[Place] = []
        self._items: dict[Place, QTreeWidgetItem] = {}
        self.currentItemChanged.connect(self._on_current_changed)

    def show_data(self, data: Data, at: Place) -> None:
        """Show a state of the template with the cursor on a part of it."""
        rows = list(_rows(data))
        self.blockSignals(True)
        if [each.place for each in rows] != self._places:
            self._build(rows)
        for each in rows:
            _write(self._items[each.place], each)
        self.setCurrentItem(self._items[at])
        self.blockSignals(False)

    def place(self) -> Place:
        """Return where the cursor is."""
        item = self.currentItem()
        return next((place for place, each in self._items.items() if each is item), Place(Part.GENERAL))

    def points(self) -> list[str]:
        """Return what stands in the column of points, from top to bottom."""
        return [self._items[each].text(1) for each in self._places]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt override: delete and move."""
        step = _STEPS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Delete:
            self.deletion_wanted.emit()
        elif step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_wanted.emit(step)
        else:
            super().keyPressEvent(event)

    def _build(self, rows: list[_Row]) -> None:
        self.clear()
        self._places = [each.place for each in rows]
        self._items = {}
        above: QTreeWidgetItem | None = None
        for each in rows:
            inside = each.place.part is Part.INDICATOR and above is not None
            item = QTreeWidgetItem(above) if inside and above is not None else QTreeWidgetItem(self)
            self._items[each.place] = item
            if not inside:
                above = item
        self.expandAll()

    def _on_current_changed(self, current: QTreeWidgetItem | None) -> None:
        if current is not None:
            self.chosen.emit(self.place())


def _rows(data: Data) -> Iterator[_Row]:
    yield _Row(Place(Part.GENERAL), "标题和总分", *_sum(whole_sum(data)))
    for at, (name, found) in enumerate(zip(editing.dimensions(data), sums(data), strict=True)):
        yield _Row(Place(Part.DIMENSION, at), name, *_sum(found))
        for number, each in enumerate(data["indicators"]):
            if each["dimension"] == name:
                mark = "（关键）" if each.get("critical") else ""
                points = f"{editing.shown(each['max_points'])} 分"
                yield _Row(Place(Part.INDICATOR, number), f"{each['code']} {each['name']}{mark}", points)
    yield _Row(Place(Part.GRADES), "等级", f"{len(data['grades'])} 级")
    yield _Row(Place(Part.VETOES), "否决项", f"{len(data['veto'])} 项")


def _sum(found: Sum) -> tuple[str, str]:
    if found.is_right:
        return f"{editing.shown(found.wanted)} 分", "green"
    have, want = ("?" if each is None else editing.shown(each) for each in (found.found, found.wanted))
    return f"{have} / {want} 分", "red"


def _write(item: QTreeWidgetItem, row: _Row) -> None:
    if (item.text(0), item.text(1)) != (row.text, row.points):
        item.setText(0, row.text)
        item.setToolTip(0, row.text)
        item.setText(1, row.points)
        item.setToolTip(1, "合计 / 应为" if "/" in row.points else "")
    item.setData(1, _TONE, row.tone)
