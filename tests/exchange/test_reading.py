"""What the reports in a package say is read where it is verified, and told as it stands there; what cannot be read is put aside."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from exchange.offices import NOW, head, package, payload_of, sealed, tree, zipped

from riskdesk.domain.canonical import canonical
from riskdesk.domain.extracts import extract_of
from riskdesk.domain.records import Record, fingerprint, record_to_body
from riskdesk.domain.revisions import RevisionState, revision
from riskdesk.exchange.cades import sign
from riskdesk.exchange.child import GuardedVerifier
from riskdesk.exchange.findings import ReadReport
from riskdesk.exchange.manifest import PackageKind
from riskdesk.exchange.payload import REPORT, Rejected, Report, report_to_bytes
from riskdesk.exchange.reading import read_package
from riskdesk.exchange.refusal import Refusal

AT = datetime(2023, 5, 25, tzinfo=UTC)
SAID = Record("2023-05", product="充电宝", content="过充起火🔥；外壳开裂")


@pytest.fixture(scope="module")
def verifier():
    with GuardedVerifier() as started:
        yield started


@pytest.fixture
def read(tmp_path, verifier):
    """Read a package here and in the guarded process, which tells the same."""

    def both(data):
        path = tmp_path / "a.rdpkg"
        path.write_bytes(data)
        here = read_package(path, tree().trust, NOW)
        verifier.begin(path, tree().trust, NOW)
        assert verifier.fetch().read() == here
        return here

    return both


def step(number, body=None, kind="record", **more):
    body = record_to_body(SAID) if body is None else body
    return revision(object_id=f"r{number}", kind=kind, org=tree().county.code, body=body, author="张三", at=AT, **more)


def report(*steps, **changes):
    said = Report(
        "2023-05", "monthly", 1, nil=False, sealed_at=AT.isoformat(), items=tuple(each.hash for each in steps)
    )
    return replace(said, **changes)


def sent(*steps, by=None, to=None, data=None, inner=None, **changes):
    files = {REPORT: data or report_to_bytes(report(*steps), steps)}
    files |= {f"inner/{name}": each for name, each in (inner or {}).items()}
    sender, receiver = by or tree().county, to or tree().city
    return package(sender, receiver, files, manifest=head(sender, receiver, **changes))


def test_revisions_come_with_what_lists_keep_of_them(read):
    first = step(1)
    steps = (first, step(1, parents=[first], state=RevisionState.WITHDRAWN, reason="重复"), step(2, {"x": 1}, "review"))
    found = read(sent(*steps))
    [told] = found.reports
    extracts = {each.hash: extract_of(each.body, each.at) for each in steps[:2]}
    assert told == ReadReport(report(*steps), steps, extracts, {})
    extract = told.extracts[first.hash]
    assert (extract.product, extract.fingerprint, extract.changed_at) == ("充电宝", fingerprint(SAID), first.at)
    assert extract.search_text == "充电宝\n过充起火🔥;外壳开裂"


def test_a_record_that_cannot_be_read_and_a_revision_that_lies_are_told_as_such(read):
    odd, whole = step(3, {"schema": 1, "period": "2023-05", "product": 7}), step(4)
    lying = replace(step(6), author="李四")
    [told] = read(sent(odd, whole, lying)).reports
    assert told.steps == (odd, whole, Rejected("r6", "内容与校验值不符"))
    assert told.extracts.keys() == {whole.hash}
    assert told.unreadable == {odd.hash: "数据字段 product 的值不对：7"}


def test_reports_of_packages_inside_are_read_in_the_order_of_those(read):
    inner = {"1.rdpkg": sent(step(5)), "2.rdpkg": sent(step(7))}
    found = read(sent(by=tree().city, to=tree().province, inner=inner))
    assert [way for way, _ in found.verified.with_inside()] == [(), ("inner/1.rdpkg",), ("inner/2.rdpkg",)]
    assert [each.steps for each in found.reports] == [(), (step(5),), (step(7),)]


def test_reports_that_nobody_fetched_are_not_taken_for_those_of_the_next_package(tmp_path, verifier):
    nested, single = tmp_path / "1.rdpkg", tmp_path / "2.rdpkg"
    nested.write_bytes(
        sent(by=tree().city, to=tree().province, inner={"1.rdpkg": sent(step(5)), "2.rdpkg": sent(step(7))})
    )
    single.write_bytes(sent(step(8)))
    verifier.begin(nested, tree().trust, NOW)
    assert verifier.has_read(60)
    verifier.begin(single, tree().trust, NOW)
    assert verifier.fetch().read() == read_package(single, tree().trust, NOW)
    verifier.begin(nested, tree().trust, NOW)
    assert [len(each.steps) for each in verifier.fetch().read().reports] == [0, 1, 1]
    assert verifier.has_read(60)  # nothing is asked, so nothing is waited for


def test_other_packages_hold_no_report(read):
    assert read(sent(kind=PackageKind.ANSWER)).reports == ()


@pytest.mark.parametrize(
    ("data", "changes", "reason"),
    [
        (None, {"period": "2023-06"}, "manifest"),
        (None, {"number": 2}, "manifest"),
        (None, {"nil": True}, "manifest"),
        (canonical({"schema": 1, "revisions": 7}), {}, "payload"),
        (canonical({"schema": 99}), {}, "too_new"),
        (b"[", {}, "payload"),
    ],
)
def test_a_report_that_is_none_or_another_than_the_manifest_names_is_refused(tmp_path, verifier, data, changes, reason):
    path = tmp_path / "a.rdpkg"
    path.write_bytes(sent(data=data, **changes))
    with pytest.raises(Refusal) as here:
        read_package(path, tree().trust, NOW)
    verifier.begin(path, tree().trust, NOW)
    with pytest.raises(Refusal) as there:
        verifier.fetch().read()
    assert here.value.reason == there.value.reason == reason


def test_a_package_without_the_report_that_its_kind_promises_is_refused(tmp_path):
    entries = payload_of(sent(step(6)))
    del entries[REPORT]
    path = tmp_path / "a.rdpkg"
    path.write_bytes(zipped(sealed(entries, lambda data: sign(data, tree().county.operator, NOW))))
    with pytest.raises(Refusal) as refused:
        read_package(path, tree().trust, NOW)
    assert refused.value.reason == "payload"
