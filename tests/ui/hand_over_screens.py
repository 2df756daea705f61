"""The dialogs of the hand-off on a county and a 所 that have keys, for tests that look at all of them."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget
from ui.hierarchy import PASSPHRASE, PERIOD, SUO, handed_over, pair_in, reported, taken
from ui.widgets.forms import RECORD

from riskdesk.services import approving, enrolling, entry, handed, keyring, taking
from riskdesk.services.anchoring import Unknown
from riskdesk.services.key_making import Recovery
from riskdesk.ui.dialogs.answer import AnswerDialog
from riskdesk.ui.dialogs.enrol import ApproveDialog, AskDialog, InstallDialog, PinDialog
from riskdesk.ui.dialogs.make_keys import MakeKeysDialog, ReplaceKeysDialog
from riskdesk.ui.dialogs.receive import Arrived, ReceiveDialog
from riskdesk.ui.dialogs.roots import AcceptRootDialog, RootDialog
from riskdesk.ui.dialogs.signers import DistributeDialog, RenewalDialog, RevokeDialog, SignerDialog
from riskdesk.ui.dialogs.submit import SubmitDialog
from riskdesk.ui.dialogs.unlock import UnlockDialog
from riskdesk.ui.dialogs.write_again import WriteAgainDialog
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.held_passphrase import HeldPassphrase

_DIGITS = "17139 56126 60640 02954 61335 99297"


def bench_of(desk, jobs):
    """What dialogs work with, the passphrase not known."""
    return Bench(desk, jobs, HeldPassphrase(QCoreApplication.instance()))  # no thread but the window's may delete it


def _pair(stage):
    folder = stage.folder / "单位"
    folder.mkdir()
    pair = pair_in(folder)
    holder = QWidget()
    stage.qtbot.addWidget(holder, before_close_func=lambda _widget: pair.close())
    stage.shown.append(holder)
    return pair


def _make_keys(stage, parent):
    return MakeKeysDialog(bench_of(stage.desk, stage.jobs), lambda: None, parent)


def _recovery_sheet(stage, parent):
    dialog = _make_keys(stage, parent)
    dialog._on_made(Recovery("AGE-SECRET-KEY-1EXAMPLE", _DIGITS))
    return dialog


def _passphrase(stage, parent):
    return UnlockDialog(bench_of(stage.desk, stage.jobs), "上报要用本单位的密钥签名。", lambda _text: None, parent)


def _submit(stage, parent):
    pair = _pair(stage)
    entry.save(pair.suo, RECORD)
    return SubmitDialog(bench_of(pair.suo, stage.jobs), PERIOD, lambda: None, parent)


def _submit_without_keys(stage, parent):
    return SubmitDialog(bench_of(stage.desk, stage.jobs), PERIOD, lambda: None, parent)


def _receive(stage, parent):
    pair = _pair(stage)
    _, files = reported(pair)
    bad = pair.way / "坏的.rdpkg"
    bad.write_bytes(b"PK\x03\x04 broken")
    paths = (files[0], bad)
    seen = taking.look_at(pair.county, paths, keyring.unlock(pair.county, PASSPHRASE))
    return ReceiveDialog(bench_of(pair.county, stage.jobs), Arrived(paths, seen, PASSPHRASE), lambda: None, parent)


def _answer(stage, parent):
    pair = _pair(stage)
    _, files = reported(pair)
    taken(pair, files)
    return AnswerDialog(bench_of(pair.county, stage.jobs), handed.came(pair.county)[0], lambda: None, parent)


def _write_again(stage, parent):
    pair = _pair(stage)
    entry.save(pair.suo, RECORD)
    handed_over(pair)
    return WriteAgainDialog(bench_of(pair.suo, stage.jobs), handed.sent(pair.suo)[0], parent)


def _ask(stage, parent):
    return AskDialog(bench_of(_pair(stage).suo, stage.jobs), lambda _told: None, parent)


def _approve(stage, parent):
    pair = _pair(stage)
    done = enrolling.ask(pair.suo, keyring.unlock(pair.suo, PASSPHRASE), pair.way)
    asked = approving.look_at_request(pair.county, done.file)
    return ApproveDialog(bench_of(pair.county, stage.jobs), done.file, asked, lambda _told: None, parent)


def _install(stage, parent):
    pair = _pair(stage)
    return InstallDialog(
        bench_of(pair.suo, stage.jobs), pair.way / "140105-S01_证书.rdpkg", _DIGITS, lambda _told: None, parent
    )


def _signer(stage, parent):
    return SignerDialog(bench_of(_pair(stage).county, stage.jobs), lambda _told: None, parent)


def _revoke(stage, parent):
    return RevokeDialog(bench_of(_pair(stage).county, stage.jobs), SUO, "坞城所", lambda _told: None, parent)


def _renewal(stage, parent):
    return RenewalDialog(bench_of(_pair(stage).county, stage.jobs), "张三", lambda _told: None, parent)


def _root(stage, parent):
    return RootDialog(bench_of(stage.desk, stage.jobs), lambda _told: None, parent)


def _accept_root(stage, parent):
    file = stage.folder / "信任更新.rdpkg"
    return AcceptRootDialog(bench_of(stage.desk, stage.jobs), file, _DIGITS, lambda _told: None, parent)


def _distribute(stage, parent):
    return DistributeDialog(bench_of(_pair(stage).county, stage.jobs), lambda _told: None, parent)


def _pin(stage, parent):
    unknown = Unknown("140106-JU", "太原市迎泽区市场监督管理局", "王五", _DIGITS)
    return PinDialog(bench_of(stage.desk, stage.jobs), stage.folder / "x.rdpkg", unknown, lambda _told: None, parent)


def _replace_keys(stage, parent):
    return ReplaceKeysDialog(bench_of(stage.desk, stage.jobs), lambda: None, parent)


HAND_OVER = {
    "replace keys": _replace_keys,
    "pin an office": _pin,
    "make keys": _make_keys,
    "recovery sheet": _recovery_sheet,
    "passphrase": _passphrase,
    "submit": _submit,
    "submit without keys": _submit_without_keys,
    "receive": _receive,
    "answer": _answer,
    "write again": _write_again,
    "ask for a certificate": _ask,
    "approve a request": _approve,
    "install a certificate": _install,
    "add a signer": _signer,
    "revoke": _revoke,
    "renew a signer": _renewal,
    "next root": _root,
    "accept the next root": _accept_root,
    "trust update": _distribute,
}


def stopping_at(monkeypatch, step):
    """Let a person press 取消 while a step of the work is going on."""
    start = Jobs.start

    def start_stopped(jobs, job):
        work = job.work

        def stopped_work(progress):
            def told(done, total, text=""):
                if text == step:
                    job.cancel()
                progress(done, total, text)

            return work(told)

        job.work = stopped_work
        return start(jobs, job)

    monkeypatch.setattr(Jobs, "start", start_stopped)
