"""The offices as this office knows them: those that ship with the program, and those it has added or was told of since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from riskdesk.domain.offices import Office, OfficeLevel, Roster, spelling
from riskdesk.services.desk import Desk, OfficeProfile
from riskdesk.services.reference import Reference
from riskdesk.store.connection import Writing

_KEY, _HEARD = "offices", "heard_offices"  # settings


def roster_of(desk: Desk) -> Roster:
    """Return all offices known here, this one among them."""
    return _roster(desk.reference, desk.office, desk.settings.text(_KEY), desk.settings.text(_HEARD))


@lru_cache(maxsize=4)  # every package of a month asks for it
def _roster(reference: Reference, profile: OfficeProfile, added: str, heard: str) -> Roster:
    known = {office.code: office for office in reference.roster.offices}
    for office in (*map(_office, json.loads(added) or []), *_own(profile, known)):
        known[office.code] = office
    return Roster(tuple(_under_known(known)), json.loads(heard) or {})


def name_of(desk: Desk, code: str) -> str:
    """Return the name of an office, its code if it is not known here."""
    return roster_of(desk).name_of(code)


def hear(desk: Desk, writing: Writing, names: Mapping[str, str]) -> None:
    """Note the names, by code, of offices that signed something inside what another handed on, in the running transaction.

    The first name that is heard stays: no other office gives it another one.
    """
    old, roster = desk.settings.get(_HEARD) or {}, roster_of(desk)
    new = {code: name for code, name in names.items() if code not in roster and code not in old}
    if new:
        desk.settings.put_changed(writing, _HEARD, {**old, **new}, new)


def added_offices(desk: Desk) -> list[dict[str, Any]]:
    """Return the offices that do not ship with the program, as they are handed on to others; this one is among them."""
    shipped = {office.code: office for office in desk.reference.roster.offices}
    rows = {row["code"]: row for row in desk.settings.get(_KEY) or []}
    rows.update({office.code: _row(office) for office in _own(desk.office, shipped)})
    return list(rows.values())


def add_offices(desk: Desk, writing: Writing, rows: Iterable[dict[str, Any]]) -> None:
    """Note offices in the running transaction; raise `InputError` if the roster would make no sense with them."""
    old = {row["code"]: row for row in desk.settings.get(_KEY) or []}
    new = {**old, **{row["code"]: _row(_office(row)) for row in rows if row["code"] != desk.office.code}}
    known = {office.code: office for office in desk.reference.roster.offices}
    Roster(tuple(_under_known({**known, **{code: _office(row) for code, row in new.items()}})))
    change = {code: {"old": old.get(code), "new": row} for code, row in new.items() if old.get(code) != row}
    if change:
        desk.settings.put_changed(writing, _KEY, list(new.values()), change)


def office_row(code: str, name: str, level: str, parent: str, region_code: str = "") -> dict[str, Any]:
    """Return an office as it is noted and handed on."""
    return _row(Office(code, name, OfficeLevel(level), (parent,) if parent else (), region_code or code[:6]))


def is_meant(roster: Roster, unit: str, code: str) -> bool:
    """Tell whether people mean the office of that code by a unit's name, whatever its spelling."""
    if code not in roster:
        return False
    named = roster.named(unit)
    return spelling(unit) == spelling(roster.office(code).name) or (named is not None and named.code == code)


def _own(profile: OfficeProfile, known: dict[str, Office]) -> list[Office]:
    """Return this office as its profile says, if that is not what is known of it."""
    listed = known.get(profile.code)
    if listed is not None:
        return [replace(listed, name=profile.name)] if listed.name != profile.name else []
    parents = (profile.parent,) if profile.parent else ()
    return [Office(profile.code, profile.name, OfficeLevel(profile.level), parents, profile.code[:6])]


def _under_known(known: dict[str, Office]) -> list[Office]:
    """Return the offices with the superiors that are known: one told of by a neighbour may be below one that is not."""
    return [
        office
        if all(code in known for code in office.report_to)
        else replace(office, report_to=tuple(code for code in office.report_to if code in known))
        for office in known.values()
    ]


def _office(row: dict[str, Any]) -> Office:
    return Office(
        row["code"],
        row["name"],
        OfficeLevel(row["level"]),
        tuple(row["report_to"]),
        row["region_code"],
        row["expected"],
        _day(row.get("valid_from")),
        _day(row.get("valid_to")),
    )


def _row(office: Office) -> dict[str, Any]:
    return {
        "code": office.code,
        "name": office.name,
        "level": str(office.level),
        "report_to": list(office.report_to),
        "region_code": office.region_code,
        "expected": office.expected,
        "valid_from": office.valid_from.isoformat() if office.valid_from else None,
        "valid_to": office.valid_to.isoformat() if office.valid_to else None,
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
