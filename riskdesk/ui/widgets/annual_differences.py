"""Two versions of a yearly report beside each other, section by section: what people wrote, what is printed of it."""

from __future__ import annotations

from html import escape

from riskdesk.domain.annual import AnnualReport, Section
from riskdesk.services import annual
from riskdesk.ui import theme
from riskdesk.ui.widgets.field_values import compared

_NONE = "（没有文字）"


def differences_html(before: AnnualReport, after: AnnualReport) -> str:
    """Return what differs in the sections' titles and texts, old and new one below the other, and which numbers do."""
    parts = []
    old = {each.code: each for each in before.sections}
    new = {each.code: each for each in after.sections}
    titles = {**dict(_titles(before)), **dict(_titles(after))}
    for code in sorted(titles, key=lambda each: tuple(map(int, each.split(".")))):
        lines = _section_lines(old.get(code), new.get(code))
        if lines:
            parts.append(f"<p><b>{escape(titles[code])}</b><br>{'<br>'.join(lines)}</p>")
    return "".join(parts) or "<p>两个版本的文字和统计完全相同。</p>"


def changes_told(before: AnnualReport, after: AnnualReport) -> str:
    """Return in a line what a version changed: in which sections the text, else what besides."""
    old = {each.code: each.text for each in before.sections}
    new = {each.code: each.text for each in after.sections}
    lines = [
        f"增加{title}" if code not in old else title for code, title in _titles(after) if old.get(code) != new[code]
    ]
    lines += [f"删除{title}" for code, title in _titles(before) if code not in new]
    return "、".join(lines) or "文字没有改动，更新了统计或打印的内容"


def _titles(report: AnnualReport) -> list[tuple[str, str]]:
    return [pair for part in annual.outline(report) for pair in part.sections]


def _section_lines(old: Section | None, new: Section | None) -> list[str]:
    tokens = theme.current()
    lines = []
    if old is None or new is None:
        lines.append("增加了这一节。" if old is None else "删除了这一节。")
    before, after = old.text if old else "", new.text if new else ""
    if before != after:
        was, became = compared(before, after, tokens.red, tokens.green)
        lines += [f"原为：{was or _NONE}", f"改为：{became or _NONE}"]
    if old and new and old.blocks != new.blocks:
        lines.append("自动统计有更新。")
    if old and new and old.left_out != new.left_out:
        lines.append("打印哪些统计有改动。")
    return lines
