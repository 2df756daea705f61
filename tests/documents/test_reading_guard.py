"""The child process: it may hang, die or fail, the reader goes on with the next file."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from riskdesk.documents.reading.child import GuardedReader
from riskdesk.documents.reading.form import read_form
from riskdesk.domain.annex1 import COLUMNS
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import InputError, UnreadableFileError

ROOT = Path(__file__).parents[2]
GOOD = ROOT / "tests/corpus/forms/12_gb18030.csv"
TITLES = ",".join(column.title for column in COLUMNS)

linux = pytest.mark.skipif(sys.platform != "linux", reason="signals and /proc")


@pytest.fixture
def big(tmp_path):
    path = tmp_path / "big.csv"
    path.write_text(TITLES + "\n" + "产品,3,太原市,风险信息内容,信息分析,初步建议,投诉\n" * 60_000, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def guard():
    with GuardedReader() as reader:
        yield reader


def test_a_file_that_takes_too_long_is_survived(big):
    with GuardedReader(time_limit=0.4) as reader:
        with pytest.raises(UnreadableFileError, match=r"“big.csv”：读取超过 0.4 秒"):
            reader.read(big)
        assert reader.pid is None
        assert len(reader.read(GOOD).rows) == 5


def test_a_file_that_takes_too_much_memory_is_survived(big):
    with GuardedReader(memory_limit=60 << 20) as reader:
        with pytest.raises(UnreadableFileError, match=r"“big.csv”：.*内存"):
            reader.read(big)
        assert len(reader.read(GOOD).rows) == 5


def read_for_ever(reader, path):
    while True:
        reader.read(path)


@linux
def test_a_library_that_aborts_is_survived(big):
    with GuardedReader() as reader:
        reader.read(GOOD)
        for number in (signal.SIGABRT, signal.SIGKILL):
            first = reader.pid
            stopper = subprocess.Popen(
                [sys.executable, "-c", f"import os, time; time.sleep(0.15); os.kill({first}, {int(number)})"]
            )
            with pytest.raises(UnreadableFileError, match=r"“big.csv”：.*出错"):
                read_for_ever(reader, big)
            stopper.wait()
            assert len(reader.read(GOOD).rows) == 5
            assert reader.pid != first


@linux
def test_a_child_that_died_between_files_is_replaced(guard):
    guard.read(GOOD)
    os.kill(guard.pid, signal.SIGKILL)
    time.sleep(0.2)
    assert len(guard.read(GOOD).rows) == 5


def test_errors_come_back_with_class_and_text(guard, tmp_path):
    mapping = TableMapping({"product": ("没有",)})
    for path, given, kind in ((tmp_path / "没有.csv", None, InputError), (GOOD, mapping, InputError)):
        with pytest.raises(kind) as here:
            read_form(path, given)
        with pytest.raises(kind) as there:
            guard.read(path, given)
        assert (type(here.value), str(here.value)) == (type(there.value), str(there.value))
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(UnreadableFileError, match="PDF"):
        guard.read(tmp_path / "a.pdf")


def test_a_bug_is_told_as_a_bug(guard):
    with pytest.raises(RuntimeError, match="Traceback"):
        guard._process.ask({"path": 5, "mapping": None})


def test_an_empty_head_and_nil_reports_travel_whole(guard, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TITLES + "\n/,/,/,/,/,/,/\n", encoding="utf-8")
    assert guard.read(path) == read_form(path)
    assert guard.read(path).nil


def test_names_with_odd_characters_are_read(guard, tmp_path):
    path = tmp_path / "附件 1（终稿）'\"😀.csv"
    path.write_bytes(GOOD.read_bytes())
    assert len(guard.read(path).rows) == 5


@linux
def test_ctrl_c_while_the_child_starts_does_not_end_it(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        f"import os, signal, sys, threading, time\nsys.path.insert(0, {str(ROOT)!r})\nfrom pathlib import Path\n"
        "from riskdesk.documents.reading.child import GuardedReader\n"
        "def press():\n"
        "    while not done:\n"
        "        os.killpg(0, signal.SIGINT)\n"
        "        time.sleep(0.01)\n"
        "if __name__ == '__main__':\n"
        "    heard, done = [], []\n"
        "    signal.signal(signal.SIGINT, lambda *_: heard.append(1))\n"
        "    threading.Thread(target=press).start()\n"
        "    try:\n"
        f"        rows = GuardedReader().read(Path({str(GOOD)!r})).rows\n"
        "    finally:\n"
        "        done.append(1)\n"
        "    print(len(rows), len(heard) > 1)\n"
    )
    told = subprocess.run([sys.executable, script], capture_output=True, text=True, start_new_session=True, timeout=60)
    assert (told.stdout, told.stderr) == ("5 True\n", "")


@linux
def test_the_child_ignores_ctrl_c_and_ends_with_the_parent(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        f"import os, sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom pathlib import Path\n"
        "from riskdesk.documents.reading.child import GuardedReader\n"
        "if __name__ == '__main__':\n"
        "    reader = GuardedReader()\n"
        f"    reader.read(Path({str(GOOD)!r}))\n"
        "    print(reader.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    child = int(parent.stdout.readline())
    os.kill(child, signal.SIGINT)
    time.sleep(0.2)
    assert Path(f"/proc/{child}").exists()
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < until:
        if re.search(r"State:\s*Z", Path(f"/proc/{child}/status").read_text()):
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{child}").exists()


def test_the_reader_can_be_entered_without_reading_and_used_again_after_leaving():
    with GuardedReader() as reader:
        assert reader.pid is None
    with reader:
        assert len(reader.read(GOOD).rows) == 5
    assert reader.pid is None
