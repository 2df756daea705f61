"""What a killed program leaves on a stick or among the packages goes with the next seal or receipt; nothing else does."""

import os
import time

import pytest
from crash.children import Child
from services.quick_offices import COUNTY, PASSPHRASE, PERIOD, SUO, enrolled, quick_keys, sealed, type_in

from riskdesk import files
from riskdesk.services import handing_over, keyring, sealing, taking, upkeep
from riskdesk.services.desk import Desk, occupied
from riskdesk.store import content

LONG = 2 * 3600
USERS = (
    "报送.part",
    ".hidden.part",
    "0123456789abcdef.part",
    ".riskdesk-notes.part",
    ".riskdesk-0123456789abcdef.part.bak",
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    with quick_keys(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("RISKDESK_NOW", "2023-05-25T09:00:00")
        both = enrolled(tmp_path_factory.mktemp("enrolled") / "offices", COUNTY, SUO)
        with both.desk(SUO) as suo:
            type_in(suo, "电热毯")
        yield both


@pytest.fixture
def offices(template, tmp_path):
    return template.copied(tmp_path / "offices")


def killed(home, reference, act, module, name):
    """Kill the action once it has written a file and is about to do `name` with it."""

    def run(tell):
        def stop(*_):
            tell("written")
            time.sleep(60)

        with occupied(home), Desk(home, reference) as desk:
            setattr(module, name, stop)
            act(desk)

    child = Child(run)
    child.wait_until_it_tells()
    assert child.kill_after(0) == ["written"]


def parts(folder):
    return [each for each in folder.iterdir() if each.name.endswith(".part")]


def aged(path, seconds=LONG):
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def test_what_was_left_on_the_stick_goes_with_the_next_seal_and_files_of_others_stay(offices):
    def seal(desk):
        keys = keyring.unlock(desk, PASSPHRASE)
        package = sealing.seal(desk, keys, sealing.Wish(PERIOD))
        return handing_over.hand_over(desk, keys, package, handing_over.Way(offices.usb, encrypt=False))

    killed(offices.home(SUO), offices.reference, seal, files, "_digest")
    [left] = parts(offices.usb)
    assert left.stat().st_size > 1000
    for name in USERS:
        (offices.usb / name).write_bytes(b"mine")
        aged(offices.usb / name)
    (offices.usb / ".riskdesk-ffffffffffffffff.part").mkdir()
    aged(offices.usb / ".riskdesk-ffffffffffffffff.part")
    with offices.desk(SUO) as suo:
        seal(suo)
        assert left.exists()  # it may be somebody else's who is writing now
        aged(left)
        written = seal(suo).files
        assert upkeep.check(suo) == []
    assert not left.exists()
    assert all((offices.usb / name).read_bytes() == b"mine" for name in USERS)
    assert (offices.usb / ".riskdesk-ffffffffffffffff.part").is_dir()
    assert all(each.is_file() for each in written)


def test_one_that_bears_a_time_to_come_is_as_old(offices):
    left = offices.usb / ".riskdesk-0123456789abcdef.part"
    left.write_bytes(b"half")
    aged(left, -LONG)  # written by a computer whose clock is ahead
    offices.seal(SUO)
    assert not left.exists()


def test_what_was_left_among_the_packages_goes_with_the_next_receipt(offices):
    with offices.desk(SUO) as suo:
        carrier = sealed(suo, offices)

    def receive(desk):
        return taking.take_all(desk, [carrier], None).packages

    home = offices.home(COUNTY)
    killed(home, offices.reference, receive, content, "settle")
    [left] = parts(home / "packages")
    aged(left)
    with offices.desk(COUNTY) as county:
        [one] = receive(county)
        assert one.plan.counts()["new"] == 1
        assert upkeep.check(county) == []
    assert parts(home / "packages") == []
