"""The versions of a yearly report, compared section by section, and the way back to one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from PySide6.QtWidgets import QWidget

from riskdesk.services import annual
from riskdesk.services.annual import Kept
from riskdesk.services.desk import Desk
from riskdesk.ui.dialogs.versions import Version, VersionsDialog
from riskdesk.ui.widgets.annual_differences import changes_told, differences_html


class AnnualHistoryDialog(VersionsDialog):
    """Calls `restored(kept)` with the version that was made by going back."""

    def __init__(
        self, desk: Desk, kept: Kept, restored: Callable[[Kept], object], parent: QWidget | None = None
    ) -> None:
        found = annual.versions(desk, kept)[::-1]
        lines = [
            Version(each.at, each.author, changes_told(before.report, each.report)) for each, before in pairwise(found)
        ]
        lines.append(Version(found[-1].at, found[-1].author, "新建"))

        def compare(older: int, newer: int) -> str:
            return differences_html(found[older].report, found[newer].report)

        def restore(chosen: int) -> Callable[[], object]:
            return partial(restored, annual.save(desk, kept, found[chosen].report))

        super().__init__("历史版本", lines, compare, restore, parent)
