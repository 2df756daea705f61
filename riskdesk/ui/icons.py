"""Icons in the colours of the theme, from one-coloured SVG files."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from riskdesk.paths import resource

_SIZES = (20, 40)  # px, for screens of one and two times the density
_NAME, _ROLE = "icon_name", "icon_role"


def icon(name: str, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText) -> QIcon:
    """Return the icon in a colour of the palette as it is now; see `dress` for one that follows the theme.

    On what is disabled all icons are alike, as the text and background of buttons are.
    """
    palette = QGuiApplication.palette()
    made = QIcon()
    for mode, colour in (
        (QIcon.Mode.Normal, palette.color(QPalette.ColorGroup.Active, role)),
        (QIcon.Mode.Disabled, palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)),
    ):
        for size in _SIZES:
            made.addPixmap(_pixmap(name, colour, size), mode)
    return made


def program_icon() -> QIcon:
    """Return the icon of windows and task bar."""
    return QIcon(str(resource("icons/riskdesk.svg")))


def dress(button: QAbstractButton, name: str, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText) -> None:
    """Give a button an icon that keeps to the theme when it changes."""
    button.setProperty(_NAME, name)
    button.setProperty(_ROLE, role.value)
    button.setIcon(icon(name, role))


def redress(button: QAbstractButton, role: QPalette.ColorRole) -> None:
    """Give the icon of a dressed button another role."""
    if name := button.property(_NAME):
        dress(button, name, role)


def role_on(kind: str) -> QPalette.ColorRole:
    """Return the role that an icon has on a push button of the kind "primary", "quiet" or "" (see the style sheet)."""
    roles = {"primary": QPalette.ColorRole.HighlightedText, "quiet": QPalette.ColorRole.Link}
    return roles.get(kind, QPalette.ColorRole.ButtonText)


def recolour(widgets: Iterable[QWidget]) -> None:
    """Draw the icons of dressed buttons again after the palette has changed."""
    for widget in widgets:
        if isinstance(widget, QAbstractButton) and (name := widget.property(_NAME)):
            widget.setIcon(icon(name, QPalette.ColorRole(widget.property(_ROLE))))


def recoloured_svg(name: str, colour: str) -> bytes:
    """Return the SVG of an icon with its paths filled in a colour."""
    text = resource(f"icons/{name}.svg").read_text("utf-8")
    return text.replace("<path", f'<path fill="{colour}"').encode("utf-8")


def _pixmap(name: str, colour: QColor, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(recoloured_svg(name, colour.name()))).render(painter)
    painter.end()
    return pixmap
