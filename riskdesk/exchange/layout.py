"""What the entries of a package are called, and the names in them (ETSI EN 319 162-1, XML Signature); for what writes and what reads."""

from __future__ import annotations

from collections.abc import Mapping

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
ASIC = "http://uri.etsi.org/02918/v1.2.1#"
DS = "http://www.w3.org/2000/09/xmldsig#"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
SIGNED, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"


def sums(digests: Mapping[str, bytes]) -> bytes:
    """Return the digests as `sha256sum -c` reads them."""
    return "".join(f"{digest.hex()} *{name}\n" for name, digest in sorted(digests.items())).encode("ascii")
