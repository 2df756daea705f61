"""How fast the store is with 100,000 records. Run by hand: `python benchmarks/bench_store.py [records]`."""

import contextlib
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from store.stores import DATA, add, opened  # noqa: E402 - the path comes first
from store.synthetic import record, step, steps  # noqa: E402 - the path comes first

from riskdesk.domain import grams  # noqa: E402 - the path comes first
from riskdesk.domain.records import record_from_body  # noqa: E402 - the path comes first
from riskdesk.store import checking, projection  # noqa: E402 - the path comes first
from riskdesk.store.backup import back_up  # noqa: E402 - the path comes first
from riskdesk.store.records import Records  # noqa: E402 - the path comes first
from riskdesk.store.rows import revision_to_row  # noqa: E402 - the path comes first
from riskdesk.store.salvage import salvage  # noqa: E402 - the path comes first

BATCH = 1000
COLUMNS = [name.strip() for name in projection.COLUMNS.split(",")]


def row(name, value, target=""):
    print(f"{name:<58}{value:>22}   {target}", flush=True)


@contextlib.contextmanager
def timed():
    """Yield a list that holds the seconds that passed, and the processor's seconds."""
    seconds = []
    start, busy = time.perf_counter(), time.process_time()
    yield seconds
    seconds += [time.perf_counter() - start, time.process_time() - busy]


def raw_insert(folder, known, rows):
    """Insert the same columns with nothing but the driver: what the disk and SQLite alone cost."""
    connection = sqlite3.connect(folder / "raw.db", isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE revision (hash TEXT PRIMARY KEY, a, b, c, d, e, f, g, h, i, j)")
    connection.execute(f"CREATE TABLE record ({', '.join(COLUMNS)}, PRIMARY KEY (object_id))")
    with timed() as took:
        for start in range(0, len(known), BATCH):
            connection.execute("BEGIN IMMEDIATE")
            part = slice(start, start + BATCH)
            connection.executemany(f"INSERT INTO revision VALUES ({','.join('?' * 11)})", known[part])
            connection.executemany(f"INSERT INTO record VALUES ({','.join('?' * len(COLUMNS))})", rows[part])
            connection.execute("COMMIT")
    connection.close()
    return took[0]


def searches(store):
    pick = random.Random(4)
    [(count,)] = store.read("SELECT count(*) FROM record")
    texts = [
        store.read("SELECT search_text FROM record WHERE rid = ?", (pick.randint(1, count),))[0][0] for _ in range(400)
    ]
    records = Records(store)
    for length in (1, 2, 3, 4):
        queries = set()
        while len(queries) < 25:
            text = pick.choice(texts)
            start = pick.randrange(len(text))
            query = text[start : start + length]
            if len(query) == length and query.isalnum():
                queries.add(query)
        times, recall = [], []
        for query in sorted(queries):
            with timed() as took:
                found = [each.id for each in records.find(query)]
            times.append(took[0] * 1000)
            scan = store.read(
                "SELECT object_id FROM record WHERE instr(search_text, ?) AND state = 'active' ORDER BY rid DESC LIMIT 50",
                (grams.folded(query),),
            )
            recall.append(found == [known for (known,) in scan])
        row(
            f"search {length} characters, newest 50 (median / max)",
            f"{statistics.median(times):.1f} / {max(times):.1f} ms",
            f"target < 20 ms; same as a scan: {sum(recall)} of {len(recall)}",
        )
    for name, query in (
        ("digits 20226", "20226"),
        ("absent 绝无此词", "绝无此词"),
        ("two words", "充电宝 铅含量"),
        ("punctuation “（”", "（"),
        ("absent punctuation ※", "※"),
    ):
        with timed() as took:
            found = records.find(query)
        row(f"search {name}", f"{took[0] * 1000:.1f} ms", f"{len(found)} shown")


def months(folder):
    """Three months of 20,000 records: the third may not cost more than the first."""
    with opened(folder) as store:
        took = []
        for month in range(3):
            known = steps(20_000, seed=100 + month, period=f"2023-{month + 1:02}")
            with timed() as seconds:
                for start in range(0, len(known), BATCH):
                    add(store, known[start : start + BATCH])
            took.append(seconds)
        with timed() as again:
            for start in range(0, len(known), BATCH):
                add(store, known[start : start + BATCH])
    for place, name in enumerate(("merge of months 1, 2, 3 (20,000 records each)", "  the same, processor time")):
        first, second, third = (each[place] for each in took)
        ratios = f"2 : 1 is {second / first:.2f}, 3 : 1 is {third / first:.2f} (target < 1.3)"
        row(name, f"{first:.1f} / {second:.1f} / {third:.1f} s", ratios)
    row("  month 3 once more", f"{again[0]:.2f} s")


def inserts(folder, known):
    count = len(known)
    with opened(folder) as store:
        with timed() as took:
            for start in range(0, count, BATCH):
                add(store, known[start : start + BATCH])
        rows = store.read(f"SELECT {projection.COLUMNS} FROM record ORDER BY rid")
    raw = raw_insert(folder, [revision_to_row(each) for each in known], rows)
    each = f"{took[0] / count * 1e6:.0f} µs a record, {took[1] / took[0]:.0%} processor"
    row("insert (hash, project, index, audit; 1,000 a transaction)", f"{took[0]:.1f} s", each)
    row("insert of the same columns, driver alone", f"{raw:.1f} s", f"ratio {took[0] / raw:.1f}")
    row("size of the file", f"{(folder / DATA).stat().st_size / 1e6:.0f} MB")


def saves(store, one):
    edits, fresh = [], []
    for n in range(50):
        new = step(record_from_body(one.body).edited(brand=str(n)), one.object_id, (one,))
        with timed() as took:
            add(store, [new])
        edits.append(took[0] * 1000)
        one = new
        with timed() as took:
            add(store, [step(record(random.Random(n)))])
        fresh.append(took[0] * 1000)
    row("saving one edit (median / max; 51 revisions)", f"{statistics.median(edits):.1f} / {max(edits):.1f} ms")
    row("saving one new record (median / max)", f"{statistics.median(fresh):.1f} / {max(fresh):.1f} ms")


def upkeep(store, folder):
    with timed() as took:
        rows = Records(store).of_period("2023-05")
    row("all records of the period", f"{took[0] * 1000:.0f} ms", f"{len(rows)} records")
    with timed() as took:
        found = checking.problems(store)
    row("full check", f"{took[0]:.1f} s", f"{len(found)} problems")
    with timed() as took, store.write("", "rebuild"):
        projection.rebuild(store.connection)
    row("rebuild of records and index", f"{took[0]:.1f} s")
    with timed() as took:
        back_up(folder / DATA, folder / "backups" / "x.db")
    row("verified backup", f"{took[0]:.2f} s")
    with timed() as took:
        found = salvage(folder / DATA)
    [(revisions,)] = store.read("SELECT count(*) FROM revision")
    row("salvage of the whole file", f"{took[0]:.1f} s", f"{len(found)} of {revisions} revisions")


def main(count):
    print(f"{count} records, SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        known = steps(count)
        inserts(folder, known)
        with timed() as took, opened(folder):
            pass
        row("opening the store", f"{took[0] * 1000:.0f} ms", "target < 300 ms")
        with opened(folder) as store:
            searches(store)
            saves(store, known[count // 2])
            upkeep(store, folder)
        del known
    with tempfile.TemporaryDirectory() as name:
        months(Path(name))
    row("most memory of the process", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
