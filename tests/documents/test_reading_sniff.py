"""What cannot be read is refused by its content, with a sentence that says what to do."""

import io
import struct
import zipfile

import openpyxl
import pytest

from riskdesk.documents.reading.form import read_form
from riskdesk.documents.reading.sniff import Kind, sniff
from riskdesk.errors import UnreadableFileError, UserError


def compound(*names):
    """Return a minimal compound file whose directory holds the names."""
    entries = []
    for number, name in enumerate(("Root Entry", *names)):
        label = name.encode("utf-16-le") + b"\0\0"
        entry = label.ljust(64, b"\0") + struct.pack("<HBB", len(label), 5 if number == 0 else 2, 1)
        entries.append(entry + struct.pack("<III", *[0xFFFFFFFF] * 3) + b"\0" * 36 + struct.pack("<IQ", 0xFFFFFFFE, 0))
    directory = b"".join(entries).ljust(512, b"\0")
    assert len(directory) == 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    return header + table + directory


def packed(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return out.getvalue()


REFUSED = {
    "加密.xlsx": (compound("EncryptionInfo", "EncryptedPackage"), "打开密码"),
    "旧.doc": (compound("WordDocument", "1Table"), "另存为 .docx"),
    "旧.wps": (compound("WordDocument"), "另存为 .docx"),
    "演示.ppt": (compound("PowerPoint Document"), "演示文稿"),
    "未知.db": (compound("Something"), "不认识的文件类型"),
    "a.pdf": (b"%PDF-1.7\n...", "PDF"),
    "a.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 90, "图片"),
    "a.jpg": (b"\xff\xd8\xff\xe0" + b"\0" * 90, "图片"),
    "a.bmp": (b"BM" + b"\0" * 90, "图片"),
    "a.webp": (b"RIFF\x10\0\0\0WEBPVP8 ", "图片"),
    "a.heic": (b"\0\0\0\x18ftypheic\0\0\0\0", "图片"),
    "a.xlsb": (packed(xl__workbook_bin="x"), "xlsb"),
    "a.pptx": (packed(ppt__presentation_xml="x"), "演示文稿"),
    "a.ofd": (packed(OFD_xml="x"), "OFD"),
    "a.odt": (packed(mimetype="application/vnd.oasis.opendocument.text"), "另存为 .docx"),
    "a.zip": (packed(readme_txt="x"), "解压"),
    "a.rar": (b"Rar!\x1a\x07\x01\x00" + b"\0" * 50, "解压"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c" + b"\0" * 50, "解压"),
    "a.gz": (b"\x1f\x8b\x08" + b"\0\1" * 50, "解压"),
    "a.rtf": (b"{\\rtf1 \\ansi}", "RTF"),
    "2003.xls": (
        b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "XML 表格 2003",
    ),
    "a.xml": (b'<?xml version="1.0"?><data/>', "不认识的文件类型"),
    "a.mht": (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", "mht"),
    "空.xlsx": (b"", "空的"),
    "零.csv": (b"\0" * 4096, "空的"),
    "空格.csv": (b" \r\n\t", "空的"),
    "~$附件1.xlsx": (b"\x05user" + b"\0" * 100, "临时文件"),
    "a.exe": (b"MZ\x90\0" + b"\0\1\2" * 100, "不认识的文件类型"),
    "a.bin": (bytes(range(256)) * 20, "不是文本表格"),
    "坏.xlsx": (b"PK\x03\x04" + b"\1" * 200, "损坏"),
    "坏.xls": (compound("Workbook")[:700], "损坏"),
    "坏2.xls": (compound("Workbook"), "损坏"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_what_to_do(name, tmp_path):
    data, word = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError, match=word) as caught:
        read_form(path)
    assert str(caught.value).startswith(f"“{name}”：")


def test_a_macro_workbook_is_a_workbook_whatever_its_name():
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert sniff("a.xlsm", out.getvalue()) is Kind.XLSX
    assert sniff("a.csv", out.getvalue()) is Kind.XLSX


def test_letters_that_begin_other_files_may_begin_a_text():
    assert sniff("a.txt", "BM型产品,1\n".encode()) is Kind.TEXT
    assert sniff("a.txt", b"MZ,1\n") is Kind.TEXT
    assert sniff("a.xls", b"\xef\xbb\xbf<HTML><body>") is Kind.HTML
    assert sniff("a.txt", "<产品>,1\n".encode()) is Kind.TEXT


def test_a_compound_file_that_loops_is_damaged(tmp_path):
    data = bytearray(compound("Workbook"))
    data[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the directory's sector follows itself
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError, match="损坏"):
        read_form(path)


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(UserError, match="找不到"):
        read_form(tmp_path / "没有.xlsx")
    with pytest.raises(UserError, match="文件夹"):
        read_form(tmp_path)


def test_a_huge_file_is_not_even_read(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(60 << 20)
    with pytest.raises(UnreadableFileError, match="60 MB"):
        read_form(path)
