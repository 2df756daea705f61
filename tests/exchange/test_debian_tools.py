"""Programs that everybody has verify what riskdesk makes: unzip, openssl, sha256sum, certtool, pdfsig; and pyHanko."""

import base64
import io
import re
import shutil
import subprocess
import sys

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from exchange.offices import NOW, SIGNATURE, SIGNED, crl, package, tree
from exchange.test_pdf_signature import signed_by
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from riskdesk.exchange.pem import to_pem

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Debian's programs")


@pytest.fixture
def unpacked(tmp_path):
    """A package of a county, unpacked by unzip, with the root beside it."""
    t = tree()
    lists = [crl(t.province), crl(t.city), crl(t.county)]
    (tmp_path / "p.rdpkg").write_bytes(package(t.county, t.city, crls=lists))
    (tmp_path / "root.pem").write_bytes(to_pem([t.province.der]))
    done = subprocess.run(["unzip", "-q", "p.rdpkg", "-d", "w"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return tmp_path / "w"


def run(folder, *command, data=None):
    done = subprocess.run(command, cwd=folder, input=data, capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"), done.stdout


def cms_verify(folder):
    return run(
        folder, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", SIGNATURE,
        "-content", SIGNED, "-CAfile", "../root.pem", "-purpose", "any", "-out", "/dev/null",
    )  # fmt: skip


def test_openssl_verifies_the_signature(unpacked):
    code, said, _ = cms_verify(unpacked)
    assert code == 0, said


def test_openssl_finds_a_change(unpacked):
    path = unpacked / SIGNED
    path.write_bytes(path.read_bytes().replace(b"application/json", b"application/jsom"))
    code, _, _ = cms_verify(unpacked)
    assert code != 0


def test_the_sums_are_what_was_signed_and_sha256sum_checks_them(unpacked):
    _, _, digest = run(unpacked, "openssl", "dgst", "-sha256", "-binary", "SHA256SUMS")
    wanted = re.search(r'URI="SHA256SUMS".*?<ds:DigestValue>(.*?)<', (unpacked / SIGNED).read_text())[1]
    assert base64.b64encode(digest).decode() == wanted
    code, said, _ = run(unpacked, "sha256sum", "-c", "SHA256SUMS")
    assert code == 0, said
    (unpacked / "attach/0001.jpg").write_bytes(b"other")
    assert run(unpacked, "sha256sum", "-c", "SHA256SUMS")[0] != 0


def verify_with_lists(folder):
    code, said, _ = run(
        folder, "openssl", "pkcs7", "-inform", "DER", "-in", SIGNATURE, "-print_certs", "-out", "all.pem"
    )
    assert code == 0, said
    lists = b""
    for path in sorted(folder.glob("trust/*.crl")):
        lists += run(folder, "openssl", "crl", "-inform", "DER", "-in", str(path))[2]
    (folder / "all.crl").write_bytes(lists)
    (folder / "op.pem").write_bytes(tree().county.operator.certificate.public_bytes(Encoding.PEM))
    return run(
        folder, "openssl", "verify", "-crl_check_all", "-CAfile", "../root.pem", "-untrusted", "trust/ca.pem",
        "-CRLfile", "all.crl", "op.pem",
    )  # fmt: skip


def test_openssl_verifies_the_way_to_the_root_with_the_lists(unpacked):
    code, said, _ = verify_with_lists(unpacked)
    assert code == 0, said
    assert "op.pem: OK" in said


def test_openssl_finds_a_revoked_signer_by_the_lists(unpacked):
    from exchange.corpus import REASON

    t = tree()
    (unpacked / "trust/0003.crl").write_bytes(crl(t.county, (t.county.operator.certificate, REASON.key_compromise)))
    code, said, _ = verify_with_lists(unpacked)
    assert code != 0
    assert "certificate revoked" in said


def test_openssl_refuses_an_operator_that_a_station_made_for_its_county(tmp_path):
    from exchange.corpus import forged_operator

    t = tree()
    forged = forged_operator(t.station, t.county.path)
    (tmp_path / "root.pem").write_bytes(to_pem([t.province.der]))
    (tmp_path / "chain.pem").write_bytes(to_pem(forged.chain))
    (tmp_path / "op.pem").write_bytes(forged.certificate.public_bytes(Encoding.PEM))
    code, said, _ = run(tmp_path, "openssl", "verify", "-CAfile", "root.pem", "-untrusted", "chain.pem", "op.pem")
    assert code != 0
    assert "permitted subtree violation" in said


def test_certtool_verifies_the_signature(unpacked):
    code, said, _ = run(
        unpacked, "certtool", "--p7-verify", "--inder", "--infile", SIGNATURE, "--load-data", SIGNED,
        "--load-ca-certificate", "../root.pem",
    )  # fmt: skip
    assert code == 0, said
    assert "Signature status: ok" in said


def test_a_request_for_a_certificate_is_one_to_openssl(tmp_path):
    from exchange.offices import key

    from riskdesk.exchange.enrolment import new_request

    (tmp_path / "csr").write_bytes(new_request(tree().suo.path, key(5)))
    code, said, _ = run(tmp_path, "openssl", "req", "-inform", "DER", "-in", "csr", "-verify", "-noout")
    assert code == 0, said


def test_pdfsig_holds_the_pdf_valid(tmp_path):
    (tmp_path / "a.pdf").write_bytes(signed_by(tree().county.operator))
    _, said, _ = run(tmp_path, "pdfsig", "-nocert", "a.pdf")
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


@pytest.mark.may_log
def test_pyhanko_holds_the_pdf_valid_and_trusted():
    t = tree()
    [signature] = PdfFileReader(io.BytesIO(signed_by(t.county.operator))).embedded_signatures
    root = asn1_x509.Certificate.load(t.province.der)
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=NOW)
    status = validate_pdf_signature(signature, context)
    assert status.bottom_line
    assert "INTACT:TRUSTED" in status.summary()


def test_the_signature_is_cades_with_the_chain_but_the_root(unpacked):
    t = tree()
    signed = cms.ContentInfo.load((unpacked / SIGNATURE).read_bytes())["content"]
    attributes = {each["type"].native for each in signed["signer_infos"][0]["signed_attrs"]}
    assert {"content_type", "message_digest", "signing_time", "signing_certificate_v2"} <= attributes
    embedded = {each.chosen.dump() for each in signed["certificates"]}
    assert {t.county.der, t.city.der} < embedded
    assert t.province.der not in embedded


def test_all_programs_are_here():
    """Else tests above would fail one by one for the same reason."""
    wanted = ["unzip", "zip", "7z", "openssl", "certtool", "pdfsig", "age"]
    assert [name for name in wanted if not shutil.which(name)] == []
