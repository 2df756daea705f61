"""One row of an import in full: its columns as read, what they were before, and everything that is odd about it."""

from __future__ import annotations

from html import escape

from PySide6.QtWidgets import QTextBrowser, QWidget

from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.table_mapping import MAPPABLE
from riskdesk.domain.titles import TITLES
from riskdesk.services.import_changes import shown_changes, shown_value
from riskdesk.ui.models.import_rows import OUTCOMES, ImportRow

_EMPTY = "未填"
_COUNT = {"enterprise_count": "enterprise_count_text"}
_DERIVED = ("form_date",)


class ImportDetails(QTextBrowser):
    """Read-only text that can be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("所选行的详细内容")
        self.setTabChangesFocus(True)
        self.setOpenLinks(False)

    def show_row(self, row: ImportRow | None) -> None:
        """Show a row, or nothing."""
        self.setHtml("" if row is None else _page(row))


def _page(row: ImportRow) -> str:
    planned = row.planned
    where = f"{row.place()}　{OUTCOMES[planned.outcome][0]}" + (f"　计入 {planned.period}" if planned.period else "")
    told = "".join(f"<li>{escape(each.message)}</li>" for each in planned.problems if each.code != "changed")
    lines = "".join(_line(row, field) for field in _fields(row))
    return f"<p><b>{escape(where)}</b></p>{f'<ul>{told}</ul>' if told else ''}<table cellspacing='4'>{lines}</table>"


def _fields(row: ImportRow) -> list[str]:
    official = [column.field for column in COLUMNS]
    more = [name for name, text in row.planned.row.values.items() if text and name not in (*official, *_DERIVED)]
    return official + more


def _line(row: ImportRow, field: str) -> str:
    planned = row.planned
    text = escape(planned.row.values.get(field, "")).replace("\n", "<br>") or f"<i>{_EMPTY}</i>"
    for change in shown_changes(planned.changes):
        if _COUNT.get(change.field, change.field) == field:
            old = escape(shown_value(change.before)).replace("\n", "<br>") or f"<i>{_EMPTY}</i>"
            text = f"原为：{old}<br><b>现为：{text}</b>"
    title = escape(MAPPABLE.get(field) or TITLES.get(field, field))
    return f"<tr><td style='white-space:nowrap'>{title}　</td><td>{text}</td></tr>"
