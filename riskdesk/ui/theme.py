"""The look: design tokens for light and dark, and the palette and style sheet made from them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTemporaryDir
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from riskdesk.paths import resource
from riskdesk.ui import icons

SMALLEST, LARGEST = 9.0, 20.0  # points
FAMILIES = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "PingFang SC",
    "sans-serif",
)
_MIDDLE = 128  # lightness


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme by what they are for; text has 4.5:1 on its ground, borders of controls 3:1."""

    bg: str
    surface: str
    surface2: str
    side: str
    line: str
    line2: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_h: str
    accent_bg: str
    on_accent: str
    red: str
    red_bg: str
    amber: str
    amber_bg: str
    green: str
    green_bg: str
    sel: str
    alt: str

    def tone(self, name: str) -> tuple[str, str]:
        """Return text and ground of a chip: red, amber, green, blue or grey."""
        tones = {
            "red": (self.red, self.red_bg),
            "amber": (self.amber, self.amber_bg),
            "green": (self.green, self.green_bg),
            "blue": (self.accent, self.accent_bg),
        }
        return tones.get(name, (self.muted, self.surface2))


LIGHT = Tokens(
    bg="#F3F5F8", surface="#FFFFFF", surface2="#F8FAFC", side="#FFFFFF", line="#DFE4EA", line2="#818C9A", text="#1B2430",
    muted="#5A6777", faint="#637081", accent="#1F5FBF", accent_h="#174C9C", accent_bg="#E7EFFB", on_accent="#FFFFFF",
    red="#B42318", red_bg="#FDECEA", amber="#8A5300", amber_bg="#FFF3DC", green="#14703F", green_bg="#E4F5EB",
    sel="#DCE8FA", alt="#F8FAFC",
)  # fmt: skip
DARK = Tokens(
    bg="#15191F", surface="#1D232B", surface2="#222932", side="#191E25", line="#333C48", line2="#7A8799", text="#E8EDF3",
    muted="#A9B4C2", faint="#93A0B0", accent="#7FB0FF", accent_h="#A3C7FF", accent_bg="#22344F", on_accent="#0E1826",
    red="#FF9C90", red_bg="#46241F", amber="#F4BF63", amber_bg="#42331A", green="#7CD3A0", green_bg="#1C3A2A",
    sel="#2A4468", alt="#20262F",
)  # fmt: skip


def current() -> Tokens:
    """Return the tokens of the theme that is shown now."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < _MIDDLE else LIGHT


def is_dark(wanted: str) -> bool:
    """Tell whether "light", "dark" or "system" means dark on this machine now."""
    if wanted == "system":
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return wanted == "dark"


def apply(app: QApplication, wanted: str, points: float) -> None:
    """Show the whole program in a theme ("light", "dark", "system") at a font size in points."""
    tokens = DARK if is_dark(wanted) else LIGHT
    points = min(max(points, SMALLEST), LARGEST)
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPointSizeF(points)
    app.setStyle("Fusion")
    app.setFont(font)
    app.setPalette(_palette(tokens))
    app.setStyleSheet(_style_sheet(tokens, points, _pictures(app)))
    icons.recolour(app.allWidgets())


def letter(widget: QWidget) -> int:
    """Return the width of half a Chinese character in px, the unit of widths; an average of the whole font says nothing."""
    return max(1, widget.fontMetrics().horizontalAdvance("国") // 2)


def repolish(widget: QWidget) -> None:
    """Let the style sheet look at a widget's properties again."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    QWidget.update(widget)  # item views have another one


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for each, colour in (
        (role.Window, tokens.bg), (role.WindowText, tokens.text), (role.Base, tokens.surface), (role.AlternateBase, tokens.alt),
        (role.Text, tokens.text), (role.Button, tokens.surface), (role.ButtonText, tokens.text),
        (role.ToolTipBase, tokens.surface), (role.ToolTipText, tokens.text), (role.PlaceholderText, tokens.faint),
        (role.Highlight, tokens.accent), (role.HighlightedText, tokens.on_accent), (role.Link, tokens.accent),
        (role.Light, tokens.surface), (role.Midlight, tokens.surface2), (role.Mid, tokens.line), (role.Dark, tokens.line2),
        (role.Shadow, tokens.line2), (role.BrightText, tokens.red), (role.Accent, tokens.accent),
    ):  # fmt: skip
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(tokens.faint))
    return palette


def _style_sheet(tokens: Tokens, points: float, pictures: Path) -> str:
    template = resource("theme/riskdesk.qss").read_text("utf-8")
    sizes = {
        "pt": f"{points:g}",
        "sm": f"{points * 0.9:.1f}",
        "lg": f"{points * 1.12:.1f}",
        "xl": f"{points * 1.55:.1f}",
        "xxl": f"{points * 2.3:.1f}",
        "h": str(round(points * 2.9)),  # px: the height of a control's inside
        "hf": str(round(points * 2.9) - 2),  # the same with a 2 px border instead of 1
        "box": str(round(points * 1.5)),
        "round": str(round(points * 1.5) // 2 + 1),  # makes a circle of a box with its border
        "step": str(round(points * 2.4)),  # px: the buttons of a spin box
        "steph": str(round(points * 2.9) // 2),
        "time": str(round(points * 6.2) + 12),  # Qt forgets the margins of the text inside
        "arrow": str(round(points * 1.4)),
    }
    for name, value in {**asdict(tokens), **sizes, "icons": _recoloured(tokens, pictures)}.items():
        template = template.replace(f"@{name}@", value)
    return template


class _Pictures(QObject):
    """A folder that only this user and this process use; it goes away with the application."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._folder = QTemporaryDir()  # 0700, and its name cannot be foretold
        self.path = Path(self._folder.path())
        app.aboutToQuit.connect(self._folder.remove)


def _pictures(app: QApplication) -> Path:
    kept = app.findChild(_Pictures)
    return (kept if isinstance(kept, _Pictures) else _Pictures(app)).path


def _recoloured(tokens: Tokens, pictures: Path) -> str:
    """Write the pictures that the style sheet names in the theme's colours; Qt takes them from files only."""
    folder = pictures / f"{tokens.muted[1:]}{tokens.on_accent[1:]}"
    if pictures.is_absolute():  # else no folder could be made
        with suppress(OSError):  # a full disk costs the pictures and not the start
            _write_pictures(tokens, folder)
    return folder.as_posix()


def _write_pictures(tokens: Tokens, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for target, name, colour in (
        ("down", "down", tokens.muted), ("up", "up", tokens.muted), ("check", "check", tokens.on_accent),
        ("more", "up", tokens.text), ("less", "down", tokens.text),
        ("more_off", "up", tokens.line2), ("less_off", "down", tokens.line2),
    ):  # fmt: skip
        (folder / f"{target}.svg").write_bytes(icons.recoloured_svg(name, colour))
