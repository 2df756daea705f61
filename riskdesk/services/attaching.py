"""Files that belong to a record: taken in by their content, found again, handed out as a copy."""

from __future__ import annotations

from pathlib import Path

from riskdesk.domain.records import Attachment
from riskdesk.domain.text import clean_line
from riskdesk.errors import InputError
from riskdesk.services.desk import Desk


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
