"""A record that somebody else changed while it was being typed: both contents field by field, and a choice for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from riskdesk.domain.merging import Side
from riskdesk.errors import UserError
from riskdesk.services import merging
from riskdesk.services.desk import Desk
from riskdesk.services.merging import Overtaken
from riskdesk.ui import theme
from riskdesk.ui.widgets.clash_rows import ClashRow, ClashTable, words_for
from riskdesk.ui.widgets.parts import button, named, styled, told

_LETTERS, _LINES = 132, 32  # size of the dialog
_ELSEWHERE = "另有一个版本在别处修改过，保存后以这次的选择为准。"
_KEPT = "没有选用的文字，对方的留在历史版本中，您的留在操作日志中。"
_KEPT_FORKED = "没有选用的内容仍在历史版本中，您刚刚修改的还在操作日志中。"
_CHANGED, _FORKED = "这条记录在您填写期间已被修改", "这条记录有两个版本"


class OvertakenDialog(QDialog):
    """Saves only what was looked at: whatever is changed once more meanwhile is shown first.

    `merged` and `kept` do the work and raise `UserError`; then the dialog stays, with its choices.
    """

    def __init__(
        self,
        desk: Desk,
        given: Overtaken,
        merged: Callable[[Overtaken, Mapping[str, Side]], object],
        kept: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_FORKED if given.is_forked else _CHANGED)
        self._desk, self._given, self._merged, self._kept = desk, given, merged, kept
        self._head = told(name="text")
        self._table = ClashTable(desk.reference)
        self._waiting = told(name="warn")
        self._trouble = told(name="err")
        self._trouble.hide()
        self.all_mine, self.all_theirs = button("", kind="quiet"), button("", kind="quiet")
        self.save = button("合并保存(&S)", kind="primary", icon="save")
        self.draft = button("存为草稿(&D)")
        self._lay_out()
        self._connect()
        room = self.screen().availableGeometry()
        size = theme.letter(self) * _LETTERS, self.fontMetrics().height() * _LINES
        self.resize(min(size[0], room.width() - 60), min(size[1], room.height() - 80))
        self._show(given, {})
        self._go_to_first()

    @property
    def rows(self) -> list[ClashRow]:
        """The fields that differ."""
        return self._table.rows

    @property
    def told(self) -> str:
        """Who changed the record, and when."""
        return self._head.text()

    @property
    def trouble(self) -> str:
        """What went wrong last."""
        return self._trouble.text()

    def _lay_out(self) -> None:
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._table)
        card = styled(QFrame(), "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(area)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(self.draft, QDialogButtonBox.ButtonRole.ActionRole)
        cancel = self._buttons.button(QDialogButtonBox.StandardButton.Cancel)
        for each in (self.all_mine, self.all_theirs, self.draft, cancel):
            each.setAutoDefault(True)  # Enter presses the one with the focus, from anywhere else it saves
        line = QHBoxLayout()
        line.addWidget(self._waiting, 1)
        line.addWidget(self.all_mine)
        line.addWidget(self.all_theirs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self._head)
        layout.addLayout(line)
        layout.addWidget(card, 1)
        layout.addWidget(self._trouble)
        layout.addWidget(self._buttons)
        self.save.setDefault(True)  # a dialog hears of it only once the button lies in it

    def _connect(self) -> None:
        self._table.chosen.connect(self._on_chosen)
        self.all_mine.clicked.connect(lambda: self._table.choose_all(Side.MINE))
        self.all_theirs.clicked.connect(lambda: self._table.choose_all(Side.THEIRS))
        self.save.clicked.connect(self._on_save)
        self.draft.clicked.connect(self._on_draft)
        self._buttons.rejected.connect(self.reject)

    def _show(self, given: Overtaken, kept: Mapping[str, Side]) -> None:
        self._given = given
        product, who = given.mine.product, given.other.author or "其他人"
        at = given.other.at[:16].replace("T", " ")
        self._words = words_for(given)
        for each, text, key in (
            (self.all_mine, self._words.take_mine, "M"),
            (self.all_theirs, self._words.take_theirs, "T"),
        ):
            named(each, f"全部{text}").setText(f"全部{text}(&{key})")
        if given.is_forked:
            parts = [f"“{product}”有两个版本，可能来自两台电脑或恢复的备份：您打开的这个，和 {who} 于 {at} 写的那个。"]
        else:
            parts = [f"“{product}”在您填写期间由 {who} 于 {at} 改过。"]
        parts += [_ELSEWHERE] if any(step.hash not in (given.base_hash, given.other.hash) for step in given.now) else []
        parts.append(f"请核对不同的栏目，选出每栏要保存的内容。{_KEPT_FORKED if given.is_forked else _KEPT}")
        self._head.setText("".join(parts))
        self._table.show_clashes(given, kept)
        self._on_chosen()

    def _go_to_first(self) -> None:
        first = next((row for row in self.rows if row.side is None), None)
        if first is None:
            self.save.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            first.go()

    def _on_chosen(self) -> None:
        open_rows = sum(row.side is None for row in self.rows)
        self.save.setEnabled(not open_rows)
        self.save.setToolTip(f"还有 {open_rows} 栏没有选择" if open_rows else "")
        self._waiting.setText(
            f"还有 {open_rows} 栏{self._words.clash}，请选择（← → 选择，↑ ↓ 换栏）。" if open_rows else ""
        )

    def _on_save(self) -> None:
        chosen = {row.clash.name: row.side for row in self.rows if row.side is not None}
        try:
            self._merged(self._given, chosen)
        except UserError as error:
            self._tell(f"没有保存：{error}")
            return
        self.accept()

    def _on_draft(self) -> None:
        try:
            self._kept()
        except UserError as error:
            self._tell(f"草稿没有保存：{error}")
            return
        self.accept()

    def _tell(self, text: str) -> None:
        """Tell what went wrong; if the record went on once more, show that, and keep the choices that are about the same."""
        self._trouble.setText(text)
        self._trouble.show()
        try:
            again = merging.looked_again(self._desk, self._given)
        except UserError:  # the trouble that is told already
            return
        if again.now != self._given.now:
            before, after = self._given.theirs, again.theirs
            same = {
                row.clash.name: row.side
                for row in self.rows
                if row.side and all(getattr(before, name) == getattr(after, name) for name in row.clash.fields)
            }
            self._show(again, same)
            self._go_to_first()
