"""Fields of the template's editor: undoing is that of the whole editor, not of the line that has the cursor."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from riskdesk.domain.template_checking import Place
from riskdesk.domain.template_editing import Data
from riskdesk.ui.widgets.parts import heading, named, told
from riskdesk.ui.widgets.text_edits import LineEdit, TextEdit

UNDO, REDO = ("Ctrl+Z",), ("Ctrl+Y", "Ctrl+Shift+Z")
_KEYS = tuple(QKeySequence(each) for each in (*UNDO, *REDO))


class _KeysLeft(QObject):
    """Keeps a field from claiming the keys that undo and redo before the editor sees them."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt override."""
        is_claim = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_claim and isinstance(event, QKeyEvent) and QKeySequence(event.keyCombination()) in _KEYS:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def line_edit(name: str, placeholder: str = "") -> LineEdit:
    """Return a line of text; `name` is what screen readers say."""
    made = named(LineEdit(placeholder), name)
    made.installEventFilter(_KeysLeft(made))
    return made


def text_edit(name: str, fewest: int, most: int) -> TextEdit:
    """Return lines of text; `name` is what screen readers say."""
    made = named(TextEdit(fewest, most), name)
    made.installEventFilter(_KeysLeft(made))
    return made


def show_text(field: LineEdit | TextEdit, text: str) -> None:
    """Put in a text that nobody typed now; where it stands already the cursor stays."""
    if text != (field.text() if isinstance(field, LineEdit) else field.toPlainText()):
        field.blockSignals(True)
        field.put(text)
        field.blockSignals(False)
        field.updateGeometry()


class TemplateForm(QWidget):
    """The form of one part of the template; emits `edited(data, key, place)`: steps with the same key in a row are undone as one."""

    edited = Signal(object, str, object)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.data: Data = {}
        self.place: Place | None = None
        self.title = heading(title)
        self.title.setWordWrap(True)
        self.trouble = told(name="err")
        self.trouble.hide()
        self.rows = QFormLayout()
        self.rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 12)
        layout.addWidget(self.title)
        layout.addLayout(self.rows)
        layout.addWidget(self.trouble)
        layout.addStretch(1)

    def add_row(self, label: str, field: QWidget) -> None:
        """Add a field with its label, whose accelerator leads to it."""
        shown = QLabel(label)
        shown.setBuddy(field)
        self.rows.addRow(shown, field)

    def show_data(self, data: Data, place: Place) -> None:
        """Show a state of the template; the part is the form's own."""
        self.data, self.place = data, place
        self.refuse("")
        self.fill()

    def fill(self) -> None:
        """Put what the template says into the fields."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the cursor where typing begins."""
        raise NotImplementedError

    def put(self, data: Data, key: str = "") -> None:
        """Hand on what the template is now."""
        self.data = data
        self.refuse("")
        self.edited.emit(data, f"{self.place} {key}" if key else "", self.place)

    def refuse(self, text: str) -> None:
        """Say in red why something was not taken; "" is nothing to say."""
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))

    @property
    def at(self) -> int:
        """Which indicator or dimension is shown."""
        return self.place.at if self.place is not None else 0


def allow(given: QPushButton, can: bool, why: str) -> None:
    """Let a button be pressed, or tell why it cannot."""
    given.setEnabled(can)
    given.setToolTip("" if can else why)


def scrolled(form: TemplateForm) -> QScrollArea:
    """Return the form in a view that scrolls up and down."""
    scroll = QScrollArea(widgetResizable=True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(form)
    return scroll
