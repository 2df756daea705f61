"""The folder that files for or from others lay in last: a stick comes from an office and goes back there."""

from __future__ import annotations

from pathlib import Path


class LastFolder:
    """Known while the program runs; `path` is None as long as no folder was used, or once it is gone."""

    def __init__(self) -> None:
        self._path: Path | None = None

    @property
    def path(self) -> Path | None:
        """The folder, if it is still there."""
        return self._path if self._path is not None and self._path.is_dir() else None

    def use(self, folder: Path) -> Path:
        """Note and return a folder."""
        self._path = folder
        return folder
