"""Signatures: CAdES-B (ETSI EN 319 122-1) over a file that lies beside them (detached CMS, RFC 5652), made and verified."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.signers.pdf_cms import CMSSignedAttributes, SimpleSigner
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from riskdesk.exchange.algorithms import DIGEST, is_accepted
from riskdesk.exchange.certificates import MALFORMED, Credential, is_of_issuing_office, is_operator
from riskdesk.exchange.findings import Signer
from riskdesk.exchange.names import path_of, person_of
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import Carried, Trust, TrustLevel, Way, Ways

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it finds is told by us
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

NOTHING = Carried()
_SIGNATURE_SIZE = 1 << 20  # bytes; ours have some 6,000
_MOST_CERTIFICATES = 32  # ways among many that certify one another would take for ever to find
_BROKEN = (*MALFORMED, KeyError, AttributeError, IndexError, OverflowError, RecursionError, SignatureValidationError)


def sign(data: bytes, by: Credential, at: datetime) -> bytes:
    """Return the detached CAdES-B signature (DER) over the data."""
    attributes: Any = CMSSignedAttributes(signing_time=at.astimezone(UTC))  # what general data takes, too
    signing = signer_for(by).async_sign_general_data(
        data, DIGEST, detached=True, use_cades=True, signed_attr_settings=attributes
    )
    signature: bytes = asyncio.run(signing).dump()
    return signature


def signer_for(by: Credential) -> SimpleSigner:
    """Return pyHanko's signer of a credential; roots are not embedded, as nobody checks an embedded copy."""
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    for each in by.chain:
        store.register(asn1_x509.Certificate.load(each))
    key = by.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=_asn1(by.certificate),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
        embed_roots=False,
    )


def verify(data: bytes, signature: bytes, trust: Trust, now: datetime, carried: Carried = NOTHING) -> Signer:
    """Return who signed the data; raise `Refusal` unless it is one good CAdES signature. `carried` came along with it."""
    if len(signature) > _SIGNATURE_SIZE:
        raise Refusal("cms", "size")
    try:
        return _verified(data, signature, trust, now, carried)
    except _BROKEN as error:
        # malformed ASN.1 makes the libraries raise any of these
        raise Refusal("cms", f"{type(error).__name__}: {error}"[:200]) from error


def _verified(data: bytes, signature: bytes, trust: Trust, now: datetime, carried: Carried) -> Signer:
    signed = _signed_data(signature)
    info = signed["signer_infos"][0]
    embedded = [each.chosen for each in signed["certificates"]]
    certificate = _certificate_of(info, embedded)
    if not is_accepted(info, certificate.public_key) or certificate["signature_algorithm"].hash_algo in ("md5", "sha1"):
        raise Refusal("weak", f"{certificate.public_key.algorithm} {info['digest_algorithm']['algorithm'].native}")
    attributes = {each["type"].native: each["values"] for each in info["signed_attrs"]}
    if not {"signing_certificate_v2", "message_digest", "content_type"} <= attributes.keys():
        raise Refusal("cms_attributes", ", ".join(attributes))
    signed_at: datetime | None = attributes["signing_time"][0].native if "signing_time" in attributes else None
    leaf = x509.load_der_x509_certificate(certificate.dump())
    path = path_of(leaf.subject)
    if not is_operator(leaf):
        raise Refusal("cms_certificate", leaf.subject.rfc4514_string())
    if not is_of_issuing_office(leaf):
        raise Refusal("scope", leaf.subject.rfc4514_string())
    if len(embedded) + len(carried.certificates) > _MOST_CERTIFICATES:
        raise Refusal("cms", "certificates")
    _check_integrity(data, signed, certificate, now)
    ways = Ways(trust, now, replace(carried, certificates=(*map(_pyca, embedded), *carried.certificates)))
    way = _best(ways.of(leaf), data, signed, now)
    authority = way.certificates[-1] if way else ways.unanchored(leaf)
    return Signer(
        path,
        person_of(leaf.subject),
        leaf.public_bytes(Encoding.DER),
        way.level if way else TrustLevel.UNKNOWN,
        authority.public_bytes(Encoding.DER),
        signed_at,
        way.revoked_at if way else None,
    )


def _signed_data(signature: bytes) -> cms.SignedData:
    content = cms.ContentInfo.load(signature, strict=True)
    if content["content_type"].native != "signed_data":
        raise Refusal("cms", content["content_type"].native)
    signed = content["content"]
    if len(signed["signer_infos"]) != 1:
        raise Refusal("cms_signers", str(len(signed["signer_infos"])))
    if signed["encap_content_info"]["content"].native is not None:
        raise Refusal("cms_attached")
    return signed


def _certificate_of(info: cms.SignerInfo, embedded: Sequence[asn1_x509.Certificate]) -> asn1_x509.Certificate:
    if info["sid"].name == "issuer_and_serial_number":
        wanted = info["sid"].chosen
        for each in embedded:
            if each.serial_number == wanted["serial_number"].native and each.issuer == wanted["issuer"]:
                return each
    raise Refusal("cms_certificate", info["sid"].name)


def _check_integrity(data: bytes, signed: cms.SignedData, certificate: asn1_x509.Certificate, now: datetime) -> None:
    status = _validated(data, signed, [certificate], [], now)
    if not (status.intact and status.valid):
        raise Refusal("signature", f"intact={status.intact} valid={status.valid}")


def _best(ways: Sequence[Way], data: bytes, signed: cms.SignedData, now: datetime) -> Way | None:
    """Return the first way that is in order, also of those that do not hold now: a person may accept some of these.

    The validator says so, but of one that never was wholly valid, whether it ended by time or was revoked since.
    """
    for way in ways:
        if not way.keeps_to_its_offices:
            continue
        *between, anchor = map(_asn1, way.certificates)
        moment = way.moment(now)
        if moment is None or _validated(data, signed, [anchor], between[1:], moment).trusted:
            return way
    if ways:
        raise Refusal("scope", ways[0].certificates[0].subject.rfc4514_string())
    return None


def _validated(
    data: bytes,
    signed: cms.SignedData,
    roots: Sequence[asn1_x509.Certificate],
    others: Sequence[asn1_x509.Certificate],
    now: datetime,
) -> Any:
    moment = now.astimezone(UTC)
    context = ValidationContext(
        trust_roots=roots,
        other_certs=others,
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
        best_signature_time=moment,
        weak_hash_algos={"md2", "md5", "sha1"},
    )
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    # revocation has been looked at on the way (trust.py): these modes take no notice of lists handed over by file
    return asyncio.run(
        async_validate_detached_cms(data, signed, signer_validation_context=context, key_usage_settings=usage)
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _pyca(certificate: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())
