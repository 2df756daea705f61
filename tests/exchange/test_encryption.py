"""Encryption on the way: by us and by the age program, to whom it is meant, and nothing left of what was tampered with."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from riskdesk.errors import FileFaultError, InputError
from riskdesk.exchange import encryption
from riskdesk.exchange.refusal import Refusal

PLAIN = random.Random(1).randbytes(300_000)
needs_age = pytest.mark.skipif(not shutil.which("age"), reason="no age here")


@pytest.fixture
def identity():
    return encryption.new_identity()


@pytest.fixture
def secret(tmp_path, identity):
    """A file encrypted to two offices."""
    (tmp_path / "plain").write_bytes(PLAIN)
    others = [encryption.recipient(encryption.new_identity()), encryption.recipient(identity)]
    encryption.encrypt(tmp_path / "plain", tmp_path / "secret", others)
    return tmp_path / "secret"


def test_an_addressee_reads_it(secret, identity, tmp_path):
    assert encryption.is_encrypted(secret)
    encryption.decrypt(secret, tmp_path / "out", [encryption.new_identity(), identity])
    assert (tmp_path / "out").read_bytes() == PLAIN


def test_others_do_not(secret, tmp_path):
    with pytest.raises(Refusal) as refused:
        encryption.decrypt(secret, tmp_path / "out", [encryption.new_identity()])
    assert refused.value.reason == "encryption"
    assert not (tmp_path / "out").exists()


def test_whatever_is_changed_nothing_is_left(secret, identity, tmp_path):
    data, chance = secret.read_bytes(), random.Random(2)
    places = [0, 5, 30, 60, 150, 250, len(data) - 1, *(chance.randrange(len(data)) for _ in range(40))]
    for at in places:
        secret.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(Refusal):
            encryption.decrypt(secret, tmp_path / "out", [identity])
        assert not (tmp_path / "out").exists()
    for cut in (10, 200, 70_000, len(data) - 1):
        secret.write_bytes(data[:cut])
        with pytest.raises(Refusal):
            encryption.decrypt(secret, tmp_path / "out", [identity])
        assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")
def test_the_machines_faults_are_not_the_files(secret, identity, tmp_path):
    """A full disk is told as such, not as a damaged file."""
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    with pytest.raises(FileFaultError, match="磁盘空间不足"):
        encryption.decrypt(secret, full, [identity])
    full.symlink_to("/dev/full")
    with pytest.raises(FileFaultError, match="磁盘空间不足"):
        encryption.encrypt(tmp_path / "plain", full, [encryption.recipient(identity)])


def test_a_recipient_that_is_none_is_named(tmp_path):
    (tmp_path / "plain").write_bytes(b"x")
    with pytest.raises(InputError, match="age1nonsense"):
        encryption.encrypt(tmp_path / "plain", tmp_path / "secret", ["age1nonsense"])


@needs_age
def test_the_age_program_reads_ours(secret, identity, tmp_path):
    (tmp_path / "id.txt").write_text(encryption.secret_text(identity))
    done = subprocess.run(["age", "-d", "-i", "id.txt", "secret"], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == PLAIN


@needs_age
def test_we_read_what_the_age_program_writes(identity, tmp_path):
    (tmp_path / "plain").write_bytes(PLAIN)
    command = ["age", "-r", encryption.recipient(identity), "-o", "secret", "plain"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    encryption.decrypt(tmp_path / "secret", tmp_path / "out", [identity])
    assert (tmp_path / "out").read_bytes() == PLAIN


@needs_age
def test_a_short_text_is_read_by_the_age_program(identity, tmp_path):
    (tmp_path / "id.txt").write_text(encryption.secret_text(identity))
    data = encryption.encrypted_text("恢复", [encryption.recipient(identity)])
    done = subprocess.run(["age", "-d", "-i", "id.txt"], input=data, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode() == "恢复"
