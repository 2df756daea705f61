"""The office's keys: what is known of them, and opening them with the passphrase for signing and decrypting.

Losing them loses no data: nothing in the data file is encrypted with them.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.errors import PassphraseError, UsageError
from riskdesk.services import key_folder, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of

if TYPE_CHECKING:
    from riskdesk.exchange.certificates import Authority, Credential
    from riskdesk.exchange.keyfiles import Identity
    from riskdesk.exchange.names import Unit

_RENEWAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who may sign for the office; `expires` is ISO 8601."""

    person: str
    file: str
    certificate: str
    expires: str


@dataclass(frozen=True, slots=True)
class KeyState:
    """What can be told about the keys without opening them.

    `fingerprint` is what is compared by telephone; `enrolled` whether somebody above has certified the office.
    """

    fingerprint: str
    enrolled: bool
    operators: tuple[Operator, ...]
    days_left: int

    @property
    def needs_renewal(self) -> bool:
        """Whether the first of the operators' certificates ends soon."""
        return self.days_left <= _RENEWAL_DAYS


class Keys:
    """The keys of one operator: the signing key is open, the others are opened when first needed, a third of a second each."""

    def __init__(self, desk: Desk, passphrase: str, person: str = "") -> None:
        """Raises `PassphraseError` if the passphrase is not the one, `UsageError` if the person may not sign."""
        from riskdesk.exchange.keyfiles import open_credential

        made = key_folder.noted(desk)
        operator = _operator(desk, person)
        self.person = operator.person
        self._passphrase = passphrase
        self._authority, self._identity = (key_folder.read_key(desk, made[name]) for name in ("office", "identity"))
        self._own = trusting.anchors(desk).own
        certificate = base64.b64decode(operator.certificate)
        self.operator: Credential = open_credential(
            key_folder.read_key(desk, operator.file), passphrase, certificate, certificates_above(desk)
        )

    def of(self, desk: Desk, person: str) -> Keys:
        """Return the keys of another of the people, opened with the same passphrase."""
        return self if person == self.person else Keys(desk, self._passphrase, person)

    @cached_property
    def authority(self) -> Authority:
        """What certificates are issued with."""
        from riskdesk.exchange.keyfiles import open_authority

        return open_authority(self._authority, self._passphrase, self._own)

    @cached_property
    def identity(self) -> Identity:
        """What is decrypted with."""
        from riskdesk.exchange.keyfiles import open_identity

        return open_identity(self._identity, self._passphrase)


def has_keys(desk: Desk) -> bool:
    """Tell whether the office has made its keys."""
    return key_folder.noted(desk) is not None


def state(desk: Desk) -> KeyState | None:
    """Return what can be told about the keys, None if there are none yet."""
    given = key_folder.noted(desk)
    if given is None:
        return None
    operators = tuple(Operator(**each) for each in given["operators"])
    first = min(each.expires for each in operators)
    left = (datetime.fromisoformat(first) - clock.now()).days
    return KeyState(given["fingerprint"], trusting.anchors(desk).is_enrolled, operators, left)


def unlock(desk: Desk, passphrase: str, person: str = "") -> Keys:
    """Open the keys; `person` is who signs ("" for the first of the people). Raises `PassphraseError` or `UsageError`."""
    if not has_keys(desk):
        raise UsageError("本单位还没有密钥。请先在“设置—密钥与信任”中建立密钥。")
    if not passphrase:
        raise PassphraseError("需要本单位密钥的口令。")
    return Keys(desk, passphrase, person)


def certificates_above(desk: Desk) -> tuple[bytes, ...]:
    """Return the certificates (DER) above those of the people who sign, as they go into packages."""
    known = trusting.anchors(desk)
    return (known.own, *known.chain) if known.is_certified else tuple(known.chain)


def office_path(desk: Desk) -> tuple[Unit, ...]:
    """Return the offices from the province down to this one, as they stand in certificates."""
    from riskdesk.exchange.names import Unit

    chain = roster_of(desk).chain(desk.office.code, clock.today())
    return tuple(Unit(office.code, office.name) for office in reversed(chain))


def own_fingerprint(desk: Desk) -> str:
    """Return what is compared by telephone for this office's own key."""
    return str(key_folder.noted(desk)["fingerprint"])


def recovery_recipient(desk: Desk) -> str:
    """Return what is encrypted to besides the addressees, so that the paper recovery key can open it (age1…)."""
    return str(key_folder.noted(desk)["recovery"])


def _operator(desk: Desk, person: str) -> Operator:
    operators = [Operator(**each) for each in key_folder.noted(desk)["operators"]]
    if not person.strip():
        return operators[0]
    found = next((each for each in operators if each.person == person.strip()), None)
    if found is not None:
        return found
    may = f"可以签名的有：{'、'.join(each.person for each in operators)}。"
    if gone := [each for each in trusting.issued(desk) if each.person == person.strip() and each.revoked_at]:
        raise UsageError(f"签名人 {person} 的证书已于 {gone[-1].revoked_at[:10]} 吊销，不能再签名。{may}")
    raise UsageError(f"本单位没有名叫“{person}”的签名人。{may}请核对姓名，或先在“设置—密钥与信任”中添加。")
