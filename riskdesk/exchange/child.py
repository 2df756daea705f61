"""Verifying and reading packages in a guarded process: a hostile file can make a library hang or die, not the program."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.extracts import Extract
from riskdesk.domain.revisions import Revision, RevisionState
from riskdesk.exchange.findings import PdfSignature, ReadPackage, ReadReport, Signer, Verified
from riskdesk.exchange.manifest import Manifest
from riskdesk.exchange.names import Unit
from riskdesk.exchange.payload import Rejected, Report
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import Trust, TrustLevel
from riskdesk.guard.process import DiedError, GuardedProcess, TakesTooLongError, TakesTooMuchError, decoded

# what looks into files takes half a second to load, and only the guarded process looks
LIBRARIES = ("riskdesk.exchange.reading", "riskdesk.exchange.pdf_signature", "lxml.etree")
TIME_LIMIT = 300.0  # for 2 GB from a slow stick
MEMORY_LIMIT = 1 << 30  # for a report of 64 MB, the most there may be


class GuardedVerifier:
    """Verifies packages one after the other in a guarded process."""

    def __init__(self, time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> None:
        """`time_limit` is in seconds for a package and for each report inside, `memory_limit` in bytes for the whole process."""
        self._process = GuardedProcess(__name__, time_limit, memory_limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.end()

    def verify(self, path: Path, trust: Trust, now: datetime) -> Verified:
        """Verify as `verify_package` does; raise `Refusal` also if that takes too much."""
        self._put("package", path, trust, now)
        return _verified(self._answer()["verified"])

    def begin(self, path: Path, trust: Trust, now: datetime) -> None:
        """Have a package verified and read while something else is done; `fetch` waits for what came of it."""
        self._put("reading", path, trust, now)

    def has_read(self, seconds: float) -> bool:
        """Wait so long at most, and tell whether the package is verified and its own report read."""
        return self._process.has_answered(seconds)

    def fetch(self) -> Fetched:
        """Wait for what came of the package that was begun with, so that another one can be; raise `Refusal` if that takes too much."""
        return Fetched(self._fetched())

    def verify_pdf(self, path: Path, trust: Trust, now: datetime) -> PdfSignature:
        """Verify as `pdf_signature.verify_pdf` does; raise `Refusal` also if that takes too much."""
        self._put("pdf", path, trust, now)
        told = self._answer()["verified"]
        return PdfSignature(_path(told["path"]), told["person"], TrustLevel(told["level"]))

    def _put(self, kind: str, path: Path, trust: Trust, now: datetime) -> None:
        with _told_as_refusal():
            self._process.begin({"kind": kind, "path": str(path), "trust": trust.to_json(), "now": now.isoformat()})

    def _answer(self) -> dict[str, Any]:
        [told] = self._fetched()
        return _unless_refused(decoded(told))

    def _fetched(self) -> list[bytes]:
        with _told_as_refusal():
            return self._process.fetch()


class Fetched:
    """What came of a package, not looked at yet."""

    def __init__(self, messages: list[bytes]) -> None:
        self._messages = messages

    def read(self) -> ReadPackage:
        """Return, once, what `read_package` tells; raise `Refusal` as it does. Of each report, what came is let go."""
        package = _unless_refused(decoded(self._messages.pop()))
        self._messages.reverse()
        reports = []
        while self._messages:
            reports.append(_report(decoded(self._messages.pop())))
        return ReadPackage(_verified(package["verified"]), tuple(reports))


@contextlib.contextmanager
def _told_as_refusal() -> Iterator[None]:
    try:
        yield
    except (TakesTooLongError, TakesTooMuchError) as error:
        raise Refusal("limits", type(error).__name__) from error
    except DiedError as error:
        raise Refusal("died") from error


def _unless_refused(told: dict[str, Any]) -> dict[str, Any]:
    if "refused" in told:
        raise Refusal(*told["refused"])
    return told


def answer(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Answer the verifier's question in the guarded process."""
    path, trust = Path(request["path"]), Trust.from_json(request["trust"])
    try:
        yield from _ANSWERS[request["kind"]](path, trust, datetime.fromisoformat(request["now"]))
    except Refusal as refusal:
        yield {"refused": [refusal.reason, refusal.detail]}


def _answer_package(path: Path, trust: Trust, now: datetime) -> Iterator[dict[str, Any]]:
    from riskdesk.exchange.verify import verify_package

    yield {"verified": _to_json(verify_package(path, trust, now))}


def _answer_pdf(path: Path, trust: Trust, now: datetime) -> Iterator[dict[str, Any]]:
    from riskdesk.exchange.pdf_signature import verify_pdf

    signed = verify_pdf(path.read_bytes(), trust, now)
    units = [[unit.code, unit.name] for unit in signed.path]
    yield {"verified": {"path": units, "person": signed.person, "level": str(signed.level)}}


def _answer_reading(path: Path, trust: Trust, now: datetime) -> Iterator[dict[str, Any]]:
    """Tell of the reports one by one, as a province's year is not held at once, and of the package last."""
    from riskdesk.exchange.reading import read_reports
    from riskdesk.exchange.verify import verify_package

    verified = verify_package(path, trust, now)
    yield from map(_report_to_json, read_reports(path, verified))
    yield {"verified": _to_json(verified)}


_ANSWERS = {"package": _answer_package, "reading": _answer_reading, "pdf": _answer_pdf}


def _to_json(found: Verified) -> dict[str, Any]:
    return {
        "id": found.id,
        "manifest": to_body(found.manifest),
        "signers": [_signer_to_json(each) for each in found.signers],
        "inside": {name: _to_json(each) for name, each in found.inside.items()},
        "sizes": dict(found.sizes),
        "digests": dict(found.digests),
        "brought": found.brought.to_json(),
    }


def _verified(told: dict[str, Any]) -> Verified:
    return Verified(
        told["id"],
        from_body(Manifest, told["manifest"]),
        tuple(_signer(each) for each in told["signers"]),
        {name: _verified(each) for name, each in told["inside"].items()},
        told["sizes"],
        told["digests"],
        Trust.from_json(told["brought"]),
    )


def _report_to_json(read: ReadReport) -> dict[str, Any]:
    return {
        "report": to_body(read.report),
        "steps": [_step_to_json(step) for step in read.steps],
        "extracts": read.extracts,
        "unreadable": read.unreadable,
    }


def _step_to_json(step: Revision | Rejected) -> list[Any]:
    if isinstance(step, Rejected):
        return [step.object_id, step.why]
    return [getattr(step, name) for name in Revision.__slots__]


def _report(told: dict[str, Any]) -> ReadReport:
    extracts = {name: Extract._make(each) for name, each in told["extracts"].items()}
    return ReadReport(from_body(Report, told["report"]), tuple(map(_step, told["steps"])), extracts, told["unreadable"])


def _step(told: list[Any]) -> Revision | Rejected:
    if len(told) == len(Rejected.__slots__):
        return Rejected(*told)
    object_id, kind, org, rev_no, ancestors, state, *others = told
    return Revision(object_id, kind, org, rev_no, tuple(ancestors), RevisionState(state), *others)


def _signer_to_json(signer: Signer) -> dict[str, Any]:
    return {
        "path": [[unit.code, unit.name] for unit in signer.path],
        "person": signer.person,
        "certificate": base64.b64encode(signer.certificate).decode(),
        "level": str(signer.level),
        "authority": base64.b64encode(signer.authority).decode(),
        "signed_at": signer.signed_at.isoformat() if signer.signed_at else None,
        "revoked_at": signer.revoked_at.isoformat() if signer.revoked_at else None,
    }


def _signer(told: dict[str, Any]) -> Signer:
    return Signer(
        _path(told["path"]),
        told["person"],
        base64.b64decode(told["certificate"]),
        TrustLevel(told["level"]),
        base64.b64decode(told["authority"]),
        _moment(told["signed_at"]),
        _moment(told["revoked_at"]),
    )


def _path(told: list[list[str]]) -> tuple[Unit, ...]:
    return tuple(Unit(code, name) for code, name in told)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
