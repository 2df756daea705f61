"""The page 工作台: what is due when, how far this period is, what is urgent, and what should be done next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from riskdesk.domain.deadlines import Deadline
from riskdesk.domain.triage import Level
from riskdesk.domain.workdays import day_text, is_weekend, weekday_text
from riskdesk.services.desk import OfficeProfile
from riskdesk.services.listing import Filter
from riskdesk.services.overview import RecordState
from riskdesk.services.reminders import Reminder
from riskdesk.services.workbench import Urgent, Workbench
from riskdesk.ui.widgets.cards import CountCard
from riskdesk.ui.widgets.countdown import Countdown
from riskdesk.ui.widgets.flow_layout import FlowLayout
from riskdesk.ui.widgets.missing_panel import MissingPanel
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import button, chip, heading, rekind, retone, styled, told
from riskdesk.ui.widgets.steps import Steps

_SHOWN = 3  # urgent records
_SOON = 3  # days


class WorkbenchPage(Page):
    """Shows what was counted (see `services.workbench`) and is to be remembered; every number leads to its records."""

    new_wanted = Signal()
    listing_wanted = Signal(object)  # a Filter
    record_wanted = Signal(str)  # an object id
    export_wanted = Signal(str)  # a period
    submit_wanted = Signal(str)  # a period
    letters_wanted = Signal(str)  # a period
    calendar_file_wanted = Signal()
    dismiss_wanted = Signal(str)  # a reminder's id
    title = "工作台"

    def __init__(
        self,
        office: OfficeProfile,
        counted: Callable[[], tuple[Workbench, Sequence[Reminder]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._office, self._counted = office, counted
        self._shown: Workbench | None = None
        inside = styled(QWidget(), "page")
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(14)
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(self._period_card(), 3)
        top.addWidget(self._urgent_card(), 1)
        layout.addLayout(top)
        layout.addLayout(self._counts())
        self._missing = MissingPanel()
        self._missing.letters_wanted.connect(self._on_letters_wanted)
        layout.addWidget(self._missing)
        bottom = QHBoxLayout()
        bottom.setSpacing(14)
        bottom.addWidget(self._reminder_card(), 3)
        bottom.addWidget(self._ahead_card(), 2)
        layout.addLayout(bottom, 1)

    def refresh(self) -> None:
        shown, found = self._counted()
        self._shown = shown
        self._show_period(shown)
        self._show_urgent(shown.urgent, shown.wishes.urgent_hours)
        self._show_counts(shown)
        self._missing.show_completeness(shown.below)
        self._show_reminders(found, shown)
        self._show_ahead(shown.ahead)

    # --- making it ---

    def _period_card(self) -> QFrame:
        card = styled(QFrame(), "card")
        self._countdown = Countdown()
        self._period = heading()
        self._due = chip("", "blue")
        self._why = told(name="warn")
        self._span = told(name="muted")
        self._steps = Steps()
        self._go_on = button("继续录入(&N)", icon="edit")
        self._check = button("校核本期(&C)", icon="check")
        self._submit = button("上报(&U)…", icon="send")
        self._export = button("导出报送表(&E)", icon="export")
        self._ics = button("截止日历(&K)", icon="calendar", kind="quiet", name="导出截止日历")
        self._go_on.clicked.connect(self.new_wanted)
        self._check.clicked.connect(self._on_check_clicked)
        self._submit.clicked.connect(self._on_submit_clicked)
        self._export.clicked.connect(self._on_export_clicked)
        self._ics.clicked.connect(self.calendar_file_wanted)
        head = QHBoxLayout()
        head.addWidget(self._period)
        head.addWidget(self._due)
        head.addStretch(1)
        buttons = QWidget()
        flow = FlowLayout(buttons, 8)
        for each in (self._go_on, self._check, self._submit, self._export, self._ics):
            flow.addWidget(each)
        right = QVBoxLayout()
        right.setSpacing(7)
        right.addLayout(head)
        right.addWidget(self._why)
        right.addWidget(self._span)
        right.addWidget(self._steps)
        right.addWidget(buttons)
        layout = QHBoxLayout(card)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(20)
        layout.addWidget(self._countdown)
        layout.addLayout(right, 1)
        return card

    def _urgent_card(self) -> QFrame:
        card = styled(QFrame(), "card")
        self._urgent = QVBoxLayout(card)
        self._urgent.setContentsMargins(16, 14, 16, 14)
        return card

    def _counts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(14)
        self._entered = CountCard("本期已录入")
        self._unchecked = CountCard("待核")
        self._important = CountCard("重要风险信息")
        self._drafts = CountCard("未完成的草稿")
        self._entered.activated.connect(self._list)
        self._unchecked.activated.connect(lambda: self._list(state=RecordState.UNCHECKED))
        self._important.activated.connect(lambda: self._list(level=Level.IMPORTANT))
        self._drafts.activated.connect(lambda: self.wanted.emit("drafts"))
        for number, card in enumerate((self._entered, self._unchecked, self._important, self._drafts)):
            grid.addWidget(card, 0, number)
        return grid

    def _reminder_card(self) -> QFrame:
        card = styled(QFrame(), "card")
        self._reminders = QVBoxLayout(card)
        self._reminders.setContentsMargins(16, 12, 16, 12)
        self._reminders.setSpacing(8)
        return card

    def _ahead_card(self) -> QFrame:
        card = styled(QFrame(), "card")
        self._ahead = QVBoxLayout(card)
        self._ahead.setContentsMargins(16, 12, 16, 12)
        self._ahead.setSpacing(8)
        return card

    # --- showing ---

    def _show_period(self, shown: Workbench) -> None:
        due = shown.deadline
        self._countdown.show_days(shown.days_left)
        self._period.setText(f"{_period_name(due)} 月度报送")
        word = "暂定" if due.provisional else ""
        tone = "red" if shown.late else "amber" if shown.days_left <= _SOON else "blue"
        retone(self._due, f"{word}{day_text(due.due)}（{weekday_text(due.due)}）截止", tone)
        why = due.reason
        if due.provisional:
            why += "可能的日期：" + "、".join(day_text(day) for day in due.candidates) + "。"
        if shown.late:
            why = f"已经迟了 {-shown.days_left} 天，仍可报送，请说明迟报原因。{why}"
        self._why.setText(why)
        self._why.setVisible(bool(why))
        above = f"　·　报送至 {shown.superior}" if shown.superior else ""
        own = next((at for cutoff, at in shown.cutoffs if cutoff.level == self._office.level), None)
        advice = f"　·　建议 {own:%m月%d日 %H:%M} 前完成" if own else ""
        self._span.setText(f"信息期间 {due.period.start} 至 {due.period.end}{above}{advice}")
        self._steps.show_steps(shown.steps)
        self._offer(shown)

    def _offer(self, shown: Workbench) -> None:
        """Offer what can be done, and lead to what comes next."""
        waiting = bool(shown.unchecked or shown.forked)
        self._check.setEnabled(waiting)
        self._check.setToolTip("" if waiting else "本期没有待核的记录")
        ways = dict(
            zip(("录入", "校核", "封存", "送出"), (self._go_on, self._check, self._submit, self._submit), strict=True)
        )
        following = ways.get(next((step.title for step in shown.steps if step.current), ""))
        for each in (self._go_on, self._check, self._submit):
            rekind(each, "primary" if each is following else "")

    def _show_urgent(self, urgent: Sequence[Urgent], allowed_hours: int) -> None:
        _clear(self._urgent)
        head = QHBoxLayout()
        head.addWidget(heading("重点风险信息 · 及时报"))
        if urgent:
            head.addWidget(chip(f"{len(urgent)} 条", "red"))
        head.addStretch(1)
        self._urgent.addLayout(head)
        if not urgent:
            self._urgent.addWidget(told("没有等待立即报送的重点信息。", "muted"))
        for each in urgent[:_SHOWN]:
            opening = QPushButton(each.row.product.replace("&", "&&"))
            opening.setProperty("kind", "danger")
            opening.setToolTip(each.row.content[:200])
            opening.setAccessibleName(f"打开重点信息 {each.row.product}")
            opening.clicked.connect(lambda _checked=False, wanted=each.row.id: self.record_wanted.emit(wanted))
            self._urgent.addWidget(opening)
            late = f"，已超过 {allowed_hours} 小时，请立即报送" if each.overdue else "，应立即报送"
            waiting = f"已登记 {_duration(each.hours)}{late}"
            self._urgent.addWidget(told(waiting, "err" if each.overdue else "warn"))
        if len(urgent) > _SHOWN:
            self._urgent.addWidget(told(f"另有 {len(urgent) - _SHOWN} 条", "muted"))
        self._urgent.addStretch(1)

    def _show_counts(self, shown: Workbench) -> None:
        more = f"较上期 {shown.entered - shown.entered_before:+d}" if shown.entered_before else "上期没有记录"
        self._entered.show_count(shown.entered, more)
        done = "全部已核" if shown.entered else "还没有记录"
        self._unchecked.show_count(
            shown.unchecked, "有提示尚未处理" if shown.unchecked else done, "amber" if shown.unchecked else ""
        )
        share = f"占本期 {shown.important / shown.entered:.1%}，其中重点 {shown.key}" if shown.entered else "还没有记录"
        self._important.show_count(shown.important, share)
        self._drafts.show_count(
            shown.drafts, "打开继续填写" if shown.drafts else "没有草稿", "amber" if shown.drafts else ""
        )

    def _show_reminders(self, found: Sequence[Reminder], shown: Workbench) -> None:
        _clear(self._reminders)
        self._reminders.addWidget(heading("提醒"))
        for each in found:
            line = QHBoxLayout()
            line.addWidget(chip("请立即处理" if each.urgent else "提醒", "red" if each.urgent else "amber"))
            line.addWidget(QLabel(f"{each.title}　{each.text}", wordWrap=True), 1)
            if each.page != "workbench":
                going = button("去处理", icon="next", kind="quiet")
                going.setAccessibleName(f"去处理：{each.title}")
                going.clicked.connect(lambda _checked=False, page=each.page: self.wanted.emit(page))
                line.addWidget(going)
            if each.can_dismiss:
                away = button("不再提醒", icon="close", kind="quiet", name=f"不再提醒：{each.title}")
                away.clicked.connect(lambda _checked=False, wanted=each.id: self.dismiss_wanted.emit(wanted))
                line.addWidget(away)
            self._reminders.addLayout(line)
        if not found:
            self._reminders.addWidget(told("没有需要处理的事项。", "muted"))
        backup = f"{shown.last_backup:%m月%d日 %H:%M}" if shown.last_backup else "还没有备份"
        self._reminders.addWidget(told(f"上次备份：{backup}。", "muted"))
        self._reminders.addStretch(1)

    def _show_ahead(self, ahead: Sequence[Deadline]) -> None:
        _clear(self._ahead)
        self._ahead.addWidget(heading("今后的截止日期"))
        for each in ahead:
            line = QHBoxLayout()
            word = "暂定" if each.provisional else "调休上班" if is_weekend(each.due) else ""
            line.addWidget(QLabel(f"{_period_name(each)}　{day_text(each.due)}（{weekday_text(each.due)}）　{word}"))
            line.addStretch(1)
            self._ahead.addLayout(line)
            if each.reason:
                self._ahead.addWidget(told(each.reason, "muted"))
        self._ahead.addStretch(1)

    def _list(self, level: Level | None = None, state: RecordState | None = None) -> None:
        if self._shown is not None:
            self.listing_wanted.emit(Filter(period=self._shown.deadline.period.id, level=level, state=state))

    def _on_check_clicked(self) -> None:
        is_unchecked = self._shown is not None and self._shown.unchecked
        self._list(state=RecordState.UNCHECKED if is_unchecked else RecordState.FORKED)

    def _on_submit_clicked(self) -> None:
        if self._shown is not None:
            self.submit_wanted.emit(self._shown.deadline.period.id)

    def _on_letters_wanted(self) -> None:
        if self._shown is not None:
            self.letters_wanted.emit(self._shown.deadline.period.id)

    def _on_export_clicked(self) -> None:
        if self._shown is not None:
            self.export_wanted.emit(self._shown.deadline.period.id)


def _period_name(deadline: Deadline) -> str:
    year, month = deadline.period.id.split("-")
    return f"{year}年{int(month)}月期"


def _duration(hours: float) -> str:
    whole = int(hours)
    minutes = int((hours - whole) * 60)
    return f"{whole} 小时 {minutes} 分" if whole else f"{minutes} 分钟"


def _clear(layout: QVBoxLayout | QHBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if isinstance(inner := item.layout(), QHBoxLayout | QVBoxLayout):
            _clear(inner)
        elif isinstance(widget := item.widget(), QWidget):
            widget.hide()
            widget.deleteLater()
