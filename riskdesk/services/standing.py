"""Which version of a thing of ours stands where there are two, as after a restored backup."""

from __future__ import annotations

from collections.abc import Sequence

from riskdesk.domain.revisions import Revision
from riskdesk.services.desk import Desk


def own_tip(desk: Desk, tips: Sequence[Revision]) -> Revision:
    """Return, of versions that nothing follows, the one that was made here.

    The others came back in somebody's answer, which nobody of ours has signed; they are found among the versions.
    """
    return next((each for each in tips if not desk.imports.run_of(each.hash)), tips[0])
