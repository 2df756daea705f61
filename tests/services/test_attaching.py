"""Attachments: taken in, noted with the record, handed out; a lost one is told before it is missed."""

import os
import resource

import pytest

from riskdesk.domain.records import Attachment, Record
from riskdesk.errors import UserError
from riskdesk.services import attaching, entry, upkeep

RECORD = Record("2023-05", product="电热毯", content="温控器失效引发起火。")


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "现场 照片.jpg"
    path.write_bytes(b"\xff\xd8" + bytes(range(256)) * 9)
    return path


def test_a_file_is_taken_in_noted_with_the_record_and_handed_out(desk, photo, tmp_path):
    attachment = attaching.attach(desk, photo)
    assert (attachment.name, attachment.size) == ("现场 照片.jpg", photo.stat().st_size)
    assert desk.store.read("SELECT count(*) FROM attachment") == [(0,)]
    entry.save(desk, RECORD.edited(attachments=(attachment,)))
    assert desk.store.read("SELECT name FROM attachment") == [("现场 照片.jpg",)]
    photo.unlink()
    assert attaching.place(desk, attachment).stat().st_size == attachment.size
    first = attaching.save_copy(desk, attachment, tmp_path / "给同事" / "照片.jpg")
    second = attaching.save_copy(desk, attachment, tmp_path / "给同事" / "照片.jpg")
    assert (first.name, second.name) == ("照片.jpg", "照片 (2).jpg")
    assert first.read_bytes() == second.read_bytes() == attaching.place(desk, attachment).read_bytes()
    assert upkeep.check(desk) == []


def test_a_record_whose_new_attachment_is_not_here_is_refused(desk):
    lost = Attachment("ab" * 32, "丢失.pdf", 12)
    with pytest.raises(UserError, match=r"丢失\.pdf"):
        entry.save(desk, RECORD.edited(attachments=(lost,)))
    assert desk.records.every() == []
    with pytest.raises(UserError, match=r"丢失\.pdf"):
        attaching.place(desk, lost)
    with pytest.raises(UserError, match=r"丢失\.pdf"):
        attaching.save_copy(desk, lost, desk.home / "x")


def test_an_attachment_that_was_lost_later_does_not_stop_other_edits(desk, photo):
    attachment = attaching.attach(desk, photo)
    step = entry.save(desk, RECORD.edited(attachments=(attachment,)))
    attaching.place(desk, attachment).unlink()
    entry.save(desk, entry.record_of(step).edited(analysis="改"), step.object_id)
    assert upkeep.check(desk) != []


def test_a_changed_file_is_not_handed_out(desk, photo, tmp_path):
    attachment = attaching.attach(desk, photo)
    place = attaching.place(desk, attachment)
    place.write_bytes(b"x" * attachment.size)
    with pytest.raises(UserError, match="校验值不符"):
        attaching.save_copy(desk, attachment, tmp_path / "a.jpg")
    place.write_bytes(b"x")
    with pytest.raises(UserError, match="不完整"):
        attaching.place(desk, attachment)
    assert not list(tmp_path.glob("*.part"))


def test_what_is_no_file_is_refused_with_a_sentence(desk, tmp_path):
    for path in (tmp_path / "没有.pdf", tmp_path):
        with pytest.raises(UserError):
            attaching.attach(desk, path)


@pytest.mark.skipif(not hasattr(os, "truncate"), reason="no sparse files")
def test_a_large_file_is_not_held_in_memory(desk, tmp_path):
    large = tmp_path / "录像.mp4"
    large.touch()
    os.truncate(large, 300 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    attaching.attach(desk, large)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 << 10
