"""Files that belong to a record: taken in by their content, found again, handed out as a copy."""

from __future__ import annotations

import os
from pathlib import Path

from riskdesk.domain.records import Attachment
from riskdesk.domain.text import clean_line
from riskdesk.errors import InputError
from riskdesk.files import safe_name
from riskdesk.services.desk import Desk
from riskdesk.store.ids import new_id

# what programs only show; nothing that runs, and no document with macros
_OPENED = frozenset(
    (
        ".bmp",
        ".csv",
        ".doc",
        ".docx",
        ".et",
        ".gif",
        ".jpeg",
        ".jpg",
        ".odp",
        ".ods",
        ".odt",
        ".ofd",
        ".pdf",
        ".png",
        ".ppt",
        ".pptx",
        ".rtf",
        ".tif",
        ".tiff",
        ".txt",
        ".wps",
        ".xls",
        ".xlsx",
    )
)


def attach(desk: Desk, path: Path) -> Attachment:
    """Copy a file in; return what a record says of it. It is noted when the record is saved."""
    sha256, size = desk.attachments.keep(path)
    return Attachment(sha256, clean_line(path.name) or sha256[:12], size)


def place(desk: Desk, attachment: Attachment) -> Path:
    """Return where an attachment lies; its name there is its content's, without an ending."""
    path = desk.attachments.place(attachment.sha256)
    if not path.is_file() or path.stat().st_size != attachment.size:
        raise InputError(
            f"附件“{attachment.name}”不在数据文件夹中或不完整。请重新添加该附件，或从备份的 attachments 文件夹找回。"
        )
    return path


def save_copy(desk: Desk, attachment: Attachment, target: Path) -> Path:
    """Copy an attachment to where a person wants it; return where it lies, as no file is overwritten."""
    place(desk, attachment)
    return desk.attachments.copy_out(attachment.sha256, target)


def may_be_opened(attachment: Attachment) -> bool:
    """Tell by its name whether another program may be asked to show an attachment: a table, a text, a picture, a PDF."""
    return Path(attachment.name).suffix.lower() in _OPENED


def copy_to_open(desk: Desk, attachment: Attachment) -> Path:
    """Copy an attachment to where another program may open it; what is changed there is lost, and it goes when riskdesk starts next."""
    if not may_be_opened(attachment):
        raise InputError(f"“{attachment.name}”不是文档或图片，不能直接打开。请用“另存为”保存后再处理。")
    place(desk, attachment)
    folder = desk.home / "workroom" / f"{os.getpid()}-open-{new_id()}"
    named = Path(attachment.name)
    return desk.attachments.copy_out(attachment.sha256, folder / f"{safe_name(named.stem)}{named.suffix.lower()}")
