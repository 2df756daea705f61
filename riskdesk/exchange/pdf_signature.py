"""Signatures inside PDF files: PAdES B-B (ETSI EN 319 142-1) with a visible block that is no seal.

Rules for verification: at least one signature, each good and over nothing that was changed later, and the last over the whole file.
A reader that only tells "signature valid" lets content be added behind it.
"""

from __future__ import annotations

import asyncio
import io
import struct
import tempfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

from riskdesk.exchange.algorithms import DIGEST
from riskdesk.exchange.cades import signer_for
from riskdesk.exchange.certificates import MALFORMED, Credential, is_of_issuing_office, is_operator
from riskdesk.exchange.findings import PdfSignature
from riskdesk.exchange.names import path_of, person_of
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import Carried, Trust, TrustLevel, Way, Ways

_DER = Encoding.DER
_UNSCALED = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins(0, 0, 0, 0))
_FIELD = "riskdesk"
_BROKEN = (
    *MALFORMED,
    PdfError,
    SignatureValidationError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    AssertionError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Block:
    """The visible block: a PDF of one page, and where it goes on the last page, in points from the lower left corner."""

    page: bytes
    box: tuple[int, int, int, int]


def sign_pdf(data: bytes, by: Credential, block: Block, *, reason: str) -> bytes:
    """Return the PDF with a signature and its visible block added at its end."""
    metadata = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        name=person_of(by.certificate.subject),
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "block.pdf"  # read when the signature is made
        page.write_bytes(block.page)
        style = StaticStampStyle.from_pdf_file(
            str(page), border_width=0, background_opacity=1.0, background_layout=_UNSCALED
        )
        field = SigFieldSpec(_FIELD, on_page=-1, box=block.box)
        signer = PdfSigner(metadata, signer=signer_for(by), stamp_style=style, new_field_spec=field)
        signed = io.BytesIO()
        asyncio.run(signer.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data)), output=signed))
    return signed.getvalue()


def verify_pdf(data: bytes, trust: Trust, now: datetime) -> PdfSignature:
    """Return who signed the PDF last; raise `Refusal` unless all of it is covered by good signatures."""
    try:
        signatures = PdfFileReader(io.BytesIO(data), strict=True).embedded_signatures
        if not signatures:
            raise Refusal("pdf_unsigned")
        for number, each in enumerate(signatures, 1):
            found = _verified(each, trust, now, last=number == len(signatures))
    except _BROKEN as error:
        raise Refusal("pdf_changed", f"{type(error).__name__}: {error}"[:200]) from error
    return found


def _verified(signature: Any, trust: Trust, now: datetime, *, last: bool) -> PdfSignature:
    leaf = x509.load_der_x509_certificate(signature.signer_cert.dump())
    if not is_operator(leaf) or not is_of_issuing_office(leaf):
        raise Refusal("pdf_changed", leaf.subject.rfc4514_string())
    carried = Carried(tuple(x509.load_der_x509_certificate(each.dump()) for each in signature.other_embedded_certs))
    told = ""
    for way in Ways(trust, now, carried).of(leaf) or [Way((leaf,), TrustLevel.UNKNOWN)]:
        status = _status(signature, way, way.moment(now) or now)
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        if status.bottom_line and (whole or not last):
            return PdfSignature(path_of(leaf.subject), person_of(leaf.subject), way.level)
        told = status.summary()
    raise Refusal("pdf_changed", told)


def _status(signature: Any, way: Way, moment: datetime) -> Any:
    *between, anchor = [asn1_x509.Certificate.load(each.public_bytes(_DER)) for each in way.certificates]
    context = ValidationContext(
        trust_roots=[anchor],
        other_certs=between[1:],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment.astimezone(UTC),
        best_signature_time=moment.astimezone(UTC),
    )
    return asyncio.run(async_validate_pdf_signature(signature, signer_validation_context=context))
