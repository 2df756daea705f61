"""How fast a province takes its month, and how much memory a large package needs; started by `bench_exchange.py`."""

import contextlib
import hashlib
import json
import os
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from store.synthetic import record, step  # noqa: E402 - the path comes first

from riskdesk import clock  # noqa: E402 - the path comes first
from riskdesk.domain import grams  # noqa: E402 - the path comes first
from riskdesk.exchange import certificates, keys  # noqa: E402 - the path comes first
from riskdesk.exchange.certificates import Credential  # noqa: E402 - the path comes first
from riskdesk.exchange.container import write_package  # noqa: E402 - the path comes first
from riskdesk.exchange.manifest import Manifest, PackageKind  # noqa: E402 - the path comes first
from riskdesk.exchange.names import Unit  # noqa: E402 - the path comes first
from riskdesk.exchange.payload import REPORT, Report, report_to_bytes  # noqa: E402 - the path comes first
from riskdesk.exchange.pem import to_pem  # noqa: E402 - the path comes first
from riskdesk.exchange.refusal import Refusal  # noqa: E402 - the path comes first
from riskdesk.exchange.trust import der  # noqa: E402 - the path comes first
from riskdesk.exchange.verify import verify_package  # noqa: E402 - the path comes first
from riskdesk.services import key_making, keyring, roster, taking, trusting, upkeep  # noqa: E402 - the path comes first
from riskdesk.services.desk import Desk  # noqa: E402 - the path comes first
from riskdesk.services.setup import set_up  # noqa: E402 - the path comes first
from riskdesk.store.ids import new_id  # noqa: E402 - the path comes first

PROVINCE, PERIOD, PASSPHRASE = "140000-JU", "2023-05", "四个 不相干 的 词语"
PACKAGES, RECORDS = 133, 22_000
BAD = 4  # repeated, stale, truncated, forged
ROUNDS = 5
FORM, PDF = 40_000, 250_000  # bytes of the forms of people in a package of this size
TABLES = (
    "revision",
    "record",
    "record_fingerprint",
    "import_run",
    "import_file",
    "import_row",
    "run_revision",
    "package",
)
SCHEMA = f"""
    SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')
    AND (name IN ({",".join("?" * len(TABLES))}) OR type = 'index' AND tbl_name IN ({",".join("?" * len(TABLES))}) OR name = 'record_search')
"""
SEAL = """
import re, sys
from pathlib import Path
sys.path[:0] = sys.argv[1:3]
from exchange.offices import head, tree, verified
from riskdesk.exchange.container import write_package
from riskdesk.exchange.verify import verify_package
from exchange.offices import NOW, to_pem
county, city = tree().county, tree().city
target, attachment = Path(sys.argv[3]), Path(sys.argv[4])
if sys.argv[5] == "seal":
    with target.open("w+b") as file:
        write_package(file, head(county, city), {"attach/0001.bin": attachment, "trust/ca.pem": to_pem(county.chain)},
                      by=county.operator, at=NOW)
    Path(sys.argv[6]).write_bytes(tree().province.der)
else:
    from riskdesk.exchange.trust import Trust
    found = verify_package(target, Trust(roots=(Path(sys.argv[6]).read_bytes(),)), NOW)
    assert found.signer.is_trusted
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@dataclass(frozen=True)
class Sender:
    """An office below the province that may sign."""

    code: str
    operator: Credential
    chain: bytes


def row(name, value, target=""):
    print(f"{name:<62}{value:>20}   {target}", flush=True)


@contextlib.contextmanager
def timed():
    """Yield a list that holds the seconds that passed, and the processor's seconds of this process and its children."""
    seconds = []
    start, busy = time.perf_counter(), _busy()
    yield seconds
    seconds += [time.perf_counter() - start, _busy() - busy]


def _busy():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def province(folder):
    """Make the province with offices below it; return those."""
    with set_up(folder / "home", PROVINCE, person="示例") as desk:
        key_making.make_keys(desk, PASSPHRASE)
        authority = keyring.unlock(desk, PASSPHRASE).authority
        codes = [f"14{number:04}-ZD01" for number in range(1, PACKAGES + 1)]
        with desk.store.write("示例", "offices") as writing:
            rows = [roster.office_row(code, f"第{code}站", "station", PROVINCE, "140000") for code in codes]
            roster.add_offices(desk, writing, rows)
    own, signing = keys.new_signing_key(), keys.new_signing_key()  # making 266 of them takes minutes
    return [_sender(authority, code, own, signing) for code in codes]


def _sender(authority, code, own, signing):
    path = (*certificates.path_of(authority.certificate.subject), Unit(code, f"第{code}站"))
    certificate = certificates.office_certificate(authority, path, own.public_key(), clock.now())
    operator = certificates.operator_certificate(
        certificates.Authority(certificate, own), "示例", signing.public_key(), clock.now()
    )
    return Sender(code, Credential(signing, operator, (der(certificate),)), to_pem([der(certificate)]))


def packed(folder, sender, steps, number=1, code=""):
    """Write a package as `seal` makes it, its forms being bytes of the usual size."""
    pick = random.Random(sender.code)
    now = clock.now()
    report = Report(PERIOD, "monthly", number, False, now.isoformat(), tuple(each.hash for each in steps))
    manifest = Manifest(
        new_id(), PackageKind.REPORT, code or sender.code, (PROVINCE,), now.isoformat(), "bench", PERIOD, number
    )
    files = {
        REPORT: report_to_bytes(report, tuple(steps)),
        "report/annex1.xlsx": pick.randbytes(FORM),
        "report/annex1.pdf": pick.randbytes(PDF),
        "trust/ca.pem": sender.chain,
    }
    target = folder / f"{len(list(folder.iterdir())):03}_{sender.code}.rdpkg"
    with target.open("w+b") as file:
        write_package(file, manifest, files, by=sender.operator, at=now)
    return target


def month(folder, senders, records):
    """Write a month's packages, four of them bad."""
    folder.mkdir()
    pick = random.Random(2023)
    stale = packed(folder, senders[5], [step(record(pick, PERIOD), org=senders[5].code)], 1)  # made before all others
    good = len(senders) - BAD
    share = [records // good + (number < records % good) for number in range(good)]
    files = []
    for sender, count in zip(senders, share, strict=False):
        files.append(packed(folder, sender, [step(record(pick, PERIOD), org=sender.code) for _ in range(count)], 2))
    files.append(folder / "repeated.rdpkg")
    files[-1].write_bytes(files[3].read_bytes())
    files.append(stale)
    files.append(folder / "truncated.rdpkg")
    files[-1].write_bytes(files[7].read_bytes()[:-1000])
    files.append(packed(folder, senders[-1], [step(record(pick, PERIOD), org=senders[8].code)], 3, senders[8].code))
    return files


def taken(home, files):
    """Take a month in one go; return the seconds, and what came of the packages."""
    with Desk(home) as desk, timed() as took:
        done = taking.take_all(desk, files, None)
    return took, done


def peer(folder, home, files):
    """Hash and verify the same packages, hash their revisions, and insert the same rows with nothing but the driver.

    Three measurements: hashing and verifying; the rows into plain tables with primary keys, a transaction a package; the same into
    the real tables with all their indexes and the search index, but no trigger.
    """
    with Desk(home) as desk:
        trust = trusting.trust_of(desk)
    with timed() as verifying:
        for path in files:
            hashlib.sha256(path.read_bytes()).hexdigest()
            with contextlib.suppress(Refusal):
                verify_package(path, trust, clock.now())
                _hash_revisions(path)
    source = sqlite3.connect(home / "riskdesk.db")
    rows = {name: source.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    terms = [(rid, grams.index_terms(text)) for rid, text in source.execute("SELECT rid, search_text FROM record")]
    schema = [sql for (sql,) in source.execute(SCHEMA, TABLES * 2)]
    plain = [_plain(name, source.execute(f"PRAGMA table_info({name})").fetchall()) for name in TABLES]
    source.close()
    parts = max(1, len(files) - BAD)
    inserting = _inserted(folder / "plain.db", plain, rows, parts)
    indexing = _inserted(folder / "same.db", schema, {**rows, "record_search (rowid, body)": terms}, parts)
    return verifying, inserting, indexing


def _hash_revisions(path):
    with zipfile.ZipFile(path) as archive:
        for each in json.loads(archive.read(REPORT))["revisions"]:
            text = json.dumps(each, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            hashlib.sha256(text.encode()).hexdigest()


def _plain(name, columns):
    keys_ = ", ".join(name for _, name, *_, key in columns if key)
    return f"CREATE TABLE {name} ({', '.join(column[1] for column in columns)}, PRIMARY KEY ({keys_}))"


def _inserted(path, schema, rows, parts):
    """Insert rows by table in so many transactions; return the seconds."""
    path.parent.mkdir(exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA cache_size = -16384")
    for sql in schema:
        connection.execute(sql)
    with timed() as took:
        for part in range(parts):
            connection.execute("BEGIN IMMEDIATE")
            for name, known in rows.items():
                share = known[part * len(known) // parts : (part + 1) * len(known) // parts]
                if share:
                    connection.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(share[0]))})", share)
            connection.execute("COMMIT")
    connection.close()
    return took


def months(folder):
    """Take a month, half of it, and let the peer do the same; several times in turn, as the machine's speed changes."""
    senders = province(folder)
    whole = month(folder / "month", senders, RECORDS)
    half = [*whole[: PACKAGES // 2 - BAD], *whole[-BAD:]]
    times = {}
    for number in range(ROUNDS):
        homes = [folder / f"{name} {number}" for name in ("half", "whole")]
        for home in homes:
            shutil.copytree(folder / "home", home)
        load = os.getloadavg()[0]
        took_half, _ = taken(homes[0], half)
        took, done = taken(homes[1], whole)
        verifying, inserting, indexing = peer(folder / f"peer {number}", homes[1], whole)
        read = sum(one.plan.counts()["new"] for one in done.packages if one.run_id)
        refused = sorted(one.verdict.reason for one in done.packages if not one.run_id)
        with Desk(homes[1]) as desk:
            faults = len(upkeep.check(desk))
        size = sum(file.stat().st_size for file in whole) / 1e6
        told = f"refused: {', '.join(refused)}; {faults} faults afterwards; load {load:.1f}"
        row(f"{len(whole)} packages, {size:.0f} MB", f"{read} records", told)
        for name, seconds in (
            (f"taken in one go, {took[0] / len(whole) * 1000:.0f} ms a package", took),
            (f"half of them ({len(half)})", took_half),
            ("peer: SHA-256, verification in process, revisions parsed", verifying),
            ("peer: the same rows into plain tables", inserting),
            ("peer: the same rows with all indexes and search", indexing),
        ):
            row(name, f"{seconds[0]:.1f} s", f"processor {seconds[1]:.1f} s")
        linear = took[1] / len(whole) / (took_half[1] / len(half))
        for name, value in (
            ("processor time a package, whole : half; 1 is linear", linear),
            ("ratio to verification and plain insert; goal 2", took[0] / (verifying[0] + inserting[0])),
            ("the same by processor time", took[1] / (verifying[1] + inserting[1])),
            ("ratio to the same with all indexes", took[0] / (verifying[0] + indexing[0])),
            ("the same with all indexes, by processor time", took[1] / (verifying[1] + indexing[1])),
        ):
            times.setdefault(name, []).append(value)
    for name, values in times.items():
        told = ", ".join(f"{value:.2f}" for value in values)
        row(name, f"{statistics.median(values):.2f}", f"median of {told}")


def large(folder, size):
    """Seal and verify a package with one large attachment, each in a process of its own."""
    attachment = folder / "attachment"
    with attachment.open("wb") as file:
        file.truncate(size)
    for what in ("seal", "verify"):
        arguments = [
            str(ROOT),
            str(ROOT / "tests"),
            str(folder / "large.rdpkg"),
            str(attachment),
            what,
            str(folder / "root"),
        ]
        with timed() as took:
            told = subprocess.run([sys.executable, "-c", SEAL, *arguments], check=True, capture_output=True, text=True)
        row(
            f"{what} a package with {size / 2**30:.1f} GB",
            f"{told.stdout.strip()} MB",
            f"{took[0]:.1f} s; goal < 200 MB",
        )


def main(size):
    print(f"SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        months(Path(name))
    with tempfile.TemporaryDirectory() as name:
        large(Path(name), size)
