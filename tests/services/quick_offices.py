"""Offices that trust each other, made in seconds: small keys, opened cheaply, verified in the test's own process."""

import contextlib
import itertools
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from scenarios.offices import call

from riskdesk.domain.records import Record
from riskdesk.exchange import child, keys, pdf_signature
from riskdesk.exchange.reading import read_package
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.verify import verify_package
from riskdesk.services import approving, enrolling, entry, handing_over, key_making, keyring, sealing, taking
from riskdesk.services.desk import Desk
from riskdesk.services.reference import Reference
from riskdesk.services.setup import set_up

PROVINCE, CITY, COUNTY, SECOND, SUO = "140000-JU", "140100-JU", "140105-JU", "140106-JU", "140105-S01"
STATION = "140100-ZD01"  # certified by the province, reports to the city as well
ABOVE = {CITY: PROVINCE, COUNTY: CITY, SECOND: CITY, SUO: COUNTY, STATION: PROVINCE}
PERIOD = "2023-05"
PASSPHRASE = "四个 不相干 的 词语"


class Fetched:
    """What came of a package, as of the guarded process."""

    def __init__(self, came):
        self._came = came

    def read(self):
        if isinstance(self._came, Refusal):
            raise self._came
        return self._came


class InProcess:
    """Verifies as the guarded process does, here: starting one takes a second."""

    def __init__(self):
        self._came = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def begin(self, path, trust, now):
        try:
            self._came = read_package(path, trust, now)
        except Refusal as refusal:
            self._came = refusal

    def has_read(self, seconds):
        return True

    def fetch(self):
        return Fetched(self._came)

    def verify(self, path, trust, now):
        return verify_package(path, trust, now)

    def verify_pdf(self, path, trust, now):
        return pdf_signature.verify_pdf(path.read_bytes(), trust, now)


@cache
def _key(number):
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@contextlib.contextmanager
def cheap_passphrases():
    """Let the passphrase of keys that are made cost little, then and whenever they are opened; what it costs stands in the file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys.sealed, "__defaults__", (1 << 10,))
        yield


@contextlib.contextmanager
def quick_keys(*, in_process=True, first=0):
    """Make keys that take no time: of 2048 bits, and a passphrase that costs little; the formats are the real ones."""
    numbers = itertools.count(first)
    with cheap_passphrases(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "new_signing_key", lambda: _key(next(numbers)))
        if in_process:
            patch.setattr(child, "GuardedVerifier", InProcess)
        yield


@dataclass
class Offices:
    """Offices in folders; the highest is its own root as nobody above has certified it."""

    folder: Path
    reference: Reference

    def home(self, code):
        return self.folder / code

    @property
    def usb(self):
        return self.folder / "usb"

    def desk(self, code):
        return Desk(self.home(code), self.reference)

    def copied(self, folder):
        """Return the same offices elsewhere."""
        shutil.copytree(self.folder, folder)
        return Offices(folder, self.reference)

    def call(self, code, *arguments):
        """Run a command in an office."""
        return call("--home", self.home(code), *arguments)

    def seal(self, code, *products, **wish):
        """Type in a record for each product, seal, and write the package, not encrypted; return its file."""
        with self.desk(code) as desk:
            type_in(desk, *products)
            return sealed(desk, self, **wish)


def enrolled(folder, *codes):
    """Make the offices, the highest first, and enrol each with the one above it."""
    offices = Offices(folder, Reference())
    offices.usb.mkdir(parents=True)
    root = ""
    for code in codes:
        named = {"name": "坞城市场监督管理所", "parent": COUNTY} if code == SUO else {}
        with set_up(offices.home(code), code, person=f"{code}的经办人", phone="0351-0000000", **named) as desk:
            fingerprint = key_making.make_keys(desk, PASSPHRASE).fingerprint
            if not root:
                root = fingerprint
                continue
            keys_ = keyring.unlock(desk, PASSPHRASE)
            asked = enrolling.ask(desk, keys_, offices.usb)
            with offices.desk(ABOVE[code]) as above:
                ours = keyring.unlock(above, PASSPHRASE)
                kit = approving.approve(above, ours, asked.file, asked.fingerprint, offices.usb)
            enrolling.install(desk, keys_, PASSPHRASE, kit.file, root)
    return offices


def type_in(desk, *products, content="外壳开裂，缓冲层缺失", period=PERIOD):
    """Save a record for each product."""
    return [entry.save(desk, Record(period, product=product, content=content)) for product in products]


def take(desk, *files):
    """Take packages with the office's keys."""
    return taking.take_all(desk, files, keyring.unlock(desk, PASSPHRASE)).packages


def sealed(desk, offices, **wish):
    """Seal and write the package, not encrypted; return its file."""
    keys_ = keyring.unlock(desk, PASSPHRASE)
    package = sealing.seal(desk, keys_, sealing.Wish(PERIOD, **wish))
    return handing_over.hand_over(desk, keys_, package, handing_over.Way(offices.usb, encrypt=False)).files[0]
