"""Opening the data folder that a command is about."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator

from riskdesk import paths
from riskdesk.cli.output import TerminalProgress
from riskdesk.services.desk import Desk, occupied, refuse_without_data


@contextlib.contextmanager
def open_desk(given: argparse.Namespace) -> Iterator[Desk]:
    """Open the data folder, held against other programs."""
    home = paths.data_home(given.home)
    refuse_without_data(home)
    with occupied(home), Desk(home, progress=TerminalProgress()) as desk:
        yield desk
