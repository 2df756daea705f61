"""The page 监测站: a station assesses itself, the city and the province judge what the stations say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from riskdesk.domain.assessment import COLUMN_TITLES
from riskdesk.domain.blocks import Block
from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.progress import Progress
from riskdesk.domain.records import Attachment
from riskdesk.errors import UserError
from riskdesk.services import assessments, charting, review_states, reviewing
from riskdesk.services.assessing import Kept
from riskdesk.services.desk import Desk, OfficeProfile
from riskdesk.services.reviewing import Assessed
from riskdesk.ui.dialogs.attachment_preview import AttachmentPreviewDialog
from riskdesk.ui.dialogs.behind import BehindDialog
from riskdesk.ui.dialogs.station_files import Collect, ExportDialog, HandOnDialog
from riskdesk.ui.dialogs.station_history import StationHistoryDialog
from riskdesk.ui.dialogs.station_template import TemplateDialog
from riskdesk.ui.dialogs.station_vetoes import VetoesDialog
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.saving import save_file
from riskdesk.ui.widgets.station_buttons import EXPORT, HISTORY, SEND, VETOES
from riskdesk.ui.widgets.station_own import OwnSheet
from riskdesk.ui.widgets.station_review import ReviewSheets
from riskdesk.ui.widgets.working import run_with_progress

_LEVELS = (OfficeLevel.STATION, OfficeLevel.CITY, OfficeLevel.PROVINCE)


def concerns(office: OfficeProfile) -> bool:
    """Tell whether an office has anything to do with stations, so that the page is offered."""
    return office.level in _LEVELS


class StationsPage(Page):
    """Opens the dialogs that its parts ask for; records behind a number lead to their forms (`record_wanted`)."""

    record_wanted = Signal(str)
    title = "监测站"

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._desk = bench, bench.desk
        is_station = self._desk.office.level == OfficeLevel.STATION
        part = OwnSheet(self._desk, bench.jobs) if is_station else ReviewSheets(self._desk, bench.jobs)
        self.part: OwnSheet | ReviewSheets = part
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 12, 20, 16)
        layout.addWidget(part)
        part.told.connect(self.told)
        part.preview_wanted.connect(self._on_preview)
        part.asked.connect(self._on_asked)
        part.template_wanted.connect(self._on_template)
        if isinstance(part, OwnSheet):
            part.behind_wanted.connect(self._on_behind)
        else:
            part.summary_wanted.connect(self._on_summary)

    def refresh(self) -> None:
        self.part.refresh()

    def may_leave(self) -> bool:
        return not self.part.is_unsaved()

    def take_focus(self) -> None:
        self.part.take_focus()

    def _on_asked(self, what: str, seen: Assessed) -> None:
        send = self._send_sheet if isinstance(self.part, OwnSheet) else self._send_review
        does = {VETOES: self._show_vetoes, HISTORY: self._show_history, EXPORT: self._export, SEND: send}
        does[what](seen)

    def _on_behind(self, title: str, ids: Sequence[str]) -> None:
        dialog = BehindDialog(self._desk, title, ids, self)
        dialog.record_wanted.connect(self.record_wanted)
        dialog.open()

    def _on_preview(self, attachment: Attachment) -> None:
        AttachmentPreviewDialog(self._desk, self._bench.jobs, attachment, self).open()

    def _show_vetoes(self, seen: Assessed) -> None:
        own = seen.kept.sheet.vetoes
        if isinstance(self.part, ReviewSheets):
            known = seen.reviews.get(reviewing.own_column(self._desk))
            own = known.review.vetoes if known else ()
        VetoesDialog(seen.kept.sheet.template.vetoes, own, self.part.state_vetoes, self).open()

    def _show_history(self, seen: Assessed) -> None:
        is_own = isinstance(self.part, OwnSheet)
        StationHistoryDialog(self._desk, seen.kept, self._on_restored if is_own else None, self).open()

    def _on_restored(self, version: Kept) -> None:
        self.part.refresh()
        self.told.emit(f"已恢复，现在是 {version.at[:16].replace('T', ' ')} 的新版本；恢复前的内容仍在历次修改中。")

    def _export(self, seen: Assessed) -> None:
        def export(desk: Desk, folder: Path, formats: list[str]) -> tuple[Path, ...]:
            return reviewing.export(desk, seen, folder, formats)

        ExportDialog(self._bench, export, self.told.emit, self).open()

    def _on_template(self) -> None:
        TemplateDialog(self._bench, self.told.emit, self).open()

    def _send_sheet(self, seen: Assessed) -> None:
        year = seen.kept.sheet.year
        missing = len(review_states.to_mend(seen.kept.sheet, reviewing.given_back(self._desk, seen)))
        lacking = f"还缺 {missing} 项，可以先补齐再上报；现在上报，上级会看到缺项。" if missing else ""
        about = f"把 {year} 年自评表连同证明材料签名后写成文件，送市局和省局。{lacking}"
        self._hand_on("上报自评表", about, lambda desk: assessments.own_sheet(desk, year))

    def _send_review(self, seen: Assessed) -> None:
        column = COLUMN_TITLES[reviewing.own_column(self._desk)]
        about = f"把 {seen.kept.sheet.unit} 的{column}签名后写成文件，送监测站和有关的上级、下级单位。"
        self._hand_on(f"发送{column}", about, lambda desk: assessments.own_review(desk, seen))

    def _hand_on(self, title: str, about: str, collect: Collect) -> None:
        HandOnDialog(self._bench, (title, about), collect, self._on_handed_on, self).open()

    def _on_handed_on(self, sentence: str) -> None:
        self.told.emit(sentence)
        self.changed.emit()

    def _on_summary(self, block: Block) -> None:
        def work(_progress: Progress) -> bytes:
            return charting.workbook((block,))

        def done(data: bytes) -> None:
            save_file(self, f"{block.title}.xlsx", "Excel 工作簿 (*.xlsx)", data, self.told.emit)

        run_with_progress(self, self._bench.jobs, "制作验收汇总", work=work, done=done, failed=self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.told.emit(str(error))
