"""Signatures in PDF files: whatever is changed or added afterwards is found."""

import io
import re
from datetime import timedelta

import pytest
from exchange.corpus import REASON, forged_operator, weak_operator
from exchange.offices import MADE, NOW, crl, office, tree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata
from pyhanko.sign.signers import sign_pdf as countersign
from reportlab.pdfgen.canvas import Canvas

from riskdesk.exchange.cades import signer_for
from riskdesk.exchange.pdf_signature import Block, sign_pdf, verify_pdf
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import Trust

pytestmark = pytest.mark.may_log  # the library tells of what it finds


def drawn(*lines):
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 20 * number, line)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def signed_by(credential, data=None):
    return sign_pdf(data or drawn("a report"), credential, Block(drawn("signed"), (50, 50, 250, 110)), reason="report")


@pytest.fixture(scope="module")
def signed():
    return signed_by(tree().county.operator)


def appended(data, change):
    """The file with a later revision that `change` makes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def page_content(writer):
    stream = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 12 Tf 72 720 Td (forged) Tj ET"))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = stream
    writer.update_container(page)


def annotation(writer):
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (10, 10, 300, 300))),
            generic.pdf_name("/Contents"): generic.TextStringObject("forged"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def script(writer):
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {
            generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
            generic.pdf_name("/JS"): generic.TextStringObject("app.alert(1)"),
        }
    )
    writer.update_root()


def byte_range(data):
    """Where the range stands in the file, and its four numbers."""
    found = re.search(rb"/ByteRange \[([0-9 ]+)\]", data)
    return found, list(map(int, found[1].split()))


def with_range(data, numbers):
    found, _ = byte_range(data)
    text = " ".join(map(str, numbers)).encode()
    assert len(text) <= len(found[1])
    return data[: found.start(1)] + text.ljust(len(found[1])) + data[found.end(1) :]


def flipped(data):
    at = data.index(b"stream") + 10
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def hidden_in_the_gap(data):
    _, (_, first, second, _) = byte_range(data)
    hidden = b"> /Hidden (forged text behind the signature"
    end = second - 1
    assert data[first : first + 1] == b"<"
    return data[: end - len(hidden)] + hidden + b")" + data[end + 1 :]


def zeroed(data):
    _, (_, first, second, _) = byte_range(data)
    return data[: first + 1] + b"0" * (second - first - 2) + data[second - 1 :]


def shifted(data):
    _, (start, first, second, length) = byte_range(data)
    return with_range(data, (start, first, second + 2, length - 2))


def shortened(data):
    _, (start, first, second, length) = byte_range(data)
    return with_range(data, (start, first, second, length - 100))


def saved_again(data):
    target = io.BytesIO()
    copy_into_new_writer(PdfFileReader(io.BytesIO(data))).write(target)
    return target.getvalue()


ATTACKS = {
    "a bit changed": flipped,
    "the page's content replaced": lambda data: appended(data, page_content),
    "a note added": lambda data: appended(data, annotation),
    "a script added": lambda data: appended(data, script),
    "bytes appended": lambda data: data + b"\n% more",
    "saved again": saved_again,
    "data hidden beside the signature": hidden_in_the_gap,
    "the signature zeroed": zeroed,
    "the range shifted": shifted,
    "the range shortened": shortened,
    "no range": lambda data: data.replace(b"/ByteRange", b"/ByteRangX"),
    "no content": lambda data: data.replace(b"/Contents <", b"/Contentx <"),
    "cut off": lambda data: data[: len(data) * 2 // 3],
}


@pytest.mark.parametrize("attack", [pytest.param(make, id=name.replace(" ", "-")) for name, make in ATTACKS.items()])
def test_a_signed_pdf_is_refused_with(attack, signed):
    changed = attack(signed)
    assert changed != signed
    with pytest.raises(Refusal) as refused:
        verify_pdf(changed, tree().trust, NOW)
    assert refused.value.reason == "pdf_changed"
    assert refused.value.exit_code == 4
    assert str(refused.value).endswith("。")


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_refused(data):
    with pytest.raises(Refusal):
        verify_pdf(data, tree().trust, NOW)


def test_a_pdf_without_a_signature_is_told_so():
    with pytest.raises(Refusal) as refused:
        verify_pdf(drawn("a report"), tree().trust, NOW)
    assert refused.value.reason == "pdf_unsigned"


def test_random_changes_never_change_the_signer_and_raise_nothing_else(signed):
    from exchange.corpus import mutated

    told = {verdict(changed) for changed in mutated(signed, 250, seed=4)}
    # without the certificates that came along the way to the root is not found
    assert told <= {None, ("140105-JU", "张三", "chain"), ("140105-JU", "张三", "unknown")}


def verdict(data):
    try:
        found = verify_pdf(data, tree().trust, NOW)
    except Refusal:
        return None
    return found.path[-1].code, found.person, str(found.level)


def test_a_signed_pdf_tells_who_signed(signed):
    assert verdict(signed) == ("140105-JU", "张三", "chain")


def test_what_is_known_of_the_signer_is_told(signed):
    t = tree()
    assert str(verify_pdf(signed, Trust(), NOW).level) == "unknown"
    assert str(verify_pdf(signed, Trust(pinned=(t.county.der,)), NOW).level) == "pinned"
    assert str(verify_pdf(signed, t.trust, NOW + timedelta(days=5 * 365)).level) == "expired"
    assert str(verify_pdf(signed, t.trust, MADE - timedelta(days=3)).level) == "not_yet_valid"
    revoked = crl(t.county, (t.county.operator.certificate, REASON.key_compromise))
    assert str(verify_pdf(signed, Trust(t.trust.roots, crls=(revoked,)), NOW).level) == "revoked"


def test_a_second_signature_leaves_the_first_good(signed):
    metadata = PdfSignatureMetadata(field_name="second", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    twice = countersign(writer, metadata, signer_for(tree().city.operator)).getvalue()
    assert verdict(twice) == ("140100-JU", "张三", "chain")
    with pytest.raises(Refusal):
        verify_pdf(appended(twice, annotation), tree().trust, NOW)


def test_signers_that_may_not_sign_are_refused():
    t = tree()
    lower = (*t.county.path, t.neighbour.path[-1])
    for by in (weak_operator(), forged_operator(t.station, t.county.path), forged_operator(t.county, lower, 912)):
        with pytest.raises(Refusal):
            verify_pdf(signed_by(by), t.trust, NOW)


def test_a_stranger_of_the_same_name_is_unknown():
    stranger = office(tree().province.path, 950)
    assert verdict(signed_by(stranger.operator)) == ("140000-JU", "张三", "unknown")
