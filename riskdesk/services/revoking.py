"""Taking certificates back that this office gave, to an office below or to one of its people; everybody hears of it by the list."""

from __future__ import annotations

import base64
from collections.abc import Container, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from riskdesk import clock
from riskdesk.errors import InputError
from riskdesk.services import keyring, operators, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.kits import Enrolled, distribute
from riskdesk.services.signers import demand_useful, why_useless
from riskdesk.services.trusting import Issued

_NUMBER = "crl_number"


class Why(StrEnum):
    """Why a certificate is revoked."""

    LOST = "lost"  # the key may be in other hands
    LEFT = "left"
    REPLACED = "replaced"
    CLOSED = "closed"


# reasons of RFC 5280, 5.3.1
REASONS = {
    Why.LOST: "keyCompromise",
    Why.LEFT: "affiliationChanged",
    Why.REPLACED: "superseded",
    Why.CLOSED: "cessationOfOperation",
}
NEWEST_LEFT = "旧的证书已吊销，最新的一张仍然有效；也要吊销的，请再吊销一次。"


def revoke(desk: Desk, keys: Keys, whom: str, why: Why, folder: Path) -> Enrolled:
    """Revoke the certificates of an office below (its code) or of a person of ours; write the new list for all others.

    Where there is a newer key already, those of the older ones are revoked; revoking again takes the newest, too. The list also goes
    into every package from now on. Raises `InputError` if there is nothing to revoke, `UsageError` if nobody could sign afterwards,
    or nobody whom others believe (`InputError`).
    """
    from riskdesk.exchange.crls import held, new_list, next_number

    at, known = clock.now(), trusting.anchors(desk)
    number, entries = held(known.crls, known.own, known.roots)
    everything = _as_listed(trusting.issued(desk), entries)
    chosen = _to_revoke([each for each in everything if whom in (each.office, each.person) and not each.revoked_at])
    if not chosen:
        raise InputError(f"没有给“{whom}”签发过有效的证书，请检查单位代码或姓名。")
    leaving = {each.certificate for each in chosen}
    signer = _who_signs(desk, keys, leaving)
    stamp = at.isoformat(timespec="seconds")
    after = [replace(each, revoked_at=stamp, reason=str(why)) if each in chosen else each for each in everything]
    entries += [(int(each.serial), each.revoked_at, REASONS[Why(each.reason)]) for each in after if each.revoked_at]
    with desk.store.write(desk.office.person, "revoke") as writing:
        writing.detail.update(whom=whom, why=str(why))
        number = next_number(max(number, desk.settings.get(_NUMBER) or 0), at)
        desk.settings.put(writing, _NUMBER, number)
        trusting.keep_issued(desk, writing, after)
        operators.remove_operators(desk, writing, leaving)
        crl = new_list(keys.authority, entries, number, at)
        trusting.take_crls(desk, writing, [crl], [known.own])
    return distribute(desk, keys.of(desk, signer), folder)


def still_holds(desk: Desk, whom: str) -> bool:
    """Tell whether an office or a person has a certificate of ours that is not revoked."""
    return any(whom in (each.office, each.person) and not each.revoked_at for each in trusting.issued(desk))


def after_replacing(desk: Desk) -> list[str]:
    """Return what has to be done elsewhere once the keys of this office were replaced; nothing if it never certified an office."""
    told = []
    if desk.office.parent:
        told.append("请重新申请证书，并请上级吊销原来的证书：用原来的密钥签发的证书会一并停用。")
    if any(not each.person for each in trusting.issued(desk)):
        told.append("下级单位的证书是用原来的密钥签发的，所有下级单位都要重新申请证书。")
    return told


def _who_signs(desk: Desk, keys: Keys, leaving: Container[str]) -> str:
    """Return who signs the list: the one with the keys, or who stays if that one is among those leaving (certificates).

    Raises `InputError` if others would not take it from anybody who stays. That somebody stays is seen to elsewhere.
    """
    state = keyring.state(desk)
    staying = [each.person for each in state.operators if each.certificate not in leaving] if state else []
    if keys.person in staying:
        demand_useful(desk, keys)
        return keys.person
    useless = [why_useless(desk, each) for each in staying]
    if useless and all(useless):
        raise InputError(useless[0])
    return staying[useless.index("")] if staying else keys.person


def _as_listed(given: Sequence[Issued], entries: Sequence[tuple[int, str, str]]) -> list[Issued]:
    """Return the certificates, those revoked that are on a list of ours: after a restore we may not know it otherwise."""
    reasons = {reason: str(why) for why, reason in REASONS.items()}
    listed = {str(serial): (at, reasons.get(reason, str(Why.LOST))) for serial, at, reason in entries}
    return [
        replace(each, revoked_at=listed[each.serial][0], reason=listed[each.serial][1])
        if each.serial in listed and not each.revoked_at
        else each
        for each in given
    ]


def _to_revoke(given: Sequence[Issued]) -> list[Issued]:
    """Return the certificates of all keys but the newest, all if there is only one key that was not replaced by itself."""
    from riskdesk.exchange.crls import with_key_of

    live = [each.certificate for each in given if not each.replaced_at]
    if not live:
        return list(given)
    newest = with_key_of([base64.b64decode(each) for each in live], base64.b64decode(live[-1]))
    if len(newest) == len(live):
        return list(given)
    return [each for each in given if base64.b64decode(each.certificate) not in newest]
