"""The people who sign: the office certifies them with its own key, lets them sign no more, and gives them new certificates."""

from __future__ import annotations

import base64
from collections.abc import Container, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.errors import InputError, UsageError
from riskdesk.services import key_folder, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys, Operator
from riskdesk.services.trusting import Issued
from riskdesk.store.connection import Writing

if TYPE_CHECKING:
    from riskdesk.exchange.certificates import Authority
    from riskdesk.exchange.keyfiles import SealedCertificate

Renewed = Sequence[tuple[Operator, Issued]]


def add_operator(desk: Desk, keys: Keys, passphrase: str, person: str) -> Operator:
    """Let another person of the office sign, or the same with a new key; raise `InputError` for an empty name."""
    person = person.strip()
    if not person:
        raise InputError("请填写签名人的姓名。")
    given = key_folder.noted(desk)
    operator, issued = new_operator(desk, keys.authority, person, passphrase)
    row = asdict(operator)
    kept = [row if each["person"] == person else each for each in given["operators"]]
    with desk.store.write(desk.office.person, "add operator") as writing:
        key_folder.note(desk, writing, {**given, "operators": kept if row in kept else [*kept, row]})
        trusting.keep_issued(desk, writing, [*trusting.issued(desk), issued])
    return operator


def remove_operators(desk: Desk, writing: Writing, certificates: Container[str]) -> None:
    """Let those with the certificates sign no more, in the running transaction; raise `UsageError` if nobody would be left."""
    given = key_folder.noted(desk)
    left = [each for each in given["operators"] if each["certificate"] not in certificates]
    if not left:
        raise UsageError("这是本单位最后一名签名人，吊销后就没有人能签名。请先增加另一名签名人。")
    if len(left) < len(given["operators"]):
        key_folder.note(desk, writing, {**given, "operators": left})


def renewed_below(desk: Desk, keys: Keys, passphrase: str, own: bytes) -> Renewed:
    """Issue the certificates of this office's people anew below the one that the office above issued; for `take_renewed`."""
    from riskdesk.exchange.keyfiles import with_certificate

    authority = with_certificate(keys.authority.key, own)
    return [new_operator(desk, authority, each["person"], passphrase) for each in key_folder.noted(desk)["operators"]]


def take_renewed(desk: Desk, writing: Writing, renewed: Renewed) -> None:
    """Let people sign with their new certificates, in the running transaction."""
    operators = [asdict(each) for each, _ in renewed]
    key_folder.note(desk, writing, {**key_folder.noted(desk), "operators": operators})
    note_replaced(desk, writing, [issued for _, issued in renewed])


def new_operator(desk: Desk, authority: Authority, person: str, passphrase: str) -> tuple[Operator, Issued]:
    """Make a person's key and certificate; nothing is noted yet."""
    from riskdesk.exchange import keyfiles

    made: SealedCertificate = keyfiles.new_operator(authority, person, passphrase, clock.now())
    file = key_folder.write_key(desk, "operator", made.key)
    certificate = base64.b64encode(made.certificate).decode()
    at = clock.now().isoformat(timespec="seconds")
    issued = Issued(made.serial, desk.office.code, person, at, made.expires, certificate)
    return Operator(person, file, certificate, made.expires), issued


def note_replaced(desk: Desk, writing: Writing, given: Sequence[Issued]) -> None:
    """Note certificates of our people that take the place of theirs by themselves: the old ones are not revoked by that."""
    at, people = clock.now().isoformat(timespec="seconds"), {each.person for each in given}
    before = [
        replace(each, replaced_at=at) if each.person in people and not each.replaced_at else each
        for each in trusting.issued(desk)
    ]
    trusting.keep_issued(desk, writing, [*before, *given])
