"""Shows the problems of the record in a form at their fields, at the right time, and leads from one to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from riskdesk.domain.problems import Problem
from riskdesk.domain.records import Record
from riskdesk.ui.widgets.field_block import FieldBlock


class ProblemGuide(QObject):
    """What is missing is not told before a field was left or a save was tried: nobody likes to be shouted at.

    `blocks` are the fields by the names that problems have, in the order of the form.
    """

    visited = Signal()

    def __init__(self, blocks: Mapping[str, FieldBlock], parent: QObject) -> None:
        super().__init__(parent)
        self._blocks = blocks
        self._seen: set[str] = set()
        self._open: Sequence[Problem] = ()
        for name, block in blocks.items():
            block.visited.connect(lambda name=name: self._on_visited(name))

    @property
    def shown(self) -> list[Problem]:
        """The open problems that are told, in the order of the form."""
        return [each for each in self._open if each.code != "missing" or each.field in self._seen]

    def begin(self, blocks_seen: bool) -> None:
        """Start with another record; the fields of one that was saved before count as seen."""
        self._seen = set(self._blocks) if blocks_seen else set()

    def reveal(self) -> None:
        """Tell everything from now on."""
        self._seen = set(self._blocks)

    def show(self, record: Record, every: Sequence[Problem], still_open: Sequence[Problem]) -> None:
        """Show what is wrong: all problems, and which of them nobody accepted."""
        order = list(self._blocks)
        self._open = sorted(still_open, key=lambda each: order.index(each.field) if each.field in order else len(order))
        reasons = {(each.field, each.code): each.reason for each in record.accepted}
        for name, block in self._blocks.items():
            here = [each for each in self.shown if each.field == name]
            accepted = [
                (each, reasons.get((name, each.code), ""))
                for each in every
                if each.field == name and each not in still_open
            ]
            block.show_problems(here, accepted)

    def next(self, focused: QWidget | None) -> FieldBlock | None:
        """Return the field of the next problem after the focus, of the first one if there is none after it."""
        names = list(self._blocks)
        at = next((number for number, name in enumerate(names) if self._blocks[name].has(focused)), -1)
        wrong = [names.index(each.field) for each in self.shown if each.field in self._blocks]
        if not wrong:
            return None
        return self._blocks[names[next((each for each in wrong if each > at), wrong[0])]]

    def first(self) -> FieldBlock | None:
        """Return the field of the first problem that keeps the record from being saved, else of the first of all."""
        found = sorted((each for each in self.shown if each.field in self._blocks), key=lambda each: not each.blocking)
        return self._blocks[found[0].field] if found else None

    def _on_visited(self, name: str) -> None:
        if name not in self._seen:
            self._seen.add(name)
            self.visited.emit()
