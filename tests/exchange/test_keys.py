"""Keys at rest, what is compared by telephone, names in certificates."""

import re
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from exchange.offices import key

from riskdesk.errors import InputError, PassphraseError
from riskdesk.exchange import keys
from riskdesk.exchange.names import Unit, distinguished_name, path_of, person_of

PASSPHRASE = "正确 马 电池 订书钉"


def test_a_key_opens_with_its_passphrase_only():
    made = keys.sealed(key(1), PASSPHRASE, cost=1 << 10)
    assert keys.opened(made, PASSPHRASE).private_numbers() == key(1).private_numbers()
    with pytest.raises(PassphraseError, match="口令不对"):
        keys.opened(made, "正确 马 电池 钉书订")
    with pytest.raises(PassphraseError):
        keys.opened(made[:-60], PASSPHRASE)


def test_the_cost_of_guessing_is_high_by_default():
    assert keys.SCRYPT_COST >= 1 << 17
    made = keys.sealed(X25519PrivateKey.generate(), PASSPHRASE)
    assert isinstance(keys.opened(made, PASSPHRASE), X25519PrivateKey)


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_openssl_opens_a_key_that_needs_no_more_memory_than_it_takes(tmp_path):
    (tmp_path / "key.pem").write_bytes(keys.sealed(key(1), "correct horse", cost=1 << 14))
    done = subprocess.run(
        ["openssl", "pkey", "-in", "key.pem", "-passin", "pass:correct horse", "-noout", "-text"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "2048 bit" in done.stdout


@pytest.mark.parametrize("passphrase", ["", "1234567", "aaaaaaaaaaaa", "abababababab"])
def test_weak_passphrases_are_refused(passphrase):
    with pytest.raises(InputError, match="口令"):
        keys.refuse_weak_passphrase(passphrase)


def test_a_good_passphrase_is_taken():
    keys.refuse_weak_passphrase(PASSPHRASE)


def test_a_fingerprint_is_thirty_digits_of_the_key():
    found = keys.fingerprint(key(1).public_key())
    assert re.fullmatch(r"(\d{5} ){5}\d{5}", found)
    assert found == keys.fingerprint(key(1).public_key()) != keys.fingerprint(key(2).public_key())


def test_fingerprints_are_compared_by_their_digits():
    found = keys.fingerprint(key(1).public_key())
    assert keys.same_fingerprint(found, found.replace(" ", "-"))
    assert not keys.same_fingerprint(found, found[:-1])
    assert not keys.same_fingerprint("", "")


def test_a_name_is_the_way_from_the_province():
    path = (Unit("140000-JU", "山西省局"), Unit("140100-JU", "太原市局"))
    name = distinguished_name(path, "欧阳" * 10)
    assert path_of(name) == path
    assert person_of(name) == "欧阳" * 10
    assert person_of(distinguished_name(path)) == ""


def test_a_long_name_is_cut_to_what_a_certificate_takes():
    long = Unit("140000-JU", "山西省市场监督管理局" * 9)
    [found] = path_of(distinguished_name((long,)))
    assert found.code == long.code
    assert long.name.startswith(found.name)


def test_a_long_name_of_a_person_is_cut_between_characters():
    path = (Unit("140000-JU", "山西省局"),)
    assert person_of(distinguished_name(path, "张" * 40)) == "张" * 21
