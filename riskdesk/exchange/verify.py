"""Verifying a package in the order in which nothing is looked into before it has been checked (docs/package-format.md).

Structure, digests, signatures and the way to somebody we trust, then the packages inside. What only the receiving office can
tell – addressed to us, sent by one of ours, seen before – is up to services/receiving.py.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from riskdesk.exchange.archive import Archive
from riskdesk.exchange.cades import verify
from riskdesk.exchange.certificates import MALFORMED
from riskdesk.exchange.findings import Signer, Verified
from riskdesk.exchange.layout import ASIC, DS, MANIFEST, MIMETYPE, SHA256, SUMS, sums
from riskdesk.exchange.manifest import package_id, read_manifest
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import TRUSTED, Carried, Trust, TrustLevel
from riskdesk.exchange.zip_structure import Limits

_SIGNED = re.compile(r"META-INF/ASiCManifest(\d{3})\.xml")
_SIGNATURE = re.compile(r"META-INF/signature(\d{3})\.p7s")
_DER = Encoding.DER
_MOST_TRUST = 1 << 20  # bytes of one certificate file or revocation list
_PARSER = etree.XMLParser(
    encoding="utf-8",  # whatever it says of itself: "<!" is looked for in the bytes
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


def verify_package(path: Path, trust: Trust, now: datetime, limits: Limits | None = None) -> Verified:
    """Verify the package and those inside it; raise `Refusal` if anything but the trust in the signer fails."""
    with path.open("rb") as file:
        return _verified(file, trust, now, limits or Limits(), 0)


def _verified(file: BinaryIO, trust: Trust, now: datetime, limits: Limits, depth: int) -> Verified:
    archive = Archive(file, limits)
    if "mimetype" in archive.entries and archive.read("mimetype", 100) != MIMETYPE:
        raise Refusal("mimetype")
    digests = {name: archive.digest(name) for name in archive.entries}
    pairs = _pairs(archive)
    _check_coverage(archive, pairs, digests)
    _check_sums(archive, digests)
    carried = _carried(archive)
    signers = [
        verify(archive.read(signed), archive.read(signature), trust, now, carried) for signed, signature in pairs
    ]
    if MANIFEST not in digests:
        raise Refusal("manifest", "missing")
    head = archive.read(MANIFEST)
    manifest = read_manifest(head)
    if manifest.sender != signers[0].office.code:
        raise Refusal("sender", f"{manifest.sender} != {signers[0].office.code}")
    brought = Trust(
        intermediates=tuple(each.public_bytes(_DER) for each in carried.certificates),
        crls=tuple(each.public_bytes(_DER) for each in carried.crls),
    )
    # what ended since is told by the lists of whoever hands it on
    inside = dict(_inside(archive, replace(trust, crls=(*trust.crls, *brought.crls)), now, limits, depth))
    for each in inside.values():
        _check_inner(each, signers[0])
    return Verified(
        package_id(head),
        manifest,
        tuple(signers),
        inside,
        {name: info.file_size for name, info in archive.entries.items()},
        {name: digest.hex() for name, digest in digests.items()},
        brought,
    )


def _pairs(archive: Archive) -> list[tuple[str, str]]:
    """Return the pairs of ASiCManifest and signature in their order; there must be nothing else in META-INF."""
    names = [name for name in archive.entries if name.startswith("META-INF/")]
    signed = {found[1]: name for name in names if (found := _SIGNED.fullmatch(name))}
    signatures = {found[1]: name for name in names if (found := _SIGNATURE.fullmatch(name))}
    if not signed or signed.keys() != signatures.keys():
        raise Refusal("unsigned", ", ".join(names))
    if len(signed) + len(signatures) != len(names):
        raise Refusal("extra_signature_file", ", ".join(names))
    return [(signed[number], signatures[number]) for number in sorted(signed)]


def _check_coverage(archive: Archive, pairs: Sequence[tuple[str, str]], digests: Mapping[str, bytes]) -> None:
    """Every signature covers the whole payload, a later one the earlier signatures too."""
    covered = {name for name in digests if name != "mimetype" and not name.startswith("META-INF/")}
    for signed, signature in pairs:
        reference, items = parse_asic_manifest(archive.read(signed))
        if reference != signature:
            raise Refusal("signature_file", reference)
        if items.keys() != covered:
            raise Refusal("coverage", ", ".join(sorted(items.keys() ^ covered))[:200])
        if changed := [name for name, digest in items.items() if digests[name] != digest]:
            raise Refusal("digest", changed[0])
        covered |= {signed, signature}


def _check_sums(archive: Archive, digests: Mapping[str, bytes]) -> None:
    """What `sha256sum -c` tells people must be what is signed."""
    listed = {
        name: each for name, each in digests.items() if name not in ("mimetype", SUMS) and "META-INF/" not in name
    }
    if SUMS not in digests or archive.read(SUMS) != sums(listed):
        raise Refusal("digest", SUMS)


def parse_asic_manifest(data: bytes) -> tuple[str, dict[str, bytes]]:
    """Return the signature's entry and the digests by entry; raise `Refusal`."""
    if b"<!" in data:
        raise Refusal("signature_file", "document type or comment")
    try:
        root = etree.fromstring(data, _PARSER)
        [reference] = root.findall(f"{{{ASIC}}}SigReference")
        items: dict[str, bytes] = {}
        for item in root.findall(f"{{{ASIC}}}DataObjectReference"):
            name, digest = _item(item)
            if name in items:
                raise Refusal("signature_file", f"twice {name}")
            items[name] = digest
        if root.tag != f"{{{ASIC}}}ASiCManifest" or len(root) != len(items) + 1:
            raise Refusal("signature_file", "elements")
        return reference.get("URI", ""), items
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal("signature_file", str(error)[:200]) from error


def _item(item: etree._Element) -> tuple[str, bytes]:
    method, value = item  # ValueError: others
    if (method.tag, value.tag) != (f"{{{DS}}}DigestMethod", f"{{{DS}}}DigestValue"):
        raise Refusal("signature_file", "elements")
    if method.get("Algorithm") != SHA256:
        raise Refusal("weak", str(method.get("Algorithm")))
    try:
        return item.get("URI", ""), base64.b64decode(value.text or "", validate=True)
    except binascii.Error as error:
        raise Refusal("signature_file", "digest") from error


def _carried(archive: Archive) -> Carried:
    """Return certificates and revocation lists of the trust folder."""
    certificates: list[x509.Certificate] = []
    crls = []
    try:
        for name in archive.entries:
            if name.startswith("trust/") and name.endswith(".pem"):
                certificates += x509.load_pem_x509_certificates(archive.read(name, _MOST_TRUST))
            elif name.startswith("trust/") and name.endswith(".crl"):
                crls.append(x509.load_der_x509_crl(archive.read(name, _MOST_TRUST)))
    except MALFORMED as error:
        raise Refusal("payload", f"trust: {error}"[:200]) from error
    return Carried(tuple(certificates), tuple(crls))


def _inside(
    archive: Archive, trust: Trust, now: datetime, limits: Limits, depth: int
) -> Iterator[tuple[str, Verified]]:
    for name in sorted(archive.entries):
        if not name.startswith("inner/"):
            continue
        if depth + 1 >= limits.depth:
            raise Refusal("depth", name)
        with archive.opened(name) as inner:
            yield name, _verified(inner, trust, now, limits, depth + 1)


def _check_inner(inner: Verified, outer: Signer) -> None:
    """A package inside must come from an office that reports to the one that hands it on, and bear a signature as good.

    One that ended since, or was revoked, was good when the office that hands it on took it: that is what its own signature
    says, so the outer one has to be trusted. `inner.signer.level` tells what it is now.
    """
    ended = (TrustLevel.RETIRED, TrustLevel.EXPIRED, TrustLevel.REVOKED)
    good = inner.signer.level in (outer.level, *TRUSTED, *ended)
    if not good or outer.office.code not in inner.manifest.receivers:
        raise Refusal("inner", f"{inner.manifest.sender} {inner.signer.level}")
