"""A reminder, and those that a person does not want to hear of again."""

from __future__ import annotations

from dataclasses import dataclass

from riskdesk.services.desk import Desk

_KEY = "dismissed_reminders"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder; `id` stays the same as long as it is about the same, `page` is where something can be done about it.

    One that would stay for good if nothing is done can be dismissed.
    """

    id: str
    title: str
    text: str
    urgent: bool
    page: str
    can_dismiss: bool = False


def dismissed(desk: Desk) -> set[str]:
    """Return the ids of the reminders that are not wanted again."""
    return set(desk.settings.get(_KEY) or ())


def dismiss(desk: Desk, reminder_id: str) -> None:
    """Never tell a reminder again."""
    before = dismissed(desk)
    if reminder_id not in before:
        with desk.store.write(desk.office.person, "dismiss reminder") as writing:
            writing.detail.update(reminder=reminder_id)
            desk.settings.put(writing, _KEY, sorted({*before, reminder_id}))
