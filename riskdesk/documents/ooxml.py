"""What xlsx and docx share: text that XML can hold, and packages with the same bytes for the same content."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Final

REPLACEMENT: Final = "\ufffd"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DATES = re.compile(rb"(<dcterms:(?:created|modified)\b[^>]*>)[^<]*(<)")
_FIRST = ("[Content_Types].xml", "_rels/.rels")
_CORE = "docProps/core.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class XmlText:
    """Makes texts fit for XML and remembers what it had to replace."""

    def __init__(self) -> None:
        self._lost: dict[str, None] = {}

    def __call__(self, text: str) -> str:
        """Return the text with line feeds for all line ends and U+FFFD for what XML cannot hold."""
        return _ILLEGAL.sub(self._replace, text.replace("\r\n", "\n").replace("\r", "\n"))

    def _replace(self, found: re.Match[str]) -> str:
        self._lost[found[0]] = None
        return REPLACEMENT

    def warnings(self) -> tuple[str, ...]:
        if not self._lost:
            return ()
        codes = "、".join(f"U+{ord(char):04X}" for char in sorted(self._lost))
        return (f"文件格式不能保存的控制字符已用“{REPLACEMENT}”代替：{codes}。",)


def normalised(package: bytes, day: date) -> bytes:
    """Return an OOXML package with its members sorted, without times, its core properties dated `day`."""
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name not in _FIRST, name)):
            data = source.read(name)
            if name == _CORE:
                data = _DATES.sub(rb"\g<1>" + moment + rb"\g<2>", data)
            member = zipfile.ZipInfo(name, _EPOCH)
            member.create_system = 0  # else Windows and Linux differ
            target.writestr(member, data, zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
