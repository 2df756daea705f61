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
from riskdesk.exchange.manifest import PackageKind
from riskdesk.exchange.payload import REPORT, Rejected, Report, report_to_bytes
from riskdesk.exchange.reading import ReadReport, Steps, read_package
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
        assert verifier.read() == here
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
    [told] = found.reports.values()
    assert found.reports.keys() == {found.verified.id}
    assert told == ReadReport(
        report(*steps), Steps(steps, {each.hash: extract_of(each.body, each.at) for each in steps[:2]})
    )
    extract = told.came.extracts[first.hash]
    assert (extract.product, extract.fingerprint, extract.changed_at) == ("充电宝", fingerprint(SAID), first.at)
    assert extract.search_text == "充电宝\n过充起火🔥;外壳开裂"


def test_a_record_that_cannot_be_read_is_put_aside_and_the_others_are_told(read):
    lying = report_to_bytes(report(), (step(3, {"schema": 1, "period": "2023-05", "product": 7}), step(4)))
    [told] = read(sent(data=lying)).reports.values()
    rejected, whole = told.came.steps
    assert rejected == Rejected("r3", "数据字段 product 的值不对：7")
    assert whole == step(4)
    assert told.came.extracts.keys() == {whole.hash}


def test_reports_of_packages_inside_are_read_by_their_id(read):
    inner = sent(step(5))
    found = read(sent(by=tree().city, to=tree().province, inner={"1.rdpkg": inner}))
    [outer_id, inner_id] = [each.id for _, each in found.verified.with_inside()]
    assert found.reports[outer_id].came.steps == ()
    assert found.reports[inner_id].came.steps == (step(5),)


def test_other_packages_hold_no_report(read):
    assert read(sent(kind=PackageKind.ANSWER)).reports == {}


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
        verifier.read()
    assert here.value.reason == there.value.reason == reason


def test_a_package_without_the_report_that_its_kind_promises_is_refused(tmp_path):
    entries = payload_of(sent(step(6)))
    del entries[REPORT]
    path = tmp_path / "a.rdpkg"
    path.write_bytes(zipped(sealed(entries, lambda data: sign(data, tree().county.operator, NOW))))
    with pytest.raises(Refusal) as refused:
        read_package(path, tree().trust, NOW)
    assert refused.value.reason == "payload"
