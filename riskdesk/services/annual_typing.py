"""What is typed into a yearly report and not saved yet: kept in a journal of its own, and offered again after a kill."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from riskdesk.errors import UserError
from riskdesk.services.annual import Kept
from riskdesk.services.desk import Desk
from riskdesk.store.journal import Journal, forget, unsaved

_FOLDER = "annual"  # below the journals of records, which hold other things


@dataclass(frozen=True, slots=True)
class Typed:
    """The texts, by the code of their section, that a window held when the program ended without saving them."""

    id: str
    report_id: str
    texts: Mapping[str, str]
    at: str


def journal(desk: Desk, form_id: str, report_id: str = "", base: str = "") -> Journal:
    """Open the journal of a report that is being written."""
    folder = desk.journals / _FOLDER
    return Journal(folder, form_id, object_id=report_id, base_hash=base, monotonic=time.monotonic)


def left(desk: Desk, kept: Kept, open_form: str = "") -> list[Typed]:
    """Return what earlier runs typed into a report and what it does not say now, oldest first; forget the rest."""
    folder = desk.journals / _FOLDER
    now = {each.code: each.text for each in kept.report.sections}
    asked = []
    for found in unsaved(folder):
        if found.object_id != kept.id or found.id == open_form:
            continue
        texts = {code: text for code, text in _texts(found.body).items() if now.get(code, "") != text}
        if texts:
            asked.append(Typed(found.id, found.object_id, texts, found.at))
        else:
            with suppress(UserError):  # it says what is saved: the next time tries again
                forget(folder, found.id)
    return asked


def settle(desk: Desk, typed: Typed) -> None:
    """Forget texts that are saved now."""
    forget(desk.journals / _FOLDER, typed.id)


def discard(desk: Desk, typed: Typed) -> None:
    """Throw texts away; they go into the audit log first."""
    with desk.store.write(desk.office.person, "discard") as writing:
        writing.detail["dropped_drafts"] = {typed.report_id: dict(typed.texts)}
    settle(desk, typed)


def _texts(body: Mapping[str, object]) -> dict[str, str]:
    """Return the texts without the halves of characters that an input method may leave."""
    whole: dict[str, object] = json.loads(json.dumps(dict(body), ensure_ascii=False).encode("utf-8", "ignore"))
    return {code: text for code, text in whole.items() if isinstance(text, str)}
