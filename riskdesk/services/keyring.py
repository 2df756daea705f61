"""The office's keys: made at the start, kept under a passphrase in the data folder, opened for signing and decrypting.

Losing them loses no data: nothing in the data file is encrypted with them. The key to which others encrypt is also kept
encrypted to a recovery key that exists on paper only.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskdesk import clock
from riskdesk.errors import InputError, PassphraseError, UsageError
from riskdesk.files import write_new
from riskdesk.services import trusting
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from riskdesk.exchange.certificates import Authority
    from riskdesk.exchange.names import Unit

_KEY = "keys"  # the setting
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


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is printed once and kept in the office's safe: the recovery key (AGE-SECRET-KEY-1…) and the fingerprint."""

    secret: str
    fingerprint: str


class Keys:
    """The keys of one operator: the signing key is open, the others are opened when first needed, a third of a second each."""

    def __init__(self, desk: Desk, passphrase: str, operator: Operator) -> None:
        """Raises `PassphraseError` if the passphrase is not the one."""
        from cryptography import x509

        from riskdesk.exchange.cades import Credential

        self.person = operator.person
        self._passphrase = passphrase
        self._sealed = {name: _read_key(desk, name) for name in ("office.pem", "identity.pem", operator.file)}
        self._own = trusting.anchors(desk)
        chain = (self._own.own, *self._own.chain) if self._own.is_certified else ()
        certificate = x509.load_der_x509_certificate(base64.b64decode(operator.certificate))
        self.operator = Credential(self._opened(operator.file), certificate, chain)

    @cached_property
    def authority(self) -> Authority:
        """What certificates are issued with."""
        from cryptography import x509

        from riskdesk.exchange.certificates import Authority

        return Authority(x509.load_der_x509_certificate(self._own.own), self._opened("office.pem"))

    @cached_property
    def identity(self) -> X25519PrivateKey:
        """What is decrypted with."""
        identity: X25519PrivateKey = self._opened("identity.pem")
        return identity

    def _opened(self, name: str) -> Any:
        from riskdesk.exchange import keys

        return keys.opened(self._sealed[name], self._passphrase)


def has_keys(desk: Desk) -> bool:
    """Tell whether the office has made its keys."""
    return desk.settings.get(_KEY) is not None


def state(desk: Desk) -> KeyState | None:
    """Return what can be told about the keys, None if there are none yet."""
    given = desk.settings.get(_KEY)
    if given is None:
        return None
    operators = tuple(Operator(**each) for each in given["operators"])
    first = min(each.expires for each in operators)
    left = (datetime.fromisoformat(first) - clock.now()).days
    return KeyState(given["fingerprint"], trusting.anchors(desk).is_enrolled, operators, left)


def make_keys(desk: Desk, passphrase: str, person: str = "") -> Recovery:
    """Make the office's keys, and certificates of its own until somebody above certifies it; return what is to be printed.

    Raises `InputError` for a weak passphrase and `UsageError` if there are keys already.
    """
    from riskdesk.exchange import certificates, encryption, keys
    from riskdesk.exchange.trust import der

    if has_keys(desk):
        raise UsageError("本单位已有密钥。如需更换，请先在“密钥与信任”中停用原来的密钥。")
    keys.refuse_weak_passphrase(passphrase)
    now = clock.now()
    authority_key, identity, recovery = keys.new_signing_key(), encryption.new_identity(), encryption.new_identity()
    own = certificates.self_signed(office_path(desk), authority_key, now)
    fingerprint = keys.fingerprint(authority_key.public_key())
    authority = certificates.Authority(own, authority_key)
    _write_key(desk, "office.pem", keys.sealed(authority_key, passphrase))
    _write_key(desk, "identity.pem", keys.sealed(identity, passphrase))
    _escrow(desk, identity, recovery)
    operator = _new_operator(desk, authority, person or desk.office.person or desk.office.name, passphrase)
    made: dict[str, Any] = {
        "fingerprint": fingerprint,
        "recipient": encryption.recipient(identity),
        "recovery": encryption.recipient(recovery),
        "operators": [_as_row(operator)],
    }
    is_root = not desk.office.parent
    with desk.store.write(desk.office.person, "make keys") as writing:
        desk.settings.put(writing, _KEY, made)
        known = replace(trusting.anchors(desk), own=der(own))
        trusting.keep_anchors(desk, writing, replace(known, roots=(der(own),)) if is_root else known)
        trusting.add_recipients(desk, writing, {desk.office.code: made["recipient"]})
    Keys(desk, passphrase, operator)  # the passphrase is tried before anybody relies on it
    return Recovery(encryption.secret_text(recovery), fingerprint)


def write_recovery_sheet(desk: Desk, recovery: Recovery, folder: Path) -> Path:
    """Write the sheet (PDF) that is to be printed and kept in the safe."""
    from riskdesk.documents.recovery_sheet import RecoverySheet, render_recovery

    sheet = RecoverySheet(
        office=desk.office.name,
        code=desk.office.code,
        secret=recovery.secret,
        fingerprint=recovery.fingerprint,
        made_at=clock.now().isoformat(timespec="seconds"),
    )
    return write_new(folder / f"密钥恢复单_{desk.office.code}.pdf", render_recovery(sheet))


def unlock(desk: Desk, passphrase: str, person: str = "") -> Keys:
    """Open the keys; `person` chooses the operator ("" for the first). Raises `PassphraseError` or `UsageError`."""
    given = desk.settings.get(_KEY)
    if given is None:
        raise UsageError("本单位还没有密钥。请先在“设置—密钥与信任”中建立密钥。")
    if not passphrase:
        raise PassphraseError("需要本单位密钥的口令。")
    operators = [Operator(**each) for each in given["operators"]]
    operator = next((each for each in operators if each.person == person), operators[0])
    return Keys(desk, passphrase, operator)


def install_certificate(desk: Desk, keys: Keys, passphrase: str, own: bytes, chain: tuple[bytes, ...]) -> None:
    """Take the certificate that the office above issued, and issue those of this office's people anew below it."""
    from cryptography import x509

    from riskdesk.exchange.certificates import Authority

    authority = Authority(x509.load_der_x509_certificate(own), keys.authority.key)
    given = desk.settings.get(_KEY)
    renewed = [_new_operator(desk, authority, each["person"], passphrase) for each in given["operators"]]
    with desk.store.write(desk.office.person, "install certificate") as writing:
        desk.settings.put(writing, _KEY, {**given, "operators": [_as_row(each) for each in renewed]})
        trusting.keep_anchors(desk, writing, replace(trusting.anchors(desk), own=own, chain=chain, is_certified=True))


def add_operator(desk: Desk, keys: Keys, passphrase: str, person: str) -> Operator:
    """Let another person of the office sign; raise `InputError` if the name is taken."""
    given = desk.settings.get(_KEY)
    if not person.strip() or any(each["person"] == person for each in given["operators"]):
        raise InputError("请填写签名人的姓名，且不能与已有的签名人同名。")
    operator = _new_operator(desk, keys.authority, person, passphrase)
    with desk.store.write(desk.office.person, "add operator") as writing:
        desk.settings.put(writing, _KEY, {**given, "operators": [*given["operators"], _as_row(operator)]})
    return operator


def office_path(desk: Desk) -> tuple[Unit, ...]:
    """Return the offices from the province down to this one, as they stand in certificates."""
    from riskdesk.exchange.names import Unit

    chain = roster_of(desk).chain(desk.office.code, clock.today())
    return tuple(Unit(office.code, office.name) for office in reversed(chain))


def own_fingerprint(desk: Desk) -> str:
    """Return what is compared by telephone for this office's own key."""
    return str(desk.settings.get(_KEY)["fingerprint"])


def recovery_recipient(desk: Desk) -> str:
    """Return what is encrypted to besides the addressees, so that the paper recovery key can open it (age1…)."""
    return str(desk.settings.get(_KEY)["recovery"])


def _new_operator(desk: Desk, authority: Authority, person: str, passphrase: str) -> Operator:
    from riskdesk.exchange import certificates, keys
    from riskdesk.exchange.trust import der

    key = keys.new_signing_key()
    certificate = certificates.operator_certificate(authority, person, key.public_key(), clock.now())
    file = f"operator-{secrets.token_hex(4)}.pem"
    _write_key(desk, file, keys.sealed(key, passphrase))
    expires = certificate.not_valid_after_utc.isoformat(timespec="seconds")
    return Operator(person, file, base64.b64encode(der(certificate)).decode(), expires)


def _as_row(operator: Operator) -> dict[str, str]:
    return {name: getattr(operator, name) for name in Operator.__slots__}


def _escrow(desk: Desk, identity: X25519PrivateKey, recovery: X25519PrivateKey) -> None:
    """Keep the key to which others encrypt for whoever has the paper."""
    from riskdesk.exchange import encryption

    _write_key(
        desk,
        "identity-recovery.age",
        encryption.encrypted_text(encryption.secret_text(identity), [encryption.recipient(recovery)]),
    )


def _folder(desk: Desk) -> Path:
    return desk.home / "keys"


def _write_key(desk: Desk, name: str, data: bytes) -> None:
    """Write a key that only its owner may read; one that is there from an attempt that was cut off is replaced."""
    folder = _folder(desk)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / name
    target.unlink(missing_ok=True)
    write_new(target, data).chmod(0o600)


def _read_key(desk: Desk, name: str) -> bytes:
    try:
        return (_folder(desk) / name).read_bytes()
    except FileNotFoundError as error:
        raise PassphraseError(
            "密钥文件不在数据文件夹中（可能是从备份恢复的）。请重新建立密钥，并请上级重新签发证书；数据不受影响。"
        ) from error
