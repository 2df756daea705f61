"""Pictures of what is made of the records: statistics, the yearly report, a station's sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk.domain.scoring import Answer
from riskdesk.services import annual, assessing
from riskdesk.services.desk import Desk
from riskdesk.services.reference import Reference
from riskdesk.ui.input_methods import Route
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.main_window import MainWindow
from riskdesk.ui.pages.statistics import StatisticsPage

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QPixmap

STATION = "140100-ZD01"
_SOURCES = 3  # the place of 信息来源 among the blocks
_TEXT = """儿童爬行地垫是供婴幼儿爬行、玩耍时铺在地面上的软质垫材，常见材质有交联聚乙烯、聚氯乙烯发泡等，主要在母婴用品店、商场和电商平台销售。
适用对象以三岁以下婴幼儿为主，接触时间长、啃咬行为多，对甲酰胺等有害物质释放量的要求高于一般垫材。"""


def show_statistics(window: MainWindow) -> None:
    """Show where the information of the year came from."""
    window.show_page("statistics")
    [page] = window.findChildren(StatisticsPage)
    page.list.setCurrentRow(_SOURCES)


def show_report(desk: Desk, window: MainWindow) -> None:
    """Show a yearly report that was begun."""
    kept = annual.new(desk, "儿童用品", 2023)
    annual.save(desk, kept, kept.report.with_text("1.1", _TEXT))
    window.show_page("annual")


class StationWindow:
    """The window of the station that was made with the other offices, with a sheet that was begun."""

    def __init__(self, home: Path, reference: Reference, size: QSize) -> None:
        self._desk = Desk(home, reference)
        kept = assessing.new(self._desk, 2023)
        for code, option in (("A1", 0), ("B1", 1), ("D2", 0)):
            kept = assessing.fill(self._desk, kept, code, Answer(option=option))
        self.jobs = Jobs()
        self._window = MainWindow(self._desk, self.jobs, Route.FCITX5, ["riskdesk"])
        self._window.resize(size)
        self._window.show()
        self._window.show_page("stations")

    def picture(self) -> QPixmap:
        """Return what is to be seen."""
        return self._window.grab()

    def close(self) -> None:
        """Close the window and what belongs to it."""
        self._window.close()
        self.jobs.stop_all()
        self._window.deleteLater()
        self._desk.close()
