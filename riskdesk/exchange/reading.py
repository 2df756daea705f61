"""What the reports in a package say, read as soon as it is verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
class Steps:
    """Revisions as they came, those rejected that cannot be read; what is kept of the records among them, by hash."""

    steps: tuple[Revision | Rejected, ...]
    extracts: Mapping[str, Extract]


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A report, and what its revisions say."""

    report: Report
    came: Steps


@dataclass(frozen=True, slots=True)
class ReadPackage:
    """A verified package, and the reports in it and in the packages inside, by their id; none if it is no report."""

    verified: Verified
    reports: Mapping[str, ReadReport]


def read_package(path: Path, trust: Trust, now: datetime) -> ReadPackage:
    """Verify a package and read its reports; raise `Refusal` as `verify_package` does, or if it does not hold what its manifest says."""
    verified = verify_package(path, trust, now)
    if verified.manifest.kind is not PackageKind.REPORT:
        return ReadPackage(verified, {})
    return ReadPackage(verified, {each.id: _read_report(path, way, each) for way, each in verified.with_inside()})


def read_steps(given: Iterable[Revision | Rejected]) -> Steps:
    """Read the records among revisions."""
    steps: list[Revision | Rejected] = []
    extracts = {}
    for step in given:
        try:
            if isinstance(step, Revision) and step.kind == "record":
                extracts[step.hash] = extract_of(step.body, step.at)
            steps.append(step)
        except InputError as error:
            steps.append(Rejected(step.object_id, str(error)))
    return Steps(tuple(steps), extracts)


def _read_report(path: Path, way: Sequence[str], verified: Verified) -> ReadReport:
    if REPORT not in verified.digests:
        raise Refusal("payload", "no report")
    with open_package(path, way) as archive:
        report, steps = report_from_bytes(archive.read(REPORT))
    manifest = verified.manifest
    if (report.period, report.number, report.nil) != (manifest.period, manifest.number, manifest.nil):
        raise Refusal("manifest", "not the report that the manifest names")
    return ReadReport(report, read_steps(steps))
