"""What the tests of the record form share: a full record, and hands that type."""

from datetime import date

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from riskdesk import clock
from riskdesk.domain.enterprise_count import parse_enterprise_count
from riskdesk.domain.records import AcceptedProblem, Enterprise, Link, LinkKind, Marking, Record, SourceDetail, Trend

RECORD = Record(
    "2023-05",
    product="移动电源（充电宝）",
    enterprise_count=parse_enterprise_count("约30"),
    regions_text="太原市小店区、迎泽区",
    region_codes=("140105", "140106"),
    content="过充试验中电池鼓包起火，存在安全隐患。",
    analysis="采用回收电芯，缺少过充保护电路。",
    suggestion="建议列入专项监督抽查。",
    sources_text="消费者投诉、举报的",
    source_codes=("S2",),
)
FULL = RECORD.edited(
    sources_text="12315平台转来；日常巡查时看到",
    source_codes=("S2", "S3"),
    region_codes=("140105",),  # put right by a person: not what the text alone would give
    discovered_on=date(2023, 5, 18),
    injured=0,
    failed_items=("过充", "跌落"),
    enterprises=(Enterprise("某某电子", "91140100MA0GTEST01", extra='{"new":1}'),),
    source_detail=SourceDetail(publisher="12315", extra='{"ticket":7}'),
    trend=Trend.RISING,
    marking=Marking.WORK_SECRET,
    links=(Link(LinkKind.SAME_SOURCE, "0190aaaa"),),
    accepted=(AcceptedProblem("content", "too_short", "原始材料如此", "x"),),
    original={"product": " 移动电源（充电宝）"},
    import_key="S2/编号:7",
    extra='{"field_of_a_newer_version":[1,2]}',
)


def seal(desk, period="2023-05"):
    """Seal the records of a period without keys."""
    items = [row.revision for row in desk.records.of_period(period)]
    with desk.store.write("张三", "seal") as writing:
        draft = desk.submissions.put_draft(
            writing, org=desk.office.code, period=period, kind="monthly", items=items, at=clock.now()
        )
        return desk.submissions.seal(writing, draft.id, nil=not items, reason="", at=clock.now())


def compose(widget, text):
    """Let an input method hold text that is not committed yet."""
    QApplication.sendEvent(widget, QInputMethodEvent(text, []))


def commit(widget, text):
    """Let an input method commit text."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def press(widget, key, modifiers=Qt.KeyboardModifier.NoModifier):
    """Press a key on whatever has the focus below a widget."""
    QTest.keyClick(QApplication.focusWidget() or widget, key, modifiers)


def click(widget):
    """Click the middle of a widget."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
