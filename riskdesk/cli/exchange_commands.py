"""The commands of the hand-off: seal, look, receive, answer, missing, undo, enrol."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from riskdesk.cli import exchange_answers as answers
from riskdesk.cli import receiving_answers
from riskdesk.cli.opening import open_desk
from riskdesk.cli.output import Answer, TerminalProgress
from riskdesk.cli.passphrase import VARIABLE, ask_passphrase
from riskdesk.cli.stopping import Stopping, stopped_by_ctrl_c
from riskdesk.errors import UsageError
from riskdesk.services import (
    anchoring,
    answering,
    approving,
    completeness,
    correcting,
    enrolling,
    handing_over,
    key_making,
    keyring,
    kits,
    letters,
    operators,
    pdf_checks,
    receipts,
    revoking,
    sealing,
    signers,
    taking,
    undoing,
)
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.revoking import Why

_RECOVERY = "RISKDESK_RECOVERY"
_MEGABYTE = 1_000_000


def _seal(given: argparse.Namespace) -> Answer:
    wish = sealing.Wish(
        given.period,
        nil=given.nil,
        to=tuple(given.to or ()),
        encrypt=not given.no_encrypt,
        late=given.late,
        reason=given.reason,
        scans=tuple(path.absolute() for path in given.scan or ()),
        secrets_confirmed=given.confirm_secrets,
    )
    progress = TerminalProgress()
    with open_desk(given) as desk:
        keys = keyring.unlock(desk, ask_passphrase(), given.person)
        sealed = sealing.seal(desk, keys, wish, progress)
        way = handing_over.Way(given.out.absolute(), encrypt=wish.encrypt, volume=given.split * _MEGABYTE)
        return answers.for_seal(handing_over.hand_over(desk, keys, sealed, way, progress))


def _look(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        if pdf_checks.is_pdf(given.file):
            return receiving_answers.for_pdf(pdf_checks.look_at_pdf(desk, given.file))
        seen = taking.look_at(desk, [given.file], _keys_if_given(desk))
        return receiving_answers.for_look(seen, desk.office.code)


def _receive(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        if given.receipt_to is None:
            keys = _keys_if_given(desk, given.person)
            with stopped_by_ctrl_c(TerminalProgress()) as stopping:
                taken = _taken(desk, given, keys, stopping)
            return receiving_answers.for_receive(taken, (), desk.office.code)
        folder = given.receipt_to.absolute()
        signing = _signing_keys(desk, given)
        receipts.check_ready(desk, signing, folder)
        with stopped_by_ctrl_c(TerminalProgress()) as stopping:
            taken = _taken(desk, given, signing, stopping)
            written = receipts.write_receipts(desk, signing, taken.packages, folder)
        return receiving_answers.for_receive(taken, written, desk.office.code)


def _taken(desk: Desk, given: argparse.Namespace, keys: Keys | None, stopping: Stopping) -> taking.Taken:
    taken = taking.take_all(desk, given.files, keys, stopping, accept_retired=given.accept_retired)
    stopping.end_work()
    return taken


def _answer(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        keys = keyring.unlock(desk, ask_passphrase(), given.person)
        done = answering.answer(
            desk, keys, given.package, _pairs("--return", given.returns or ()), given.out.absolute()
        )
        return answers.for_answer(done)


def _correct(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        changes = _pairs("--set", given.changes or ())
        step = correcting.correct(desk, given.record.lower(), changes, given.reason, given.keep.lower())
        data = {"record": step.object_id, "revision": step.hash, "number": step.rev_no}
        return Answer(data, [f"已保存第 {step.rev_no} 版。"])


def _missing(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        found = completeness.completeness(desk, given.period)
        written = letters.write_letters(desk, given.period, given.letters.absolute()) if given.letters else ()
        return answers.for_missing(found, written)


def _undo(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        count = undoing.undo(desk, given.run)
        return Answer(
            {"undone": given.run, "revisions": count}, [f"已撤销这次导入，{count} 个版本停止使用（可重新导入）。"]
        )


def _enrol(given: argparse.Namespace) -> Answer:
    with open_desk(given) as desk:
        return _ENROL[given.action](desk, given)


def _enrol_keys(desk: Desk, given: argparse.Namespace) -> Answer:
    recovery = key_making.make_keys(desk, ask_passphrase(twice=True), given.person or "")
    file = key_making.write_recovery_sheet(desk, recovery, given.out.absolute())
    return answers.for_enrol(kits.Enrolled(file, recovery.fingerprint, desk.office.code))


def _enrol_request(desk: Desk, given: argparse.Namespace) -> Answer:
    passphrase = ask_passphrase()
    out = given.out.absolute()
    if not keyring.has_keys(desk):
        key_making.write_recovery_sheet(desk, key_making.make_keys(desk, passphrase), out)
    done = enrolling.ask(desk, keyring.unlock(desk, passphrase), out)
    return answers.for_enrol(done)


def _enrol_approve(desk: Desk, given: argparse.Namespace) -> Answer:
    file = _needed(given.file, "申请文件")
    if not given.fingerprint:
        asked = approving.look_at_request(desk, file)
        raise UsageError(
            f"{asked.name}（{asked.code}）申请证书，指纹 {asked.fingerprint}。"
            f"请打电话核对这 30 位数字，一致后加上 --fingerprint 再运行。"
        )
    keys = _signing_keys(desk, given)
    return answers.for_enrol(approving.approve(desk, keys, file, given.fingerprint, given.out.absolute()))


def _enrol_install(desk: Desk, given: argparse.Namespace) -> Answer:
    file = _needed(given.file, "证书文件")
    root = enrolling.root_of(desk, file)
    if root and not given.fingerprint:
        raise UsageError(f"省局根证书的指纹是 {root}。请打电话向上级核对，一致后加上 --fingerprint 再运行。")
    passphrase = ask_passphrase()
    keys = keyring.unlock(desk, passphrase)
    return answers.for_enrol(enrolling.install(desk, keys, passphrase, file, given.fingerprint or ""))


def _enrol_revoke(desk: Desk, given: argparse.Namespace) -> Answer:
    keys = _signing_keys(desk, given)
    whom = _needed(given.whom, "要吊销的单位代码或姓名（--whom）")
    done = answers.for_enrol(revoking.revoke(desk, keys, str(whom), Why(given.why), given.out.absolute()))
    left = [revoking.NEWEST_LEFT] if revoking.still_holds(desk, str(whom)) else []
    return replace(done, notes=(*done.notes, *left))


def _enrol_operator(desk: Desk, given: argparse.Namespace) -> Answer:
    passphrase = ask_passphrase()
    keys = keyring.unlock(desk, passphrase)
    person = str(_needed(given.person, "签名人姓名（--person）"))
    operators.add_operator(desk, keys, passphrase, person)
    return answers.for_state(keyring.state(desk))


def _enrol_replace(desk: Desk, given: argparse.Namespace) -> Answer:
    recovery = key_making.replace_keys(desk, ask_passphrase(twice=True), os.environ.get(_RECOVERY, ""), given.person)
    file = key_making.write_recovery_sheet(desk, recovery, given.out.absolute())
    done = answers.for_enrol(kits.Enrolled(file, recovery.fingerprint, desk.office.code))
    return replace(done, notes=(*done.notes, *revoking.after_replacing(desk)))


def _enrol_pin(desk: Desk, given: argparse.Namespace) -> Answer:
    file, keys = _needed(given.file, "该单位的报送包或证书申请文件"), _keys_if_given(desk)
    if not given.fingerprint:
        unknown = anchoring.unknown_signer(desk, file, keys)
        raise UsageError(
            f"{unknown.name}（{unknown.code}）还没有登记，指纹 {unknown.fingerprint}。"
            f"请打电话核对这 30 位数字，一致后加上 --fingerprint 再运行。"
        )
    pinned = anchoring.pin(desk, file, given.fingerprint, keys)
    return answers.for_enrol(kits.Enrolled(file, pinned.fingerprint, pinned.code))


def _enrol_root(desk: Desk, given: argparse.Namespace) -> Answer:
    if given.file is not None:
        return answers.for_enrol(anchoring.accept_root(desk, given.file, given.fingerprint))
    passphrase = ask_passphrase()
    keys = keyring.unlock(desk, passphrase, given.person or signers.holding_signer(desk))
    return answers.for_enrol(anchoring.hand_over_root(desk, keys, passphrase, given.out.absolute()))


def _enrol_state(desk: Desk, _given: argparse.Namespace) -> Answer:
    return answers.for_state(keyring.state(desk))


def _enrol_distribute(desk: Desk, given: argparse.Namespace) -> Answer:
    return answers.for_enrol(kits.distribute(desk, _signing_keys(desk, given), given.out.absolute()))


_ENROL: Mapping[str, Callable[[Desk, argparse.Namespace], Answer]] = {
    "keys": _enrol_keys,
    "request": _enrol_request,
    "approve": _enrol_approve,
    "install": _enrol_install,
    "revoke": _enrol_revoke,
    "operator": _enrol_operator,
    "distribute": _enrol_distribute,
    "state": _enrol_state,
    "replace": _enrol_replace,
    "pin": _enrol_pin,
    "root": _enrol_root,
}


def _needed(value: Path | str | None, what: str) -> Path:
    if value is None:
        raise UsageError(f"缺少{what}。运行 riskdesk enrol --help 查看用法。")
    return Path(value)


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    found = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign:
            raise UsageError(f"{option} 后面的写法是 名称=内容，不能是“{text}”。")
        found[name.strip().lower()] = value
    return found


def _keys_if_given(desk: Desk, person: str = "") -> Keys | None:
    """Open the keys if a passphrase is given: only encrypted packages need them."""
    given = os.environ.get(VARIABLE)
    return keyring.unlock(desk, given, person) if given and keyring.has_keys(desk) else None


def _signing_keys(desk: Desk, given: argparse.Namespace) -> Keys:
    """Open the keys of the person named, else of the first whose certificate holds."""
    return keyring.unlock(desk, ask_passphrase(), given.person or signers.holding_signer(desk))


EXCHANGE_COMMANDS: Mapping[str, Callable[[argparse.Namespace], Answer]] = {
    "seal": _seal,
    "look": _look,
    "receive": _receive,
    "answer": _answer,
    "correct": _correct,
    "missing": _missing,
    "undo": _undo,
    "enrol": _enrol,
}
