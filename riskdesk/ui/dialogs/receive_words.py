"""What a package that came holds, and what became of those that were taken, in words."""

from __future__ import annotations

from collections.abc import Mapping

from riskdesk.domain.reconcile import Outcome
from riskdesk.services.receiving import Looked, Received
from riskdesk.ui.models.plan_rows import DECISIONS, OUTCOMES, RETURNED

NOT_TAKEN = "未接收"


def content(looked: Looked) -> str:
    """Return what taking a package would do."""
    if looked.verdict.nil:
        return "零报告"
    decisions, counts = looked.plan.decisions(), looked.plan.counts()
    parts = [f"{word} {decisions[decision]}" for decision, (word, _) in DECISIONS.items() if decisions[decision]]
    parts += [f"{word} {counts[outcome]}" for outcome, (word, _) in OUTCOMES.items() if counts[outcome]]
    return "、".join(parts)


def came_back(given: Looked | Received) -> int:
    """Return how many of our records come back in an answer."""
    return given.plan.decisions()[RETURNED]


def totals(received: Mapping[int, Received], left: int) -> str:
    """Return what became of the packages; `left` are those that could have been taken, and still can."""
    taken = [each for each in received.values() if each.run_id]
    refused = left + len(received) - len(taken)
    counts = dict.fromkeys(Outcome, 0)
    for one in taken:
        for row in one.plan.rows:
            if one.chosen is None or row.object_id in one.chosen:
                counts[row.outcome] += 1
    told = "、".join(f"{word} {counts[outcome]}" for outcome, (word, _) in OUTCOMES.items() if counts[outcome])
    nil = sum(each.verdict.nil for each in taken)
    parts = [
        f"已接收 {len(taken)} 个包",
        f"退回 {returned} 条" if (returned := sum(map(came_back, taken))) else "",
        told,
        f"零报告 {nil} 个" if nil else "",
        f"{unticked} 条没有勾选，未接收" if (unticked := sum(map(_unticked, taken))) else "",
        f"{NOT_TAKEN} {refused} 个包{_again(left, refused)}" if refused else "",
    ]
    return "，".join(part for part in parts if part) + "。"


def _again(left: int, refused: int) -> str:
    if not left:
        return ""
    return "（可以再次接收）" if left == refused else f"（其中 {left} 个可以再次接收）"


def _unticked(one: Received) -> int:
    """Return how many rows of a package were left out."""
    if one.chosen is None:
        return 0
    return sum(row.step is not None and row.object_id not in one.chosen for row in one.plan.rows)
