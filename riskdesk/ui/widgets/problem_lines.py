"""What is wrong with one field, told below it: red what blocks, amber what can be accepted, grey what was."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from riskdesk.domain.problems import Problem
from riskdesk.ui.widgets.parts import button, empty, told


class ProblemLines(QWidget):
    """Shows the problems of a field; hidden while there is none."""

    accept_wanted = Signal(object)
    take_back_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Sequence[Problem], Sequence[tuple[Problem, str]]] = ((), ())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self.hide()

    @property
    def texts(self) -> list[str]:
        """The sentences shown."""
        still_open, accepted = self._shown
        return [*(each.message for each in still_open), *(_accepted_text(*pair) for pair in accepted)]

    def accept_first(self) -> bool:
        """Ask for the reason of the first problem that can be accepted; False if there is none."""
        problem = next((each for each in self._shown[0] if not each.blocking), None)
        if problem is not None:
            self.accept_wanted.emit(problem)
        return problem is not None

    def take_first_back(self) -> None:
        """Take back the first that was accepted."""
        if self._shown[1]:
            self.take_back_wanted.emit(self._shown[1][0][0])

    def show_problems(self, still_open: Sequence[Problem], accepted: Sequence[tuple[Problem, str]]) -> None:
        """Show open problems and accepted ones with their reason; lines that are there already stay as they are."""
        if (still_open, accepted) == self._shown:
            return
        self._shown = (still_open, accepted)
        empty(self._layout)
        for each in still_open:
            self._layout.addWidget(self._open_line(each))
        for problem, reason in accepted:
            self._layout.addWidget(self._accepted_line(problem, reason))
        self.setVisible(bool(self.texts))

    def _open_line(self, problem: Problem) -> QWidget:
        if problem.blocking:
            return told(f"✕ {problem.message}", "err")
        accept = button("接受并说明 F9", kind="quiet", name=f"接受并说明：{problem.message}")
        accept.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes from field to field; F9 is the key for this
        accept.clicked.connect(lambda: self.accept_wanted.emit(problem))
        return _line(told(f"△ {problem.message}", "warn"), accept)

    def _accepted_line(self, problem: Problem, reason: str) -> QWidget:
        back = button("撤回", kind="quiet", name=f"撤回对此问题的接受：{problem.message}")
        back.setToolTip("Shift+F9")
        back.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        back.clicked.connect(lambda: self.take_back_wanted.emit(problem))
        return _line(told(_accepted_text(problem, reason)), back)


def _accepted_text(problem: Problem, reason: str) -> str:
    return f"✓ 已接受（{reason}）：{problem.message}"


def _line(text: QWidget, action: QWidget) -> QWidget:
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(text, 1)
    layout.addWidget(action)
    return line
