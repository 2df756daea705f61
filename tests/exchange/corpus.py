"""Packages, good and bad, each made by a function and named in words; two verifiers are held against them."""

from __future__ import annotations

import io
import json
import random
import stat
import struct
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from exchange import rawzip
from exchange.offices import (
    MADE,
    NOW,
    SIGNATURE,
    SIGNED,
    Office,
    crl,
    curve_key,
    digest,
    entries_of,
    head,
    key,
    office,
    operator,
    package,
    payload_of,
    sealed,
    tree,
    zipped,
)
from exchange.rawzip import Entry, written

from riskdesk.exchange import certificates
from riskdesk.exchange.cades import sign
from riskdesk.exchange.certificates import Authority, Credential, distinguished_name
from riskdesk.exchange.container import asic_manifest
from riskdesk.exchange.manifest import PackageKind
from riskdesk.exchange.payload import assessment_to_bytes
from riskdesk.exchange.pem import to_pem
from riskdesk.exchange.trust import der

REASON = x509.ReasonFlags


@cache
def good() -> bytes:
    """A county's package to its city."""
    t = tree()
    return package(t.county, t.city)


@cache
def contents() -> dict[str, bytes]:
    return entries_of(good())


def raw() -> list[Entry]:
    return rawzip.entries(contents())


def openssl_sign(data: bytes, by: Credential, *flags: str) -> bytes:
    """A CMS signature as `openssl cms -sign` makes it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").write_bytes(data)
        (folder / "cert").write_bytes(by.certificate.public_bytes(Encoding.PEM))
        (folder / "key").write_bytes(by.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (folder / "chain").write_bytes(to_pem(by.chain) or by.certificate.public_bytes(Encoding.PEM))
        command = ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-in", "data", "-signer", "cert"]
        command += ["-inkey", "key", "-certfile", "chain", "-out", "sig", *flags]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return (folder / "sig").read_bytes()


def signed_by(sign_it, payload=None, xml=None) -> bytes:
    """The good package, or another payload, with another signature."""
    return zipped(sealed(payload or payload_of(good()), sign_it, xml))


def with_manifest(**changes) -> bytes:
    t = tree()
    return package(t.county, t.city, manifest=head(t.county, t.city, **changes))


# --- good ones -------------------------------------------------------------------------------------------------------


def by_program(*command: str) -> Callable[[], bytes]:
    """The good package unpacked and packed again by another program."""

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with zipfile.ZipFile(io.BytesIO(good())) as archive:
                archive.extractall(folder / "w")
            subprocess.run(command, cwd=folder / "w", check=True, capture_output=True)
            return (folder / "p.zip").read_bytes()

    return make


class Unseekable(io.RawIOBase):
    """A pipe: zipfile writes data descriptors into it."""

    def __init__(self):
        self.data = io.BytesIO()

    def writable(self):
        return True

    def write(self, data):
        return self.data.write(data)


def streamed() -> bytes:
    target = Unseekable()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents().items():
            archive.writestr(name, content)
    return target.data.getvalue()


def wide() -> bytes:
    """ZIP64 fields and end records though nothing is large."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in contents().items():
            with archive.open(name, "w", force_zip64=True) as stream:
                stream.write(content)
    return target.getvalue()


def countersigned() -> bytes:
    """The city signs as second over all of it and the first signature."""
    found = contents()
    covered = {name: digest(content) for name, content in found.items() if name != "mimetype"}
    second = asic_manifest("META-INF/signature002.p7s", covered)
    signature = sign(second, tree().city.operator, NOW)
    return zipped({**found, "META-INF/ASiCManifest002.xml": second, "META-INF/signature002.p7s": signature})


@cache
def nested(method: int = zipfile.ZIP_STORED) -> bytes:
    """A city's package with two counties' in it, one of which holds a market office's."""
    t = tree()
    lowest = package(t.suo, t.county)
    inner = {
        "inner/140105-JU.rdpkg": package(t.county, t.city, {"inner/140105-S01.rdpkg": lowest}),
        "inner/140106-JU.rdpkg": package(t.neighbour, t.city),
    }
    return repacked(package(t.city, t.province, inner), method)


def repacked(data: bytes, method: int) -> bytes:
    return zipped(entries_of(data), method)


@cache
def curve_operator() -> Credential:
    t, mine = tree(), curve_key()
    certificate = certificates.operator_certificate(t.county.authority, "李四", mine.public_key(), MADE)
    return Credential(mine, certificate, t.county.chain)


def unsupported_certificate() -> bytes:
    """A certificate whose key is of a kind that the libraries do not know (SM2's curve)."""
    t = tree()
    data = t.county.der.replace(bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d01017f"))
    text = x509.load_der_x509_certificate(data).public_bytes(Encoding.PEM)
    return package(t.county, t.city, {"trust/more.pem": text})


GOOD_ZIP: dict[str, Callable[[], bytes]] = {
    "as riskdesk makes it": good,
    "zipped again by Info-ZIP": by_program("zip", "-r", "-X", "-D", "../p.zip", "."),
    "zipped again by Info-ZIP with directory entries": by_program("zip", "-r", "../p.zip", "."),
    "zipped again by 7z": by_program("7z", "a", "-tzip", "../p.zip", "."),
    "zipped again as a stream with data descriptors": streamed,
    "zipped again with directory entries": lambda: zipped([("data/", b""), ("META-INF/", b""), *contents().items()]),
    "zipped again with ZIP64 fields": wide,
    "without the mimetype": lambda: zipped({n: c for n, c in contents().items() if n != "mimetype"}),
    "with the mimetype last": lambda: zipped(dict(sorted(contents().items(), reverse=True))),
    "signed by openssl": lambda: signed_by(lambda data: openssl_sign(data, tree().county.operator, "-cades")),
    "signed by openssl with SHA-512": lambda: signed_by(
        lambda data: openssl_sign(data, tree().county.operator, "-cades", "-md", "sha512")
    ),
    "signed by openssl with RSA-PSS": lambda: signed_by(
        lambda data: openssl_sign(
            data,
            tree().county.operator,
            "-cades",
            "-keyopt",
            "rsa_padding_mode:pss",
            "-keyopt",
            "rsa_pss_saltlen:digest",
        )
    ),
    "signed with an elliptic curve": lambda: signed_by(lambda data: sign(data, curve_operator(), NOW)),
    "signed a second time by the city": countersigned,
    "with packages inside, stored": nested,
    "with packages inside, deflated": lambda: nested(zipfile.ZIP_DEFLATED),
    "with empty revocation lists": lambda: package(
        tree().county, tree().city, crls=[crl(tree().city), crl(tree().county), crl(tree().province)]
    ),
    "with a list that revokes another": lambda: package(
        tree().county, tree().city, crls=[crl(tree().county, (tree().city.operator.certificate, REASON.key_compromise))]
    ),
    "with a certificate of an unknown kind": unsupported_certificate,
    "with much that repeats itself": lambda: repacked(
        package(
            tree().county, tree().city, {"attach/2.txt": random.Random(1).randbytes(9000) + bytes((1 << 20) - 8900)}
        ),
        zipfile.ZIP_DEFLATED,
    ),
    "of a market office": lambda: package(tree().suo, tree().county),
    "of the province": lambda: package(tree().province, tree().city),
}

# --- bad zip files ---------------------------------------------------------------------------------------------------


def named(name: str | bytes) -> Callable[[], bytes]:
    """The good package with one more entry of that name."""
    data = name if isinstance(name, bytes) else name.encode()
    flags = 0 if data.isascii() else 0x800
    return lambda: written([*raw(), Entry(data, b"x", flags=flags)])


def changed(**changes) -> Callable[[], bytes]:
    """The good package with an entry that has other fields."""
    return lambda: written([*raw()[:-1], replace(raw()[-1], **changes)])


def bomb() -> bytes:
    return written([*raw(), Entry(b"attach/9.jpg", bytes(8 << 20), method=8)])


def overlapping() -> bytes:
    """Two directory entries for the same bytes."""
    given = raw()
    return written([*given, Entry(b"mimetype", given[0].content, offset=0)])


def overlapping_other_name() -> bytes:
    given = raw()
    return written([*given, Entry(b"attach/8.jpg", given[0].content, offset=0)])


def hidden_behind_deflate() -> bytes:
    """A stream reader finds another entry behind the end of the deflated stream."""
    last = raw()[-1]
    return written(
        [
            *raw()[:-1],
            replace(last, method=8, packed=rawzip.deflated(last.content) + b"PK\3\4 hidden"),
        ]
    )


def two_directories() -> bytes:
    """32-bit fields point to one directory, the ZIP64 record to another."""
    given = raw()
    whole = written(given)
    start = struct.unpack("<L", whole[-6:-2])[0]
    directory = whole[start:-22]
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, len(given), len(given), len(directory), start)
    place = start + len(directory)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, place, 1)
    fields = (0, 0, len(given), len(given), len(directory) + len(record) + len(locator), start, 0)
    return whole[:-22] + record + locator + struct.pack("<4s4H2LH", b"PK\5\6", *fields)


def second_name() -> bytes:
    """Info-ZIP takes the name from this field, others do not."""
    name = b"data/other.json"
    last = raw()[-1]
    content = struct.pack("<BL", 1, zlib_crc(last.name)) + name
    return written([*raw()[:-1], replace(last, extra=struct.pack("<2H", 0x7075, len(content)) + content)])


def zlib_crc(data: bytes) -> int:
    return Entry(b"", data).facts({})["crc"]


def descriptor_lies() -> bytes:
    last = raw()[-1]
    lie = struct.pack("<4s3L", b"PK\7\x08", zlib_crc(last.content), len(last.content) + 1, len(last.content))
    return written([*raw()[:-1], replace(last, flags=8, descriptor=lie)])


def flipped(name: str) -> Callable[[], bytes]:
    """The good package with a bit changed in an entry, the zip file in order."""

    def make() -> bytes:
        content = bytearray(contents()[name])
        content[len(content) // 2] ^= 1
        return zipped({**contents(), name: bytes(content)})

    return make


BAD_ZIP: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (bomb, "zip_ratio"),
    "an entry unpacks to more than it says": (changed(method=8, local={"size": 10}, central={"size": 10}), "zip_size"),
    "an entry unpacks to less than it says": (changed(method=8, local={"size": 9999}, central={"size": 9999}), "zip_size"),
    "two entries overlap": (overlapping_other_name, "zip_local"),
    "an entry is listed twice": (overlapping, "zip_duplicate"),
    "more than 5000 entries": (
        lambda: zipped({**contents(), **{f"attach/{n}.jpg": b"" for n in range(5001)}}, zipfile.ZIP_STORED), "zip_count"
    ),
    "a count that lies": (lambda: written(raw(), end={"count": 3}), "zip_count"),
    "a name that climbs": (named("../evil.txt"), "zip_name"),
    "a name that climbs inside": (named("data/../../evil.txt"), "zip_name"),
    "an absolute name": (named("/etc/passwd"), "zip_name"),
    "a name with a drive": (named("C:\\evil.exe"), "zip_name"),
    "a name on the network": (named("\\\\server\\evil"), "zip_name"),
    "a name with a backslash": (named("data\\evil.json"), "zip_name"),
    "a name with a dot in front": (named("./data/evil.json"), "zip_name"),
    "a device name": (named("attach/CON.txt"), "zip_name"),
    "a device name with a number": (named("attach/lpt1"), "zip_name"),
    "a hidden name": (named("attach/.hidden"), "zip_name"),
    "a name with a dot at its end": (named("attach/a."), "zip_name"),
    "a name that runs backwards": (named("attach/a\u202egpj.exe"), "zip_name"),
    "a name with a Cyrillic letter": (named("attach/а.jpg"), "zip_name"),
    "a Chinese name": (named("attach/图片.jpg"), "zip_name"),
    "a name with a zero byte": (named(b"attach/a\0.jpg"), "zip_name"),
    "a name in an unknown folder": (named("other/a.jpg"), "zip_name"),
    "a name in a folder below": (named("attach/a/b.jpg"), "zip_name"),
    "a name too long": (named("attach/" + "a" * 101), "zip_name"),
    "a second name for Unicode": (second_name, "zip_name"),
    "a name twice": (named("data/records.json"), "zip_duplicate"),
    "names that differ in case": (named("data/RECORDS.json"), "zip_duplicate"),
    "a symbolic link": (changed(attributes=(stat.S_IFLNK | 0o777) << 16), "zip_type"),
    "a device file": (changed(attributes=(stat.S_IFCHR | 0o666) << 16), "zip_type"),
    "a folder that is a link": (
        lambda: written([Entry(b"data/", b"", attributes=(stat.S_IFLNK | 0o777) << 16), *raw()]), "zip_type"
    ),
    "a folder with content": (lambda: written([Entry(b"data/", b"hidden"), *raw()]), "zip_name"),
    "another name in the local header": (changed(local={"name": b"META-INF/signature009.p7s"}), "zip_local"),
    "another size in the local header": (changed(local={"size": 3}), "zip_local"),
    "another checksum in the local header": (changed(local={"crc": 3}), "zip_local"),
    "another method in the local header": (changed(local={"method": 8}), "zip_local"),
    "another size in the data descriptor": (descriptor_lies, "zip_layout"),
    "a wrong checksum in both headers": (changed(local={"crc": 3}, central={"crc": 3}), "zip"),
    "a password": (changed(flags=1), "zip_encrypted"),
    "an unusual method": (changed(method=12), "zip_method"),
    "a broken stream": (changed(method=8, packed=b"\xff" * 40), "zip"),
    "a stream that ends early": (
        lambda: written([*raw()[:-1], replace(raw()[-1], method=8, packed=rawzip.deflated(raw()[-1].content)[:-9])]), "zip"
    ),
    "data behind the deflated stream": (hidden_behind_deflate, "zip_layout"),
    "bytes appended": (lambda: good() + b"x", "zip"),
    "a whole package appended": (lambda: good() + package(tree().neighbour, tree().city), "zip_layout"),
    "bytes in front": (lambda: b"MZ" + good(), "zip_layout"),
    "bytes in front, offsets put right": (lambda: written([replace(raw()[0], before=b"MZ"), *raw()[1:]]), "zip_layout"),
    "bytes between entries": (lambda: written([raw()[0], replace(raw()[1], before=b"gap"), *raw()[2:]]), "zip_layout"),
    "bytes before the directory": (lambda: written(raw(), middle=b"gap"), "zip_layout"),
    "bytes behind the directory": (lambda: written(raw(), tail=b"gap"), "zip"),
    "a second directory by ZIP64": (two_directories, "zip_layout"),
    "a comment": (lambda: written(raw(), end={"comment": b"hello"}), "zip"),
    "cut off in the middle": (lambda: good()[: len(good()) // 2], "zip"),
    "cut off at the end": (lambda: good()[:-1], "zip"),
    "empty": (lambda: b"", "zip"),
    "no zip file": (lambda: b"%PDF-1.4 hello", "zip"),
    "another mimetype": (lambda: zipped({**contents(), "mimetype": b"application/zip"}), "mimetype"),
    **{
        f"a bit changed in {name}": (flipped(name), reason)
        for name, reason in (
            ("manifest.json", "digest"), ("data/records.json", "digest"), ("attach/0001.jpg", "digest"),
            ("SHA256SUMS", "digest"), ("trust/ca.pem", "digest"), (SIGNATURE, "*"), (SIGNED, "*"),
        )
    },
}  # fmt: skip

# --- bad signatures --------------------------------------------------------------------------------------------------


def without(*names: str) -> Callable[[], bytes]:
    return lambda: zipped({name: content for name, content in contents().items() if name not in names})


def with_entry(name: str, content: bytes) -> Callable[[], bytes]:
    return lambda: zipped({**contents(), name: content})


def swapped() -> bytes:
    """The signature of another package of the same office."""
    other = entries_of(package(tree().county, tree().city, {"data/records.json": b"{}"}))
    return zipped({**contents(), SIGNATURE: other[SIGNATURE]})


def by_openssl(*flags: str) -> Callable[[], bytes]:
    return lambda: signed_by(lambda data: openssl_sign(data, tree().county.operator, *flags))


def edited_cms(change) -> Callable[[], bytes]:
    """The good signature with something changed in its structure."""

    def sign_it(data: bytes) -> bytes:
        info = cms.ContentInfo.load(sign(data, tree().county.operator, NOW))
        change(info["content"])
        return info.dump(force=True)

    return lambda: signed_by(sign_it)


def twice_signed(signed) -> None:
    signed["signer_infos"].append(signed["signer_infos"][0].copy())


def nobody_signed(signed) -> None:
    signed["signer_infos"] = []


def without_certificates(signed) -> None:
    signed["certificates"] = []


def other_certificate_hash(signed) -> None:
    for each in signed["signer_infos"][0]["signed_attrs"]:
        if each["type"].native == "signing_certificate_v2":
            each["values"][0]["certs"][0]["cert_hash"] = core.OctetString(bytes(32))


@cache
def weak_operator() -> Credential:
    t, mine = tree(), key(900, 1024)
    certificate = certificates.operator_certificate(t.county.authority, "弱", mine.public_key(), MADE)
    return Credential(mine, certificate, t.county.chain)


def authority_as_signer() -> Credential:
    t = tree()
    return Credential(t.county.authority.key, t.county.authority.certificate, t.city.chain)


@cache
def authority_with_person() -> Credential:
    """A certificate of an authority that bears a person's name."""
    t = tree()
    name = distinguished_name(t.county.path, "张三")
    certificate = certificates._signed(
        name, key(901).public_key(), issuer=t.county.authority, now=MADE, years=3, extensions=certificates._authority(0)
    )
    return Credential(key(901), certificate, t.county.chain)


@cache
def not_for_signing() -> Credential:
    """An operator's certificate whose key is for encryption only."""
    t = tree()
    usage = x509.KeyUsage(False, False, True, False, False, False, False, False, False)
    name = distinguished_name(t.county.path, "张三")
    certificate = certificates._signed(
        name, key(902).public_key(), issuer=t.county.authority, now=MADE, years=3, extensions=[(usage, True)]
    )
    return Credential(key(902), certificate, t.county.chain)


def edited_xml(old: bytes, new: bytes) -> Callable[[], bytes]:
    return lambda: signed_by(
        lambda data: sign(data, tree().county.operator, NOW), xml=lambda data: data.replace(old, new, 1)
    )


def recoded_xml(encoding: str, old: str, new: str) -> Callable[[], bytes]:
    def recode(data: bytes) -> bytes:
        text = data.decode().replace("UTF-8", encoding).replace(old, new, 1)
        return text.encode(encoding)

    return lambda: signed_by(lambda data: sign(data, tree().county.operator, NOW), xml=recode)


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
SOME = "<asic:ASiCManifest"


def uncovered() -> bytes:
    """An entry that the signature does not cover, though the sums list it."""
    t = tree()
    found = dict(contents())
    found["attach/0002.jpg"] = b"new"
    found["SHA256SUMS"] += f"{digest(b'new').hex()} *attach/0002.jpg\n".encode()
    covered = {n: digest(c) for n, c in found.items() if n not in ("mimetype", "attach/0002.jpg", SIGNED, SIGNATURE)}
    found[SIGNED] = asic_manifest(SIGNATURE, covered)
    found[SIGNATURE] = sign(found[SIGNED], t.county.operator, NOW)
    return zipped(found)


def sums_lie() -> bytes:
    found = dict(contents())
    found["SHA256SUMS"] = found["SHA256SUMS"].replace(b"*attach/0001.jpg", b"*attach/0002.jpg")
    covered = {n: digest(c) for n, c in found.items() if n != "mimetype" and not n.startswith("META-INF/")}
    found[SIGNED] = asic_manifest(SIGNATURE, covered)
    found[SIGNATURE] = sign(found[SIGNED], tree().county.operator, NOW)
    return zipped(found)


def countersigned_partly() -> bytes:
    """The second signature leaves the first out."""
    found = contents()
    covered = {n: digest(c) for n, c in found.items() if n != "mimetype" and not n.startswith("META-INF/")}
    second = asic_manifest("META-INF/signature002.p7s", covered)
    signature = sign(second, tree().city.operator, NOW)
    return zipped({**found, "META-INF/ASiCManifest002.xml": second, "META-INF/signature002.p7s": signature})


def too_many_certificates() -> bytes:
    t = tree()
    more = [
        certificates.operator_certificate(t.county.authority, f"p{n}", key(1).public_key(), MADE) for n in range(40)
    ]
    return package(t.county, t.city, {"trust/more.pem": to_pem(map(der, more))})


BAD_SIGNATURE: dict[str, tuple[Callable[[], bytes], str]] = {
    "the signature is gone": (without(SIGNATURE), "unsigned"),
    "the list of what is signed is gone": (without(SIGNED), "unsigned"),
    "both are gone": (without(SIGNATURE, SIGNED), "unsigned"),
    "a file is gone": (without("attach/0001.jpg"), "coverage"),
    "the manifest is gone": (without("manifest.json"), "coverage"),
    "the sums are gone": (without("SHA256SUMS"), "coverage"),
    "a file was added": (with_entry("attach/0002.jpg", b"new"), "coverage"),
    "a file was added that the signature leaves out": (uncovered, "coverage"),
    "the sums tell another story": (sums_lie, "digest"),
    "something else in META-INF": (with_entry("META-INF/manifest.xml", b"<a/>"), "extra_signature_file"),
    "a second signature without its list": (with_entry("META-INF/signature002.p7s", b"x"), "unsigned"),
    "a second signature that is garbage": (
        lambda: zipped({**entries_of(countersigned()), "META-INF/signature002.p7s": b"garbage"}), "cms"
    ),
    "a second signature that leaves the first out": (countersigned_partly, "coverage"),
    "the signature of another package": (swapped, "signature"),
    "the content inside the signature": (by_openssl("-cades", "-nodetach"), "cms_attached"),
    "no signed attributes": (by_openssl("-noattr"), "cms_attributes"),
    "no signing certificate among the attributes": (by_openssl(), "cms_attributes"),
    "another signing certificate among the attributes": (edited_cms(other_certificate_hash), "*"),
    "SHA-1": (by_openssl("-cades", "-md", "sha1"), "weak"),
    "RSA with 1024 bits": (lambda: signed_by(lambda data: sign(data, weak_operator(), NOW)), "weak"),
    "an authority as signer": (lambda: signed_by(lambda data: sign(data, authority_as_signer(), NOW)), "cms_certificate"),
    "an authority with a person's name as signer": (
        lambda: signed_by(lambda data: sign(data, authority_with_person(), NOW)), "cms_certificate"
    ),
    "a key that is not for signing": (lambda: signed_by(lambda data: sign(data, not_for_signing(), NOW)), "*"),
    "garbage as signature": (lambda: signed_by(lambda data: b"garbage"), "cms"),
    "nothing as signature": (lambda: signed_by(lambda data: b""), "cms"),
    "a signature with bytes behind it": (lambda: signed_by(lambda d: sign(d, tree().county.operator, NOW) + b"x"), "cms"),
    "a huge signature": (lambda: signed_by(lambda data: random.Random(1).randbytes(2 << 20)), "cms"),
    "two signers in one signature": (edited_cms(twice_signed), "cms_signers"),
    "no signer": (edited_cms(nobody_signed), "cms_signers"),
    "no certificate": (edited_cms(without_certificates), "cms_certificate"),
    "an XML bomb in the list": (edited_xml(SOME.encode(), (BOMB + SOME).encode()), "signature_file"),
    "an external entity in the list": (edited_xml(SOME.encode(), (EXTERNAL + SOME).encode()), "signature_file"),
    "a document type hidden by UTF-16": (recoded_xml("UTF-16", SOME, BOMB + SOME), "signature_file"),
    "a document type hidden by UTF-7": (recoded_xml("UTF-7", SOME, BOMB + SOME), "signature_file"),
    "a comment in the list": (edited_xml(SOME.encode(), b"<!-- hello -->" + SOME.encode()), "signature_file"),
    "no XML in the list": (lambda: signed_by(lambda d: sign(d, tree().county.operator, NOW), xml=lambda d: b"x"), "signature_file"),
    "another element in the list": (edited_xml(b"<asic:DataObjectReference", b"<asic:Other/><asic:DataObjectReference"), "signature_file"),
    "two digests of one file": (
        edited_xml(b"</ds:DigestValue>", b"</ds:DigestValue><ds:DigestValue>AAAA</ds:DigestValue>"), "signature_file"
    ),
    "a digest by SHA-1": (edited_xml(b"2001/04/xmlenc#sha256", b"2000/09/xmldsig#sha1"), "weak"),
    "the list names another signature": (edited_xml(b"signature001", b"signature002"), "signature_file"),
    "certificates without end": (too_many_certificates, "cms"),
    "a certificate file that is none": (lambda: package(tree().county, tree().city, {"trust/x.pem": b"x"}), "payload"),
    "a revocation list that is none": (lambda: package(tree().county, tree().city, crls=[b"garbage"]), "payload"),
}  # fmt: skip

# --- what it says, and who says it -----------------------------------------------------------------------------------


def forged_operator(issuer, path, number: int = 910) -> Credential:
    """An operator of `path` whose certificate an office issued that may not."""
    name = distinguished_name(path, "张三")
    usage = [(x509.BasicConstraints(ca=False, path_length=None), True), (certificates._usage(sign=True), True)]
    certificate = certificates._signed(
        name, key(number).public_key(), issuer=issuer.authority, now=MADE, years=3, extensions=usage
    )
    return Credential(key(number), certificate, issuer.chain)


@cache
def by_station_as_county() -> bytes:
    """A station makes an operator of its county."""
    t = tree()
    return package(t.county, t.city, by=forged_operator(t.station, t.county.path))


@cache
def by_widened_authority() -> bytes:
    """A station makes an authority with the county's name below its own, and that an operator."""
    t = tree()
    limits = x509.NameConstraints([x509.DirectoryName(distinguished_name(t.county.path))], None)
    authority = certificates._signed(
        distinguished_name(t.county.path),
        key(911).public_key(),
        issuer=t.station.authority,
        now=MADE,
        years=9,
        extensions=[*certificates._authority(0), (limits, True)],
    )
    made = Authority(authority, key(911))
    return package(
        t.county,
        t.city,
        by=operator(made, "张三", 12, [authority, *map(x509.load_der_x509_certificate, t.station.chain)]),
    )


@cache
def by_county_below_itself() -> bytes:
    """A county adds the neighbour's code below its own name: name constraints allow it."""
    t = tree()
    path = (*t.county.path, t.neighbour.path[-1])
    return package(t.neighbour, t.city, by=forged_operator(t.county, path, 912))


@cache
def revoked_by_itself() -> bytes:
    """A station makes an operator of its county and revokes it for a harmless reason, so that a person may accept it."""
    t = tree()
    forged = forged_operator(t.station, t.county.path)
    return package(t.county, t.city, by=forged, crls=[crl(t.station, (forged.certificate, REASON.superseded))])


def by_stranger() -> bytes:
    stranger = office(tree().province.path, 950)
    return package(stranger, tree().city)


def by_stranger_below() -> bytes:
    """A whole hierarchy of the same names with other keys."""
    t = tree()
    root = office(t.province.path, 950)
    city = office(t.city.path, 951, root)
    return package(office(t.county.path, 952, city), t.city)


@cache
def old_operator() -> Credential:
    """An operator of the county whose time was over before that of the county's authority began."""
    t = tree()
    old = operator(t.county.authority, "张三", 20, [], NOW - timedelta(days=4 * 365))
    return Credential(old.key, old.certificate, t.county.chain)


def with_old_operator() -> bytes:
    t = tree()
    return package(t.county, t.city, by=old_operator())


def with_old_operator_revoked(reason) -> bytes:
    t = tree()
    return package(t.county, t.city, by=old_operator(), crls=[crl(t.county, (old_operator().certificate, reason))])


def with_future_operator() -> bytes:
    t = tree()
    new = operator(t.county.authority, "张三", 21, [], NOW + timedelta(days=30))
    return package(t.county, t.city, by=Credential(new.key, new.certificate, t.county.chain))


def revoked(reason=REASON.key_compromise, *, older: bool = False, newer: bool = False) -> Callable[[], bytes]:
    """A county's operator on a list, beside one that is `older` or `newer` and does not name it."""

    def make() -> bytes:
        t = tree()
        lists = [crl(t.county, (t.county.operator.certificate, reason), number=2)]
        lists += [crl(t.county, number=1)] * older + [crl(t.county, number=3)] * newer
        return package(t.county, t.city, crls=lists)

    return make


def revoked_twice() -> bytes:
    t = tree()
    signer = t.county.operator.certificate
    lists = [
        crl(t.county, (signer, why), number=n) for n, why in enumerate((REASON.key_compromise, REASON.superseded), 1)
    ]
    return package(t.county, t.city, crls=lists)


def revoked_since(reason=REASON.key_compromise) -> Callable[[], bytes]:
    """A county's package inside its city's; since it was taken, the city has revoked the county, and tells so."""

    def make() -> bytes:
        t = tree()
        listed = crl(t.city, (t.county.authority.certificate, reason))
        return package(t.city, t.province, {"inner/a.rdpkg": package(t.county, t.city)}, crls=[listed])

    return make


@cache
def next_root() -> tuple[Office, bytes]:
    """The province with its next key, and the hand-over (PEM) that the key before has signed."""
    t = tree()
    root = office(t.province.path, 963)
    return root, to_pem([der(certificates.cross_certificate(t.province.authority, root.authority.certificate, MADE))])


def below_the_next_root() -> bytes:
    root, hand_over = next_root()
    return package(office(tree().city.path, 964, root), tree().province, {"trust/more.pem": hand_over})


def revoked_by_the_next_root() -> bytes:
    """What the old root certified, as revoked by its next key."""
    t = tree()
    root, hand_over = next_root()
    listed = crl(root, (t.city.authority.certificate, REASON.key_compromise), number=7)
    return package(t.city, t.province, {"trust/more.pem": hand_over}, crls=[listed])


def revoked_by_a_stranger_of_the_same_name() -> bytes:
    """A stranger certifies the root's key and revokes for it: nobody takes notice."""
    t = tree()
    stranger = office(t.province.path, 965)
    bridge = certificates.cross_certificate(stranger.authority, t.province.authority.certificate, MADE)
    forged = crl(stranger, (t.city.authority.certificate, REASON.key_compromise), number=99)
    return package(t.county, t.city, {"trust/more.pem": to_pem([der(bridge), stranger.der])}, crls=[forged])


@cache
def bridged_and_revoked_by_a_station(reason, years_ago: int) -> bytes:
    """A station certifies its county's key, and revokes that: nobody takes notice, whether there was a moment at which it was valid or not."""
    t = tree()
    bridge = certificates._signed(
        distinguished_name(t.county.path),
        t.county.authority.certificate.public_key(),
        issuer=t.station.authority,
        now=MADE - timedelta(days=years_ago * 365),
        years=9,
        extensions=certificates._authority(0),
    )
    more = {"trust/more.pem": to_pem([der(bridge), *t.station.chain])}
    return package(t.county, t.city, more, crls=[crl(t.station, (bridge, reason))])


def replaced_key(*revoked: str) -> bytes:
    """A county's package signed below its new key; the city has revoked the certificates of the old key, or of the new."""
    t = tree()
    renewed = office(t.county.path, 966, t.city)
    made = {"old": t.county, "new": renewed}
    entries = [(made[each].authority.certificate, REASON.superseded) for each in revoked]
    return package(renewed, t.city, crls=[crl(t.city, *entries)])


def inside_by_one_who_has_expired() -> bytes:
    data = with_old_operator()
    return package(tree().city, tree().province, {"inner/a.rdpkg": data})


@cache
def by_expired_station() -> bytes:
    """A station makes an operator of its county whose time was over before the station's own began: no moment to check the way at."""
    t = tree()
    usage = [(x509.BasicConstraints(ca=False, path_length=None), True), (certificates._usage(sign=True), True)]
    forged = certificates._signed(
        distinguished_name(t.county.path, "张三"),
        key(913).public_key(),
        issuer=t.station.authority,
        now=NOW - timedelta(days=9 * 365),
        years=3,
        extensions=usage,
    )
    return package(t.county, t.city, by=Credential(key(913), forged, t.station.chain))


@cache
def by_expired_authority() -> bytes:
    """A station makes an authority of its county's name, with an operator, whose times were over before its own began."""
    t = tree()
    then = NOW - timedelta(days=30 * 365)
    authority = certificates._signed(
        distinguished_name(t.county.path),
        key(914).public_key(),
        issuer=t.station.authority,
        now=then,
        years=9,
        extensions=certificates._authority(0),
    )
    made = operator(Authority(authority, key(914)), "张三", 15, [authority], then)
    by = Credential(made.key, made.certificate, (der(authority), *t.station.chain))
    return package(t.county, t.city, by=by)


def revoked_authority() -> bytes:
    t = tree()
    return package(t.county, t.city, crls=[crl(t.city, (t.county.authority.certificate, REASON.ca_compromise))])


@cache
def deep() -> bytes:
    """Five packages in one another, all in order."""
    t = tree()
    data = package(t.suo, t.county)
    for sender, to in ((t.county, t.city), (t.city, t.province), (t.province, t.city), (t.city, t.province)):
        data = package(sender, to, {"inner/a.rdpkg": data})
    return data


def inner(data: bytes) -> bytes:
    """A city's package with something inside."""
    return package(tree().city, tree().province, {"inner/a.rdpkg": data})


BAD_CONTENT: dict[str, tuple[Callable[[], bytes], str]] = {
    "another sender in the manifest": (lambda: with_manifest(sender=tree().neighbour.code), "sender"),
    "a manifest that is none": (lambda: signed_manifest(b"[]"), "manifest"),
    "a manifest without a sender": (lambda: signed_manifest(b'{"schema":1}'), "manifest"),
    "a manifest of a newer schema": (lambda: signed_manifest(b'{"schema":2}'), "too_new"),
    "a manifest with a key twice": (lambda: signed_manifest(b'{"schema":1,"schema":1}'), "manifest"),
    "a manifest with a fraction": (lambda: signed_manifest(b'{"schema":1,"a":1.5}'), "manifest"),
    "a manifest with a huge number": (lambda: signed_manifest(b'{"schema":1,"a":' + b"9" * 30 + b"}"), "manifest"),
    "a manifest with half a character": (lambda: signed_manifest(b'{"schema":1,"a":"\\ud800"}'), "manifest"),
    "a manifest nested without end": (lambda: signed_manifest(b'{"a":' * 90000 + b"1" + b"}" * 90000), "manifest"),
    "a manifest in another encoding": (lambda: signed_manifest('{"schema":1}'.encode("utf-16")), "manifest"),
    "a manifest of a schema that is no number": (lambda: manifest_with(schema=True), "manifest"),
    "a manifest with a number that is none": (lambda: manifest_with(number=True), "manifest"),
    "a manifest with a period that is no text": (lambda: manifest_with(period=202305), "manifest"),
    "a manifest with a yes that is text": (lambda: manifest_with(nil="x"), "manifest"),
    "a manifest with a title that is no text": (lambda: manifest_with(titles={"a": 1}), "manifest"),
    "a manifest with nothing where text is due": (lambda: manifest_with(audit=None), "manifest"),
    "a manifest nested too deeply in a field of later": (lambda: manifest_with(later=nested_lists(64)), "manifest"),
    "a manifest without time zone": (lambda: with_manifest(created="2023-05-25T09:00:00"), "manifest"),
    "packages nested too deeply": (deep, "depth"),
    "a package inside that was changed": (lambda: inner(flipped("data/records.json")()), "digest"),
    "a package inside that is none": (lambda: inner(b"garbage"), "zip"),
    "a package inside of a stranger": (lambda: inner(by_stranger_below()), "inner"),
    "a package inside that was for another": (lambda: inner(package(tree().suo, tree().county)), "inner"),
    "a package inside of an operator that is not valid yet": (lambda: inner(with_future_operator()), "inner"),
    "a package inside forged by a station in a time long past": (lambda: inner(by_expired_authority()), "scope"),
    "a package inside forged by a station for an operator of a time long past": (
        lambda: inner(by_expired_station()),
        "scope",
    ),
    "a package inside forged by a station": (lambda: inner(by_station_as_county()), "scope"),
    "a package inside forged and revoked by a station": (lambda: inner(revoked_by_itself()), "scope"),
    "a station makes an operator of its county": (by_station_as_county, "scope"),
    "a station makes an authority of its county's name": (by_widened_authority, "scope"),
    "a county makes an operator with another's code below itself": (by_county_below_itself, "scope"),
    "a station forges, and revokes harmlessly": (revoked_by_itself, "scope"),
}


def yearly_report() -> bytes:
    t = tree()
    files = {"data/assessment.json": assessment_to_bytes(()), "report/annex2.docx": b"PK", "report/annex2.pdf": b"%PDF"}
    titles = {"report/annex2.docx": "专题分析报告.docx", "report/annex2.pdf": "专题分析报告.pdf"}
    manifest = head(t.county, t.city, kind=PackageKind.ASSESSMENT, period="2023", titles=titles)
    return package(t.county, t.city, files, manifest=manifest)


GOOD_MANIFEST: dict[str, Callable[[], bytes]] = {
    "with fields of later": lambda: manifest_with(later={"a": [None, True, -(2**53) + 1, 2**53 - 1]}),
    "with a field of later that is nested as deeply as may be": lambda: manifest_with(later=nested_lists(63)),
    "with a yearly report and people's copies of it": yearly_report,
}

GOOD_TRUST: dict[str, Callable[[], bytes]] = {
    "with a package inside of an office that was revoked since": revoked_since(),
    "with a package inside of an office that was closed since": revoked_since(REASON.cessation_of_operation),
    "with a package inside of an operator who revoked itself": lambda: inner(revoked()()),
    "with a package inside of an operator who has expired since": inside_by_one_who_has_expired,
    "with a package inside of an operator who has expired and was replaced since": (
        lambda: inner(with_old_operator_revoked(REASON.superseded))
    ),
    "with a package inside of an operator who has expired and was revoked since": (
        lambda: inner(with_old_operator_revoked(REASON.key_compromise))
    ),
    "below the next root": below_the_next_root,
    "with a list of a stranger who certifies the root's key": revoked_by_a_stranger_of_the_same_name,
    "with a bridge of a station that is revoked": lambda: bridged_and_revoked_by_a_station(REASON.key_compromise, 0),
    "with a bridge of a station that is replaced": lambda: bridged_and_revoked_by_a_station(REASON.superseded, 0),
    "with a bridge of a station that was never valid": lambda: bridged_and_revoked_by_a_station(
        REASON.key_compromise, 30
    ),
    "of an office whose old key is revoked": lambda: replaced_key("old"),
}

UNTRUSTED: dict[str, tuple[Callable[[], bytes], str]] = {
    "of an unknown root": (by_stranger, "unknown"),
    "of an unknown hierarchy of the same names": (by_stranger_below, "unknown"),
    "of an operator that has expired": (with_old_operator, "expired"),
    "of an operator that has expired and was replaced": (
        lambda: with_old_operator_revoked(REASON.superseded), "retired"
    ),
    "of an operator that has expired and was revoked": (
        lambda: with_old_operator_revoked(REASON.key_compromise), "revoked"
    ),
    "of an operator that is not valid yet": (with_future_operator, "not_yet_valid"),
    "of an operator that is revoked": (revoked(), "revoked"),
    "of an operator that was replaced": (revoked(REASON.superseded), "retired"),
    "of an authority that is revoked": (revoked_authority, "revoked"),
    "of an operator that the newer of two lists revokes": (revoked(older=True), "revoked"),
    "of an operator that the older of two lists revokes": (revoked(newer=True), "revoked"),
    "of an operator that one list revokes and the next retires": (revoked_twice, "revoked"),
    "of an office that the next root revokes": (revoked_by_the_next_root, "revoked"),
    "of an office whose new key is revoked, too": (lambda: replaced_key("old", "new"), "retired"),
}  # fmt: skip


def manifest_with(**fields) -> bytes:
    """The good package with fields in the manifest that riskdesk would never write."""
    t = tree()
    given = {**json.loads(head(t.county, t.city).to_bytes()), **fields}
    return signed_manifest(json.dumps(given, sort_keys=True, separators=(",", ":")).encode())


def nested_lists(depth: int) -> object:
    """A number in that many lists."""
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def signed_manifest(data: bytes) -> bytes:
    return signed_by(
        lambda d: sign(d, tree().county.operator, NOW), payload={**payload_of(good()), "manifest.json": data}
    )


GOOD = {**GOOD_ZIP, **GOOD_MANIFEST, **GOOD_TRUST}
BAD = {**BAD_ZIP, **BAD_SIGNATURE, **BAD_CONTENT}


def mutated(data: bytes, count: int, seed: int):
    """The bytes with a random change each: a byte replaced, a bit flipped, some removed or doubled."""
    chance = random.Random(seed)
    for _ in range(count):
        changed = bytearray(data)
        at = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                changed[at] ^= 1 << chance.randrange(8)
            case 2:
                del changed[at : at + chance.randrange(1, 9)]
            case _:
                changed[at:at] = changed[at : at + chance.randrange(1, 9)]
        yield bytes(changed)
