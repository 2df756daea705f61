"""Making folders whose names are on the disk before anything refers to what lies in them."""

from __future__ import annotations

from pathlib import Path

from riskdesk.files import sync_folder


def make_durably(folder: Path) -> None:
    """Make a folder, and those above it, that survive a power cut. Raises `OSError`."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)
