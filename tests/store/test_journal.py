"""What is being typed is on the disk within the interval, and comes back after a crash."""

import errno
import json
import os

import pytest
from store.synthetic import AT

from riskdesk.errors import UserError
from riskdesk.store import journal as module
from riskdesk.store.journal import Journal, unsaved


class Clock:
    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(tmp_path, clock):
    return Journal(tmp_path / "journal", "form-1", object_id="o", base_hash="b", monotonic=clock)


def last(tmp_path):
    found = unsaved(tmp_path / "journal")
    return found[0].body if found else None


def test_the_first_key_is_on_the_disk_at_once(journal, tmp_path):
    journal.type({"product": "头"}, AT)
    [found] = unsaved(tmp_path / "journal")
    assert (found.id, found.object_id, found.base_hash, found.body) == ("form-1", "o", "b", {"product": "头"})
    assert found.at == "2023-05-10T00:00:00+00:00"


def test_later_keys_are_on_the_disk_within_the_interval(journal, tmp_path, clock):
    text = ""
    for _ in range(100):
        clock.seconds += 0.09
        text += "字"
        journal.type({"content": text}, AT)
        assert len(text) - len(last(tmp_path)["content"]) <= 1.0 / 0.09 + 1


def test_a_timer_writes_down_what_waits_when_nothing_more_is_typed(journal, tmp_path, clock):
    journal.type({"content": "一"}, AT)
    clock.seconds += 0.5
    journal.type({"content": "一二"}, AT)
    assert last(tmp_path) == {"content": "一"}
    journal.flush()
    assert last(tmp_path) == {"content": "一二"}
    size = (tmp_path / "journal" / "form-1.journal").stat().st_size
    journal.flush()
    assert (tmp_path / "journal" / "form-1.journal").stat().st_size == size


def test_no_key_is_a_disk_access_of_its_own(journal, tmp_path, clock, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(handle), real(handle)))
    for n in range(1000):
        clock.seconds += 0.01
        journal.type({"content": "字" * n}, AT)
    assert len(synced) < 30


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_cut_off_is_passed_over_and_does_not_spoil_the_next(journal, tmp_path, clock, cut):
    journal.type({"content": "一"}, AT)
    clock.seconds += 2
    journal.type({"content": "一二三四五六七八"}, AT)
    path = tmp_path / "journal" / "form-1.journal"
    path.write_bytes(path.read_bytes()[:-cut])
    assert last(tmp_path) == {"content": "一"} if cut > 1 else {"content": "一二三四五六七八"}
    clock.seconds += 2
    journal.type({"content": "一二三四五六七八九"}, AT)
    assert last(tmp_path) == {"content": "一二三四五六七八九"}


def test_a_garbled_byte_costs_one_line_only(journal, tmp_path, clock):
    for n in range(1, 4):
        clock.seconds += 2
        journal.type({"content": "字" * n}, AT)
    path = tmp_path / "journal" / "form-1.journal"
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)
    assert last(tmp_path) == {"content": "字字"}
    path.write_bytes(b"\xff\xfe no journal at all \n\n")
    assert unsaved(tmp_path / "journal") == []


def test_line_feeds_quotes_and_half_characters_come_back_as_typed(journal, tmp_path):
    body = {"content": '一\n二"\\\u2028𬭎', "extra": "\ud800"}
    journal.type(body, AT)
    assert last(tmp_path) == body


def test_closing_forgets(journal, tmp_path, clock):
    journal.type({"content": "一"}, AT)
    journal.type({"content": "一二"}, AT)
    journal.close()
    journal.flush()
    journal.close()
    assert unsaved(tmp_path / "journal") == []
    assert list((tmp_path / "journal").iterdir()) == []


def test_unsaved_forms_are_told_oldest_first(tmp_path, clock):
    for n, name in enumerate(("b", "a", "c")):
        form = Journal(tmp_path, name, object_id="", base_hash="", monotonic=clock)
        form.type({"n": n}, AT.replace(hour=3 - n))
    assert [each.id for each in unsaved(tmp_path)] == ["c", "a", "b"]
    assert unsaved(tmp_path / "nowhere") == []


def test_the_journal_of_a_long_day_stays_small(journal, tmp_path, clock):
    text = "字" * 20_000
    for n in range(100):
        clock.seconds += 2
        journal.type({"content": text, "n": n}, AT)
        assert last(tmp_path)["n"] == n
    assert sum(path.stat().st_size for path in (tmp_path / "journal").iterdir()) < 2_000_000


def test_a_full_disk_is_told_and_what_waits_is_written_later(journal, tmp_path, clock, monkeypatch):
    journal.type({"content": "一"}, AT)
    clock.seconds += 2
    real = module._write

    def half(path, mode, entry):
        with path.open(mode) as file:
            file.write(json.dumps(entry).encode()[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "_write", half)
    with pytest.raises(UserError, match="磁盘空间不足"):
        journal.type({"content": "一二"}, AT)
    assert last(tmp_path) == {"content": "一"}
    monkeypatch.setattr(module, "_write", real)
    journal.flush()
    assert last(tmp_path) == {"content": "一二"}


def test_a_folder_that_cannot_be_written_is_told(tmp_path, clock):
    (tmp_path / "journal").write_text("in the way")
    with pytest.raises(UserError, match="journal"):
        Journal(tmp_path / "journal", "x", object_id="", base_hash="", monotonic=clock).type({}, AT)
