"""Volumes for mail: in any order, all of one package, or refused with nothing left behind."""

import random

import pytest

from riskdesk.errors import InputError
from riskdesk.exchange import volumes
from riskdesk.exchange.refusal import Refusal

WHOLE = random.Random(1).randbytes(50_000)


@pytest.fixture
def parts(tmp_path):
    (tmp_path / "a.rdpkg").write_bytes(WHOLE)
    return volumes.split(tmp_path / "a.rdpkg", tmp_path, 10_000)


def refused(parts, tmp_path):
    with pytest.raises(Refusal) as found:
        volumes.join(parts, tmp_path / "joined")
    assert not (tmp_path / "joined").exists()
    return found.value.reason == "volumes"


def test_they_are_as_small_as_asked(parts):
    assert [part.name for part in parts] == [f"a.rdpkg.{n:03}" for n in range(1, 7)]
    assert all(part.stat().st_size <= 10_000 for part in parts)


def test_any_order_and_one_twice_will_do(parts, tmp_path):
    given = [*parts, parts[2]]
    random.Random(2).shuffle(given)
    volumes.join(given, tmp_path / "joined")
    assert (tmp_path / "joined").read_bytes() == WHOLE


def test_one_missing_is_refused(parts, tmp_path):
    assert refused(parts[:-1], tmp_path)
    assert refused([], tmp_path)


def test_one_damaged_is_refused(parts, tmp_path):
    data = bytearray(parts[3].read_bytes())
    data[5000] ^= 1
    parts[3].write_bytes(data)
    assert refused(parts, tmp_path)


def test_one_cut_off_is_refused(parts, tmp_path):
    parts[3].write_bytes(parts[3].read_bytes()[:-1])
    assert refused(parts, tmp_path)


def test_one_of_another_package_is_refused(parts, tmp_path):
    (tmp_path / "b.rdpkg").write_bytes(WHOLE[::-1])
    others = volumes.split(tmp_path / "b.rdpkg", tmp_path, 10_000)
    assert refused([*parts[:-1], others[-1]], tmp_path)
    assert refused([*parts, others[0]], tmp_path)


def test_what_is_no_volume_is_refused_among_volumes(parts, tmp_path):
    (tmp_path / "c").write_bytes(b"hello")
    assert refused([*parts[:-1], tmp_path / "c"], tmp_path)


@pytest.mark.parametrize(
    "line", [b"riskdesk-volume-1 x 1 2 3\n", b"riskdesk-volume-1 " + b"a" * 64 + b" 3 2 9\n", b"PK\3\4", b""]
)
def test_what_does_not_begin_like_a_volume_is_none(line, tmp_path):
    (tmp_path / "v").write_bytes(line)
    assert volumes.VolumeHead.of(tmp_path / "v") is None


def test_too_many_are_refused_with_a_sentence(tmp_path):
    (tmp_path / "a").write_bytes(bytes(300_000))
    with pytest.raises(InputError, match="分卷太小"):
        volumes.split(tmp_path / "a", tmp_path, 200)
    with pytest.raises(InputError, match="分卷太小"):
        volumes.split(tmp_path / "a", tmp_path, 100)
