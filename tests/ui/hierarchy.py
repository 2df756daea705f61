"""A county and a 所 below it with keys and certificates, made once a session and copied for each test."""

import atexit
import functools
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from services.quick_offices import cheap_passphrases
from ui.widgets.forms import RECORD

from riskdesk.services import answering, approving, enrolling, entry, handing_over, key_making, keyring, sealing, taking
from riskdesk.services.desk import Desk
from riskdesk.services.handing_over import Way
from riskdesk.services.reference import Reference
from riskdesk.services.sealing import Wish
from riskdesk.services.setup import set_up

PASSPHRASE = "正确 马 电池 订书钉"
COUNTY, SUO = "140105-JU", "140105-S01"
PERIOD = "2023-05"


@functools.cache
def _made():
    """The two data folders, below a folder that goes at the end of the session."""
    root = Path(tempfile.mkdtemp(prefix="riskdesk-pair-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    reference = Reference()
    with (
        cheap_passphrases(),
        set_up(root / "county", COUNTY, person="张三", phone="0351-0000000") as county,
        set_up(root / "suo", SUO, name="坞城所", parent=COUNTY, person="李四", phone="0351-0000001") as suo,
    ):
        for desk in (county, suo):
            key_making.make_keys(desk, PASSPHRASE)
        asked = enrolling.ask(suo, keyring.unlock(suo, PASSPHRASE), root / "way")
        answer = approving.approve(
            county, keyring.unlock(county, PASSPHRASE), asked.file, asked.fingerprint, root / "way"
        )
        root_number = enrolling.root_of(suo, answer.file)
        enrolling.install(suo, keyring.unlock(suo, PASSPHRASE), PASSPHRASE, answer.file, root_number)
    return root, reference


@dataclass
class Pair:
    """The open desks of both offices and a folder between them."""

    county: Desk
    suo: Desk
    way: Path

    def close(self):
        self.county.close()
        self.suo.close()


def pair_in(folder):
    """Return a pair of one's own."""
    root, reference = _made()
    for name in ("county", "suo"):
        shutil.copytree(root / name, folder / name)
    return Pair(Desk(folder / "county", reference), Desk(folder / "suo", reference), folder / "way")


def reported(pair, *records, nil=False, reason=""):
    """Let the 所 save records and report them; return the package and its files."""
    for record in records or (() if nil else (RECORD,)):
        entry.save(pair.suo, record)
    return handed_over(pair, nil=nil, reason=reason)


def handed_over(pair, *, nil=False, reason="", way=None):
    """Let the 所 report what it has; return the package and its files."""
    keys = keyring.unlock(pair.suo, PASSPHRASE)
    package = sealing.seal(pair.suo, keys, Wish(PERIOD, nil=nil, reason=reason))
    return package, handing_over.hand_over(pair.suo, keys, package, way or Way(pair.way)).files


def taken(pair, files):
    """Let the county take packages."""
    keys = keyring.unlock(pair.county, PASSPHRASE)
    return taking.take_all(pair.county, [each for each in files if each.suffix != ".pdf"], keys)


def answered(pair, package, returns=None):
    """Let the county answer; return the file."""
    keys = keyring.unlock(pair.county, PASSPHRASE)
    return answering.answer(pair.county, keys, package.id, returns or {}, pair.way).file


def took_answer(pair, file):
    """Let the 所 take an answer."""
    return taking.take_all(pair.suo, [file], keyring.unlock(pair.suo, PASSPHRASE))
