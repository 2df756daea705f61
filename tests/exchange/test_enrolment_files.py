"""Requests and kits as they travel: come back as they were, or are refused."""

import base64
import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from exchange.offices import NOW, crl, key, tree

from riskdesk.errors import InputError
from riskdesk.exchange import enrolment, keys
from riskdesk.exchange.enrolment import Kit, Request
from riskdesk.exchange.names import distinguished_name, path_of
from riskdesk.exchange.refusal import Refusal

OFFICE = {"code": "140105-S01", "name": "坞城所", "level": "suo"}


def request(mine=5, **changes):
    t = tree()
    given = {"office": OFFICE, "csr": enrolment.new_request(t.suo.path, key(mine)), "recipient": "age1x"}
    return Request(**{**given, **changes})


def kit():
    t = tree()
    return Kit(t.suo.der, (t.county.der, t.city.der), (t.province.der,), (crl(t.city),), (OFFICE,), {"a": "age1x"})


def changed(data, **changes):
    return json.dumps({**json.loads(data), **changes}).encode()


def test_a_request_comes_back_and_is_certified():
    t = tree()
    found = enrolment.read_request(request().to_bytes())
    assert found == request()
    assert found.fingerprint() == keys.fingerprint(key(5).public_key())
    certificate = x509.load_der_x509_certificate(found.certificate_from(t.county.authority, "坞城所", NOW))
    assert path_of(certificate.subject) == t.suo.path


def test_a_request_with_a_weak_key_is_refused():
    with pytest.raises(Refusal) as refused:
        request(csr=enrolment.new_request(tree().suo.path, key(903, 1024))).fingerprint()
    assert refused.value.reason == "weak"


def test_a_request_that_was_changed_is_refused():
    csr = bytearray(request().csr)
    csr[-1] ^= 1
    with pytest.raises(Refusal) as refused:
        request(csr=bytes(csr)).fingerprint()
    assert refused.value.reason == "signature"


def test_a_request_of_another_kind_of_key_is_refused():
    builder = x509.CertificateSigningRequestBuilder().subject_name(distinguished_name(tree().suo.path))
    csr = builder.sign(Ed25519PrivateKey.generate(), None).public_bytes(Encoding.DER)
    unknown = request().csr.replace(bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d01017f"))
    for data in (csr, unknown, b"garbage"):
        with pytest.raises(Refusal) as refused:
            request(csr=data).fingerprint()
        assert refused.value.reason == "payload"


def test_a_request_names_no_office_below_another():
    with pytest.raises(InputError):
        request().certificate_from(tree().suo.authority, "坞城所", NOW)


def test_a_kit_comes_back_and_fits_its_key_only():
    assert enrolment.read_kit(kit().to_bytes()) == kit()
    assert enrolment.fits(kit(), key(5))
    assert not enrolment.fits(kit(), key(6))
    assert enrolment.root_fingerprint(tree().province.der) == keys.fingerprint(key(1).public_key())


@pytest.mark.parametrize(
    "changes",
    [
        {"certificate": "!"},
        {"certificate": base64.b64encode(b"x").decode()},
        {"chain": ["AAAA"]},
        {"chain": 5},
        {"crls": ["AAAA"]},
        {"offices": [5]},
        {"offices": {"a": 1}},
        {"recipients": []},
        {"schema": 0},
        {"schema": True},
    ],
)
def test_a_kit_is_refused_with(changes):
    with pytest.raises(Refusal):
        enrolment.read_kit(changed(kit().to_bytes(), **changes))


@pytest.mark.parametrize("changes", [{"csr": 5}, {"office": {}}, {"office": []}, {"office": {**OFFICE, "code": 5}}])
def test_a_request_is_refused_with(changes):
    with pytest.raises(Refusal):
        enrolment.read_request(changed(request().to_bytes(), **changes))


def test_files_of_a_newer_schema_are_told_as_such():
    for read, data in ((enrolment.read_kit, kit().to_bytes()), (enrolment.read_request, request().to_bytes())):
        with pytest.raises(Refusal) as refused:
            read(changed(data, schema=2))
        assert refused.value.reason == "too_new"
