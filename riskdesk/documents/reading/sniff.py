"""What kind of file this is, by its content and never by its name; what cannot be read is refused with what to do instead."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from riskdesk.documents.reading import ole
from riskdesk.errors import UnreadableFileError


class Kind(StrEnum):
    """The kinds of file that can be read."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    DOCX = "docx"
    HTML = "html"
    TEXT = "text"


_PROTECTED = "文件有打开密码。请用 Excel/WPS 打开，在“文件-信息/文档加密”中取消密码，保存后再试。"
_OLD_WORD = "这是旧的 Word/WPS 文字格式（.doc、.wps）。请用 Word 或 WPS 打开，另存为 .docx 后再试。"
_PACKED = "这是压缩包。请先解压，再选择里面的表格文件。"
_PICTURE = "这是图片，无法从中读取表格。请向填报单位索取 Excel、WPS 或 Word 文件。"
_NOT_A_FORM = "不认识的文件类型。可以读取 .xlsx、.xls、.et、.ods、.csv、.txt、.docx 和网页表格；请用 Excel/WPS 另存为 .xlsx 后再试。"
_LOCK = "这是 Office 打开文件时留下的临时文件，不含内容。请选择名称前没有“~$”的那个文件。"
_SAVE_XLSX = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后再试。"

_REFUSED = (
    (b"%PDF", "这是 PDF 文件，不能可靠地读出表格。请向填报单位索取 Excel、WPS 或 Word 文件。"),
    (b"Rar!", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"\x1f\x8b", _PACKED),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"{\\rtf", "这是 RTF 文件。请用 Word 或 WPS 打开，另存为 .docx 后再试。"),
    (b"\x09\x08", f"这是很旧的 Excel 格式。{_SAVE_XLSX}"),
    (b"\x09\x04", f"这是很旧的 Excel 格式。{_SAVE_XLSX}"),
    (b"SQLite format 3", _NOT_A_FORM),
    (b"MZ", _NOT_A_FORM),
)
_MEMBERS = (  # a member that tells the kind, in this order
    ("word/document.xml", Kind.DOCX),
    ("xl/workbook.xml", Kind.XLSX),
    ("xl/workbook.bin", f"这是 Excel 二进制工作簿（.xlsb）。{_SAVE_XLSX}"),
    ("ppt/presentation.xml", "这是演示文稿，不含报送表。"),
    ("OFD.xml", "这是 OFD 版式文件，不能可靠地读出表格。请向填报单位索取 Excel、WPS 或 Word 文件。"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|table|body|tr|div|meta)[\s>]", re.IGNORECASE)
_MHTML = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)


def sniff(name: str, data: bytes) -> Kind:
    """Return the kind of the file; raise `UnreadableFileError` for what cannot be read."""
    if name.startswith(("~$", ".~lock.", ".~")):
        raise UnreadableFileError(_LOCK)
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableFileError("文件是空的。请检查是否复制完整，或重新索取。")
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(ole.MAGIC):
        return _ole_kind(data)
    for magic, sentence in _REFUSED:
        # two letters may begin a text, too
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:512]):
            raise UnreadableFileError(sentence)
    if data[:4] == b"RIFF" or data[4:8] == b"ftyp":
        raise UnreadableFileError(_PICTURE if data[8:12] in (b"WEBP", b"heic", b"mif1") else _NOT_A_FORM)
    return _text_kind(data)


def _zip_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.replace("\\", "/") for name in archive.namelist()}
            mimetype = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise UnreadableFileError(ole.DAMAGED) from error
    for member, found in _MEMBERS:
        if member in names:
            if isinstance(found, Kind):
                return found
            raise UnreadableFileError(found)
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return Kind.ODS
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        raise UnreadableFileError("这是 OpenDocument 文字文件。请打开后另存为 .docx 再试。")
    # a workbook may lie at another path; the types say so
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    raise UnreadableFileError(_PACKED)


def _ole_kind(data: bytes) -> Kind:
    names = ole.CompoundFile(data).names
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise UnreadableFileError(_PROTECTED)
    if names & {"Workbook", "Book"}:
        return Kind.XLS
    if "WordDocument" in names:
        raise UnreadableFileError(_OLD_WORD)
    if "PowerPoint Document" in names:
        raise UnreadableFileError("这是演示文稿，不含报送表。")
    raise UnreadableFileError(_NOT_A_FORM)


def protected() -> UnreadableFileError:
    """Return the refusal of a file that needs a password."""
    return UnreadableFileError(_PROTECTED)


def _text_kind(data: bytes) -> Kind:
    head = data[:4096]
    if b"\0" in head:  # may be UTF-16
        head = head.replace(b"\0", b"")
    begin = head.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if begin[:5] == b"<?xml" and b"urn:schemas-microsoft-com:office:spreadsheet" in begin:
        raise UnreadableFileError(f"这是“XML 表格 2003”格式。{_SAVE_XLSX}")
    if begin[:1] == b"<" and _HTML.search(begin):
        return Kind.HTML
    if begin[:5] == b"<?xml":
        raise UnreadableFileError(_NOT_A_FORM)
    if _MHTML.search(begin[:300]) and b"multipart/related" in head.lower():
        raise UnreadableFileError(f"这是“单个文件网页（.mht）”。{_SAVE_XLSX}")
    return Kind.TEXT
