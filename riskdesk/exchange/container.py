"""Writing a package: ASiC-E with CAdES (ETSI EN 319 162-1), streamed, so that attachments may be larger than memory."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import InputError
from riskdesk.exchange.cades import sign
from riskdesk.exchange.certificates import Credential
from riskdesk.exchange.layout import ASIC, DS, MANIFEST, MIMETYPE, SHA256, SIGNATURE, SIGNED, SUMS, sums
from riskdesk.exchange.manifest import Manifest
from riskdesk.exchange.zip_structure import NAME

_CHUNK = 1 << 20
_TIME = (2023, 1, 1, 0, 0, 0)  # of every entry: the same content gives the same bytes
_PACKED = {"json", "xml", "txt", "pem", "crl"}
_TYPES = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "xml": "text/xml",
    "p7s": "application/pkcs7-signature",
    "rdpkg": "application/vnd.etsi.asic-e+zip",
    "jpg": "image/jpeg",
    "png": "image/png",
}

Content = bytes | Path


def write_package(
    target: BinaryIO,
    manifest: Manifest,
    files: Mapping[str, Content],
    *,
    by: Credential,
    at: datetime,
    progress: Progress = silent,
) -> None:
    """Write a signed package into an open file; `files` are the entries beside `manifest.json` and `SHA256SUMS`.

    A path is streamed. Raises `InputError` if a file is gone.
    """
    digests: dict[str, bytes] = {}
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        archive.writestr(_entry("mimetype", packed=False), MIMETYPE)
        for number, (name, content) in enumerate(sorted(files.items())):
            progress(number, len(files), manifest.titles.get(name, name))
            digests[name] = _write(archive, name, content)
        digests[MANIFEST] = _write(archive, MANIFEST, manifest.to_bytes())
        digests[SUMS] = _write(archive, SUMS, sums(digests))
        signed = asic_manifest(SIGNATURE, digests)
        archive.writestr(_entry(SIGNED, packed=True), signed)
        archive.writestr(_entry(SIGNATURE, packed=False), sign(signed, by, at))


def asic_manifest(signature: str, digests: Mapping[str, bytes]) -> bytes:
    """Return the ASiCManifest (XML) that names every signed entry with its digest."""
    root = etree.Element(f"{{{ASIC}}}ASiCManifest", nsmap={"asic": ASIC, "ds": DS})
    etree.SubElement(root, f"{{{ASIC}}}SigReference", URI=signature, MimeType=_TYPES["p7s"])
    for name, digest in sorted(digests.items()):
        kind = _TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
        item = etree.SubElement(root, f"{{{ASIC}}}DataObjectReference", URI=name, MimeType=kind)
        etree.SubElement(item, f"{{{DS}}}DigestMethod", Algorithm=SHA256)
        etree.SubElement(item, f"{{{DS}}}DigestValue").text = base64.b64encode(digest).decode()
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _write(archive: zipfile.ZipFile, name: str, content: Content) -> bytes:
    if not NAME.fullmatch(name):
        raise ValueError(f"no name for an entry: {name}")
    entry = _entry(name, packed=name.rsplit(".", 1)[-1] in _PACKED or name == SUMS)
    hashed = hashlib.sha256()
    with _opened(content) as source:
        entry.file_size = source.seek(0, io.SEEK_END)
        source.seek(0)
        with archive.open(entry, "w") as stream:
            while chunk := source.read(_CHUNK):
                hashed.update(chunk)
                stream.write(chunk)
    return hashed.digest()


def _opened(content: Content) -> AbstractContextManager[BinaryIO]:
    if isinstance(content, bytes):
        return io.BytesIO(content)
    try:
        return content.open("rb")
    except FileNotFoundError as error:
        raise InputError(f"找不到要放入包中的文件 {content}。") from error


def _entry(name: str, *, packed: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o100644 << 16
    info.create_system = 0
    return info
