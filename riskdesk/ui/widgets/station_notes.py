"""What stands above a station's sheet: what should be doubted, what became of what was handed on, and why something was not saved."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from riskdesk.domain.assessment import COLUMN_TITLES, Column
from riskdesk.domain.handoff import HandedState
from riskdesk.services.review_states import Accepted
from riskdesk.services.reviewing import Assessed
from riskdesk.services.station_receipts import HandedOn
from riskdesk.ui.widgets.parts import told

_WORDS = {
    HandedState.SENT: "已导出",
    HandedState.RECEIVED: "已收到",
    HandedState.RETURNED: "已退回",
    HandedState.ADOPTED: "已采用",
}


class Notes(QWidget):
    """A line each, of which those with nothing to say are hidden; receipts are amber where something asks for work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.doubts, self.receipts = told(name="warn"), told()
        self.opinions, self.after = told(name=""), told(name="warn")
        self.work, self.trouble = told(name="warn"), told(name="err")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for each in (self.doubts, self.receipts, self.opinions, self.after, self.work, self.trouble):
            layout.addWidget(each)
            each.hide()

    def show_doubts(self, doubts: Sequence[str]) -> None:
        """Show all of them."""
        _show(self.doubts, "\n".join(doubts))

    def show_judged(self, seen: Assessed, accepted: Accepted | None) -> None:
        """Show the opinions of the offices above, and what the station changed after it was accepted."""
        said = [
            f"{COLUMN_TITLES[column]}意见：{known.review.conclusion}"
            for column in Column
            if (known := seen.reviews.get(column)) is not None and known.review.conclusion
        ]
        _show(self.opinions, "\n".join(said))
        went_on = accepted is not None and accepted.is_changed
        which = f"（{'、'.join(accepted.codes)}）" if accepted is not None and accepted.codes else ""
        _show(
            self.after, f"省局验收后又修改了这份自评表{which}，改后的内容要重新上报，由省局再核验。" if went_on else ""
        )

    def show_handed(self, found: Sequence[HandedOn], now: str) -> None:
        """Show the version handed on last; `now` is the version that stands here."""
        went_on = bool(found) and found[0].revision != now
        is_back = bool(found) and any(each.state is HandedState.RETURNED for each in found[0].replies)
        text = handed_words(found[0]) if found else ""
        if went_on:
            text += "之后又有修改，修改后的还没有送出。"
        wanted, other = (self.work, self.receipts) if went_on or is_back else (self.receipts, self.work)
        _show(wanted, text)
        _show(other, "")

    def refuse(self, text: str) -> None:
        """Say in red why something was not done; "" is nothing to say."""
        _show(self.trouble, text)


def _show(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def handed_words(version: HandedOn) -> str:
    """Return when a version was handed on, and what became of it at each office."""
    replies = (
        f"{each.office}{_WORDS.get(each.state, '')}{f'（{each.reason}）' if each.reason else ''}"
        for each in version.replies
    )
    return f"{version.at[:16].replace('T', ' ')} 送出：{'，'.join(replies)}。"
