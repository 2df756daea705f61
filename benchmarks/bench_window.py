"""How fast the window is there, and how it is with 100,000 records. Run by hand: `python benchmarks/bench_window.py`.

Every figure is taken in fresh processes without a screen (`offscreen`); a peer does the same in the same run: a bare window with
a table of 20 rows, and 100,000 rows in a QStandardItemModel behind a QSortFilterProxyModel.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "benchmarks")]
sys.modules["numpy"] = sys.modules["pandas"] = None  # not installed with the product, and sqlite_utils tries for them
os.environ.update(QT_QPA_PLATFORM="offscreen", RISKDESK_NOW="2023-05-25T09:00:00")

BATCH = 1000
QUERIES = (
    *("充", "充电", "充电宝", "有限", "铅", "1", "绝无此词"),
    *("不合格", "（", "※", "批次，不合格1", "。 批次 1 2"),  # in every record, in none, in nearly all
)
SIZE = (1366, 768)


def main(count):
    print(f"Python {sys.version.split()[0]}, {count} records; offscreen, medians (max) of fresh processes, warm")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo = demo_office(folder / "demo")
        big = synthetic_office(folder / "big", count)
        start(demo, big)
        large(big)


def start(demo, big):
    runs = 7
    for _warm in range(2):
        child("start", demo), child("bare_start")
    ours = [child("start", demo) for _ in range(runs)]
    peers = [child("bare_start") for _ in range(runs)]
    row("start to first paint, demo office", ours, peers, "painted", "goal < 1000 ms")
    row("  of that until the imports are done", ours, peers, "imported")
    row("memory then", ours, peers, "memory", unit="MB")
    row("start to first paint, large office", [child("start", big) for _ in range(runs)], peers, "painted")


def large(big):
    runs = 5
    ours = [child("records", big) for _ in range(runs)]
    peers = [child("proxy", big) for _ in range(min(runs, 3))]
    row("first opening of the records page (this period)", ours, None, "opened", "goal < 200 ms")
    row("all periods instead of this one: listed, painted", ours, peers, "all", "goal < 200 ms")
    row("the same once more", ours, None, "shown")
    for query in QUERIES:
        row(f"  key to painted list: {query}", ours, peers, f"key {query}")
    worst = [max(value for name, value in run.items() if name.startswith("key")) for run in ours]
    worst_peer = [max(value for name, value in run.items() if name.startswith("key")) for run in peers]
    print(f"{'key to painted list, the worst query':<50}{told(worst)} ms{told(worst_peer)} ms   goal < 150 ms")
    row("sort by product, painted", ours, peers, "sorted")
    row("  key to painted list, sorted by product: 不合格", ours, None, "sorted key", "goal < 150 ms")
    row("memory of the process, all of it done", ours, peers, "memory", "goal < 200 MB", unit="MB")


def row(name, ours, peers, key, goal="", *, unit="ms"):
    peer = f"{told([run[key] for run in peers])} {unit}" if peers else ""
    print(f"{name:<50}{told([run[key] for run in ours])} {unit}{peer}   {goal}", flush=True)


def told(values):
    return f"{statistics.median(values):>9.0f} ({max(values):>5.0f})"


def child(name, *arguments):
    """Run one of CHILDREN in a process of its own and return the figures that it prints."""
    environment = {**os.environ, "STARTED": repr(time.monotonic())}
    done = subprocess.run(
        [sys.executable, __file__, name, *map(str, arguments)],
        env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def since_start():
    return (time.monotonic() - float(os.environ["STARTED"])) * 1000  # the clock is the same for all processes


def memory():
    """Resident memory in MB, on Linux."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else ["VmRSS: 0"]
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def demo_office(folder):
    command = [sys.executable, "-m", "riskdesk", "demo", str(folder)]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return folder / "140105-JU"


def synthetic_office(folder, count):
    from bench_listing import varied
    from store.synthetic import step

    from riskdesk.services import upkeep
    from riskdesk.services.setup import set_up

    pick = random.Random(1)
    with set_up(folder, "140105-JU", person="某人") as desk:
        for _ in range(count // BATCH):
            with desk.store.write("某人", "bench") as writing:
                desk.revisions.add(writing, [step(varied(pick, number)) for number in range(BATCH)])
        upkeep.back_up_daily(desk)  # as on any day: the window does not find it missing
    return folder


# --- what runs in a process of its own ---


def painted(widget, work=None):
    """Do the work; return the milliseconds until the widget has been painted after it (and all that was due with it)."""
    from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

    class Watch(QObject):
        def eventFilter(self, _watched, event):
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, loop.quit)
            return False

    loop, watch = QEventLoop(), Watch()
    started = time.perf_counter()
    if work is not None:
        work()
    widget.installEventFilter(watch)
    widget.update()
    loop.exec()
    widget.removeEventFilter(watch)
    return (time.perf_counter() - started) * 1000


def rest(seconds=0.3):
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def run_start(home):
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    from riskdesk.ui import app

    figures = {"imported": since_start()}

    class FirstPaint(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
                QApplication.instance().removeEventFilter(self)
                QTimer.singleShot(0, self.tell)
            return False

        def tell(self):
            figures.update(painted=since_start(), memory=memory())
            print(json.dumps(figures), flush=True)
            os._exit(0)

    watch, place = FirstPaint(), app._place
    app._place = lambda window: (QApplication.instance().installEventFilter(watch), place(window))
    app.main(Path(home), [])


def run_bare_start():
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem

    figures = {"imported": since_start()}
    _app = QApplication([])
    window, table = QMainWindow(), QTableWidget(20, 5)
    for number in range(100):
        table.setItem(number // 5, number % 5, QTableWidgetItem(f"第 {number} 格"))
    window.setCentralWidget(table)
    window.resize(*SIZE)
    painted(window, window.show)
    print(json.dumps({**figures, "painted": since_start(), "memory": memory()}))


def run_records(home):
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from riskdesk.services.desk import Desk
    from riskdesk.ui import theme
    from riskdesk.ui.input_methods import Route
    from riskdesk.ui.jobs import Jobs
    from riskdesk.ui.main_window import MainWindow

    app = QApplication([])
    theme.apply(app, "light", 10.5)
    desk, jobs = Desk(Path(home)), Jobs()
    window = MainWindow(desk, jobs, Route.NONE, ["riskdesk"])
    window.resize(*SIZE)
    painted(window, window.show)
    rest()
    figures = {"opened": painted(window.centralWidget(), lambda: window.show_page("records"))}
    page = window.records
    rest()
    viewport = page.table.viewport()
    figures["all"] = painted(viewport, lambda: page.filters.show_period(""))
    assert page.model.rowCount() >= BATCH, page.model.rowCount()
    figures["shown"] = painted(viewport, page.refresh)
    for query in QUERIES:
        figures[f"key {query}"] = until_listed(page, viewport, query)
        until_listed(page, viewport, "")
    figures["sorted"] = painted(viewport, lambda: page.table.sortByColumn(0, Qt.SortOrder.AscendingOrder))
    figures["sorted key"] = until_listed(page, viewport, "不合格")
    print(json.dumps({**figures, "memory": memory(), "rows": page.model.rowCount()}))
    jobs.stop_all()
    desk.close()


def until_listed(page, viewport, text):
    """Type; return the milliseconds until the list for it is painted, with the pause that the page makes for more keys."""
    from PySide6.QtCore import QEventLoop

    loop = QEventLoop()
    listed = page.model.modelReset.connect(loop.quit)
    started = time.perf_counter()
    page.filters.search.setText(text)
    loop.exec()
    painted(viewport)
    page.model.modelReset.disconnect(listed)
    took = (time.perf_counter() - started) * 1000
    rest(0.05)
    return took


def run_proxy(home):
    from PySide6.QtCore import QSortFilterProxyModel, Qt
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    from riskdesk.services.desk import Desk

    with Desk(Path(home)) as desk:
        texts = list(desk.store.read_each("SELECT product, content, unit, period, discovered_on FROM record"))
    _app = QApplication([])
    window, view, proxy = QMainWindow(), QTableView(), QSortFilterProxyModel()
    window.setCentralWidget(view)
    window.resize(*SIZE)
    painted(window, window.show)

    def fill():
        model = QStandardItemModel(proxy)
        for each in texts:
            model.appendRow([QStandardItem(text or "") for text in each])
        proxy.setSourceModel(model)
        proxy.setFilterKeyColumn(-1)
        view.setModel(proxy)

    viewport = view.viewport()
    figures = {"all": painted(viewport, fill)}
    for query in QUERIES:
        figures[f"key {query}"] = painted(viewport, lambda query=query: proxy.setFilterFixedString(query))
        painted(viewport, lambda: proxy.setFilterFixedString(""))
    figures["sorted"] = painted(viewport, lambda: proxy.sort(0, Qt.SortOrder.AscendingOrder))
    print(json.dumps({**figures, "memory": memory()}))


CHILDREN = {"start": run_start, "bare_start": run_bare_start, "records": run_records, "proxy": run_proxy}

if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in CHILDREN:
        CHILDREN[sys.argv[1]](*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
