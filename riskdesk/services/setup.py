"""Making the data folder of an office."""

from __future__ import annotations

from pathlib import Path

from riskdesk import clock
from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.text import clean_line
from riskdesk.errors import UsageError
from riskdesk.services.desk import Desk, OfficeProfile
from riskdesk.services.reference import Reference


def set_up(home: Path, code: str, *, name: str = "", parent: str = "", person: str = "", phone: str = "") -> Desk:
    """Make or update the data folder for the office with the code and open it.

    An office of the default list needs no more than its code; a 所 that is not listed also needs its name and the code of
    the office above it.
    """
    reference = Reference()
    profile = _profile(reference, code, clean_line(name), parent)
    return Desk.set_up(
        home,
        OfficeProfile(
            code=code,
            name=profile[0],
            level=profile[1],
            parent=profile[2],
            person=clean_line(person),
            phone=clean_line(phone),
        ),
        reference,
    )


def _profile(reference: Reference, code: str, name: str, parent: str) -> tuple[str, str, str]:
    roster = reference.roster
    if parent and parent not in roster:
        raise UsageError(f"上级单位代码 {parent} 不在单位名册中。")
    if code in roster:
        office = roster.office(code, clock.today())
        return name or office.name, str(office.level), parent or next(iter(office.report_to), "")
    if not name or not parent:
        raise UsageError(f"单位代码 {code} 不在默认名册中。请同时给出单位名称（--name）和上级单位代码（--parent）。")
    return name, str(OfficeLevel.SUO), parent
