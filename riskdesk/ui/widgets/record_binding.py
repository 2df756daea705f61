"""Ties the edits of a form to the fields of a record, so that what nobody touched stays exactly as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtWidgets import QLineEdit

from riskdesk.domain.problems import Problem
from riskdesk.domain.records import Record
from riskdesk.ui.widgets.editors import Editor

_TYPED = "typed."  # before the name of an edit: its text, which no field of the record can take


@dataclass(frozen=True, slots=True)
class Tie:
    """An edit and the field it is for: "brand", "source_detail.url", or two that it tells together."""

    editor: Editor
    fields: tuple[str, ...]

    def of(self, record: Record) -> Any:
        """Return what the edit is to show of a record."""
        values = tuple(_get(record, name) for name in self.fields)
        return values if len(values) > 1 else values[0]


class RecordBinding:
    """All edits of a form by the name that problems give their field."""

    def __init__(self, ties: Mapping[str, Tie]) -> None:
        self._ties = ties
        self._loaded: dict[str, Any] = {}

    def show(self, record: Record) -> None:
        """Show a record."""
        for name, tie in self._ties.items():
            tie.editor.put(tie.of(record))
            self._loaded[name] = tie.editor.value()
            if (raw := record.original.get(f"{_TYPED}{name}")) and isinstance(tie.editor, QLineEdit):
                tie.editor.setText(raw)

    def unfinished_in(self, record: Record) -> Record:
        """Return the record as `told_in`, with the text that could not be read of any edit: for drafts and journals."""
        raw = {
            f"{_TYPED}{name}": tie.editor.text()
            for name, tie in self._ties.items()
            if isinstance(tie.editor, QLineEdit) and tie.editor.unread()
        }
        told = self.told_in(record)
        return told.edited(original={**told.original, **raw}) if raw else told

    def told_in(self, record: Record) -> Record:
        """Return the record with what was changed since it was shown; cleaning alone is no change."""
        if any(key.startswith(_TYPED) for key in record.original):
            kept = {key: text for key, text in record.original.items() if not key.startswith(_TYPED)}
            record = record.edited(original=kept)
        for name, tie in self._ties.items():
            value = tie.editor.value()
            if value == self._loaded.get(name):
                continue
            values = value if len(tie.fields) > 1 else (value,)
            for field, each in zip(tie.fields, values, strict=True):
                record = _put(record, field, each)
        return record

    def unread(self) -> Iterator[Problem]:
        """Yield what stands in the edits and cannot be part of a record; it must not get lost unseen."""
        for name, tie in self._ties.items():
            if text := tie.editor.unread():
                yield Problem(name, "not_understood", text, blocking=True)

    def fill(self, name: str, record: Record) -> None:
        """Write what another record says into one edit, as if typed."""
        tie = self._ties[name]
        tie.editor.refill(tie.of(record))

    def settle(self) -> None:
        """Take what the edits say as what was shown: it was just saved."""
        self._loaded = {name: tie.editor.value() for name, tie in self._ties.items()}


def _get(record: Record, name: str) -> Any:
    outer, _, inner = name.partition(".")
    value = getattr(record, outer)
    return getattr(value, inner) if inner else value


def _put(record: Record, name: str, value: Any) -> Record:
    outer, _, inner = name.partition(".")
    if not inner:
        return record.edited(**{outer: value})
    return record.edited(**{outer: replace(getattr(record, outer), **{inner: value})})
