"""The program is killed while it seals, receives or takes an import back: all or nothing, and doing it again completes it."""

import contextlib
import hashlib
import os
import shutil
import time
from pathlib import Path

import pytest
from crash.children import Child, moments
from services.quick_offices import COUNTY, PASSPHRASE, PERIOD, SUO, enrolled, quick_keys, sealed, type_in

from riskdesk.errors import InputError
from riskdesk.exchange import child as child_module
from riskdesk.exchange.child import GuardedVerifier
from riskdesk.services import handing_over, keyring, sealing, taking, undoing, upkeep
from riskdesk.services.desk import Desk, occupied

PRODUCTS = [f"产品{chr(0x4E00 + number)}" for number in range(40)]
KILLS = {"seal": 34, "receive": 28, "undo": 32}
MARK = f"RISKDESK_KILLED_{os.getpid()}"
GUARDED = 6  # of `receive`, with the verifying process that users have; together 100


@pytest.fixture(scope="module", autouse=True)
def a_day_in_spring():
    """The module's offices are made on the same day on which the tests use them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RISKDESK_NOW", "2023-05-25T09:00:00")
        yield


@pytest.fixture(scope="module")
def offices(tmp_path_factory):
    """Two offices, before anything was sealed."""
    with quick_keys():
        both = enrolled(tmp_path_factory.mktemp("enrolled") / "offices", COUNTY, SUO)
        with both.desk(SUO) as suo:
            type_in(suo, *PRODUCTS)
        yield both


@pytest.fixture(scope="module")
def carried(offices, tmp_path_factory):
    """The same after sealing, and after the county took the package; with the package, and the import."""
    sent = offices.copied(tmp_path_factory.mktemp("sent") / "offices")
    with sent.desk(SUO) as suo:
        carrier = sealed(suo, sent)
    taken = sent.copied(tmp_path_factory.mktemp("taken") / "offices")
    with taken.desk(COUNTY) as county:
        [one] = taking.take_all(county, [carrier], None).packages
    return sent, taken, carrier, one.run_id


def state_of(desk):
    """All that is there after an action, without the times and ids that differ each time it is done."""
    ask = desk.store.read
    return {
        "records": sorted((row.id, row.revision, row.heads, row.state) for row in desk.records.every()),
        "handed": sorted(ask("SELECT object_id, sealed, handed FROM record")),
        "sent": sorted(ask("SELECT * FROM handed_revision")),
        "packages": sorted(ask("SELECT direction, kind, period, number, sender, nil FROM package")),
        "submissions": ask("SELECT period, number, status, nil FROM submission"),
        "items": ask("SELECT position, rev_hash FROM submission_item ORDER BY 1"),
        "brought": sorted(ask("SELECT rev_hash, added FROM run_revision")),
        "rows": sorted(ask("SELECT outcome, object_id, typed FROM import_row")),
        "runs": ask("SELECT (SELECT count(*) FROM import_run), (SELECT count(*) FROM undone_run)"),
        "hidden": sorted(ask("SELECT hash FROM hidden_revision")),
        "audited": list(dict.fromkeys(action for (action,) in ask("SELECT action FROM audit ORDER BY seq"))),
    }


class Killing:
    """An action on a copy of a folder, killed at random moments of about the time that it takes.

    It is one transaction, or several: then each of `parts` does what lasts after one of them.
    """

    def __init__(self, template, folder, reference, act, *parts):
        self.template, self.home, self.reference, self.act = template, folder / "home", reference, act
        self.takes = 0.0  # seconds
        self.before = [self._state(lambda _: None), *map(self._state, parts)]
        self.after = self._state(act)
        self.seen = []

    def _fresh(self):
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(self.template, self.home)

    def _state(self, act):
        self._fresh()
        with Desk(self.home, self.reference) as desk:
            start = time.perf_counter()
            act(desk)
            self.takes = time.perf_counter() - start
            return state_of(desk)

    def kill(self, moment, act=None):
        """Kill it once; what is there must be the state before or after a transaction; then the action is repeated."""
        self._fresh()

        def run(tell):
            with occupied(self.home), Desk(self.home, self.reference) as desk:
                tell("begun")
                (act or self.act)(desk)
                tell("done")

        child = Child(run)
        child.wait_until_it_tells()
        told = child.kill_after(moment)
        with occupied(self.home), Desk(self.home, self.reference) as desk:
            assert upkeep.check(desk) == []
            found = state_of(desk)
            assert found in (*self.before, self.after), "neither all nor nothing"
            assert found == self.after or "done" not in told, "an acknowledged action is lost"
            self.seen.append(found == self.after)
            self.act(desk)
            assert state_of(desk) == self.after, "doing it again does not complete it"
            assert upkeep.check(desk) == []
            assert not any((self.home / "workroom").iterdir())


def killed_at_random(killing, seed, count):
    for moment in [0.0, *moments(seed, count - 2, 0.0, killing.takes * 1.3), killing.takes * 3 + 0.2]:
        killing.kill(moment)
    return killing.seen


def test_sealing_is_done_wholly_or_not_at_all(offices, tmp_path):
    with offices.desk(SUO) as suo:
        keys = keyring.unlock(suo, PASSPHRASE)

    def seal(desk):
        package = sealing.seal(desk, keys, sealing.Wish(PERIOD))
        assert (package.number, len(package.facts["items"])) == (1, len(PRODUCTS))
        assert hashlib.sha256(desk.packages.bytes.place(package.file).read_bytes()).hexdigest() == package.file
        return package

    def seal_and_hand_over(desk):
        package = seal(desk)
        files = handing_over.hand_over(desk, keys, package, handing_over.Way(tmp_path / "usb")).files
        assert seal(desk).id == package.id
        shutil.rmtree(tmp_path / "usb")
        assert len(files) == 2

    killing = Killing(offices.home(SUO), tmp_path, offices.reference, seal_and_hand_over, seal)
    assert set(killed_at_random(killing, 1, KILLS["seal"])) == {True, False}


def test_receiving_is_done_wholly_or_not_at_all_and_the_carrier_stays_as_it_was(carried, tmp_path):
    sent, _, carrier, _ = carried
    digest = hashlib.sha256(carrier.read_bytes()).hexdigest()

    def receive(desk):
        [one] = taking.take_all(desk, [carrier], None).packages
        assert one.run_id or one.verdict.reason == "repeated"

    killing = Killing(sent.home(COUNTY), tmp_path, sent.reference, receive)
    seen = killed_at_random(killing, 2, KILLS["receive"])
    seen += killed_with_the_verifying_process(killing, carrier)
    assert set(seen) == {True, False}
    assert hashlib.sha256(carrier.read_bytes()).hexdigest() == digest


def test_of_several_packages_each_is_taken_wholly_or_not_at_all(offices, tmp_path):
    sent = offices.copied(tmp_path / "sent")
    carriers = []
    for number in range(4):
        with sent.desk(SUO) as suo:
            type_in(suo, *(f"第{number}批产品{chr(0x4E00 + each)}" for each in range(12)))
            carriers.append(sealed(suo, sent, reason="补充" if number else ""))

    def receive(count):
        def act(desk):
            done = taking.take_all(desk, carriers[:count], None).packages
            assert all(one.run_id or one.verdict.reason == "repeated" for one in done)

        return act

    killing = Killing(sent.home(COUNTY), tmp_path, sent.reference, receive(4), *map(receive, range(1, 4)))
    assert set(killed_at_random(killing, 5, 16)) == {True, False}


def killed_with_the_verifying_process(killing, carrier):
    """As users run it; the verifying process must not be left behind."""

    def receive(desk):
        os.environ[MARK] = "1"  # in the child that is to be killed only, and in what it starts
        child_module.GuardedVerifier = GuardedVerifier
        taking.take_all(desk, [carrier], None)

    for moment in moments(3, GUARDED, 0.1, 1.5):
        killing.kill(moment, receive)
        until = time.monotonic() + 20
        while marked() and time.monotonic() < until:
            time.sleep(0.05)
        assert not marked(), "the verifying process is left behind"
    return killing.seen


def marked():
    """The running processes that bear the mark in their environment."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            with contextlib.suppress(OSError):  # ended meanwhile
                if MARK.encode() in (folder / "environ").read_bytes() and ") Z" not in (folder / "stat").read_text():
                    found.append(int(folder.name))
    return found


def test_taking_back_is_done_wholly_or_not_at_all_and_taking_again_brings_it_back(carried, tmp_path):
    _, taken, carrier, run_id = carried

    def undo(desk):
        if desk.undoing.run(run_id).is_undone:
            with pytest.raises(InputError, match="已经撤销过了"):
                undoing.undo(desk, run_id)
        else:
            assert undoing.undo(desk, run_id) == len(PRODUCTS)
        assert desk.records.every() == []

    killing = Killing(taken.home(COUNTY), tmp_path, taken.reference, undo)
    seen = killed_at_random(killing, 4, KILLS["undo"])
    assert set(seen) == {True, False}
    with Desk(killing.home, taken.reference) as desk:
        [again] = taking.take_all(desk, [carrier], None).packages
        assert again.plan.counts()["new"] == len(PRODUCTS)
        assert sorted(row.product for row in desk.records.every()) == sorted(PRODUCTS)
        assert upkeep.check(desk) == []
