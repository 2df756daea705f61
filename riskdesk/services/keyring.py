"""The office's keys: made at the start, kept under a passphrase in the data folder, opened for signing and decrypting.

Losing them loses no data: nothing in the data file is encrypted with them. The key to which others encrypt is also kept
encrypted to a recovery key that exists on paper only.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Container, Sequence
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
from riskdesk.services.trusting import Issued
from riskdesk.store.connection import Writing
from riskdesk.store.settings import Settings

if TYPE_CHECKING:
    from riskdesk.exchange.cades import Credential
    from riskdesk.exchange.certificates import Authority
    from riskdesk.exchange.keyfiles import Identity, SealedCertificate
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


Renewed = Sequence[tuple[Operator, Issued]]


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

    def __init__(self, desk: Desk, passphrase: str, person: str = "") -> None:
        """Raises `PassphraseError` if the passphrase is not the one, `UsageError` if the person may not sign."""
        from riskdesk.exchange.keyfiles import open_credential

        made = desk.settings.get(_KEY)
        operator = _operator(desk, person)
        self.person = operator.person
        self._certificate = operator.certificate
        self._passphrase = passphrase
        self._authority, self._identity = (_read_key(desk, made[name]) for name in ("office", "identity"))
        known = trusting.anchors(desk)
        self._own = known.own
        chain = (known.own, *known.chain) if known.is_certified else known.chain
        certificate = base64.b64decode(operator.certificate)
        self.operator: Credential = open_credential(_read_key(desk, operator.file), passphrase, certificate, chain)

    def by_one_who_stays(self, desk: Desk) -> Keys:
        """Return the keys as they are, or those of the first operator if this one may sign no more."""
        operators = (Operator(**each) for each in desk.settings.get(_KEY)["operators"])
        return self if self._certificate in {each.certificate for each in operators} else Keys(desk, self._passphrase)

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
    from riskdesk.exchange.encryption import new_identity

    if has_keys(desk):
        raise UsageError("本单位已有密钥。口令忘记或密钥丢失时，请更换密钥，并请上级重新签发证书。")
    return _make(desk, passphrase, person, new_identity())


def replace_keys(desk: Desk, passphrase: str, secret: str = "", person: str = "") -> Recovery:
    """Make new keys in place of lost ones; the office has to be certified anew.

    `secret` is the recovery key of the paper: with it, packages that were encrypted to the office before can still be opened.
    Raises `InputError` if it is not that of this office, `UsageError` if there are no keys that it could be of.
    """
    from riskdesk.exchange.encryption import new_identity
    from riskdesk.exchange.keyfiles import recovered

    if secret.strip() and not has_keys(desk):
        raise UsageError("这个数据文件夹中没有密钥的记录，恢复码用不上。请不带恢复码，按“建立密钥”重新建立。")
    identity = (
        recovered(_read_key(desk, desk.settings.get(_KEY)["escrow"]), secret) if secret.strip() else new_identity()
    )
    return _make(desk, passphrase, person, identity)


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
    """Open the keys; `person` is who signs ("" for the first of the people). Raises `PassphraseError` or `UsageError`."""
    if not has_keys(desk):
        raise UsageError("本单位还没有密钥。请先在“设置—密钥与信任”中建立密钥。")
    if not passphrase:
        raise PassphraseError("需要本单位密钥的口令。")
    return Keys(desk, passphrase, person)


def renewed_below(desk: Desk, keys: Keys, passphrase: str, own: bytes) -> Renewed:
    """Issue the certificates of this office's people anew below the one that the office above issued; for `take_renewed`."""
    from riskdesk.exchange.keyfiles import with_certificate

    authority = with_certificate(keys.authority.key, own)
    return [_new_operator(desk, authority, each["person"], passphrase) for each in desk.settings.get(_KEY)["operators"]]


def take_renewed(desk: Desk, writing: Writing, renewed: Renewed) -> None:
    """Let people sign with their new certificates, in the running transaction."""
    operators = [_as_row(each) for each, _ in renewed]
    _keep(desk, writing, {**desk.settings.get(_KEY), "operators": operators})
    _note_replaced(desk, writing, [issued for _, issued in renewed])


def replace_root(desk: Desk, keys: Keys, passphrase: str) -> None:
    """Give a root its next key, certified by the one before for those that know only that; its people get new ones, too."""
    from riskdesk.exchange import keyfiles

    given = desk.settings.get(_KEY)
    authority, kept, fingerprint, cross = keyfiles.next_root(keys.authority, office_path(desk), passphrase, clock.now())
    renewed = [_new_operator(desk, authority, each["person"], passphrase) for each in given["operators"]]
    made = {
        **given,
        "fingerprint": fingerprint,
        "office": _write_key(desk, "office", kept.key),
        "operators": [_as_row(each) for each, _ in renewed],
    }
    known = trusting.anchors(desk)
    with desk.store.write(desk.office.person, "replace root") as writing:
        _keep(desk, writing, made)
        roots = (*known.roots, kept.certificate)
        trusting.keep_anchors(
            desk, writing, replace(known, own=kept.certificate, roots=roots, chain=(cross, *known.chain))
        )
        _note_replaced(desk, writing, [issued for _, issued in renewed])


def add_operator(desk: Desk, keys: Keys, passphrase: str, person: str) -> Operator:
    """Let another person of the office sign, or the same with a new key; raise `InputError` for an empty name."""
    person = person.strip()
    if not person:
        raise InputError("请填写签名人的姓名。")
    given = desk.settings.get(_KEY)
    operator, issued = _new_operator(desk, keys.authority, person, passphrase)
    row = _as_row(operator)
    kept = [row if each["person"] == person else each for each in given["operators"]]
    with desk.store.write(desk.office.person, "add operator") as writing:
        _keep(desk, writing, {**given, "operators": kept if row in kept else [*kept, row]})
        trusting.keep_issued(desk, writing, [*trusting.issued(desk), issued])
    return operator


def remove_operators(desk: Desk, writing: Writing, certificates: Container[str]) -> None:
    """Let those with the certificates sign no more, in the running transaction; raise `UsageError` if nobody would be left."""
    given = desk.settings.get(_KEY)
    left = [each for each in given["operators"] if each["certificate"] not in certificates]
    if not left:
        raise UsageError("这是本单位最后一名签名人，吊销后就没有人能签名。请先增加另一名签名人。")
    if len(left) < len(given["operators"]):
        _keep(desk, writing, {**given, "operators": left})


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


def _make(desk: Desk, passphrase: str, person: str, identity: Identity) -> Recovery:
    from riskdesk.exchange import encryption, keyfiles, keys

    recovery = encryption.new_identity()
    authority, kept, fingerprint = keyfiles.new_authority(office_path(desk), passphrase, clock.now())
    operator, issued = _new_operator(desk, authority, person or desk.office.person or desk.office.name, passphrase)
    made: dict[str, Any] = {
        "fingerprint": fingerprint,
        "recipient": encryption.recipient(identity),
        "recovery": encryption.recipient(recovery),
        "office": _write_key(desk, "office", kept.key),
        "identity": _write_key(desk, "identity", keys.sealed(identity, passphrase)),
        "escrow": _write_key(desk, "escrow", keyfiles.escrowed(identity, recovery)),
        "operators": [_as_row(operator)],
    }
    known = trusting.anchors(desk)
    roots = known.roots if desk.office.parent else (*known.roots, kept.certificate)
    with desk.store.write(desk.office.person, "make keys") as writing:
        _keep(desk, writing, made)
        fresh = replace(known, own=kept.certificate, roots=roots, chain=(), is_certified=False)
        trusting.keep_anchors(desk, writing, fresh)
        trusting.add_recipients(desk, writing, {desk.office.code: made["recipient"]})
        _note_replaced(desk, writing, [issued])
    Keys(desk, passphrase)  # the passphrase is tried before anybody relies on it
    return Recovery(encryption.secret_text(recovery), fingerprint)


def _new_operator(desk: Desk, authority: Authority, person: str, passphrase: str) -> tuple[Operator, Issued]:
    from riskdesk.exchange.keyfiles import new_operator

    made: SealedCertificate = new_operator(authority, person, passphrase, clock.now())
    file = _write_key(desk, "operator", made.key)
    certificate = base64.b64encode(made.certificate).decode()
    at = clock.now().isoformat(timespec="seconds")
    issued = Issued(made.serial, desk.office.code, person, at, made.expires, certificate)
    return Operator(person, file, certificate, made.expires), issued


def _operator(desk: Desk, person: str) -> Operator:
    operators = [Operator(**each) for each in desk.settings.get(_KEY)["operators"]]
    if not person.strip():
        return operators[0]
    found = next((each for each in operators if each.person == person.strip()), None)
    if found is not None:
        return found
    may = f"可以签名的有：{'、'.join(each.person for each in operators)}。"
    if gone := [each for each in trusting.issued(desk) if each.person == person.strip() and each.revoked_at]:
        raise UsageError(f"签名人 {person} 的证书已于 {gone[-1].revoked_at[:10]} 吊销，不能再签名。{may}")
    raise UsageError(f"本单位没有名叫“{person}”的签名人。{may}请核对姓名，或先在“设置—密钥与信任”中添加。")


def _note_replaced(desk: Desk, writing: Writing, given: Sequence[Issued]) -> None:
    """Note certificates of our people that take the place of theirs by themselves: the old ones are not revoked by that."""
    at, people = clock.now().isoformat(timespec="seconds"), {each.person for each in given}
    before = [
        replace(each, replaced_at=at) if each.person in people and not each.replaced_at else each
        for each in trusting.issued(desk)
    ]
    trusting.keep_issued(desk, writing, [*before, *given])


def _keep(desk: Desk, writing: Writing, made: dict[str, Any]) -> None:
    """Note the keys, in the running transaction; the audit entry tells which people and which keys are others."""
    old = desk.settings.get(_KEY) or {"operators": []}
    change: dict[str, Any] = {
        name: {"old": old.get(name, ""), "new": value}
        for name, value in made.items()
        if name != "operators" and old.get(name) != value
    }
    for word, one, other in (("added", made, old), ("removed", old, made)):
        if people := [_told(each) for each in one["operators"] if each not in other["operators"]]:
            change[word] = people
    desk.settings.put_changed(writing, _KEY, made, change)


def _told(operator: dict[str, str]) -> dict[str, str]:
    return {**operator, "certificate": trusting.fingerprint_of(base64.b64decode(operator["certificate"]))}


def _as_row(operator: Operator) -> dict[str, str]:
    return {name: getattr(operator, name) for name in Operator.__slots__}


def _folder(desk: Desk) -> Path:
    return desk.home / "keys"


def _write_key(desk: Desk, what: str, data: bytes) -> str:
    """Write a key into a new file that only its owner may read; return the file's name."""
    folder = _folder(desk)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = write_new(folder / f"{what}-{secrets.token_hex(4)}.pem", data)
    written.chmod(0o600)
    return written.name


def escrow_file(settings: Settings, folder: Path) -> Path | None:
    """Return what the paper recovery key opens, None if it is not in the folder of keys: backups hold it, but never the keys themselves."""
    given = settings.get(_KEY)
    file = folder / given["escrow"] if given else None
    return file if file and file.is_file() else None


def _read_key(desk: Desk, name: str) -> bytes:
    try:
        return (_folder(desk) / name).read_bytes()
    except FileNotFoundError as error:
        raise PassphraseError(
            "密钥文件不在数据文件夹中（可能是从备份恢复的）。请更换密钥，并请上级重新签发证书；数据不受影响。"
        ) from error
