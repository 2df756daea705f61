"""One window in one look, and the pictures that are taken of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import screenshot_office as office
from PIL import Image
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from riskdesk.services.desk import Desk
from riskdesk.services.listing import Filter
from riskdesk.services.reference import Reference
from riskdesk.ui import theme
from riskdesk.ui.input_methods import Route
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.main_window import MainWindow

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "screenshots"
HOME = Path(r"D:\风险信息数据")  # a relative path here, in a folder of our own
COLOURS = 256
PATIENCE = 20_000  # ms
SETTLED = 250  # ms
TITLE_HEIGHT = 2.2  # lines of the title bar that is painted above a dialog


@dataclass(frozen=True, slots=True)
class Look:
    """A theme, a size of letters, and the size of the window."""

    name: str
    theme: str
    points: float
    width: int
    height: int


LOOKS = (
    Look("light", "light", 10.5, 1366, 768),
    Look("dark", "dark", 10.5, 1366, 768),
    Look("14pt", "light", 14, 1600, 960),
)


class Studio:
    """One window in one look, and what is to be seen in it."""

    def __init__(self, app: QApplication, reference: Reference, look: Look, wanted: Sequence[str]) -> None:
        self._look, self._wanted, self._reference = look, wanted, reference
        theme.apply(app, look.theme, look.points)
        self.desk = Desk(HOME, reference)
        self.jobs = Jobs()
        self.window = MainWindow(self.desk, self.jobs, Route.FCITX5, ["riskdesk"])
        self.window.resize(look.width, look.height)
        self.window.show()
        self.settle()

    def close(self) -> None:
        """Close the window and what belongs to it."""
        self.window.close()
        self.jobs.stop_all()
        self.window.deleteLater()
        QTest.qWait(SETTLED)
        self.desk.close()

    def settle(self) -> None:
        """Wait until jobs and paintings are done."""
        QTest.qWait(SETTLED)
        waited = 0
        while self.jobs.is_busy() and waited < PATIENCE:
            QTest.qWait(50)
            waited += 50
        QTest.qWait(SETTLED)

    def shoot(self, name: str) -> None:
        """Take a picture of the window."""
        self.settle()
        self.keep(name, self.window.grab())

    @property
    def reference(self) -> Reference:
        """What desks are opened with."""
        return self._reference

    def shoot_dialog(self, name: str, dialog: QDialog, *, closing: bool = True) -> None:
        """Take a picture of an open dialog in front of the window, and close it."""
        self.settle()
        whole = self.window.grab()
        self._paint_dialog(whole, dialog)
        self.keep(name, whole)
        if closing:
            dialog.reject()
        QTest.qWait(SETTLED)

    def wants(self, name: str) -> bool:
        """Tell whether a picture was asked for."""
        return not self._wanted or any(name.startswith(each) for each in self._wanted)

    def choose(self, product: str) -> str:
        """Show a record of the present period on the page of records; return its id."""
        self.window.show_page("records")
        page = self.window.records
        page.show_filter(Filter(period=office.PERIOD))
        self.settle()
        found = max(
            (row for row in self.desk.records.every() if row.product == product), key=lambda row: row.changed_at
        )
        page.open_record(found.id)
        self.settle()
        return found.id

    def _paint_dialog(self, whole: QPixmap, dialog: QDialog) -> None:
        tokens = theme.current()
        metrics = dialog.fontMetrics()
        strip = round(metrics.height() * TITLE_HEIGHT)
        shown = dialog.grab()
        at = QPoint((whole.width() - shown.width()) // 2, max(0, (whole.height() - shown.height() - strip) // 2))
        frame = QRect(at.x(), at.y(), shown.width(), shown.height() + strip)
        painter = QPainter(whole)
        painter.fillRect(whole.rect(), QColor(0, 0, 0, 90))
        painter.setFont(dialog.font())
        painter.fillRect(frame, QColor(tokens.side))
        painter.setPen(QColor(tokens.text))
        title = QRect(at.x() + 14, at.y(), frame.width() - 60, strip)
        painter.drawText(title, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, dialog.windowTitle())
        cross = QRect(frame.right() - 44, at.y(), 32, strip)
        painter.drawText(cross, Qt.AlignmentFlag.AlignCenter, "✕")
        painter.drawPixmap(at.x(), at.y() + strip, shown)
        painter.setPen(QColor(tokens.line2))
        painter.drawRect(frame.adjusted(-1, -1, 0, 0))
        painter.end()

    def keep(self, name: str, picture: QPixmap) -> None:
        """Write a picture as a small PNG."""
        target = PICTURES / f"{name}_{self._look.name}.png"
        picture.toImage().convertToFormat(QImage.Format.Format_RGB888).save(str(target))
        with Image.open(target) as image:
            reduced = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        reduced.save(target, optimize=True)
        print(f"{target.name} {target.stat().st_size // 1024} KiB")
