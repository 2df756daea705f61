"""The versions of a yearly report, compared section by section, and the way back to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtWidgets import QWidget

from riskdesk.services import annual
from riskdesk.services.annual import Kept
from riskdesk.services.desk import Desk
from riskdesk.ui.dialogs.versions import Version, VersionsDialog
from riskdesk.ui.widgets.annual_differences import changes_told, differences_html


class AnnualHistoryDialog(VersionsDialog):
    """Calls `restored(kept)` with the version that was made by going back; None for a report that came: nobody changes it here."""

    def __init__(
        self, desk: Desk, kept: Kept, restored: Callable[[Kept], object] | None, parent: QWidget | None = None
    ) -> None:
        found = annual.versions(desk, kept)[::-1]
        lines = [
            Version(each.at, each.author, changes_told(before.report, each.report)) for each, before in pairwise(found)
        ]
        lines.append(Version(found[-1].at, found[-1].author, "收到的第一版" if restored is None else "新建"))

        def compare(older: int, newer: int) -> str:
            return differences_html(found[older].report, found[newer].report)

        title = "历史版本" if restored else "收到的各版"
        super().__init__(
            title, lines, compare, partial(_restored, desk, kept, found, restored) if restored else None, parent
        )


def _restored(
    desk: Desk, kept: Kept, versions: Sequence[Kept], then: Callable[[Kept], object], chosen: int
) -> Callable[[], object]:
    return partial(then, annual.save(desk, kept, versions[chosen].report))
