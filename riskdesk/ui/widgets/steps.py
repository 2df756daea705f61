"""The steps of a period in a line: done ones ticked, the current one filled, each with its name and why it stands there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from riskdesk.services.workbench import Step
from riskdesk.ui import theme


class Steps(QWidget):
    """Paints the steps; what they say is the accessible description and the tool tip as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: Sequence[Step] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("本期步骤")

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps."""
        self._steps = steps
        told = "\n".join(f"{step.title}：{_state(step)}。{step.note}" for step in steps)
        self.setAccessibleDescription(told)
        self.setToolTip(told)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.letter(self) * 56, round(self.fontMetrics().height() * 3))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.current()
        radius = self.fontMetrics().height() * 0.7
        apart = self.width() / len(self._steps)
        centres = [QPointF(apart * (number + 0.5), radius + 2) for number in range(len(self._steps))]
        for step, left, right in zip(self._steps, centres, centres[1:], strict=False):
            painter.setPen(QPen(QColor(tokens.accent if step.done else tokens.line2), 2))
            painter.drawLine(left + QPointF(radius, 0), right - QPointF(radius, 0))
        for number, (step, centre) in enumerate(zip(self._steps, centres, strict=True), 1):
            self._paint_step(painter, step, number, centre, radius)
        painter.end()

    def _paint_step(self, painter: QPainter, step: Step, number: int, centre: QPointF, radius: float) -> None:
        tokens = theme.current()
        colour = QColor(tokens.accent if step.done or step.current else tokens.line2)
        painter.setPen(QPen(colour, 2))
        painter.setBrush(colour if step.done else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(centre, radius, radius)
        box = QRectF(centre.x() - radius, centre.y() - radius, radius * 2, radius * 2)
        painter.setPen(QColor(tokens.on_accent if step.done else tokens.accent if step.current else tokens.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "✓" if step.done else str(number))
        font = painter.font()
        font.setBold(step.current)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text if step.done or step.current else tokens.muted))
        wide = self.width() / len(self._steps)
        below = QRectF(centre.x() - wide / 2, centre.y() + radius + 3, wide, radius * 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, step.title)
        font.setBold(False)
        painter.setFont(font)


def _state(step: Step) -> str:
    return "已完成" if step.done else "正在进行" if step.current else "未开始"
