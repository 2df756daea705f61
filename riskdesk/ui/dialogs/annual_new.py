"""Starting a yearly report: product, year, and words that tell which records count."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from riskdesk import clock
from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import annual
from riskdesk.services.annual import Kept
from riskdesk.services.desk import Desk
from riskdesk.ui import theme
from riskdesk.ui.dialogs.annual_words import keywords
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.parts import named, told
from riskdesk.ui.widgets.text_edits import LineEdit
from riskdesk.ui.widgets.working import run_with_progress

_LETTERS = 70
_FIRST, _LAST = 2000, 2100
_EXPLAINED = "只计入产品或类别中含有其中一个词的记录，多个词用顿号隔开。"
_WARNED = "没有填关键词：本单位全年全部产品的记录都会计入这份报告。"


class AnnualNewDialog(QDialog):
    """Closes when the report has been started; `started` gets it."""

    def __init__(
        self, desk: Desk, jobs: Jobs, started: Callable[[Kept], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("新建专题分析报告")
        self._desk, self._jobs, self._started = desk, jobs, started
        self.product = named(LineEdit("如：儿童用品"), "产品")
        self.year = named(QSpinBox(), "年度")
        self.year.setRange(_FIRST, _LAST)
        self.year.setValue(clock.today().year)
        self.words = named(LineEdit("可不填，如：滑板车、玩具"), "关键词")
        self.trouble = told(name="err")
        self.trouble.hide()
        form = QFormLayout()
        for text, edit in (("产品(&P)", self.product), ("年度(&Y)", self.year), ("关键词(&W)", self.words)):
            label = QLabel(text)
            label.setBuddy(edit)
            form.addRow(label, edit)
        self.warning = told(_WARNED, "warn")
        form.addRow("", self.warning)
        self.words.textChanged.connect(self._warn)
        self._warn()
        explained = told(_EXPLAINED)
        explained.setMinimumWidth(theme.letter(self) * _LETTERS)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setDefault(True)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        for part in (explained, self.trouble, buttons):
            layout.addWidget(part)
        self.product.setFocus()

    def _warn(self) -> None:
        """Say what no keywords mean, as long as there are none; the room stays."""
        is_all = not self._keywords()
        self.warning.setText(_WARNED if is_all else "")
        self.words.setProperty("warned", is_all)
        theme.repolish(self.words)

    def _keywords(self) -> list[str]:
        return list(keywords(str(self.words.value())))

    def _on_accepted(self) -> None:
        self.trouble.hide()
        home, reference = self._desk.home, self._desk.reference
        product, year = str(self.product.value()), self.year.value()
        words = self._keywords()

        def work(progress: Progress) -> Kept:
            progress(0, 0, "正在统计全年的记录")
            with Desk(home, reference) as desk:
                return annual.new(desk, product, year, words)

        run_with_progress(self, self._jobs, "新建报告", work=work, done=self._on_done, failed=self._refuse)

    def _on_done(self, kept: Kept) -> None:
        self.accept()
        self._started(kept)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.trouble.setText(str(error))
            self.trouble.show()
            self.product.setFocus()
