"""The tree of offices with a search line that takes names, codes and pinyin initials."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QTreeView, QVBoxLayout, QWidget

from riskdesk import clock
from riskdesk.domain.matching import Names
from riskdesk.domain.offices import Office, Roster
from riskdesk.services.completion import initials
from riskdesk.ui.widgets.parts import named, told

_CODE_ROLE = int(Qt.ItemDataRole.UserRole)
_PAUSE = 80  # ms


class OfficeTree(QWidget):
    """Emits `chosen` when another office is current, `accepted` when Enter or a double click settles it."""

    chosen = Signal()
    accepted = Signal()

    def __init__(self, roster: Roster, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        offices = {office.code: office for office in roster.offices if office.valid_on(clock.today())}
        self._codes = list(offices)
        self._named: Names | None = None
        self._texts = [f"{office.name} {office.code}" for office in offices.values()]
        self._found = _Found(self)
        self._found.setSourceModel(_model(offices))
        self.search = _Search(self)
        self.tree = named(QTreeView(headerHidden=True), "单位列表")
        self.tree.setModel(self._found)
        self.tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.tree.setUniformRowHeights(True)
        self.tree.expandToDepth(0)
        self._nothing = told(name="warn")
        self._nothing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search)
        layout.addWidget(self._nothing)
        layout.addWidget(self.tree, 1)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._filter)
        self.search.textChanged.connect(self._timer.start)
        self.search.moved_down.connect(self.tree.setFocus)
        self.search.returnPressed.connect(self._settle)
        self.tree.selectionModel().currentChanged.connect(lambda *_indexes: self.chosen.emit())
        self.tree.activated.connect(lambda _index: self.accepted.emit())

    def code(self) -> str:
        """Return the code of the chosen office, "" if none is."""
        code: str | None = self.tree.currentIndex().data(_CODE_ROLE)
        return code or ""

    @property
    def trouble(self) -> str:
        """What is said if nothing was found."""
        return "" if self._nothing.isHidden() else self._nothing.text()

    def choose(self, code: str) -> None:
        """Choose an office by its code."""
        for index in self._all():
            if index.data(_CODE_ROLE) == code:
                self.tree.setCurrentIndex(index)
                self.tree.scrollTo(index)
                return

    def _settle(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._filter()
        if self.code():
            self.accepted.emit()

    def _filter(self) -> None:
        typed = self.search.text().strip()
        if not typed:
            self._nothing.hide()
            self._found.show_only(None)
            self.tree.collapseAll()
            self.tree.expandToDepth(0)
            return
        if self._named is None:  # the table of readings is loaded for the first search only
            self._named = Names(self._texts, initials())
        matches = [self._codes[place] for _rank, place in self._named.find(typed)]
        self._found.show_only(set(matches))
        self._nothing.setText(f"没有找到“{typed}”，请换个写法或用拼音首字母。")
        self._nothing.setVisible(not matches)
        self.tree.expandAll()
        if matches:
            self.choose(matches[0])
        else:
            self.tree.setCurrentIndex(QModelIndex())

    def _all(self) -> list[QModelIndex]:
        waiting, found = [QModelIndex()], []
        while waiting:
            parent = waiting.pop()
            children = [self._found.index(row, 0, parent) for row in range(self._found.rowCount(parent))]
            found += children
            waiting += children
        return found


class _Found(QSortFilterProxyModel):
    """Lets through the offices found, and those above them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wanted: set[str] | None = None
        self.setRecursiveFilteringEnabled(True)

    def show_only(self, codes: set[str] | None) -> None:
        self._wanted = codes
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: QModelIndex) -> bool:  # type: ignore[override]
        if self._wanted is None:
            return True
        return self.sourceModel().index(row, 0, parent).data(_CODE_ROLE) in self._wanted


class _Search(QLineEdit):
    """Arrow down goes on to the tree."""

    moved_down = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, placeholderText="输入名称或拼音首字母，如 小店 或 xdq", clearButtonEnabled=True)
        self.setAccessibleName("查找单位")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.moved_down.emit()
            return
        super().keyPressEvent(event)


def _model(offices: dict[str, Office]) -> QStandardItemModel:
    model = QStandardItemModel()
    items = {code: QStandardItem(office.name) for code, office in offices.items()}
    for code, item in items.items():
        item.setData(code, _CODE_ROLE)
        above = items.get(next(iter(offices[code].report_to), ""))
        (above or model.invisibleRootItem()).appendRow(item)
    return model
