#!/usr/bin/env python3
"""Verify a riskdesk package with the Python standard library and the openssl command: `verify_package.py PACKAGE --root root.pem`.

Written from docs/package-format.md alone, as a second opinion on riskdesk itself. Prints a verdict; exit code 0 if the package and
all packages inside it are good and signed by offices under the root, 4 if not. A package inside may be signed with a certificate that ended
since: whoever hands it on took it before.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import itertools
import json
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from struct import error as StructError  # noqa: N812
from struct import unpack
from typing import Any, BinaryIO

FOLDER = r"(?:data|report|attach|inner|trust|META-INF)/"
NAME = re.compile(rf"(?:mimetype|manifest\.json|SHA256SUMS|{FOLDER}[A-Za-z0-9][A-Za-z0-9._-]{{0,99}})")
DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
MIMETYPE = b"application/vnd.etsi.asic-e+zip"
ASIC, DS = "{http://uri.etsi.org/02918/v1.2.1#}", "{http://www.w3.org/2000/09/xmldsig#}"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
KINDS = {"report", "answer", "request", "enrolment", "trust", "assessment"}
REQUIRED = ("uid", "kind", "sender", "receivers", "created", "app")
FIELDS: dict[str, type] = {
    **dict.fromkeys((*REQUIRED, "period", "prev", "audit"), str), "receivers": list, "number": int, "nil": bool, "titles": dict
}  # fmt: skip
MOST_ENTRIES, MOST_BYTES, MOST_SMALL, DEEPEST = 5000, 4 << 30, 64 << 20, 4
DEEPEST_JSON = 64  # lists and objects in one another
MOST_CERTIFICATES, MOST_SIGNATURE, LONGEST_WAY = 32, 1 << 20, 6
SIGNED_DATA, SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.2.47"
STRONG_DIGESTS = {f"2.16.840.1.101.3.4.2.{n}" for n in (1, 2, 3)}  # SHA-256, 384, 512
ORGANIZATION, ORGANIZATIONAL_UNIT, COMMON_NAME, CRL_REASON = "2.5.4.10", "2.5.4.11", "2.5.4.3", "2.5.29.21"
REVOKED, GOOD, EXPIRED, EARLY, RETIRED = STANDINGS = ("revoked", "good", "expired", "not valid yet", "retired")
HARMLESS = {3, 4, 5}  # affiliationChanged, superseded, cessationOfOperation


class Bad(Exception):  # noqa: N818
    """The package fails a check."""


def demand(good: object, why: str) -> None:
    """Fail unless the condition holds."""
    if not good:
        raise Bad(why)


# --- zip: read from the start, entry after entry, and held against the central directory -----------------------------


@dataclass
class Entry:
    """An entry of the zip file."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    header: int
    content: int = 0


class Zip:
    """A zip file without gaps, overlaps and contradictions."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.length = file.seek(0, 2)
        self.entries: dict[str, Entry] = {}
        count, start, end = self._end()
        demand(count <= MOST_ENTRIES, "too many entries")
        found = list(self._directory(start, end, count))
        demand(sum(each.size for each in found) <= MOST_BYTES, "too large")
        at = 0
        for each in sorted(found, key=lambda entry: entry.header):
            demand(each.header == at, f"gap or overlap before {each.name}")
            at = self._local(each)
            if not each.name.endswith("/"):
                self.entries[each.name] = each
        demand(at == start, "gap before the central directory")

    def at(self, place: int, size: int) -> bytes:
        demand(0 <= place <= self.length, "points outside the file")
        self.file.seek(place)
        return self.file.read(size)

    def _end(self) -> tuple[int, int, int]:
        place = self.length - 22
        mark, disk, first, here, count, size, start, comment = unpack("<4s4H2LH", self.at(place, 22))
        demand(mark == b"PK\5\6" and not (disk or first or comment) and here == count, "no plain end record")
        locator = self.at(place - 20, 20) if place >= 20 else b""
        if locator[:4] == b"PK\6\7":
            place -= 20 + 56
            demand(unpack("<Q", locator[8:16])[0] == place, "ZIP64 locator")
            wide = self.at(place, 56)
            demand(wide[:4] == b"PK\6\6", "ZIP64 record")
            real = unpack("<3Q", wide[32:56])
            for narrow, value, full in zip((count, size, start), real, (0xFFFF, 2**32 - 1, 2**32 - 1), strict=True):
                demand(narrow in (value, full), "ZIP64 record contradicts the end record")
            count, size, start = real
        demand(start + size == place, "central directory is not where it should be")
        return count, start, place

    def _directory(self, at: int, end: int, count: int) -> Iterator[Entry]:
        seen: set[str] = set()
        for _ in range(count):
            fields = unpack("<4s6H3L5H2L", self.at(at, 46))
            (
                mark,
                _,
                _,
                flags,
                method,
                _,
                _,
                crc,
                packed,
                size,
                name_size,
                extra_size,
                note_size,
                disk,
                _,
                attributes,
                head,
            ) = fields
            demand(mark == b"PK\1\2" and not disk, "central directory")
            name = self.at(at + 46, name_size).decode("utf-8")
            extra = extra_fields(self.at(at + 46 + name_size, extra_size))
            size, packed, head = widened(extra, size, packed, head)
            at += 46 + name_size + extra_size + note_size
            entry = Entry(name, flags, method, crc, packed, size, head)
            check_entry(entry, attributes >> 16, attributes & 0x10)
            folded = unicodedata.normalize("NFKC", name).casefold()
            demand(folded not in seen, f"twice {name}")
            seen.add(folded)
            yield entry
        demand(at == end, "central directory is longer than its entries")

    def _local(self, entry: Entry) -> int:
        """Check the local header and the descriptor; return where the entry ends."""
        mark, _, flags, method, _, _, crc, packed, size, name_size, extra_size = unpack(
            "<4s5H3L2H", self.at(entry.header, 30)
        )
        name, extra = (
            self.at(entry.header + 30, name_size),
            extra_fields(self.at(entry.header + 30 + name_size, extra_size)),
        )
        size, packed, _ = widened(extra, size, packed, 0)
        same = (mark, name, method, flags & ~8) == (b"PK\3\4", entry.name.encode(), entry.method, entry.flags & ~8)
        described = flags & 8
        for told, real in ((crc, entry.crc), (packed, entry.packed), (size, entry.size)):
            same = same and (told == real or bool(described and told in (0, 2**32 - 1)))
        demand(same, f"local header of {entry.name}")
        entry.content = entry.header + 30 + name_size + extra_size
        end = entry.content + entry.packed
        if not described:
            return end
        for mark in (b"", b"PK\7\x08"):
            for width in (4, 8):
                sizes = b"".join(n.to_bytes(8, "little")[:width] for n in (entry.packed, entry.size))
                wanted = mark + entry.crc.to_bytes(4, "little") + sizes
                following = self.at(end + len(wanted), 4)
                if self.at(end, len(wanted)) == wanted and following in (b"PK\3\4", b"PK\1\2"):
                    return end + len(wanted)
        raise Bad(f"descriptor of {entry.name}")

    def chunks(self, name: str) -> Iterator[bytes]:
        """Go through the content of an entry."""
        entry = self.entries[name]
        at, end, size, crc = entry.content, entry.content + entry.packed, 0, 0
        unpacker = zlib.decompressobj(-15)
        while at < end:
            data = self.at(at, min(1 << 20, end - at))
            demand(data, "cut off")
            at += len(data)
            while data:
                if entry.method == 0:
                    chunk, data = data, b""
                else:
                    demand(not unpacker.eof, f"data behind {name}")
                    chunk = unpacker.decompress(data, 1 << 20)
                    data = unpacker.unconsumed_tail
                if at == end and not data and entry.method:
                    chunk += unpacker.flush()
                size, crc = size + len(chunk), zlib.crc32(chunk, crc)
                demand(size <= entry.size, f"{name} unpacks to more than it says")
                yield chunk
        demand(entry.method == 0 or (unpacker.eof and not unpacker.unused_data), f"stream of {name}")
        demand((size, crc) == (entry.size, entry.crc), f"size or checksum of {name}")

    def read(self, name: str, most: int = MOST_SMALL) -> bytes:
        demand(self.entries[name].size <= most, f"{name} is too large")
        return b"".join(self.chunks(name))


def extra_fields(data: bytes) -> dict[int, bytes]:
    """Return extra fields by their number."""
    found = {}
    while len(data) >= 4:
        kind, size = unpack("<2H", data[:4])
        found[kind], data = data[4 : 4 + size], data[4 + size :]
    demand(0x7075 not in found, "an entry has a second name")
    return found


def widened(extra: dict[int, bytes], *values: int) -> tuple[int, ...]:
    """Replace 32-bit values that are full by those of 64 bits from the ZIP64 extra field, in its order."""
    wide, real = extra.get(1, b""), []
    for value in values:
        if value == 2**32 - 1 and len(wide) >= 8:
            real.append(unpack("<Q", wide[:8])[0])
            wide = wide[8:]
        else:
            real.append(value)
    return tuple(real)


def check_entry(entry: Entry, mode: int, is_folder: int) -> None:
    """Check the name, kind and sizes of an entry."""
    name, kind = entry.name, mode & 0o170000
    last = name.rstrip("/").rsplit("/", 1)[-1]
    if name.endswith("/"):
        demand(re.fullmatch(FOLDER, name) and not entry.size and entry.packed <= 2, f"name {name!r}")
        demand(kind in (0, 0o040000), f"kind of {name}")
    else:
        demand(NAME.fullmatch(name), f"name {name!r}")
        demand(kind in (0, 0o100000) and not is_folder, f"kind of {name}")
    demand(not DEVICE.match(last) and not last.endswith("."), f"name {name!r}")
    demand(not entry.flags & 0x2041, f"{name} is encrypted")
    demand(entry.method in (0, 8), f"method of {name}")
    demand(entry.size <= 1 << 20 or entry.size <= 200 * max(1, entry.packed), f"{name} is a bomb")


# --- DER, as much of it as is looked at ------------------------------------------------------------------------------


@dataclass
class Node:
    """A value of ASN.1 in DER: its tag, its content, all its bytes, and the values in it."""

    tag: int
    content: bytes
    whole: bytes

    @property
    def children(self) -> list[Node]:
        return list(nodes(self.content))

    @property
    def oid(self) -> str:
        demand(self.tag == 6 and self.content, "object identifier")
        numbers, value = [self.content[0] // 40, self.content[0] % 40], 0
        for byte in self.content[1:]:
            value = value << 7 | byte & 127
            if byte < 128:
                numbers.append(value)
                value = 0
        return ".".join(map(str, numbers))

    @property
    def number(self) -> int:
        return int.from_bytes(self.content, "big", signed=True)


def nodes(data: bytes) -> Iterator[Node]:
    """Go through values that follow one another."""
    at = 0
    while at < len(data):
        start, tag, size, at = at, data[at], data[at + 1], at + 2
        if size & 128:
            count = size & 127
            demand(0 < count <= 4, "length")
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        demand(at + size <= len(data), "cut off")
        yield Node(tag, data[at : at + size], data[start : at + size])
        at += size


def the_one(data: bytes) -> Node:
    """Return the only value."""
    found = list(nodes(data))
    demand(len(found) == 1, "one value expected")
    return found[0]


@dataclass(frozen=True)
class Certificate:
    """What is looked at in a certificate; `start` and `end` are seconds since 1970."""

    der: bytes
    serial: int
    issuer: bytes
    subject: bytes
    start: int
    end: int

    @classmethod
    def of(cls, data: bytes) -> Certificate:
        parts = the_one(data).children[0].children
        demand(parts[0].tag == 0xA0, "version of a certificate")
        return cls(data, parts[1].number, parts[3].whole, parts[5].whole, *map(seconds, parts[4].children))

    @property
    def pem(self) -> str:
        return f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(self.der).decode()}-----END CERTIFICATE-----\n"


def seconds(moment: Node) -> int:
    """Return a UTCTime or GeneralizedTime in seconds since 1970."""
    text = moment.content.decode("ascii")
    if moment.tag == 0x17:
        text = ("19" if text[:2] >= "50" else "20") + text
    return int(datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).timestamp())


def name_parts(name: bytes) -> list[tuple[str, str]]:
    """Return the attributes of a distinguished name."""
    pairs = [pair.children for relative in the_one(name).children for pair in relative.children]
    return [(kind.oid, value.content.decode("utf-8")) for kind, value in pairs]


def offices(name: bytes) -> list[str]:
    """Return the offices in a distinguished name, the province first."""
    return [text for kind, text in name_parts(name) if kind in (ORGANIZATION, ORGANIZATIONAL_UNIT)]


@dataclass(frozen=True)
class RevocationList:
    """What is looked at in a revocation list: `harmful` are the serial numbers that were revoked for a reason that does harm."""

    der: bytes
    issuer: bytes
    serials: frozenset[int]
    harmful: frozenset[int]

    @classmethod
    def of(cls, data: bytes) -> RevocationList:
        parts = the_one(data).children[0].children
        parts = parts[1:] if parts[0].tag == 2 else parts
        entries = next((part.children for part in parts[3:] if part.tag == 0x30), [])
        reasons = {entry.children[0].number: reason(entry) for entry in entries}
        harmful = frozenset(serial for serial, why in reasons.items() if why not in HARMLESS)
        return cls(data, parts[1].whole, frozenset(reasons), harmful)


def reason(entry: Node) -> int:
    """Return why a certificate is on the list, 0 (unspecified) if that is not told."""
    for extension in (each for part in entry.children[2:] for each in part.children):
        if extension.children[0].oid == CRL_REASON:
            return the_one(extension.children[-1].content).number
    return 0


# --- signatures ------------------------------------------------------------------------------------------------------


def openssl(*arguments: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run openssl."""
    return subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, check=False)


def check_structure(signature: bytes) -> list[Certificate]:
    """Check what openssl leaves open: one signer, detached, signed attributes, strong digest; return the certificates."""
    demand(len(signature) <= MOST_SIGNATURE, "signature is too large")
    info = the_one(signature).children
    demand(info[0].oid == SIGNED_DATA, "no signed data")
    parts = info[1].children[0].children
    demand(len(parts[2].children) == 1, "the content is inside the signature")
    certificates = next((part for part in parts[3:] if part.tag == 0xA0), None)
    [signers] = [part for part in parts[3:] if part.tag == 0x31]
    demand(len(signers.children) == 1, "not one signer")
    signer = signers.children[0].children
    demand(signer[1].tag == 0x30, "signer is not named by issuer and serial number")
    demand(signer[2].children[0].oid in STRONG_DIGESTS, "weak digest")
    demand(signer[3].tag == 0xA0, "no signed attributes")
    attributes = [attribute.children[0].oid for attribute in signer[3].children]
    demand(SIGNING_CERTIFICATE_V2 in attributes, "no signing-certificate-v2")
    return [Certificate.of(node.whole) for node in certificates.children] if certificates else []


def check_signer(signer: Certificate, folder: Path) -> list[str]:
    """Check that the certificate is that of an operator of the office that issued it; return the offices in its name."""
    units = offices(signer.subject)
    demand(
        units and any(kind == COMMON_NAME for kind, _ in name_parts(signer.subject)), "signer is no person of an office"
    )
    demand(units == offices(signer.issuer), "signer's office did not issue the certificate")
    shown = openssl("x509", "-in", "signer.pem", "-noout", "-text", folder=folder).stdout.decode("utf-8", "replace")
    demand("CA:TRUE" not in shown, "signer is an authority")
    demand(
        "Key Usage" not in shown.replace("Extended Key Usage", "") or "Non Repudiation" in shown,
        "key is not for signing",
    )
    bits = re.search(r"Public-Key: \((\d+) bit\)", shown)
    is_rsa = "rsaEncryption" in shown and bits is not None and int(bits[1]) >= 2048
    demand(is_rsa or re.search(r"NIST CURVE: P-(256|384)", shown), "weak key")
    return units


@dataclass
class Scales:
    """What signatures are weighed with; `inside` another package, one may have ended since."""

    root: Path
    carried: list[Certificate]
    lists: list[RevocationList]
    inside: bool


def verify_signature(data: bytes, signature: bytes, scales: Scales) -> str:
    """Verify a signature with its chain and the lists that came along; return the office that signed, as code and name.

    That of a package inside is followed by what became of the certificate since.
    """
    embedded = check_structure(signature)
    demand(len(embedded) + len(scales.carried) <= MOST_CERTIFICATES, "too many certificates")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").write_bytes(data)
        (folder / "signature").write_bytes(signature)
        others = list(dict.fromkeys([*embedded, *scales.carried]))
        roots = from_pem(scales.root.read_text("ascii"))
        ways = Ways(others, roots, folder)
        # openssl looks for the way among these and what is embedded; a way still has to end in a root, and no other is among them
        known = [*roots, *(each for each in others if not ways.issued(each, each))]
        (folder / "known.pem").write_text("".join(each.pem for each in known), "ascii")
        done = openssl(
            "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "signature", "-content", "data",
            "-CAfile", "known.pem", "-no-CApath", "-no-CAstore", *(["-no_check_time"] if scales.inside else []),
            "-purpose", "any", "-auth_level", "2", "-signer", "signer.pem", "-out", "out",
            folder=folder,
        )  # fmt: skip
        demand(done.returncode == 0, f"openssl: {done.stderr.decode('utf-8', 'replace').strip()[-300:]}")
        signer = from_pem((folder / "signer.pem").read_text("ascii"))[0]
        units = check_signer(signer, folder)
        for anchor in roots:
            above = offices(anchor.subject)
            demand(units[: len(above)] == above, "the office is not below the root")
        standing = weighed(signer, ways, scales.lists)
    demand(standing == GOOD or (scales.inside and standing != EARLY), standing)
    return units[-1] if standing == GOOD else f"{units[-1]} ({standing} since)"


def from_pem(text: str) -> list[Certificate]:
    """Return the certificates in a PEM file."""
    blocks = re.findall(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", text, re.DOTALL)
    return [Certificate.of(base64.b64decode(block)) for block in blocks]


class Ways:
    """The ways from a certificate to a root; who certified whom is up to openssl, asked once for each pair."""

    def __init__(self, others: list[Certificate], roots: list[Certificate], folder: Path) -> None:
        self.others, self.roots, self.folder = others, roots, folder
        self.told: dict[tuple[bytes, bytes], bool] = {}

    def of(self, *way: Certificate) -> Iterator[tuple[Certificate, ...]]:
        """Go through all ways that begin so."""
        for root in self.roots:
            if self.issued(way[-1], root):
                yield (*way, root)
        if len(way) < LONGEST_WAY:
            for each in self.others:
                if each not in way and self.issued(way[-1], each) and not self.issued(each, each):
                    yield from self.of(*way, each)

    def keys_of(self, issuer: Certificate) -> list[Certificate]:
        """Return the issuer with other keys of the same authority: roots, and those that one of its keys certified."""
        found = list(dict.fromkeys([issuer, *(each for each in self.roots if each.subject == issuer.subject)]))
        for one in found:
            same = (each for each in self.others if each.subject == one.subject and each not in found)
            found += [each for each in same if self.issued(each, one)]
        return found

    def issued(self, certificate: Certificate, issuer: Certificate) -> bool:
        """Tell whether one certificate was issued with the key of another."""
        pair = certificate.der, issuer.der
        if pair not in self.told:
            self.told[pair] = certificate.issuer == issuer.subject and self._verified(certificate, issuer)
        return self.told[pair]

    def signed(self, found: RevocationList, issuer: Certificate) -> bool:
        """Tell whether the issuer signed the list."""
        pair = found.der, issuer.der
        if pair not in self.told:
            self.told[pair] = found.issuer == issuer.subject and self._is_list_of(found, issuer)
        return self.told[pair]

    def _verified(self, certificate: Certificate, issuer: Certificate) -> bool:
        (self.folder / "certificate.pem").write_text(certificate.pem, "ascii")
        (self.folder / "issuer.pem").write_text(issuer.pem, "ascii")
        partial = [] if certificate == issuer else ["-partial_chain"]
        arguments = ["-no_check_time", *partial, "-trusted", "issuer.pem", "certificate.pem"]
        return openssl("verify", *arguments, folder=self.folder).returncode == 0

    def _is_list_of(self, found: RevocationList, issuer: Certificate) -> bool:
        (self.folder / "list").write_bytes(found.der)
        (self.folder / "issuer.pem").write_text(issuer.pem, "ascii")
        done = openssl("crl", "-inform", "DER", "-in", "list", "-CAfile", "issuer.pem", "-noout", folder=self.folder)
        return b"verify OK" in done.stderr + done.stdout


def weighed(signer: Certificate, ways: Ways, lists: list[RevocationList]) -> str:
    """Return how a signer stands now: a way that is revoked goes before all, then the best one."""
    found = {standing_of(way, ways, lists) for way in ways.of(signer)}
    return next(each for each in STANDINGS if each in found)


def standing_of(way: tuple[Certificate, ...], ways: Ways, lists: list[RevocationList]) -> str:
    """Return how a way stands: as its first certificate tells that is on a list of its issuer, else by the time."""
    for certificate, issuer in itertools.pairwise(way):
        keys = ways.keys_of(issuer)
        own = [each for each in lists if certificate.serial in each.serials]
        own = [each for each in own if any(ways.signed(each, key) for key in keys)]
        if own:
            return REVOKED if any(certificate.serial in each.harmful for each in own) else RETIRED
    now = time.time()
    if any(each.end < now for each in way):
        return EXPIRED
    return EARLY if any(each.start > now for each in way) else GOOD


# --- the package -----------------------------------------------------------------------------------------------------


def verify(path: Path, root: Path) -> list[str]:
    """Verify a package and those inside it; return lines of what was found."""
    with path.open("rb") as file:
        return verify_opened(Zip(file), root, [], 0)


def verify_opened(archive: Zip, root: Path, lists: list[RevocationList], depth: int) -> list[str]:
    """Verify an opened package and those inside it; `lists` came with those around it."""
    if "mimetype" in archive.entries:
        demand(archive.read("mimetype", 100) == MIMETYPE, "mimetype")
    digests = {}
    for name in archive.entries:
        hashed = hashlib.sha256()
        for chunk in archive.chunks(name):
            hashed.update(chunk)
        digests[name] = hashed.digest()
    pairs = check_coverage(archive, digests)
    scales = Scales(root, *carried_along(archive), inside=depth > 0)
    scales.lists += lists
    units = [verify_signature(archive.read(signed), archive.read(signature), scales) for signed, signature in pairs]
    data = archive.read("manifest.json")
    manifest = check_manifest(data, units[0].partition(" ")[0])
    told = [f"{'  ' * depth}{manifest['kind']} of {', '.join(units)}, id {hashlib.sha256(data).hexdigest()}"]
    for name in sorted(archive.entries):
        if name.startswith("inner/"):
            told += verify_inner(archive, name, manifest["sender"], scales, depth)
    return told


def carried_along(archive: Zip) -> tuple[list[Certificate], list[RevocationList]]:
    """Return the certificates and revocation lists that came along."""
    certificates: list[Certificate] = []
    lists = []
    for name in archive.entries:
        if name.startswith("trust/") and name.endswith(".pem"):
            found = from_pem(archive.read(name, 1 << 20).decode("ascii"))
            demand(found, f"{name} holds no certificate")
            certificates += found
        elif name.startswith("trust/") and name.endswith(".crl"):
            lists.append(RevocationList.of(archive.read(name, 1 << 20)))
    return certificates, lists


def verify_inner(archive: Zip, name: str, outer: str, scales: Scales, depth: int) -> list[str]:
    """Verify a package inside another, which must have been addressed to the office that hands it on."""
    demand(depth + 1 < DEEPEST, "nested too deeply")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "inner"
        with copy.open("wb") as file:
            file.writelines(archive.chunks(name))
        with copy.open("rb") as opened:
            inner = Zip(opened)
            told = verify_opened(inner, scales.root, scales.lists, depth + 1)
            receivers = json.loads(inner.read("manifest.json"))["receivers"]
        demand(outer in receivers, f"{name} was not for {outer}")
    return told


def check_coverage(archive: Zip, digests: dict[str, bytes]) -> list[tuple[str, str]]:
    """Check that each signature's list names the whole payload with its digests, a later one the earlier signatures too."""
    meta = sorted(name for name in digests if name.startswith("META-INF/"))
    numbers = sorted(name[-7:-4] for name in meta if re.fullmatch(r"META-INF/signature\d{3}\.p7s", name))
    pairs = [(f"META-INF/ASiCManifest{n}.xml", f"META-INF/signature{n}.p7s") for n in numbers]
    demand(pairs and meta == sorted(name for pair in pairs for name in pair), "signature files")
    covered = {name for name in digests if name != "mimetype" and name not in meta}
    for signed, signature in pairs:
        listed = parse_list(archive.read(signed), signature)
        demand(listed.keys() == covered, f"{signed} names other files than there are")
        demand(all(digests[name] == digest for name, digest in listed.items()), f"a file differs from {signed}")
        covered |= {signed, signature}
    demand("SHA256SUMS" in digests, "SHA256SUMS is gone")
    payload = sorted(name for name in digests if name not in ("mimetype", "SHA256SUMS", *meta))
    sums = "".join(f"{digests[name].hex()} *{name}\n" for name in payload)
    demand(archive.read("SHA256SUMS") == sums.encode(), "SHA256SUMS")
    return pairs


def parse_list(data: bytes, signature: str) -> dict[str, bytes]:
    """Return the digests that an ASiCManifest names."""
    demand(b"<!" not in data, "document type or comment in an ASiCManifest")
    data.decode("utf-8")
    root = ET.fromstring(data, ET.XMLParser(encoding="utf-8"))  # noqa: S314 - there is no document type in it
    demand(root.tag == f"{ASIC}ASiCManifest", "ASiCManifest")
    references = [each for each in root if each.tag == f"{ASIC}SigReference"]
    items = [each for each in root if each.tag == f"{ASIC}DataObjectReference"]
    demand(len(references) == 1 and len(root) == len(items) + 1, "ASiCManifest")
    demand(references[0].get("URI") == signature, "ASiCManifest names another signature")
    listed = {}
    for item in items:
        demand([each.tag for each in item] == [f"{DS}DigestMethod", f"{DS}DigestValue"], "DataObjectReference")
        demand(item[0].get("Algorithm") == SHA256, "weak digest")
        demand(item.get("URI") not in listed, "named twice")
        listed[item.get("URI", "")] = base64.b64decode(item[1].text or "", validate=True)
    return listed


def check_manifest(data: bytes, code: str) -> dict[str, Any]:
    """Check what a package says of itself."""
    manifest: dict[str, Any] = json.loads(
        data.decode("utf-8"), object_pairs_hook=distinct, parse_float=refused, parse_int=small, parse_constant=refused
    )
    demand(isinstance(manifest, dict), "manifest.json is no object")
    json.dumps(manifest, ensure_ascii=False).encode("utf-8")  # half a character is an error
    check_depth(manifest)
    demand(type(manifest.get("schema")) is int and manifest["schema"] == 1, "schema of manifest.json")
    for field in REQUIRED:
        demand(field in manifest, f"{field} of manifest.json")
    for field, kind in FIELDS.items():
        demand(type(manifest.get(field, kind())) is kind, f"{field} of manifest.json")
    texts = [*manifest["receivers"], *manifest.get("titles", {}).values()]
    demand(all(isinstance(each, str) for each in texts), "receivers or titles of manifest.json")
    demand(manifest["kind"] in KINDS and manifest.get("number", 1) >= 1, "kind or number")
    demand(datetime.fromisoformat(manifest["created"]).tzinfo, "created has no time zone")
    demand(manifest["sender"] == code, "the sender in manifest.json is not the office that signed")
    return manifest


def check_depth(value: object) -> None:
    """Refuse lists and objects in one another without end."""
    level: list[Any] = [value]
    for _ in range(DEEPEST_JSON):
        values = [item for each in level for item in (each.values() if isinstance(each, dict) else each)]
        level = [item for item in values if isinstance(item, dict | list)]
    demand(not level, "nested too deeply")


def distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse doubled keys."""
    demand(len(dict(pairs)) == len(pairs), "a key occurs twice")
    return dict(pairs)


def refused(text: str) -> object:
    """Refuse a number with a fraction."""
    raise Bad(f"number {text[:40]}")


def small(text: str) -> int:
    """Refuse numbers that not every reader keeps exactly."""
    demand(len(text) < 18 and abs(int(text)) < 2**53, "number too large")
    return int(text)


def main() -> int:
    """Verify the package named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--root", type=Path, required=True, help="the root's certificate (PEM), compared by telephone")
    given = parser.parse_args()
    try:
        lines = verify(given.package, given.root.resolve())
    except Bad as error:
        print(f"NOT good: {error}")
        return 4
    except (ValueError, LookupError, StructError, zlib.error, ET.ParseError, RecursionError, TypeError) as error:
        print(f"NOT good: {type(error).__name__}: {error}"[:300])
        return 4
    print("Good:", *lines, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
