"""Two versions of a station's sheet beside each other: per indicator, what was said before and after."""

from __future__ import annotations

from html import escape

from riskdesk.domain.assessment import Sheet
from riskdesk.domain.assessment_difference import Change, differences
from riskdesk.domain.titles import EMPTY
from riskdesk.ui import theme
from riskdesk.ui.widgets.field_values import compared


def differences_html(before: Sheet, after: Sheet) -> str:
    """Return what differs, old and new below each other."""
    parts = [
        f"<p><b>{escape(each.title)}</b><br>{'<br>'.join(map(_line, each.changes))}</p>"
        for each in differences(before, after)
    ]
    return "".join(parts) or "<p>两个版本的内容完全相同。</p>"


def changes_told(before: Sheet, after: Sheet) -> str:
    """Return in a line what a version changed."""
    found = differences(before, after)
    return "；".join(f"{each.code or each.title} {'、'.join(one.what for one in each.changes)}" for each in found)


def _line(change: Change) -> str:
    tokens = theme.current()
    was, became = compared(change.before, change.after, tokens.red, tokens.green)
    if change.before and change.after:
        return f"{change.what}原为：{was}<br>{change.what}改为：{became}"
    if change.what.endswith("材料"):
        return f"{change.what}：{was or became}"
    return f"{change.what}：{was or EMPTY} → {became or EMPTY}"
