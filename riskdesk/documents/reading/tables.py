"""From bytes to tables: the one place that knows which module reads which kind of file."""

from __future__ import annotations

from pathlib import Path

from riskdesk import files
from riskdesk.documents.reading.grid import Document
from riskdesk.documents.reading.plain import Fit, read_text_table
from riskdesk.documents.reading.sniff import Kind, sniff
from riskdesk.errors import UnreadableFileError

MOST_BYTES = 50 << 20


def read_tables(path: Path, fit: Fit) -> Document:
    """Return what the file holds; raise `UnreadableFileError` (without the file's name) if it cannot be read."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnreadableFileError("这是文件夹，请选择里面的文件。")
        if size > MOST_BYTES:
            raise UnreadableFileError(
                f"文件有 {size >> 20} MB，超过 {MOST_BYTES >> 20} MB，不像报送表。请删去图片等多余内容或拆分后再试。"
            )
        data = path.read_bytes()
    except OSError as error:
        raise files.fault(path, error) from error
    return _read(sniff(path.name, data), data, fit)


def _read(kind: Kind, data: bytes, fit: Fit) -> Document:
    if kind is Kind.TEXT:
        return read_text_table(data, fit)
    if kind is Kind.HTML:
        from riskdesk.documents.reading.webpage import read_html

        return read_html(data)
    if kind is Kind.DOCX:
        from riskdesk.documents.reading.word import read_docx

        return read_docx(data)
    if kind is Kind.ODS:
        from riskdesk.documents.reading.opendocument import read_ods

        return read_ods(data)
    from riskdesk.documents.reading.spreadsheet import read_xls, read_xlsx

    return read_xlsx(data) if kind is Kind.XLSX else read_xls(data)
