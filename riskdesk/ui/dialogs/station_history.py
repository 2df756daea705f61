"""历次修改: the versions of a station's sheet, what became of those handed on, any two compared; the station may go back to one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from PySide6.QtWidgets import QWidget

from riskdesk.services import assessing, station_receipts
from riskdesk.services.assessing import Kept
from riskdesk.services.desk import Desk
from riskdesk.ui.dialogs.versions import Version, VersionsDialog
from riskdesk.ui.widgets.station_differences import changes_told, differences_html
from riskdesk.ui.widgets.station_notes import handed_words


class StationHistoryDialog(VersionsDialog):
    """Calls `restored(kept)` with the version that was made by going back; None where others' sheets are only looked at."""

    def __init__(
        self, desk: Desk, kept: Kept, restored: Callable[[Kept], object] | None, parent: QWidget | None = None
    ) -> None:
        found = assessing.versions(desk, kept)[::-1]
        handed = {each.revision: handed_words(each) for each in station_receipts.handed_on(desk, kept.revision)}
        changes = [changes_told(before.sheet, each.sheet) or "内容没有改动" for each, before in pairwise(found)]
        lines = [
            Version(each.at, each.author, "　".join(filter(None, (handed.get(each.revision, ""), change))))
            for each, change in zip(found, (*changes, "新建"), strict=True)
        ]

        def compare(older: int, newer: int) -> str:
            return differences_html(found[older].sheet, found[newer].sheet)

        def go_back(follow: Callable[[Kept], object], chosen: int) -> Callable[[], object]:
            return partial(follow, assessing.restore(desk, kept, found[chosen]))

        title = f"历次修改：{kept.sheet.unit} {kept.sheet.year} 年自评表"
        super().__init__(title, lines, compare, None if restored is None else partial(go_back, restored), parent)
