"""Attachments are kept by their content, once, and missing or changed ones are found."""

import errno
import hashlib
import os

import pytest
from store.stores import opened

from riskdesk.errors import InputError, StoreDamagedError, UserError
from riskdesk.store.attachments import Attachments


@pytest.fixture
def kept(tmp_path):
    with opened(tmp_path) as store:
        yield Attachments(store, tmp_path / "attachments"), store


def put(kept, path):
    attachments, store = kept
    sha256, size = attachments.keep(path)
    with store.write("a", "attach") as writing:
        attachments.note(writing, sha256, size, path.name)
    return sha256


def photo(tmp_path, name="照片 1.jpg", data=b"\xff\xd8" * 700_000):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_is_kept_by_its_content(kept, tmp_path):
    path = photo(tmp_path)
    sha256 = put(kept, path)
    assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert kept[0].place(sha256).read_bytes() == path.read_bytes()
    path.unlink()
    assert kept[0].place(sha256).stat().st_size == 1_400_000
    assert kept[0].problems() == []
    empty = put(kept, photo(tmp_path, "empty", b""))
    assert kept[0].place(empty).read_bytes() == b""
    assert files(tmp_path / "attachments") == sorted([sha256, empty])


def test_the_same_content_is_kept_once(kept, tmp_path):
    first, second = put(kept, photo(tmp_path)), put(kept, photo(tmp_path, "again.jpg"))
    assert first == second
    assert files(tmp_path / "attachments") == [first]


def test_missing_changed_and_unreadable_files_are_found(kept, tmp_path):
    gone, changed, cut, folder = (
        put(kept, photo(tmp_path, name, name.encode() * 99)) for name in ("甲", "乙", "丙", "丁")
    )
    attachments = kept[0]
    attachments.place(gone).unlink()
    attachments.place(changed).write_bytes(b"x")
    os.truncate(attachments.place(cut), 7)
    attachments.place(folder).unlink()
    attachments.place(folder).mkdir()
    assert sorted(attachments.problems()) == sorted(
        ["附件缺失：甲（297 字节）", "附件内容已变：乙", "附件内容已变：丙", "附件无法读取：丁（Is a directory）"]
    )


def test_keeping_a_file_again_heals_a_damaged_copy(kept, tmp_path):
    path = photo(tmp_path)
    sha256 = put(kept, path)
    kept[0].place(sha256).write_bytes(b"x")
    put(kept, path)
    assert kept[0].problems() == []


def test_a_file_that_is_not_there_is_told_and_leaves_nothing(kept, tmp_path):
    with pytest.raises(InputError, match="找不到要附上的文件"):
        kept[0].keep(tmp_path / "nowhere.jpg")
    assert files(tmp_path / "attachments") == []


def test_a_full_disk_is_told_and_leaves_nothing(kept, tmp_path, monkeypatch):
    path = photo(tmp_path)

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"磁盘空间不足.*attachments"):
        kept[0].keep(path)
    assert files(tmp_path / "attachments") == []


def test_every_new_folder_is_synced_before_the_file_counts(kept, tmp_path, monkeypatch):
    synced = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *more: (synced.append(os.fspath(path)), real(path, *more))[1])
    sha256 = put(kept, photo(tmp_path))
    folder = tmp_path / "attachments"
    assert {str(tmp_path), str(folder), str(folder / sha256[:2])} <= set(synced)


def test_a_backup_copies_what_it_does_not_hold_yet(kept, tmp_path):
    first = put(kept, photo(tmp_path, "1", b"1"))
    backup = tmp_path / "u" / "attachments"
    assert kept[0].copy_to(backup) == 1
    second = put(kept, photo(tmp_path, "2", b"2"))
    assert kept[0].copy_to(backup) == 1
    assert kept[0].copy_to(backup) == 0
    assert files(backup) == sorted([first, second])
    third = put(kept, photo(tmp_path, "3", b"3"))
    kept[0].place(third).write_bytes(b"4")
    with pytest.raises(StoreDamagedError, match="校验值不符"):
        kept[0].copy_to(backup)
    assert files(backup) == sorted([first, second])
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="file"):
        kept[0].copy_to(tmp_path / "file")
