"""Making the data folder of an office."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from riskdesk import clock
from riskdesk.domain.offices import OfficeLevel, is_office_code
from riskdesk.domain.text import clean_line
from riskdesk.errors import OfficeUnlistedError, UsageError
from riskdesk.services.desk import DATA_FILE, Desk, OfficeProfile, refuse_without_data
from riskdesk.services.reference import Reference


def set_up(
    home: Path,
    code: str,
    *,
    name: str | None = None,
    parent: str | None = None,
    person: str | None = None,
    phone: str | None = None,
) -> Desk:
    """Make or update the data folder for the office with the code and open it; what is None stays as it was.

    An office of the default list needs no more than its code; a 所 that is not listed also needs its name and the code of
    the office above it.
    """
    reference = Reference()
    _refuse_code(reference, code, parent)
    old = _profile_in(home, reference, code)
    level, listed_name, listed_parent = _listed(reference, code)
    profile = OfficeProfile(
        code=code,
        name=clean_line(name or "") or (old.name if old else listed_name),
        level=level,
        parent=parent or (old.parent if old else listed_parent),
        person=clean_line(person) if person is not None else old.person if old else "",
        phone=clean_line(phone) if phone is not None else old.phone if old else "",
    )
    if not profile.name or (not profile.parent and level != OfficeLevel.PROVINCE):
        raise OfficeUnlistedError(
            f"单位代码 {code} 不在默认名册中。请同时给出单位名称和上级单位代码。{_similar(reference, code)}"
        )
    return Desk.set_up(home, profile, reference)


def renew(desk: Desk, profile: OfficeProfile) -> OfficeProfile:
    """Give an open desk's office another name, person or phone; the code stays."""
    if profile.code != desk.office.code:
        raise UsageError("单位代码不能更改。请为另一个单位另建数据文件夹。")
    if profile != desk.office:
        with desk.store.write(profile.person, "setup") as writing:
            desk.settings.put(writing, "office", asdict(profile))
        desk.office = profile
    return profile


def _refuse_code(reference: Reference, code: str, parent: str | None) -> None:
    if not is_office_code(code):
        raise UsageError(f"“{code}”不是单位代码（由字母、数字和“-”组成，如 140105-JU）。{_similar(reference, code)}")
    if parent and parent not in reference.roster:
        raise UsageError(f"上级单位代码 {parent} 不在单位名册中。{_similar(reference, parent)}")
    if parent and parent == code:
        raise UsageError("上级单位不能是本单位自己。")


def _similar(reference: Reference, text: str) -> str:
    found = [f"{office.code} {office.name}" for office in reference.roster.search(text)][:8]
    return "您要找的是不是：" + "；".join(found) if found else ""


def _profile_in(home: Path, reference: Reference, code: str) -> OfficeProfile | None:
    """Return the profile that the data folder has, if it is of the same office."""
    if any((home / "backups").glob("*.db")):
        refuse_without_data(home)  # it had data once
    elif not (home / DATA_FILE).exists():
        return None
    try:
        with Desk(home, reference) as desk:
            return desk.office if desk.office.code == code else None
    except UsageError:  # set up only half, or salvaged
        return None


def _listed(reference: Reference, code: str) -> tuple[str, str, str]:
    """Return level, name and superior of an office of the default list; a 所 without a name otherwise."""
    if code not in reference.roster:
        return str(OfficeLevel.SUO), "", ""
    office = reference.roster.office(code, clock.today())
    return str(office.level), office.name, next(iter(office.report_to), "")
