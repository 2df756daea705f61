"""A file that SQLite cannot open any more still gives its revisions back, and nothing that is not genuine."""

import random
import sqlite3
import struct
import subprocess
import sys

import pytest
from store.stores import DATA, add, opened, raw
from store.synthetic import record, step, steps

from riskdesk.domain.records import record_from_body
from riskdesk.domain.revisions import revision_hash
from riskdesk.store import salvage as module
from riskdesk.store.salvage import salvage

PAGE = 4096


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A data file with 3,000 revisions (some longer than a page), and the revisions."""
    folder = tmp_path_factory.mktemp("whole")
    pick = random.Random(2)
    known = []
    with opened(folder) as store:
        for part in range(29):
            new = steps(90, seed=part)
            new += [
                step(record_from_body(new[0].body).edited(brand=str(n)), new[n].object_id, (new[n],)) for n in range(11)
            ]
            add(store, new)
            known += new
        long = [step(record(pick).edited(content="长文" * size)) for size in (700, 2000, 5000, 9000)]
        more = [*long, *steps(3000 - len(known) - len(long), seed=99)]
        add(store, more)
        known += more
    assert len(known) == 3000
    return (folder / DATA).read_bytes(), {each.hash: each for each in known}


def saved(tmp_path, data):
    (tmp_path / "bad.db").write_bytes(data)
    before = (tmp_path / "bad.db").stat().st_mtime_ns
    found = salvage(tmp_path / "bad.db")
    assert (tmp_path / "bad.db").stat().st_mtime_ns == before
    return found


def zeroed(data, start, size):
    return data[:start] + bytes(size) + data[start + size :]


def test_a_whole_file_gives_everything(whole, tmp_path):
    assert saved(tmp_path, whole[0]) == whole[1]


@pytest.mark.parametrize(("size", "least"), [(PAGE, 3000), (65536, 3000 - 60)])
def test_nearly_nothing_is_lost_with_the_beginning_of_the_file(whole, tmp_path, size, least):
    data, known = whole
    found = saved(tmp_path, zeroed(data, 0, size))
    assert found.items() <= known.items()
    assert len(found) >= least


def test_at_most_a_few_are_lost_with_twenty_pages(whole, tmp_path):
    data, known = whole
    for seed in range(5):
        pick, bad = random.Random(seed), data
        for page in pick.sample(range(1, len(data) // PAGE), 20):
            bad = zeroed(bad, page * PAGE, PAGE)
        found = saved(tmp_path, bad)
        assert found.items() <= known.items()
        assert len(found) >= 2940


def test_most_is_saved_when_the_end_is_cut_off(whole, tmp_path):
    data, known = whole
    found = saved(tmp_path, data[: int(len(data) * 0.7)])
    assert found.items() <= known.items()
    assert len(found) >= 1900


def test_garbled_bytes_never_give_a_false_revision_and_never_stop_the_rest(whole, tmp_path):
    data, known = whole
    for seed in range(6):
        pick, bad = random.Random(seed), bytearray(data)
        for _ in range(3000):
            bad[pick.randrange(len(bad))] = pick.randrange(256)
        found = saved(tmp_path, bytes(bad))
        assert found.items() <= known.items()
        assert len(found) > 1000
        assert all(revision_hash(each) == key for key, each in found.items())


@pytest.mark.parametrize("told", [0, 1, 512, 1024, 65535])
def test_a_lying_page_size_does_not_matter(whole, tmp_path, told):
    data, known = whole
    bad = data[:16] + struct.pack(">H", told) + data[18:]
    assert len(saved(tmp_path, bad)) == len(known)


def test_rows_that_were_never_revisions_do_not_stop_the_rest(tmp_path):
    known = steps(30)
    with opened(tmp_path) as store:
        add(store, known)
    strange = ['{"schema":0.5}', '{"a":"\\ud800"}', '{"a":NaN}', '{"a":' + "[" * 3000, "5", "", "{}", "null"]
    with raw(tmp_path) as other:
        for number, body in enumerate(strange):
            other.execute(
                "INSERT INTO revision (hash, object_id, kind, org, rev_no, state, reason, ancestors, body, author, at)"
                " VALUES (?, 'o', 'record', 'o', 1, 'active', '', ?, ?, '', '')",
                (f"{number:064}", "7" if number == 6 else "[]", body),
            )
    assert saved(tmp_path, (tmp_path / DATA).read_bytes()) == {each.hash: each for each in known}


def leaf(cells):
    """A table-leaf page that bears the cells."""
    page = bytearray(PAGE)
    page[0] = 0x0D
    struct.pack_into(">H", page, 3, len(cells))
    at = PAGE
    for number, cell in enumerate(cells):
        at -= len(cell)
        page[at : at + len(cell)] = cell
        struct.pack_into(">H", page, 8 + 2 * number, at)
    return bytes(page)


@pytest.mark.parametrize("size", [b"\xff" * 9, b"\x9f\xff\xff\x7f"])
def test_a_chain_of_pages_that_bites_its_tail_comes_to_an_end(tmp_path, size):
    cell = size + b"\x01" + b"x" * 600
    pages = leaf([cell]) + b"".join(struct.pack(">I", 2) + bytes(PAGE - 4) for _ in range(40))
    local = [struct.pack(">I", number) for number in (2, 3)]
    assert saved(tmp_path, pages) == saved(tmp_path, b"".join(local) * 3000) == {}


def test_what_is_no_data_file_gives_nothing(tmp_path):
    for data in (b"", b"\x0d", b"text " * 5000, random.Random(1).randbytes(300_000), b"\x0d" * 100_000):
        assert saved(tmp_path, data) == {}


def test_other_page_sizes_are_read_too(tmp_path, monkeypatch):
    known = steps(50)
    with opened(tmp_path) as store:
        add(store, known)
    for size in module._PAGE_SIZES:
        connection = sqlite3.connect(tmp_path / DATA, isolation_level=None)
        connection.execute(f"PRAGMA page_size = {size}")
        connection.execute("VACUUM")
        connection.close()
        data = (tmp_path / DATA).read_bytes()
        assert int.from_bytes(data[16:18], "big") == size
        assert len(saved(tmp_path, data)) == 50
        assert len(saved(tmp_path, zeroed(data, 0, 100))) == 50


def test_no_sqlite_is_needed():
    code = "import sys; import riskdesk.store.salvage; print([n for n in sys.modules if 'sqlite' in n])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
