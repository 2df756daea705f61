"""Who signs for this office: the people who may, whoever did last, and why somebody may not."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.errors import InputError
from riskdesk.services import keyring, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys, Operator
from riskdesk.store.connection import Writing

if TYPE_CHECKING:
    from riskdesk.exchange.trust import TrustLevel

_KEY = "signer"


def signers(desk: Desk) -> tuple[str, ...]:
    """Return the people who may sign, nobody as long as there are no keys."""
    state = keyring.state(desk)
    return tuple(each.person for each in state.operators) if state else ()


def last_signer(desk: Desk) -> str:
    """Return who signed last, the first of the people if that one may no more, "" as long as there are no keys."""
    people, last = signers(desk), desk.settings.get(_KEY)
    return str(last) if last in people else next(iter(people), "")


def holding_signer(desk: Desk) -> str:
    """Return who signs where nobody is named: the first of the people whose certificate holds, the first if none does, "" without keys."""
    people = signers(desk)
    return next((each for each in people if not why_useless(desk, each)), next(iter(people), ""))


def likely_signer(desk: Desk) -> str:
    """Return who signed last if that one's certificate holds, else as `holding_signer`."""
    last = last_signer(desk)
    return holding_signer(desk) if why_useless(desk, last) else last


def note_signer(desk: Desk, writing: Writing, keys: Keys) -> None:
    """Note who signs, in the running transaction."""
    if keys.person != last_signer(desk):
        desk.settings.put(writing, _KEY, keys.person)


def why_useless(desk: Desk, person: str = "") -> str:
    """Return why others would not take what a person – "" for the first one – signs now, "" if nothing speaks against it."""
    from riskdesk.exchange.trust import TrustLevel

    operator = _operator(desk, person)
    if operator is None:
        return ""
    whose = f"签名人 {operator.person} 的" if len(signers(desk)) > 1 else ""
    level = _level(desk, operator)
    if level is TrustLevel.EXPIRED:
        return f"{whose}签名证书已经过期，收件单位不会接收。请先核对电脑的日期；日期无误时，请在“设置—密钥与信任”中办理新证书。"
    if level is TrustLevel.NOT_YET_VALID:
        return f"{whose}签名证书还没有生效，电脑的日期可能不对。请先核对电脑的日期和时间。"
    if level in (TrustLevel.REVOKED, TrustLevel.RETIRED):
        return f"{whose}签名证书已被吊销，收件单位不会接收。请在“设置—密钥与信任”中更换密钥，并请上级重新签发证书。"
    return ""


def demand_useful(desk: Desk, keys: Keys) -> None:
    """Raise `InputError` if others would not take what is signed with these keys."""
    if useless := why_useless(desk, keys.person):
        raise InputError(useless)


def signed_with(keys: Keys) -> str:
    """Return a digest of the certificate that is signed with and those above it: another one makes another package."""
    from riskdesk.exchange.trust import der

    return _digest((der(keys.operator.certificate), *keys.operator.chain))


def would_sign_with(desk: Desk, person: str = "") -> str:
    """Return what `signed_with` would for a person – "" for the first one – without opening the keys, "" if there are none."""
    operator = _operator(desk, person)
    if operator is None:
        return ""
    return _digest((base64.b64decode(operator.certificate), *keyring.certificates_above(desk)))


def _operator(desk: Desk, person: str) -> Operator | None:
    state = keyring.state(desk)
    if state is None:
        return None
    return next((each for each in state.operators if each.person == person), state.operators[0])


def _digest(certificates: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for certificate in certificates:
        found.update(hashlib.sha256(certificate).digest())
    return found.hexdigest()


def _level(desk: Desk, operator: Operator) -> TrustLevel | None:
    """Judge a certificate as those who trust the same root will, None if no way leads to it."""
    from riskdesk.exchange.trust import level_of

    return level_of(base64.b64decode(operator.certificate), trusting.trust_of(desk), clock.now())
