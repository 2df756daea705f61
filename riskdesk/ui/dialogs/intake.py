"""What the window does with what is brought in: files of any kind, packages among them, and blocks of the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from riskdesk.domain.progress import Progress
from riskdesk.services import importing, pasting, taking
from riskdesk.services.desk import Desk
from riskdesk.services.importing import ReadSource
from riskdesk.ui.dialogs.hand_over import HandOver
from riskdesk.ui.dialogs.import_preview import ImportPreview
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.working import run_with_progress


class Intake(QObject):
    """Opens its dialogs on the window.

    Signals: `taken(result)` – rows were imported; `refused(error)`; `warned(text)` – what must not be overlooked.
    """

    taken = Signal(object)
    refused = Signal(object)
    warned = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, hand_over: HandOver, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._jobs, self._hand_over, self._window = desk, jobs, hand_over, window
        self._forms: Sequence[Path] = ()  # that came together with packages, which go first
        hand_over.done.connect(self._on_packages_done)

    def take_in(self, paths: Sequence[Path]) -> None:
        """Look at packages, read forms, and show what taking them would do."""
        files = taking.sorted_out(paths)
        if files.refused:
            self.warned.emit("\n".join(str(error) for _, error in files.refused))
        if files.packages and self._hand_over.is_open():
            self.warned.emit("请先处理完当前收到的包，再接收其他文件。")
        elif files.packages:
            self._forms = files.forms
            self._hand_over.look_at(files.packages)
        elif files.forms:
            self._import_forms(files.forms)

    def paste(self, html: str, text: str) -> None:
        """Show what a block would become."""

        def read(_progress: Progress) -> list[ReadSource]:
            return [pasting.source(pasting.pasted(html, text))]

        run_with_progress(
            self._window, self._jobs, "读取粘贴的内容", work=read, done=self._preview, failed=self.refused.emit
        )

    def _on_packages_done(self) -> None:
        forms, self._forms = self._forms, ()
        if forms:
            self._import_forms(forms)

    def _import_forms(self, paths: Sequence[Path]) -> None:
        """Read forms, which nobody has signed, and show what an import of them would do."""
        if any(each.isVisible() for each in self._window.findChildren(ImportPreview)):
            self.warned.emit("请先处理完当前的导入预览，再导入其他文件。")
            return

        def read(progress: Progress) -> tuple[list[ReadSource], str]:
            return importing.read_readable(paths, progress)

        run_with_progress(self._window, self._jobs, "读取文件", work=read, done=self._on_read, failed=self.refused.emit)

    def _on_read(self, read: tuple[list[ReadSource], str]) -> None:
        sources, trouble = read
        if trouble:
            self.warned.emit(trouble)
        if sources:
            self._preview(sources)

    def _preview(self, sources: Sequence[ReadSource]) -> None:
        ImportPreview(self._desk, self._jobs, sources, self.taken.emit, self._window).open()
