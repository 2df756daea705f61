"""Making the office's keys, at the start, in place of lost ones and as the next root; and the paper that recovers them.

The key to which others encrypt is also kept encrypted to a recovery key that exists on paper only.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskdesk import clock
from riskdesk.errors import UsageError
from riskdesk.files import write_new
from riskdesk.services import key_folder, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys, has_keys, office_path
from riskdesk.services.operators import new_operator, note_replaced

if TYPE_CHECKING:
    from riskdesk.exchange.keyfiles import Identity


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is printed once and kept in the office's safe: the recovery key (AGE-SECRET-KEY-1…) and the fingerprint."""

    secret: str
    fingerprint: str


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
        recovered(key_folder.read_key(desk, key_folder.noted(desk)["escrow"]), secret)
        if secret.strip()
        else new_identity()
    )
    return _make(desk, passphrase, person, identity)


def replace_root(desk: Desk, keys: Keys, passphrase: str) -> None:
    """Give a root its next key, certified by the one before for those that know only that; its people get new ones, too."""
    from riskdesk.exchange import keyfiles

    given = key_folder.noted(desk)
    authority, kept, fingerprint, cross = keyfiles.next_root(keys.authority, office_path(desk), passphrase, clock.now())
    renewed = [new_operator(desk, authority, each["person"], passphrase) for each in given["operators"]]
    made = {
        **given,
        "fingerprint": fingerprint,
        "office": key_folder.write_key(desk, "office", kept.key),
        "operators": [asdict(each) for each, _ in renewed],
    }
    known = trusting.anchors(desk)
    with desk.store.write(desk.office.person, "replace root") as writing:
        key_folder.note(desk, writing, made)
        roots = (*known.roots, kept.certificate)
        trusting.keep_anchors(
            desk, writing, replace(known, own=kept.certificate, roots=roots, chain=(cross, *known.chain))
        )
        note_replaced(desk, writing, [issued for _, issued in renewed])


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


def _make(desk: Desk, passphrase: str, person: str, identity: Identity) -> Recovery:
    from riskdesk.exchange import encryption, keyfiles, keys

    recovery = encryption.new_identity()
    authority, kept, fingerprint = keyfiles.new_authority(office_path(desk), passphrase, clock.now())
    operator, issued = new_operator(desk, authority, person or desk.office.person or desk.office.name, passphrase)
    made: dict[str, Any] = {
        "fingerprint": fingerprint,
        "recipient": encryption.recipient(identity),
        "recovery": encryption.recipient(recovery),
        "office": key_folder.write_key(desk, "office", kept.key),
        "identity": key_folder.write_key(desk, "identity", keys.sealed(identity, passphrase)),
        "escrow": key_folder.write_key(desk, "escrow", keyfiles.escrowed(identity, recovery)),
        "operators": [asdict(operator)],
    }
    known = trusting.anchors(desk)
    roots = known.roots if desk.office.parent else (*known.roots, kept.certificate)
    with desk.store.write(desk.office.person, "make keys") as writing:
        key_folder.note(desk, writing, made)
        fresh = replace(known, own=kept.certificate, roots=roots, chain=(), is_certified=False)
        trusting.keep_anchors(desk, writing, fresh)
        trusting.add_recipients(desk, writing, {desk.office.code: made["recipient"]})
        note_replaced(desk, writing, [issued])
    Keys(desk, passphrase)  # the passphrase is tried before anybody relies on it
    return Recovery(encryption.secret_text(recovery), fingerprint)
