"""Settings: where the data lies, safety copies, checking, and where copies go besides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QVBoxLayout, QWidget

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import upkeep
from riskdesk.services.desk import Desk
from riskdesk.services.preferences import keep, preferences
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.parts import button, heading, named, told
from riskdesk.ui.widgets.saving import ask_for_folder
from riskdesk.ui.widgets.working import run_with_progress


class DataSettings(QWidget):
    """Emits `changed` when a copy was made."""

    changed = Signal()

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._jobs = desk, jobs
        self.places = named(QListWidget(), "其他备份位置")
        self._told = QLabel(wordWrap=True)
        self._trouble = told(name="err")
        where = QLabel(str(desk.home), wordWrap=True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        opening = button("打开数据文件夹(&O)", icon="folder")
        opening.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(desk.home))))
        copying = button("立即备份(&B)", icon="save", kind="primary")
        copying.clicked.connect(self._on_backup)
        checking = button("检查数据(&C)", icon="check")
        checking.clicked.connect(self._on_check)
        adding = button("添加位置(&A)…", icon="add")
        adding.clicked.connect(self._on_add)
        removing = button("移除(&R)", icon="delete")
        removing.clicked.connect(self._on_remove)
        layout = QVBoxLayout(self)
        layout.addWidget(heading("我的数据在哪里"))
        layout.addWidget(where)
        layout.addWidget(
            told("全部数据都在这个文件夹中。每天自动备份一次到其中的 backups 子文件夹；建议再添加一个 U 盘或另一块硬盘上的位置。", "muted")
        )  # fmt: skip
        line = QHBoxLayout()
        for each in (copying, opening, checking):
            line.addWidget(each)
        line.addStretch(1)
        layout.addLayout(line)
        layout.addWidget(self._told)
        layout.addWidget(self._trouble)
        layout.addWidget(heading("其他备份位置"))
        layout.addWidget(self.places, 1)
        foot = QHBoxLayout()
        foot.addWidget(adding)
        foot.addWidget(removing)
        foot.addStretch(1)
        layout.addLayout(foot)
        self.refresh()

    def refresh(self) -> None:
        """Show what is stored."""
        self.places.clear()
        self.places.addItems(preferences(self._desk).backup_places)

    def _on_backup(self) -> None:
        home, reference = self._desk.home, self._desk.reference
        places = [Path(each) for each in preferences(self._desk).backup_places]

        def work(progress: Progress) -> tuple[list[Path], list[str]]:
            made, failed = [], []
            with Desk(home, reference) as desk:
                for number, place in enumerate([None, *places]):
                    progress(number, len(places) + 1, str(place or desk.backups))
                    try:
                        made.append(upkeep.back_up(desk, place))
                    except UserError as error:
                        failed.append(str(error))
            return made, failed

        run_with_progress(self.window(), self._jobs, "备份", work=work, done=self._on_backed_up, failed=self._refuse)

    def _on_backed_up(self, result: tuple[list[Path], list[str]]) -> None:
        made, failed = result
        self._told.setText("已备份并校验：\n" + "\n".join(map(str, made)))
        self._trouble.setText("\n".join(failed))
        self.changed.emit()

    def _on_check(self) -> None:
        home, reference = self._desk.home, self._desk.reference

        def work(_progress: Progress) -> list[str]:
            with Desk(home, reference) as desk:
                return upkeep.check(desk)

        run_with_progress(self.window(), self._jobs, "检查数据", work=work, done=self._on_checked, failed=self._refuse)

    def _on_checked(self, problems: list[str]) -> None:
        self._told.setText("" if problems else "检查完毕：数据、操作日志和附件完整。")
        self._trouble.setText("\n".join(problems[:20]))

    def _on_add(self) -> None:
        folder = ask_for_folder(self, "选择存放备份的文件夹")
        now = preferences(self._desk)
        if folder is not None and str(folder) not in now.backup_places:
            self._keep_places((*now.backup_places, str(folder)))

    def _on_remove(self) -> None:
        if self.places.currentRow() < 0:
            self._trouble.setText("请先选中一个备份位置。")
            return
        gone = self.places.currentItem().text()
        self._keep_places(tuple(each for each in preferences(self._desk).backup_places if each != gone))

    def _keep_places(self, places: tuple[str, ...]) -> None:
        try:
            keep(self._desk, replace(preferences(self._desk), backup_places=places))
        except UserError as error:
            self._trouble.setText(f"没有保存：{error}")
            return
        self._trouble.clear()
        self.refresh()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._trouble.setText(str(error))
