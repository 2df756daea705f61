"""Content of entries comes out whole, wherever the reader's pieces end."""

import io
import random
import zipfile

import pytest
from exchange.offices import zipped

from riskdesk.exchange.archive import Archive
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.zip_structure import Limits

PIECE = 1 << 20
START = random.Random(1).randbytes(9000)


@pytest.mark.parametrize("more", [*range(-2, 3), 50, 100, 200, 257, 258, 259, 300])
def test_a_repetition_across_the_end_of_a_piece_comes_out_whole(more):
    content = START + bytes(PIECE - len(START) + more)
    archive = Archive(io.BytesIO(zipped({"data/a.json": content})), Limits())
    assert archive.read("data/a.json") == content


def test_an_entry_is_opened_as_a_file_of_its_own():
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        archive = Archive(io.BytesIO(zipped({"data/a.json": START, "data/b.json": b"b"}, method)), Limits())
        with archive.opened("data/a.json") as file:
            assert file.read(10) == START[:10]
            assert file.seek(-10, io.SEEK_END) == len(START) - 10
            assert file.read() == START[-10:]
            with pytest.raises((ValueError, OSError)):
                file.seek(-1)


def test_more_than_is_asked_for_is_not_read():
    archive = Archive(io.BytesIO(zipped({"data/a.json": START})), Limits())
    with pytest.raises(Refusal):
        archive.read("data/a.json", 100)


@pytest.mark.parametrize("limits", [Limits(total=100), Limits(count=0)])
def test_limits_are_kept(limits):
    with pytest.raises(Refusal):
        Archive(io.BytesIO(zipped({"data/a.json": START})), limits)
