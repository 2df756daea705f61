"""What is found in a file from outside: who signed it, what a package holds, what its reports say; the libraries that look are elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from riskdesk.domain.extracts import Extract
from riskdesk.domain.revisions import Revision
from riskdesk.exchange.manifest import Manifest
from riskdesk.exchange.names import Unit
from riskdesk.exchange.payload import Rejected, Report
from riskdesk.exchange.trust import TRUSTED, Trust, TrustLevel


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, as the certificate says; `level` is what is known of it, `authority` the highest certificate above (DER).

    `signed_at` is what the signer's clock said; `revoked_at` is set for retired and revoked ones.
    """

    path: tuple[Unit, ...]
    person: str
    certificate: bytes
    level: TrustLevel
    authority: bytes
    signed_at: datetime | None
    revoked_at: datetime | None = None

    @property
    def office(self) -> Unit:
        """The office that signed."""
        return self.path[-1]

    @property
    def is_trusted(self) -> bool:
        """Whether the way to somebody we trust holds now."""
        return self.level in TRUSTED


@dataclass(frozen=True, slots=True)
class Verified:
    """A package whose structure, digests and signatures are good; `signers` in their order, the first is the sender.

    `inside` are the packages in it by their entry; `sizes` are those of all its entries in bytes, `digests` their SHA-256 in
    hexadecimal; `brought` the certificates and revocation lists that came along.
    """

    id: str
    manifest: Manifest
    signers: tuple[Signer, ...]
    inside: Mapping[str, Verified]
    sizes: Mapping[str, int]
    digests: Mapping[str, str]
    brought: Trust

    @property
    def signer(self) -> Signer:
        """Who sent it."""
        return self.signers[0]

    def with_inside(self, at: Sequence[str] = ()) -> Iterator[tuple[tuple[str, ...], Verified]]:
        """Go through this package and those inside it, each with the entries that lead to it."""
        yield tuple(at), self
        for name, inner in self.inside.items():
            yield from inner.with_inside((*at, name))


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A report with its revisions as they came; of its records, by hash, what is kept of each, or why it cannot be read."""

    report: Report
    steps: tuple[Revision | Rejected, ...]
    extracts: Mapping[str, Extract]
    unreadable: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadPackage:
    """A verified package, and the reports in it and in the packages inside, in the order of `with_inside`; none if it is no report."""

    verified: Verified
    reports: tuple[ReadReport, ...]


@dataclass(frozen=True, slots=True)
class PdfSignature:
    """Who signed a PDF, and what is known of the signer."""

    path: tuple[Unit, ...]
    person: str
    level: TrustLevel
