"""Drafts, and what forms held when the program was killed: nothing is lost, and nobody is asked without need."""

import json
import zlib

import pytest

from riskdesk import clock
from riskdesk.domain.records import Attachment, Record, record_to_body
from riskdesk.errors import UserError
from riskdesk.services import drafting, entry
from riskdesk.store import audit
from riskdesk.store.ids import new_id

FULL = Record("2023-05", product="电热毯", content="温控器失效引发起火。", sources_text="投诉", source_codes=("S2",))


def type_(desk, record, object_id="", base="", form=None):
    """What a form leaves behind that is killed with the program."""
    form = form or new_id()
    entry.journal(desk, form, object_id, base).type(record_to_body(record), clock.now())
    return form


def files(desk):
    return sorted(path.name for path in desk.journals.glob("*"))


def logged(desk):
    return "".join(detail for (detail,) in desk.store.read("SELECT detail FROM audit"))


def test_a_draft_is_kept_changed_and_dropped_whatever_is_wrong_with_it(desk):
    empty = drafting.keep(desk, Record("2023-05"))
    full = drafting.keep(desk, FULL)
    drafting.keep(desk, FULL.edited(content=""), draft_id=full)
    assert [(each.id, each.record) for each in drafting.drafts(desk)] == [
        (empty, Record("2023-05")),
        (full, FULL.edited(content="")),
    ]
    drafting.drop(desk, full)
    assert [each.id for each in drafting.drafts(desk)] == [empty]
    assert "电热毯" in logged(desk)
    drafting.drop(desk, full)


def test_a_draft_tells_which_fields_differ_from_what_it_changes(desk):
    step = entry.save(desk, FULL)
    drafting.keep(desk, FULL.edited(analysis="控温器失效", dead=1), object_id=step.object_id, base=step.hash)
    drafting.keep(desk, Record("2023-06", product="童车"))
    assert [each.changed for each in drafting.drafts(desk)] == [("信息分析", "死亡人数"), ("涉及产品",)]
    assert (drafting.drafts(desk)[0].object_id, drafting.drafts(desk)[0].base) == (step.object_id, step.hash)


def test_fields_of_newer_versions_stay_in_a_draft(desk):
    newer = Record("2023-05", product="童车", extra='{"coming":{"deep":[1,2]}}')
    draft = drafting.keep(desk, newer)
    [kept] = drafting.drafts(desk)
    assert kept.record == newer
    drafting.keep(desk, kept.record.edited(content="新"), draft_id=draft)
    assert drafting.drafts(desk)[0].record.extra == newer.extra


def test_half_a_character_does_not_keep_a_draft_from_being_saved(desk):
    drafting.keep(desk, FULL.edited(content="半个\ud83d字"))
    assert drafting.drafts(desk)[0].record.content == "半个字"


def test_what_was_typed_and_saved_nowhere_is_asked_about(desk):
    step = entry.save(desk, FULL)
    new = type_(desk, Record("2023-05", product="童车"))
    changed = type_(desk, FULL.edited(content="改"), step.object_id, step.hash)
    found = {each.id: each for each in drafting.left_unsaved(desk)}
    assert found.keys() == {new, changed}
    assert found[changed].changed == ("风险信息内容",)
    assert (found[changed].object_id, found[changed].base) == (step.object_id, step.hash)
    assert drafting.left_unsaved(desk, {new, changed}) == []
    assert len(files(desk)) == 2


def saved_and_journal_left(desk):
    entry.save(desk, FULL)
    return type_(desk, FULL)


def saved_and_changed_since(desk):
    step = entry.save(desk, FULL)
    entry.save(desk, FULL.edited(content="后来改过的内容"), step.object_id)
    return type_(desk, FULL)


def equal_to_its_base(desk):
    step = entry.save(desk, FULL)
    return type_(desk, FULL, step.object_id, step.hash)


def equal_to_a_later_revision(desk):
    step = entry.save(desk, FULL)
    entry.save(desk, FULL.edited(dead=2), step.object_id)
    return type_(desk, FULL.edited(dead=2), step.object_id, step.hash)


def kept_as_draft(desk):
    drafting.keep(desk, Record("2023-05", product="童"))
    return type_(desk, Record("2023-05", product="童"))


def kept_as_draft_of_a_record(desk):
    step = entry.save(desk, FULL)
    drafting.keep(desk, FULL.edited(dead=2), object_id=step.object_id, base=step.hash)
    return type_(desk, FULL.edited(dead=2), step.object_id, step.hash)


def empty(desk):
    return type_(desk, Record("2023-05", discovered_on=clock.today()))


def no_byte(desk):
    desk.journals.mkdir()
    (desk.journals / "x.journal").touch()
    return "x"


@pytest.mark.parametrize(
    "left",
    [
        saved_and_journal_left,
        saved_and_changed_since,
        equal_to_its_base,
        equal_to_a_later_revision,
        kept_as_draft,
        kept_as_draft_of_a_record,
        empty,
        no_byte,
    ],
    ids=lambda each: each.__name__,
)
def test_nobody_is_asked_about_what_is_saved_already(desk, left):
    left(desk)
    assert drafting.left_unsaved(desk) == []
    assert files(desk) == []


def test_the_same_columns_with_another_detail_are_not_the_same_record(desk):
    entry.save(desk, FULL)
    form = type_(desk, FULL.edited(dead=3))
    assert [each.id for each in drafting.left_unsaved(desk)] == [form]


def test_a_draft_of_another_record_does_not_answer_for_a_new_one(desk):
    step = entry.save(desk, FULL)
    drafting.keep(desk, FULL.edited(dead=2), object_id=step.object_id, base=step.hash)
    form = type_(desk, FULL.edited(dead=2))
    assert [each.id for each in drafting.left_unsaved(desk)] == [form]


def test_a_record_that_was_emptied_is_asked_about(desk):
    step = entry.save(desk, FULL)
    type_(desk, Record("2023-05"), step.object_id, step.hash)
    assert len(drafting.left_unsaved(desk)) == 1


def test_a_journal_that_cannot_be_read_is_told_with_what_can_be_made_out(desk):
    desk.journals.mkdir()
    (desk.journals / "cut.journal").write_bytes('\n00000000 {"body": {"content": "没有写完的'.encode() + b"\xe7")
    line = json.dumps({"object_id": "", "base_hash": "", "body": {"period": 5, "x": 1.5}, "at": "2023"}).encode()
    (desk.journals / "new.journal").write_bytes(b"\n%08x %s\n" % (zlib.crc32(line), line))
    (desk.journals / "odd.journal").write_bytes(b"\n%08x %s\n" % (zlib.crc32(b"[1]"), b"[1]"))
    found = {each.id: each for each in drafting.left_unsaved(desk)}
    assert found.keys() == {"cut", "new", "odd"}
    assert all(each.unreadable for each in found.values())
    assert "没有写完的" in found["cut"].record.content
    assert '"period": 5' in found["new"].record.content
    assert len(files(desk)) == 3
    for each in found.values():
        drafting.discard(desk, each)
    assert files(desk) == []
    assert "没有写完的" in logged(desk)
    assert audit.first_broken_entry(desk.store.connection) is None


def test_what_is_thrown_away_stays_in_the_audit_log(desk):
    form = type_(desk, FULL.edited(content="不要了\ud83d"))
    [left] = drafting.left_unsaved(desk)
    drafting.discard(desk, left)
    assert files(desk) == []
    [(action, detail)] = desk.store.read("SELECT action, detail FROM audit ORDER BY seq DESC LIMIT 1")
    assert action == "discard"
    assert json.loads(detail)["dropped_drafts"][form]["content"] == "不要了"
    drafting.discard(desk, left)
    assert audit.first_broken_entry(desk.store.connection) is None


def test_a_draft_with_attachments_of_records_compares_as_a_whole(desk):
    record = FULL.edited(attachments=(Attachment("0" * 64, "照片.jpg", 5),))
    drafting.keep(desk, record)
    type_(desk, record.edited(attachments=()))
    assert len(drafting.left_unsaved(desk)) == 1


def test_a_journal_that_the_machine_does_not_let_us_read_hides_no_other_and_is_not_thrown_away(desk):
    form = type_(desk, FULL)
    (desk.journals / "held.journal").mkdir()  # as unreadable as one that another program holds
    found = {each.id: each for each in drafting.left_unsaved(desk)}
    assert found.keys() == {form, "held"}
    assert found[form].record == FULL
    assert "没有丢失" in found["held"].unreadable
    with pytest.raises(UserError):
        drafting.discard(desk, found["held"])
    drafting.discard(desk, found[form])
    assert files(desk) == ["held.journal"]


def test_a_settled_journal_that_cannot_be_removed_hides_no_other(desk):
    settled = saved_and_journal_left(desk)
    form = type_(desk, FULL.edited(content="别的"))
    (desk.journals / f"{settled}.part").mkdir()  # cannot be removed as a file
    assert [each.id for each in drafting.left_unsaved(desk)] == [form]


def test_a_journal_that_cannot_be_removed_is_told(desk):
    form = type_(desk, FULL)
    [left] = drafting.left_unsaved(desk)
    (desk.journals / f"{form}.part").mkdir()
    with pytest.raises(UserError):
        drafting.discard(desk, left)
