"""One row of Annex 1 (风险信息): the seven columns as printed, what is understood of them, and the optional fields."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.canonical import canonical_texts, digest
from riskdesk.domain.enterprise_count import EnterpriseCount

SCHEMA = 1  # of the body; older ones are brought up by pure functions when read


class EnterpriseRole(StrEnum):
    """What a named enterprise has to do with the product."""

    PRODUCER = "producer"
    SELLER = "seller"
    IMPORTER = "importer"
    PLATFORM = "platform"
    OTHER = "other"


class HazardTarget(StrEnum):
    """What is endangered: 健康、财产、环境、人身."""

    HEALTH = "health"
    PROPERTY = "property"
    ENVIRONMENT = "environment"
    PERSON = "person"


class Credibility(StrEnum):
    """已核实、待核实、存疑."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    DOUBTFUL = "doubtful"


class Trend(StrEnum):
    """Whether the danger grows: 上升、平稳、下降."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


class Marking(StrEnum):
    """公开、内部、工作秘密. State secrets must not be entered at all."""

    PUBLIC = "public"
    INTERNAL = "internal"
    WORK_SECRET = "work_secret"  # noqa: S105 - a marking, not a password


class LinkKind(StrEnum):
    """How a record belongs to another: 同源、续报、更正."""

    SAME_SOURCE = "same_source"
    CONTINUES = "continues"
    CORRECTS = "corrects"


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise named in a record; the credit code is text and only warned about."""

    name: str
    credit_code: str = ""
    role: EnterpriseRole | None = None
    region_code: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class SourceDetail:
    """Where exactly the information came from; `reference` is the 文号 or the number at the source."""

    publisher: str = ""
    published_on: date | None = None
    url: str = ""
    reference: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A tie to another record."""

    kind: LinkKind
    record_id: str
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a record, by its content; `size` in bytes."""

    sha256: str
    name: str
    size: int
    extra: str = ""


@dataclass(frozen=True, slots=True)
class AcceptedProblem:
    """A soft problem that a person accepted, with the reason; `of` is the hash of what the field said then."""

    field: str
    code: str
    reason: str
    of: str = ""
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """The content of a record; immutable, an edit makes a new one.

    Missing is empty or None and shown as 未填, never counted as zero. Codes are those of the notice (S1–S9, I1–I7, K1–K2)
    and of GB/T 2260 for regions. `period` is the monthly period that the record is reported in. `unit` is the 填报单位 when
    it is not the office that keeps the record (代录). `import_key` is the key of the row in the foreign table it came from.
    """

    period: str
    product: str = ""
    enterprise_count: EnterpriseCount = field(default_factory=EnterpriseCount)
    regions_text: str = ""
    content: str = ""
    analysis: str = ""
    suggestion: str = ""
    sources_text: str = ""
    region_codes: tuple[str, ...] = ()
    source_codes: tuple[str, ...] = ()
    unit: str = ""
    import_key: str = ""
    discovered_on: date | None = None
    occurred_on: date | None = None
    category: str = ""
    focus_group: str = ""
    brand: str = ""
    model: str = ""
    batch: str = ""
    standard: str = ""
    clause: str = ""
    failed_items: tuple[str, ...] = ()
    enterprises: tuple[Enterprise, ...] = ()
    hazard_classes: tuple[str, ...] = ()
    hazard_targets: tuple[HazardTarget, ...] = ()
    injured: int | None = None
    dead: int | None = None
    affected: int | None = None
    samples_tested: int | None = None
    samples_failed: int | None = None
    source_detail: SourceDetail = field(default_factory=SourceDetail)
    important_codes: tuple[str, ...] = ()
    key_codes: tuple[str, ...] = ()
    triage_reason: str = ""
    severity: int | None = None
    probability: int | None = None
    trend: Trend | None = None
    credibility: Credibility | None = None
    marking: Marking | None = None
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    accepted: tuple[AcceptedProblem, ...] = ()
    original: dict[str, str] = field(default_factory=dict)  # by column, where cleaning changed what was typed
    extra: str = ""

    def edited(self, **changes: Any) -> Record:
        """Return the record with some fields changed."""
        return replace(self, **changes)

    def columns(self) -> tuple[str, str, str, str, str, str, str]:
        """Return the seven columns as printed, in the order of the form."""
        return (
            self.product,
            self.enterprise_count.text,
            self.regions_text,
            self.content,
            self.analysis,
            self.suggestion,
            self.sources_text,
        )


def record_to_body(record: Record) -> dict[str, Any]:
    """Return the canonical form of a record: JSON values with the schema number, nothing empty."""
    return {"schema": SCHEMA, **to_body(record)}


def record_from_body(body: Mapping[str, Any]) -> Record:
    """Return the record of a stored or received body of this or an older schema; unknown fields are kept."""
    return from_body(Record, {key: value for key, value in body.items() if key != "schema"})


def content_hash(record: Record) -> str:
    """Return the SHA-256 of the canonical form: equal exactly when two records say the same."""
    return digest(record_to_body(record))


def fingerprint(record: Record) -> str:
    """Return the SHA-256 of the seven columns: what identifies a typed row that carries no id."""
    return hashlib.sha256(canonical_texts(record.columns()).encode("utf-8")).hexdigest()
