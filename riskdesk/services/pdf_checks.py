"""Looking at a signed PDF that came by itself: who signed it, and whether all of it is covered."""

from __future__ import annotations

from pathlib import Path

from riskdesk import clock
from riskdesk.files import fault
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of
from riskdesk.services.trusting import trust_of
from riskdesk.services.verdicts import IMPOSTOR, STANDING_TEXTS, Standing, Verdict, fits_roster


def is_pdf(path: Path) -> bool:
    """Tell whether a file begins as a PDF does."""
    try:
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-"
    except OSError as error:
        raise fault(path, error) from error


def look_at_pdf(desk: Desk, path: Path) -> Verdict:
    """Return the verdict on a signed PDF."""
    from riskdesk.exchange.child import GuardedVerifier
    from riskdesk.exchange.refusal import Refusal

    try:
        with GuardedVerifier() as verifier:
            signed = verifier.verify_pdf(path, trust_of(desk), clock.now())
    except Refusal as refusal:
        return Verdict.refused(refusal.reason, str(refusal), refusal.detail)
    standing = Standing(str(signed.level))
    office = signed.path[-1]
    if not fits_roster(roster_of(desk), signed.path):
        return Verdict.refused("impostor", IMPOSTOR)
    return Verdict(
        is_readable=True,
        is_intact=True,
        is_signature_valid=True,
        standing=standing,
        office=office.code,
        office_name=office.name,
        person=signed.person,
        reason="" if standing in (Standing.CHAIN, Standing.PINNED) else str(standing),
        summary=f"{STANDING_TEXTS[standing]}：{office.name}（{office.code}）{signed.person}",
    )
