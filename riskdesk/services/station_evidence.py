"""Whether the files that prove what a station says are worth anything: there, whole, and not empty."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from riskdesk.domain.assessment import Evidence
from riskdesk.domain.records import Attachment
from riskdesk.errors import InputError
from riskdesk.files import told_as_fault
from riskdesk.services import attaching
from riskdesk.services.desk import Desk


def demand_content(path: Path) -> None:
    """Raise `InputError` for an empty file, `UserError` for one that cannot be looked at."""
    with told_as_fault(path):
        if path.is_file() and not path.stat().st_size:
            raise InputError(f"“{path.name}”是空文件（0 字节），不能作为证明材料。请检查后重新选择文件。")


def lost(desk: Desk, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the files that prove nothing: empty ones, and those that are not in the data folder any more, or not whole."""
    return tuple(each for each in evidence if not each.attachment.size or not _is_here(desk, each.attachment))


def _is_here(desk: Desk, attachment: Attachment) -> bool:
    try:
        attaching.place(desk, attachment)
    except (InputError, OSError):
        return False
    return True
