"""Settings: the days off and the make-up working days, by month grid, pasted notice or file; who changed what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from riskdesk import clock
from riskdesk.domain.deadlines import deadline
from riskdesk.domain.workdays import weekday_text
from riskdesk.errors import UserError
from riskdesk.services import calendar
from riskdesk.services.calendar import BroughtIn, DayKind, DoubtfulCalendarError
from riskdesk.services.desk import Desk
from riskdesk.ui.widgets.month_grid import MonthGrid
from riskdesk.ui.widgets.parts import button, heading, named, told
from riskdesk.ui.widgets.saving import ask_for_calendar

_ORIGINS = {"notice": "粘贴通知", "file": "导入文件", "hand": "手工修改"}
_SHOWN = 12  # changes


class CalendarSettings(QWidget):
    """Emits `changed` when due dates may have moved."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.grid = MonthGrid(clock.today(), calendar.holidays_of(desk), set())
        self._month = heading()
        self._told = QLabel(wordWrap=True)
        self.name = named(QLineEdit(placeholderText="节日名称，如 春节"), "节日名称")
        self._off = button("设为放假(&F)")
        self._worked = button("设为上班(&W)")
        self._plain = button("按星期(&P)")
        self.notice = named(QPlainTextEdit(tabChangesFocus=True), "放假通知全文")
        self.notice.setPlaceholderText("把国务院办公厅关于下一年节假日安排的通知全文粘贴到这里")
        self._paste = button("识别并导入(&R)", icon="paste", kind="primary")
        self._confirm = button("我已核对，仍然导入(&Y)", icon="check")
        self._file = button("导入日历文件(&L)…", icon="import")
        self._trouble = told(name="err")
        self._done = told(name="muted")
        self._log = told(name="muted")
        self._doubted: Callable[..., BroughtIn] | None = None  # what the confirming button brings in
        self._due_year = 0  # the due dates of this year and those beside it are shown
        self._lay_out()
        self.grid.day_chosen.connect(lambda _day: self._show_day())
        self.grid.day_activated.connect(self._turn_over)
        self._off.clicked.connect(lambda: self._mark(DayKind.OFF))
        self._worked.clicked.connect(lambda: self._mark(DayKind.WORKED))
        self._plain.clicked.connect(lambda: self._mark(DayKind.PLAIN))
        self._paste.clicked.connect(self._on_paste)
        self._confirm.clicked.connect(self._on_confirmed)
        self.notice.textChanged.connect(self._forget_doubts)
        self._file.clicked.connect(self._on_file_wanted)
        self._confirm.hide()
        self.refresh()

    def refresh(self) -> None:
        """Show the calendar as it is now."""
        holidays = calendar.holidays_of(self._desk)
        self._due_year = self.grid.day.year
        years = range(max(2023, self.grid.day.year - 1), min(2100, self.grid.day.year + 2))
        plan = self._desk.reference.periods
        first = max(f"{years[0]}-01", plan.earliest.id) if years else plan.earliest.id
        due = {deadline(period, holidays).due for period in plan.between(first, f"{max(years, default=2023)}-12")}
        self.grid.show_calendar(holidays, due)
        lines = []
        for each in calendar.changes(self._desk)[:_SHOWN]:
            kind, _, rest = each.origin.partition(" ")
            what = f"{_ORIGINS.get(kind, each.origin)} {rest}".strip()
            lines.append(f"{each.at[:16].replace('T', ' ')}　{each.author or '未填'}　{each.year} 年　{what}")
        self._log.setText("修改记录：\n" + ("\n".join(lines) or "自带日历，没有改动。"))

    def is_dirty(self) -> bool:
        """Tell whether a notice stands there that was not brought in."""
        return bool(self.notice.toPlainText().strip())

    def put_back(self) -> None:
        """Throw the notice away."""
        self.notice.clear()

    def _lay_out(self) -> None:
        back, on = button("上个月", icon="previous", kind="quiet"), button("下个月", icon="next", kind="quiet")
        back.clicked.connect(lambda: self.grid.turn(-1))
        on.clicked.connect(lambda: self.grid.turn(1))
        head = QHBoxLayout()
        head.addWidget(back)
        head.addStretch(1)
        head.addWidget(self._month)
        head.addStretch(1)
        head.addWidget(on)
        marks = QHBoxLayout()
        marks.addWidget(self.name, 1)
        for each in (self._off, self._worked, self._plain):
            marks.addWidget(each)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(head)
        left.addWidget(self.grid, 1)
        left.addWidget(self._told)
        left.addLayout(marks)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(heading("导入下一年的放假安排"))
        right.addWidget(self.notice, 1)
        right.addWidget(self._trouble)
        right.addWidget(self._done)
        line = QHBoxLayout()
        for each in (self._paste, self._confirm, self._file):
            line.addWidget(each)
        line.addStretch(1)
        right.addLayout(line)
        right.addWidget(self._log)
        whole = QHBoxLayout(self)
        whole.setSpacing(24)
        whole.addLayout(left, 1)
        whole.addLayout(right, 1)

    def _show_day(self) -> None:
        day = self.grid.day
        if day.year != self._due_year:
            self.refresh()
        holidays = calendar.holidays_of(self._desk)
        self._month.setText(f"{day.year} 年 {day.month} 月")
        known = "" if holidays.knows(day) else "（该年放假安排尚未导入，按星期推定）"
        off = holidays.reason_off(day)
        word = off or ("调休上班" if day in holidays.workdays else "工作日")
        self._told.setText(f"{day.year}年{day.month}月{day.day}日 {weekday_text(day)}：{word}{known}")

    def _turn_over(self, day: date) -> None:
        self._mark(DayKind.WORKED if not calendar.holidays_of(self._desk).is_workday(day) else DayKind.OFF)

    def _mark(self, kind: DayKind) -> None:
        try:
            calendar.mark_day(self._desk, self.grid.day, kind, self.name.text().strip())
        except UserError as error:
            self._trouble.setText(str(error))
            return
        self._on_changed()

    def _on_changed(self) -> None:
        self._trouble.clear()
        self.refresh()
        self.changed.emit()

    def _on_paste(self) -> None:
        if self._bring_in(partial(calendar.paste_notice, self._desk, self.notice.toPlainText())):
            self.notice.clear()

    def _on_file_wanted(self) -> None:
        path = ask_for_calendar(self)
        if path is not None:
            self._bring_in(partial(calendar.import_calendar, self._desk, path))

    def _on_confirmed(self) -> None:
        if self._doubted is not None and self._bring_in(partial(self._doubted, confirmed=True)):
            self.notice.clear()

    def _bring_in(self, bringing: Callable[..., BroughtIn]) -> bool:
        """Bring in a notice or file; what looks doubtful waits for the button that confirms it."""
        self._forget_doubts()
        self._done.clear()
        try:
            brought = bringing()
        except DoubtfulCalendarError as doubt:
            self._trouble.setText(str(doubt))
            self._doubted = bringing
            self._confirm.show()
            return False
        except UserError as error:
            self._trouble.setText(str(error))
            return False
        self._on_changed()
        self._tell(brought)
        return True

    def _forget_doubts(self) -> None:
        self._doubted = None
        self._confirm.hide()

    def _tell(self, brought: BroughtIn) -> None:
        years = "、".join(str(year) for year in brought.years)
        which = f" {years} 年" if years else "日历"
        self._done.setText(f"已导入{which}：放假 {len(brought.days_off)} 天，调休上班 {len(brought.workdays)} 天。")
        if brought.days_off:
            self.grid.go_to(min(brought.days_off))
