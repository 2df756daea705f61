"""How fast tables and completion get what they show of 100,000 records. Run by hand: `python benchmarks/bench_listing.py`."""

import contextlib
import os
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
os.environ.setdefault("RISKDESK_NOW", "2024-05-10T09:00:00")

from store.synthetic import record, step  # noqa: E402 - the path comes first

from riskdesk.domain.listing import RecordState  # noqa: E402 - the path comes first
from riskdesk.services import listing  # noqa: E402 - the path comes first
from riskdesk.services.completion import Completion  # noqa: E402 - the path comes first
from riskdesk.services.listing import Filter, Order  # noqa: E402 - the path comes first
from riskdesk.services.setup import set_up  # noqa: E402 - the path comes first
from riskdesk.services.workbench import workbench  # noqa: E402 - the path comes first
from riskdesk.store import queries  # noqa: E402 - the path comes first
from riskdesk.store.lists import Lists  # noqa: E402 - the path comes first

BATCH = 1000
QUERIES = {
    "rare, 3 characters": "充电宝",
    "frequent, 2 characters": "有限",
    "1 character": "铅",
    "1 frequent digit": "1",
    "absent": "绝无此词",
    "in every record, 3 characters": "不合格",
    "punctuation in every record": "（",
    "absent punctuation": "※",
    "a phrase with punctuation": "批次，不合格1",
    "several words in most records": "。 批次 1 2",
}


def varied(pick, number):
    one = record(pick, f"2023-{number % 9 + 4:02}")
    return one.edited(
        product=one.product + (f"{pick.choice('甲乙丙丁')}{pick.randint(1, 99)}" if pick.random() < 0.3 else ""),
        source_codes=(f"S{pick.randint(1, 9)}",),
        important_codes=("I1",) if pick.random() < 0.2 else (),
        key_codes=("K1",) if pick.random() < 0.01 else (),
        unit=pick.choice(("", "", "太原市小店区市场监督管理局坞城所", "某某局")),
        discovered_on=date(2023, pick.randint(1, 12), pick.randint(1, 28)) if pick.random() < 0.7 else None,
    )


def timed(work):
    took = []
    for _ in range(7):
        start = time.perf_counter()
        found = work()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took), len(found)


def row(name, ours, peer=None, target=""):
    (took, count), told = ours, ""
    if peer is not None:
        assert peer[1] == count, (name, count, peer[1])
        told = f"{peer[0]:>9.1f} ms{took / peer[0]:>8.2f}"
    print(f"{name:<46}{took:>9.1f} ms{count:>9}{told:<22}  {target}", flush=True)


@contextlib.contextmanager
def bare(desk, folder):
    """The same columns and texts in a table without our index: what SQLite alone makes of the questions."""
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute(
        "CREATE TABLE record (rid INTEGER PRIMARY KEY, state, period, product, unit, level, day, a, text)"
    )
    connection.executemany(
        "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        desk.store.read_each(
            "SELECT rid, state, period, product, unit, urgent * 2 + important, discovered_on,"
            " content || analysis || suggestion, search_text FROM record"
        ),
    )
    connection.commit()
    yield lambda sql, *values: timed(lambda: connection.execute(f"SELECT rid FROM record {sql}", values).fetchall())
    connection.close()


def main(count):
    print(f"{count} records, SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}; peer: sqlite3, no index")
    pick = random.Random(1)
    with tempfile.TemporaryDirectory() as name, set_up(Path(name) / "desk", "140105-JU", person="某人") as desk:
        for _ in range(count // BATCH):
            with desk.store.write("某人", "bench") as writing:
                desk.revisions.add(writing, [step(varied(pick, number)) for number in range(BATCH)])
        with bare(desk, Path(name)) as peer:
            lists(desk, peer)
        completion(desk)


def lists(desk, peer):
    columns = {
        Order.PRODUCT: "product",
        Order.UNIT: "unit",
        Order.LEVEL: "level",
        Order.PERIOD: "period",
        Order.DATE: "day",
    }
    active = "WHERE state = 'active'"

    def anew(given, order=Order.ARRIVAL):
        """Ask as if nothing had been asked before; the office keeps the list that is searched."""
        return Lists(desk.store).ids(given, order, descending=True)

    row("all", timed(lambda: anew(Filter())), peer(f"{active} ORDER BY rid DESC"), "target < 60 ms")
    for order in Order:
        column = columns.get(order)
        bare_one = peer(f"{active} ORDER BY {column}, rid DESC") if column else None
        row(f"by {order}", timed(lambda order=order: anew(Filter(), order)), bare_one, "target < 150 ms")
    for name, text in QUERIES.items():
        words = queries.query_words(text)
        bare_one = peer(f"{active}{' AND instr(text, ?)' * len(words)} ORDER BY rid DESC", *words)
        row(
            f"search: {name}",
            timed(lambda text=text: listing.ids(desk, Filter(find=text))),
            bare_one,
            "target < 100 ms",
        )
    row("search: in every record, nothing listed before", timed(lambda: anew(Filter(find="不合格"))), None)
    row(
        "search: in every record, by product",
        timed(lambda: listing.ids(desk, Filter(find="不合格"), Order.PRODUCT)),
        peer(f"{active} AND instr(text, ?) ORDER BY product, rid DESC", "不合格"),
        "target < 100 ms",
    )
    row(
        "one period, to be checked",
        timed(lambda: anew(Filter(period="2023-05", state=RecordState.UNCHECKED))),
    )
    every = listing.ids(desk, Filter())
    row("200 rows", timed(lambda: listing.rows(desk, every[500:700])), None, "target < 10 ms")
    row("workbench", timed(lambda: [workbench(desk)]))


def completion(desk):
    start = time.perf_counter()
    offered = Completion(desk)
    offered.products("c")
    row("first completion of a product", ((time.perf_counter() - start) * 1000, 12), None, "target < 150 ms")
    for typed in ("d", "dr", "电", "zzz"):
        row(f"completion of {typed}", timed(lambda typed=typed: offered.products(typed)))
    row("completion of a region by initials", timed(lambda: offered.regions("xdq")))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
