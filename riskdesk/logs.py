"""The program's log: a UTF-8 file in the data folder, for support; never on the screen."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path


def log_to(folder: Path) -> None:
    """Send log lines of this process to `riskdesk.log` in the folder, 1 MB at most and two older files."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(
        folder / "riskdesk.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("riskdesk")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
