"""Verifying packages in a guarded process: a hostile file can make a library hang or die, not the program."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from riskdesk.domain.body import from_body, to_body
from riskdesk.exchange.cades import Signer
from riskdesk.exchange.manifest import Manifest
from riskdesk.exchange.names import Unit
from riskdesk.exchange.pdf_signature import PdfSignature, verify_pdf
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import Trust, TrustLevel
from riskdesk.exchange.verify import Verified, verify_package
from riskdesk.guard.process import DiedError, GuardedProcess, TakesTooLongError, TakesTooMuchError

LIBRARIES = ("lxml.etree",)
TIME_LIMIT = 300.0  # for 2 GB from a slow stick
MEMORY_LIMIT = 512 << 20


class GuardedVerifier:
    """Verifies packages one after the other in a guarded process."""

    def __init__(self, time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> None:
        """`time_limit` is in seconds per package, `memory_limit` in bytes for the whole process."""
        self._process = GuardedProcess(__name__, time_limit, memory_limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.end()

    def verify(self, path: Path, trust: Trust, now: datetime) -> Verified:
        """Verify as `verify_package` does; raise `Refusal` also if that takes too much."""
        self.begin(path, trust, now)
        return self.verified()

    def begin(self, path: Path, trust: Trust, now: datetime) -> None:
        """Have a package verified while something else is done; `verified` waits for what came of it."""
        self._put("package", path, trust, now)

    def has_verified(self) -> bool:
        """Tell whether `verified` need not wait."""
        return self._process.has_answered()

    def verified(self) -> Verified:
        """Return what came of the package that was begun with; raise as `verify` does."""
        return _verified(self._answer())

    def verify_pdf(self, path: Path, trust: Trust, now: datetime) -> PdfSignature:
        """Verify as `pdf_signature.verify_pdf` does; raise `Refusal` also if that takes too much."""
        self._put("pdf", path, trust, now)
        told = self._answer()
        return PdfSignature(_path(told["path"]), told["person"], TrustLevel(told["level"]))

    def _put(self, kind: str, path: Path, trust: Trust, now: datetime) -> None:
        self._process.begin({"kind": kind, "path": str(path), "trust": trust.to_json(), "now": now.isoformat()})

    def _answer(self) -> dict[str, Any]:
        try:
            told = self._process.answered()
        except (TakesTooLongError, TakesTooMuchError, DiedError) as error:
            raise Refusal("limits", type(error).__name__) from error
        if "refused" in told:
            raise Refusal(*told["refused"])
        verified: dict[str, Any] = told["verified"]
        return verified


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer the verifier's question in the guarded process."""
    path, trust = Path(request["path"]), Trust.from_json(request["trust"])
    now = datetime.fromisoformat(request["now"])
    try:
        if request["kind"] == "pdf":
            signed = verify_pdf(path.read_bytes(), trust, now)
            units = [[unit.code, unit.name] for unit in signed.path]
            return {"verified": {"path": units, "person": signed.person, "level": str(signed.level)}}
        return {"verified": _to_json(verify_package(path, trust, now))}
    except Refusal as refusal:
        return {"refused": [refusal.reason, refusal.detail]}


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
