"""Putting files in place so that a power cut, a full disk or a pulled stick leaves the old state or the new, never half."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from riskdesk.errors import FileFaultError, InputError, UserError

_CHUNK = 1 << 20
_PACKAGE = ".rdpkg"
_PART = re.compile(r"\.riskdesk-[0-9a-f]{16}\.part")  # of `part_beside`
_LONG = 3600.0  # seconds
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


def safe_name(text: str) -> str:
    """Return the text as a file name that Windows, FAT and Linux all take, at most 80 characters."""
    name = _ILLEGAL.sub("_", text).strip(" .")[:80].rstrip(" .") or "_"
    return f"_{name}" if name.split(".")[0].upper() in _DEVICES else name


def unused(target: Path) -> Path:
    """Return the path, or its first variant `name (2).ext`, … that no file bears yet: existing files are not overwritten.

    The endings of a package stay together: `name (2).rdpkg.age`.
    """
    stem, ending = _parted(target.name)
    number, found = 1, target
    while found.exists():
        number += 1
        found = target.with_name(f"{stem} ({number}){ending}")
    return found


def unused_stem(folder: Path, stem: str) -> str:
    """Return the stem, or its first variant `name (2)`, …, that no package in a folder bears, nor what is written beside it."""
    with told_as_fault(folder):
        names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    number, found = 1, stem
    while any(name.startswith((f"{found}.", f"{found}_")) for name in names):
        number += 1
        found = f"{stem} ({number})"
    return found


def _parted(name: str) -> tuple[str, str]:
    """Return a file's name without its ending, and the ending."""
    stem, package, rest = name.partition(_PACKAGE)
    if stem and package:
        return stem, package + rest
    return Path(name).stem, Path(name).suffix


def part_beside(target: Path) -> Path:
    """Return where a file is written before it bears its name, hidden beside its place."""
    clear_away(target.parent, _PART)
    return target.with_name(f".riskdesk-{secrets.token_hex(8)}.part")


def clear_away(folder: Path, own: re.Pattern[str]) -> None:
    """Remove files with a name of our own that nobody has written to for long: a program that was killed left them."""
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for each in found:
            # long ago or far ahead: a stick that another computer wrote has its own idea of time
            if own.fullmatch(each.name) and each.is_file(follow_symlinks=False) and _is_stale(each):
                Path(each).unlink()


def _is_stale(each: os.DirEntry[str]) -> bool:
    return abs(time.time() - each.stat().st_mtime) > _LONG


def write_new(target: Path, data: bytes) -> Path:
    """Write a new file: beside its final place, synced, read back, then renamed; return where it lies (see `unused`)."""
    part = part_beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target = unused(target)
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if part.read_bytes() != data:
            raise FileFaultError(f"写入 {target} 后读回的内容不一致，存储设备可能已损坏，请换一个位置再试。")
        settle(part, target)
    except OSError as error:
        raise fault(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def put_new(source: Path, target: Path) -> Path:
    """Copy a file of any size to a new place as `write_new` does: synced, read back and compared, then renamed."""
    part = part_beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as reading, part.open("xb") as writing:
            while chunk := reading.read(_CHUNK):
                writing.write(chunk)
            writing.flush()
            os.fsync(writing.fileno())
        if _digest(part) != _digest(source):
            raise FileFaultError(f"写入 {target} 后读回的内容不一致，存储设备可能已损坏，请换一个位置再试。")
        target = unused(target)
        settle(part, target)
    except OSError as error:
        raise fault(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def settle(part: Path, target: Path) -> None:
    """Rename a finished, synced file to its final name and make the name durable."""
    part.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; Windows offers no way to ask for it, its journal follows soon after."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def told_as_fault(path: Path) -> Iterator[None]:
    """Tell the machine's complaints inside as sentences about the path."""
    try:
        yield
    except OSError as error:
        raise fault(path, error) from error


def fault(path: Path, error: OSError) -> UserError:
    """Return the machine's complaint about a path as a sentence for the user."""
    if error.errno == errno.ENOSPC or getattr(error, "winerror", 0) == 112:
        return FileFaultError(f"磁盘空间不足，无法写入 {path}。请清理磁盘或换一个位置后再试；原有数据没有改动。")
    if isinstance(error, PermissionError):
        return FileFaultError(f"没有权限读写 {path}。请检查文件是否被其他程序打开、文件夹是否只读。")
    if isinstance(error, IsADirectoryError):
        return InputError(f"{path} 是文件夹。请选择一个文件。")
    if isinstance(error, FileExistsError | NotADirectoryError):
        blocking = next((each for each in (path, *path.parents) if each.is_file()), path)
        return FileFaultError(f"{blocking} 是文件而不是文件夹，无法在其中写入。请另选一个文件夹。")
    if isinstance(error, FileNotFoundError):
        return InputError(f"找不到 {path}。请检查路径，或确认移动存储设备仍然插着。")
    return FileFaultError(f"无法读写 {path}（{error.strerror or error}）。请检查存储设备后再试。")
