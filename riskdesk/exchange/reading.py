"""What the reports in a package say, read as soon as it is verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from riskdesk.domain.extracts import Extract, extract_of
from riskdesk.domain.revisions import Revision
from riskdesk.errors import InputError
from riskdesk.exchange.contents import open_package
from riskdesk.exchange.manifest import PackageKind
from riskdesk.exchange.payload import REPORT, Rejected, Report, report_from_bytes
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import Trust
from riskdesk.exchange.verify import Verified, verify_package


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A report with its revisions as they came; of its records, by hash, what is kept of each, or why it cannot be read."""

    report: Report
    steps: tuple[Revision | Rejected, ...]
    extracts: Mapping[str, Extract]
    unreadable: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadPackage:
    """A verified package, and the reports in it and in the packages inside, in the order of `with_inside`; none if it is no report."""

    verified: Verified
    reports: tuple[ReadReport, ...]


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
