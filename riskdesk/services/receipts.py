"""Receipts for the reports that were just taken, one for each: what fails is told of the one, the others are written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from riskdesk.errors import UserError
from riskdesk.files import told_as_fault
from riskdesk.services import answering, signers
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.receiving import Received


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the receipt for a package (its id): the file, or why there is none."""

    package: str
    file: Path | None = None
    error: UserError | None = None


def check_ready(desk: Desk, keys: Keys, folder: Path) -> None:
    """Raise what would keep receipts from being written, before anything is taken: who signs, or the folder."""
    signers.demand_useful(desk, keys)
    with told_as_fault(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def write_receipts(desk: Desk, keys: Keys, received: Iterable[Received], folder: Path) -> list[Receipt]:
    """Write a receipt for each report that was taken."""
    return [
        _written(desk, keys, one.package, folder) for one in received if one.run_id and one.verdict.kind == "report"
    ]


def _written(desk: Desk, keys: Keys, package: str, folder: Path) -> Receipt:
    try:
        return Receipt(package, answering.answer(desk, keys, package, {}, folder).file)
    except UserError as error:
        return Receipt(package, error=error)
