"""What dialogs work with that sign or decrypt: the desk, the jobs, and the passphrase if it is known."""

from __future__ import annotations

from dataclasses import dataclass

from riskdesk.services.desk import Desk
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.held_passphrase import HeldPassphrase


@dataclass(frozen=True, slots=True)
class Bench:
    """One for the window; whoever opens such a dialog hands it on."""

    desk: Desk
    jobs: Jobs
    held: HeldPassphrase
