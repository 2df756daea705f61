"""What the reports in a package say, read as soon as it is verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from riskdesk.domain.extracts import extract_of
from riskdesk.domain.revisions import Revision
from riskdesk.errors import InputError
from riskdesk.exchange.contents import open_package
from riskdesk.exchange.findings import ReadPackage, ReadReport, Verified
from riskdesk.exchange.manifest import PackageKind
from riskdesk.exchange.payload import REPORT, report_from_bytes
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import Trust
from riskdesk.exchange.verify import verify_package


def read_package(path: Path, trust: Trust, now: datetime) -> ReadPackage:
    """Verify a package and read its reports; raise `Refusal` as `verify_package` and `read_reports` do."""
    verified = verify_package(path, trust, now)
    return ReadPackage(verified, tuple(read_reports(path, verified)))


def read_reports(path: Path, verified: Verified) -> Iterator[ReadReport]:
    """Read the reports of a verified package one by one; raise `Refusal` over one that is not what its manifest says."""
    if verified.manifest.kind is PackageKind.REPORT:
        for way, each in verified.with_inside():
            yield _read_report(path, way, each)


def _read_report(path: Path, way: Sequence[str], verified: Verified) -> ReadReport:
    if REPORT not in verified.digests:
        raise Refusal("payload", "no report")
    with open_package(path, way) as archive:
        report, steps = report_from_bytes(archive.read(REPORT))
    manifest = verified.manifest
    if (report.period, report.number, report.nil) != (manifest.period, manifest.number, manifest.nil):
        raise Refusal("manifest", "not the report that the manifest names")
    extracts, unreadable = {}, {}
    for step in steps:
        if isinstance(step, Revision) and step.kind == "record":
            try:
                extracts[step.hash] = extract_of(step.body, step.at)
            except InputError as error:
                unreadable[step.hash] = str(error)
    return ReadReport(report, tuple(steps), extracts, unreadable)
