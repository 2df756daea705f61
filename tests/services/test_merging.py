"""A record that went on while somebody typed: what is found, and one revision that follows all there is."""

import json

import pytest
from ui.dialogs.test_history import seal
from ui.widgets.forms import RECORD

from riskdesk.domain.merging import Side
from riskdesk.domain.revisions import heads
from riskdesk.errors import InputError
from riskdesk.services import entry, merging


@pytest.fixture
def first(desk):
    """The revision that somebody began to edit."""
    return entry.save(desk, RECORD)


def went_on(desk, first, **changes):
    return entry.save(desk, RECORD.edited(**changes), first.object_id, base=first.hash)


def test_a_record_that_did_not_go_on_is_not_overtaken(desk, first):
    assert merging.overtaken(desk, RECORD.edited(brand="甲牌"), first.object_id, first.hash) is None


def test_one_new_revision_follows_the_one_that_is_there_now(desk, first):
    second = went_on(desk, first, brand="某牌")
    found = merging.overtaken(desk, RECORD.edited(analysis="我的分析。"), first.object_id, first.hash)
    step = merging.save(desk, found, {"analysis": Side.MINE, "brand": Side.THEIRS})
    assert second.hash in step.ancestors
    assert entry.record_of(step) == RECORD.edited(analysis="我的分析。", brand="某牌")
    assert len(entry.history(desk, first.object_id)) == 3


def test_what_went_on_once_more_meanwhile_is_not_written_over(desk, first):
    second = went_on(desk, first, brand="某牌")
    found = merging.overtaken(desk, RECORD.edited(analysis="我的分析。"), first.object_id, first.hash)
    entry.save(desk, RECORD.edited(brand="又一牌"), first.object_id, base=second.hash)
    with pytest.raises(InputError, match="修改"):
        merging.save(desk, found, {"analysis": Side.MINE, "brand": Side.THEIRS})
    again = merging.looked_again(desk, found)
    assert again.theirs.brand == "又一牌"


def test_what_was_typed_and_not_chosen_stays_in_the_audit_log(desk, first):
    went_on(desk, first, analysis="对方的分析。")
    found = merging.overtaken(desk, RECORD.edited(analysis="我的分析。"), first.object_id, first.hash)
    merging.save(desk, found, {"analysis": Side.THEIRS})
    [[detail]] = desk.store.read("SELECT detail FROM audit WHERE action = 'merge'")
    assert json.loads(detail)["dropped_drafts"][first.object_id]["analysis"] == "我的分析。"


def test_a_sealed_record_is_corrected_with_the_reason(desk, first):
    went_on(desk, first, brand="某牌")
    found = merging.overtaken(desk, RECORD.edited(analysis="我的分析。"), first.object_id, first.hash)
    seal(desk)
    chosen = {"analysis": Side.MINE, "brand": Side.THEIRS}
    with pytest.raises(InputError, match="更正"):
        merging.save(desk, found, chosen)
    assert merging.save(desk, found, chosen, "笔误").reason == "笔误"


def test_of_a_fork_every_field_has_to_be_chosen_and_saving_joins_it(desk, first):
    other = entry.next_revision(desk, RECORD.edited(brand="别处的牌"), first.object_id, parents=[first])
    here = went_on(desk, first, brand="这里的牌")
    with desk.store.write("测试", "receive") as writing:
        desk.revisions.add(writing, [other])
    now = entry.current(desk, first.object_id)
    found = merging.overtaken(desk, entry.record_of(now), first.object_id, now.hash)
    assert [(each.fields, each.side) for each in found.clashes] == [(("brand",), None)]
    step = merging.save(desk, found, {"brand": Side.MINE})
    assert {other.hash, here.hash} <= set(step.ancestors)
    assert heads(entry.history(desk, first.object_id)) == [step]
