"""Fields that two people left different: title, my content, the present content, and which of the two is to be saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QLabel, QRadioButton, QWidget

from riskdesk.domain.merging import Clash, Side
from riskdesk.domain.records import Record
from riskdesk.domain.titles import field_title
from riskdesk.services.merging import Overtaken
from riskdesk.services.reference import Reference
from riskdesk.ui import theme
from riskdesk.ui.widgets.field_values import compared, shown
from riskdesk.ui.widgets.parts import chip, empty, retone, styled, told

_TITLE_LETTERS = 22  # half characters


@dataclass(frozen=True, slots=True)
class SideWords:
    """How the two sides are called: as headings and to be taken; `clash` says that a person has to choose between them."""

    mine: str
    theirs: str
    take_mine: str
    take_theirs: str
    clash: str

    def who(self, side: Side | None) -> tuple[str, str]:
        """Return who alone changed a field, and the tone of the chip that says so."""
        alone = {Side.MINE: ("只有我改了", "blue"), Side.THEIRS: ("只有对方改了", "blue")}
        return alone[side] if side else (f"{self.clash}，请选择", "red")


CHANGED = SideWords("我的内容", "现在的内容", "用我的", "用现在的", "双方都改了")
FORKED = SideWords("您打开的版本", "另一个版本", "用打开的", "用另一个", "两个版本不同")


def words_for(given: Overtaken) -> SideWords:
    """Return how the sides are called: where a record has two versions, nobody changed what is typed."""
    return FORKED if given.is_forked else CHANGED


class _Radio(QRadioButton):
    """Arrows sideways take a side also where none is taken yet; up and down lead to the next field."""

    moved = Signal(int)
    taken = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        sides = {Qt.Key.Key_Left: Side.MINE, Qt.Key.Key_Right: Side.THEIRS}
        key = Qt.Key(event.key())
        if key in rows:
            self.moved.emit(rows[key])
        elif key in sides:
            self.taken.emit(sides[key])
        else:
            super().keyPressEvent(event)


class ClashRow:
    """One row; its parts lie in the grid of a `ClashTable`."""

    def __init__(
        self, clash: Clash, texts: Mapping[Side, str], side: Side | None, words: SideWords, parent: QWidget
    ) -> None:
        self.clash, self._words = clash, words
        self.title = QLabel(field_title(clash.name), parent, wordWrap=True)
        self.told = chip(*words.who(clash.side))
        self.group = QButtonGroup(parent)
        self.mine = self._radio(words.take_mine, texts[Side.MINE], parent)
        self.theirs = self._radio(words.take_theirs, texts[Side.THEIRS], parent)
        self.contents = {
            Side.MINE: _content(texts[Side.THEIRS], texts[Side.MINE]),
            Side.THEIRS: _content(texts[Side.MINE], texts[Side.THEIRS]),
        }
        if side is not None:
            self.choose(side)
        self.group.buttonToggled.connect(self._mark)
        self._mark()

    @property
    def side(self) -> Side | None:
        """What was chosen."""
        if self.mine.isChecked():
            return Side.MINE
        return Side.THEIRS if self.theirs.isChecked() else None

    def choose(self, side: Side) -> None:
        """Choose a side."""
        self._of(side).setChecked(True)

    def go(self) -> None:
        """Take the focus."""
        self._of(self.side or Side.MINE).setFocus(Qt.FocusReason.TabFocusReason)

    def put(self, grid: QGridLayout, row: int) -> None:
        """Lie in two rows of a grid."""
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.title, row, 0, top)
        grid.addWidget(self.told, row + 1, 0, top | Qt.AlignmentFlag.AlignLeft)
        for column, radio, side in ((1, self.mine, Side.MINE), (2, self.theirs, Side.THEIRS)):
            grid.addWidget(radio, row, column, top)
            grid.addWidget(self.contents[side], row + 1, column, top)

    def _radio(self, text: str, content: str, parent: QWidget) -> _Radio:
        radio = _Radio(text, parent)
        title = field_title(self.clash.name)
        radio.setAccessibleName(f"{title}：{text}，{content}，{self._words.who(self.clash.side)[0]}")
        self.group.addButton(radio)
        radio.taken.connect(self._on_taken)
        return radio

    def _of(self, side: Side) -> _Radio:
        return self.mine if side is Side.MINE else self.theirs

    def _on_taken(self, side: Side) -> None:
        self.choose(side)
        self.go()

    def _mark(self) -> None:
        # Tab leads to the one that is chosen, arrows from there to the other
        at_theirs = self.side is Side.THEIRS
        self.mine.setFocusPolicy(Qt.FocusPolicy.ClickFocus if at_theirs else Qt.FocusPolicy.StrongFocus)
        self.theirs.setFocusPolicy(Qt.FocusPolicy.StrongFocus if at_theirs else Qt.FocusPolicy.ClickFocus)
        if self.clash.side is None:
            retone(self.told, *((f"{self._words.clash}，已选择", "green") if self.side else self._words.who(None)))


class ClashTable(QWidget):
    """Shows the rows below their headings; emits `chosen` when another side was taken anywhere."""

    chosen = Signal()

    def __init__(self, reference: Reference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("form")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._reference = reference
        self.rows: list[ClashRow] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, theme.letter(self) * _TITLE_LETTERS)
        for column in (1, 2):
            self._grid.setColumnStretch(column, 1)

    def show_clashes(self, given: Overtaken, kept: Mapping[str, Side]) -> None:
        """Show what differs; `kept` are choices by the name of the field that were made before."""
        self._clear()
        words = words_for(given)
        for column, text in enumerate(("字段", words.mine, words.theirs)):
            self._grid.addWidget(told(text), 0, column)
        for number, clash in enumerate(given.clashes):
            at = 1 + number * 3
            self._grid.addWidget(_line(), at, 0, 1, 3)
            texts = {Side.MINE: self._text(given.mine, clash), Side.THEIRS: self._text(given.theirs, clash)}
            row = ClashRow(clash, texts, kept.get(clash.name, clash.side), words, self)
            row.put(self._grid, at + 1)
            row.group.buttonToggled.connect(self.chosen)
            for radio in (row.mine, row.theirs):
                radio.moved.connect(lambda by, number=number: self._go(number + by))
            self.rows.append(row)
        self._grid.setRowStretch(1 + len(self.rows) * 3, 1)

    def choose_all(self, side: Side) -> None:
        """Take one side everywhere."""
        for row in self.rows:
            row.choose(side)

    def _go(self, number: int) -> None:
        if 0 <= number < len(self.rows):
            self.rows[number].go()

    def _clear(self) -> None:
        self._grid.setRowStretch(1 + len(self.rows) * 3, 0)
        self.rows = []
        empty(self._grid)

    def _text(self, record: Record, clash: Clash) -> str:
        first, *codes = clash.fields
        lines = [shown(first, getattr(record, first), self._reference)]
        lines += [f"{field_title(name)}：{shown(name, getattr(record, name), self._reference)}" for name in codes]
        return "\n".join(lines)


def _content(other: str, own: str) -> QLabel:
    """Return a text in which what the other one does not say is underlined."""
    colour = theme.current().accent
    label = QLabel(compared(other, own, colour, colour)[1], wordWrap=True)
    label.setTextFormat(Qt.TextFormat.RichText)
    return label


def _line() -> QFrame:
    line = styled(QFrame(), "line")
    line.setFrameShape(QFrame.Shape.HLine)
    return line
