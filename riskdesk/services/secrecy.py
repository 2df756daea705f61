"""Whether a package holds a work secret: in records of its own, withdrawn ones too, or in a package inside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk.domain.records import Marking
from riskdesk.domain.revisions import Revision
from riskdesk.files import told_as_fault
from riskdesk.services.desk import Desk
from riskdesk.store.packages import Package

if TYPE_CHECKING:
    from riskdesk.exchange.archive import Archive

ONLY_ENCRYPTED = "只能加密报送。请先取得收件单位的加密公钥（办理证书时自动取得）。"


def is_secret(step: Revision) -> bool:
    """Tell whether a revision is marked as a work secret."""
    return bool(step.body.get("marking") == Marking.WORK_SECRET)


def holds_secrets(desk: Desk, package: Package) -> bool:
    """Tell whether a kept report holds a work secret; it says so itself, or its bytes are read."""
    told = package.facts.get("secret")
    return _found_in(desk.packages.bytes.place(package.file)) if told is None else bool(told)


def _found_in(path: Path, inside: Sequence[str] = ()) -> bool:
    from riskdesk.exchange.contents import open_package

    with told_as_fault(path), open_package(path, inside) as archive:
        if _found_at(archive):
            return True
        deeper = [name for name in archive.entries if name.startswith("inner/")]
    return any(_found_in(path, (*inside, name)) for name in deeper)


def _found_at(archive: Archive) -> bool:
    from riskdesk.exchange.payload import REPORT, report_from_bytes

    if REPORT not in archive.entries:
        return False
    _, steps = report_from_bytes(archive.read(REPORT))
    return any(isinstance(step, Revision) and step.kind == "record" and is_secret(step) for step in steps)
