"""Reading entries of a package that has been verified, also of packages inside it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from riskdesk.exchange.archive import Archive
from riskdesk.exchange.zip_structure import Limits


@contextlib.contextmanager
def open_package(path: Path, inside: Sequence[str] = ()) -> Iterator[Archive]:
    """Open a package, or the one inside it that lies at the entries `inside`, one a level."""
    with contextlib.ExitStack() as stack:
        file: BinaryIO = stack.enter_context(path.open("rb"))
        archive = Archive(file, Limits())
        for name in inside:
            archive = Archive(stack.enter_context(archive.opened(name)), Limits())
        yield archive
