"""Writing packages: large ones in little memory, files that are gone, names that are none."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from exchange.offices import NOW, entries_of, head, package, tree, verified

from riskdesk.errors import InputError
from riskdesk.exchange.container import write_package
from riskdesk.exchange.contents import open_package

CHILD = """
import resource, sys
sys.path[:0] = sys.argv[2].split("|")
from pathlib import Path
from exchange.offices import NOW, head, tree
from riskdesk.exchange.container import write_package
from riskdesk.exchange.verify import verify_package
t, folder = tree(), Path(sys.argv[1])
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def made(sender, to, files, target):
    with target.open("w+b") as file:
        write_package(file, head(sender, to), files, by=sender.operator, at=NOW)
    return target
small = made(t.county, t.city, {"attach/0001.jpg": b"x"}, folder / "small")
verify_package(small, t.trust, NOW)
before = peak()
inner = made(t.county, t.city, {"attach/0001.bin": folder / "large"}, folder / "inner")
outer = made(t.city, t.province, {"inner/a.rdpkg": inner}, folder / "outer")
found = verify_package(outer, t.trust, NOW)
assert found.inside["inner/a.rdpkg"].sizes["attach/0001.bin"] == 300 << 20
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as Linux tells it")
def test_an_attachment_of_300_megabytes_takes_little_memory(tmp_path):
    with (tmp_path / "large").open("wb") as file:
        file.truncate(300 << 20)
    tests = Path(__file__).parents[1]
    command = [sys.executable, "-c", CHILD, str(tmp_path), f"{tests}|{tests.parent}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 60_000  # KiB more than for a small package


def test_the_same_content_gives_the_same_bytes_but_for_the_signature():
    t = tree()
    one, other = entries_of(package(t.county, t.city)), entries_of(package(t.county, t.city))
    assert one == other  # RSA signatures of the same at the same time are the same


def test_a_file_that_is_gone_is_named(tmp_path):
    t = tree()
    with pytest.raises(InputError, match="gone"):
        write_package(
            io.BytesIO(), head(t.county, t.city), {"attach/1.jpg": tmp_path / "gone"}, by=t.county.operator, at=NOW
        )


@pytest.mark.parametrize("name", ["../a", "attach/图.jpg", "other/a", "attach/a/b"])
def test_a_name_that_readers_refuse_is_not_written(name):
    t = tree()
    with pytest.raises(ValueError, match="no name"):
        write_package(io.BytesIO(), head(t.county, t.city), {name: b""}, by=t.county.operator, at=NOW)


def test_progress_goes_by_the_names_that_people_know():
    t, told = tree(), []
    manifest = head(t.county, t.city, titles={"attach/1.jpg": "照片.jpg"})
    write_package(
        io.BytesIO(),
        manifest,
        {"attach/1.jpg": b"x"},
        by=t.county.operator,
        at=NOW,
        progress=lambda *it: told.append(it),
    )
    assert told == [(0, 1, "照片.jpg")]


def test_entries_of_packages_inside_are_read(tmp_path):
    t = tree()
    lowest = package(t.suo, t.county, {"attach/0002.jpg": b"deep"})
    data = package(t.city, t.province, {"inner/b.rdpkg": package(t.county, t.city, {"inner/a.rdpkg": lowest})})
    (tmp_path / "p").write_bytes(data)
    assert verified(data).inside["inner/b.rdpkg"].inside["inner/a.rdpkg"].sizes["attach/0002.jpg"] == 4
    with open_package(tmp_path / "p", ["inner/b.rdpkg", "inner/a.rdpkg"]) as archive:
        assert archive.read("attach/0002.jpg") == b"deep"
