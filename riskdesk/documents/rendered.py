"""What a writer of documents hands back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished document; `warnings` are Chinese sentences for the user; `pages` where the writer made them (PDF)."""

    data: bytes
    warnings: tuple[str, ...]
    pages: int | None = None
