"""How fast 100,000 records are counted for the page 统计分析. Run by hand: `python benchmarks/bench_statistics.py`."""

import os
import random
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from services.station_year import records  # noqa: E402 - the path comes first
from store.synthetic import step  # noqa: E402 - the path comes first

from riskdesk.services.setup import set_up  # noqa: E402 - the path comes first
from riskdesk.services.statistics import Wish, blocks  # noqa: E402 - the path comes first

COUNT, ROUNDS, YEARS = 100_000, 5, (2024, 2025)


def filled(folder):
    """Make an office with so many records of two years."""
    os.environ["RISKDESK_NOW"] = "2025-12-26T09:00:00"
    pick = random.Random(1)
    patterns = {year: list(records(year)) for year in YEARS}
    desk = set_up(folder / "home", "140100-JU", person="示例")
    for start in range(0, COUNT, 5000):
        with desk.store.write("示例", "bench") as writing:
            desk.revisions.add(
                writing,
                [
                    step(pick.choice(patterns[YEARS[number % 2]]).edited(content=f"第{number}号"), org="140100-JU")
                    for number in range(start, start + 5000)
                ],
            )
    return desk


def best(work):
    """Return the median and the worst of some runs, in milliseconds."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return f"{sorted(took)[ROUNDS // 2]:.0f} ({max(took):.0f}) ms"


def main():
    print(f"SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name, filled(Path(name)) as desk:
        for told, wish in (
            ("two years, all blocks", Wish("2024-01", "2025-12")),
            ("one year and the year before", Wish("2025-01", "2025-12")),
            ("the same by events", Wish("2025-01", "2025-12", by_events=True)),
            ("one product of two years", Wish("2024-01", "2025-12", product="滑板车")),
        ):
            print(f"{told:<40}{best(lambda wish=wish: blocks(desk, wish)):>20}   goal 1000")
        plain = "SELECT period, count(*) FROM record WHERE state = 'active' GROUP BY period"
        print(f"{'peer: one GROUP BY':<40}{best(lambda: desk.store.read(plain)):>20}")


if __name__ == "__main__":
    main()
