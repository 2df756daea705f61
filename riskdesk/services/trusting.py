"""What this office trusts and what it has issued, kept in the data file; changes are audited like everything."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from riskdesk.services.desk import Desk
from riskdesk.store.connection import Writing

if TYPE_CHECKING:
    from riskdesk.exchange.trust import Trust

_TRUST, _ISSUED, _RECIPIENTS = "trust", "issued", "recipients"


@dataclass(frozen=True, slots=True)
class Anchors:
    """Certificates and lists in DER: compared roots, compared own keys of offices, this office's own and those above it, CRLs."""

    roots: tuple[bytes, ...] = ()
    pinned: tuple[bytes, ...] = ()
    own: bytes = b""
    chain: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    is_certified: bool = False  # somebody above issued `own`; else it is signed by itself

    @property
    def is_enrolled(self) -> bool:
        """Whether somebody above has certified this office, or it is a root itself."""
        return self.is_certified or self.own in self.roots


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that this office issued: to an office (its code) or, with `person`, to one of its own people."""

    serial: str
    office: str
    person: str
    at: str
    expires: str
    certificate: str
    revoked_at: str = ""
    reason: str = ""
    replaced_at: str = ""  # another took its place by itself, as after an installation; it still holds


def anchors(desk: Desk) -> Anchors:
    """Return what is trusted."""
    given = desk.settings.get(_TRUST) or {}
    return Anchors(
        roots=_decoded(given.get("roots", ())),
        pinned=_decoded(given.get("pinned", ())),
        own=base64.b64decode(given.get("own", "")),
        chain=_decoded(given.get("chain", ())),
        crls=_decoded(given.get("crls", ())),
        is_certified=given.get("is_certified", False),
    )


def keep_anchors(desk: Desk, writing: Writing, given: Anchors) -> None:
    """Note what is trusted, in the running transaction."""
    known = anchors(desk)
    if given != known:
        value = {name: _encoded(getattr(given, name)) for name in Anchors.__slots__}
        desk.settings.put_changed(writing, _TRUST, value, _changed_anchors(known, given))


def trust_of(desk: Desk) -> Trust:
    """Return what packages are verified with."""
    from riskdesk.exchange.trust import Trust

    known = anchors(desk)
    between = [*known.chain, *([known.own] if known.own else []), *_issued_to_offices(desk)]
    roots = known.roots if known.is_certified or not known.own else tuple(dict.fromkeys((*known.roots, known.own)))
    return Trust(roots=roots, pinned=known.pinned, intermediates=tuple(between), crls=known.crls)


def take_crls(desk: Desk, writing: Writing, crls: Iterable[bytes], certificates: Iterable[bytes]) -> int:
    """Keep the revocation lists that say something new and are signed by an authority we have or that came along; return how many.

    A known one stays though its authority may have come along with it only. The certificate by which a root handed over to its
    next key is kept as well: its lists go on to hold.
    """
    from riskdesk.exchange.crls import hand_overs, worth_keeping

    known, brought = anchors(desk), tuple(certificates)
    chain = tuple(dict.fromkeys((*known.chain, *hand_overs(known.roots, brought))))
    authorities = [*known.roots, *known.pinned, *chain, known.own, *_issued_to_offices(desk), *brought]
    kept = worth_keeping(known.crls, tuple(crls), [each for each in authorities if each])
    keep_anchors(desk, writing, replace(known, chain=chain, crls=kept))
    return len(set(kept) - set(known.crls))


def issued(desk: Desk) -> list[Issued]:
    """Return the certificates that this office issued, oldest first."""
    return [Issued(**row) for row in desk.settings.get(_ISSUED) or []]


def keep_issued(desk: Desk, writing: Writing, given: Iterable[Issued]) -> None:
    """Note the certificates that this office issued, in the running transaction."""
    known, wanted = {each.serial: each for each in issued(desk)}, {each.serial: each for each in given}
    change = {
        "added": [_told(each) for each in wanted.values() if each.serial not in known],
        "changed": [_told(each) for each in wanted.values() if known.get(each.serial, each) != each],
        "removed": [serial for serial in known if serial not in wanted],
    }
    desk.settings.put_changed(writing, _ISSUED, [asdict(each) for each in wanted.values()], _without_empty(change))


def recipients(desk: Desk) -> dict[str, str]:
    """Return what is encrypted to (age1…), by office."""
    found: dict[str, str] = desk.settings.get(_RECIPIENTS) or {}
    return found


def add_recipients(desk: Desk, writing: Writing, given: dict[str, str]) -> None:
    """Note what is encrypted to, in the running transaction."""
    old = recipients(desk)
    change = {code: {"old": old.get(code, ""), "new": key} for code, key in given.items() if old.get(code) != key}
    if change:
        desk.settings.put_changed(writing, _RECIPIENTS, {**old, **given}, change)


def fingerprint_of(certificate: bytes) -> str:
    """Return by what a certificate or list (DER) is known in the audit log: its SHA-256."""
    return hashlib.sha256(certificate).hexdigest()


def _changed_anchors(before: Anchors, after: Anchors) -> dict[str, Any]:
    """Return what of it is trusted no more and what newly is, as digests."""
    change: dict[str, Any] = {}
    for name in Anchors.__slots__:
        old, new = getattr(before, name), getattr(after, name)
        if isinstance(new, tuple):
            added, removed = (
                [fingerprint_of(each) for each in one if each not in other] for one, other in ((new, old), (old, new))
            )
            change[name] = _without_empty({"added": added, "removed": removed})
        elif isinstance(new, bytes):
            change[name] = {"old": fingerprint_of(old), "new": fingerprint_of(new)} if new != old else {}
        elif new != old:
            change[name] = {"old": old, "new": new}
    return _without_empty(change)


def _told(each: Issued) -> dict[str, str]:
    """Return a certificate as the audit log tells it: all but its bytes."""
    told = {**asdict(each), "certificate": fingerprint_of(base64.b64decode(each.certificate))}
    return {name: value for name, value in told.items() if value}


def _without_empty(change: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in change.items() if value}


def _issued_to_offices(desk: Desk) -> list[bytes]:
    return [base64.b64decode(each.certificate) for each in issued(desk) if not each.person]


def _encoded(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return [base64.b64encode(each).decode() for each in value]


def _decoded(given: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(each) for each in given)
