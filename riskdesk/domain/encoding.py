"""Which characters the bytes of a text file stand for: UTF-8, UTF-16 or GB18030, with or without a byte order mark."""

from __future__ import annotations

import unicodedata

from riskdesk.errors import InputError

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BINARY = "这不是文本文件，可能是程序、图片或其他数据文件。请选择文本文件。"
_LOOK = 20_000  # bytes


def decode(data: bytes) -> str:
    """Return the text: by byte order mark, UTF-16 by its zero bytes, UTF-8, else GB18030.

    Bytes that are no characters become U+FFFD; raise `InputError` (naming no file) for what is no text at all.
    """
    text = _decoded(data)
    head = text[:10_000]
    odd = sum(unicodedata.category(char) in ("Cc", "Cn", "Co") and char not in "\t\r\n" for char in head)
    if odd + head.count("\ufffd") > 10 + len(head) // 20:
        raise InputError(_BINARY)
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data[:_LOOK]:
        return _utf16(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    # a few bad bytes in much good UTF-8 do not make it GB18030
    if text.count("\ufffd") * 20 < sum(char > "\x7f" for char in text):
        return text
    return data.decode("gb18030", "replace")


def _utf16(data: bytes) -> str:
    even, odd = data[:_LOOK:2].count(0), data[1:_LOOK:2].count(0)
    if min(even, odd) * 4 > max(even, odd):
        raise InputError(_BINARY)
    return data.decode("utf-16-be" if even > odd else "utf-16-le", "replace")
