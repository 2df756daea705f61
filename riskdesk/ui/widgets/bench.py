"""What dialogs work with that sign or decrypt: the desk, the jobs, the passphrase if it is known, and the folder used last."""

from __future__ import annotations

from dataclasses import dataclass, field

from riskdesk.services.desk import Desk
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.held_passphrase import HeldPassphrase
from riskdesk.ui.widgets.last_folder import LastFolder


@dataclass(frozen=True, slots=True)
class Bench:
    """One for the window; whoever opens such a dialog hands it on."""

    desk: Desk
    jobs: Jobs
    held: HeldPassphrase
    folder: LastFolder = field(default_factory=LastFolder)
