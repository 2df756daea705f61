"""A revision is written down in one way, and its hash stands for all that it says."""

import json

from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.canonical import canonical, digest
from riskdesk.domain.revisions import Revision, RevisionState, written

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
BODIES = st.dictionaries(TEXT, st.recursive(TEXT | st.none() | st.booleans() | st.integers(), st.lists, max_leaves=4))
REVISIONS = st.builds(
    Revision,
    object_id=TEXT,
    kind=TEXT,
    org=TEXT,
    rev_no=st.integers(1, 9),
    ancestors=st.lists(TEXT, max_size=3).map(tuple),
    state=st.sampled_from(RevisionState),
    reason=TEXT,
    body=BODIES,
    author=TEXT,
    at=TEXT,
    hash=TEXT,
)


@given(REVISIONS)
def test_the_hash_is_that_of_the_canonical_form_of_all_else(step):
    fields = {name: getattr(step, name) for name in Revision.__slots__ if name != "hash"}
    found = written(step)
    assert found.hash == digest(fields)
    assert (found.ancestors, found.body) == (canonical(list(step.ancestors)).decode(), canonical(step.body).decode())
    assert (json.loads(found.ancestors), json.loads(found.body)) == (list(step.ancestors), step.body)
