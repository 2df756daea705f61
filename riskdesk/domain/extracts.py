"""What lists, searches and statistics keep of one revision of a record: worked out where its body is read first, and handed on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from riskdesk.domain import grams
from riskdesk.domain.facts import fact_of
from riskdesk.domain.records import Record, fingerprint, record_from_body
from riskdesk.domain.validation import open_problems

_COUNTED = json.JSONEncoder(ensure_ascii=False)


class Extract(NamedTuple):
    """The values as they are stored; `counted` is JSON of what statistics count besides, `problems` how many.

    `search_text` is what searches look through, folded; `fingerprint` is that of the seven columns (see `records.fingerprint`).
    """

    period: str
    unit: str
    product: str
    enterprise_count_text: str
    enterprise_count: int | None
    regions_text: str
    content: str
    analysis: str
    suggestion: str
    sources_text: str
    discovered_on: str | None
    important: int
    urgent: int
    import_key: str
    source_codes: str
    changed_at: str
    problems: int
    counted: str
    search_text: str
    fingerprint: str


def extract_of(body: Mapping[str, Any], at: str) -> Extract:
    """Return what is kept of a revision with this body, made at that time (ISO 8601); raise `InputError` if it cannot be read."""
    record = record_from_body(body)
    return Extract(
        record.period,
        record.unit,
        record.product,
        record.enterprise_count.text,
        record.enterprise_count.number,
        record.regions_text,
        record.content,
        record.analysis,
        record.suggestion,
        record.sources_text,
        record.discovered_on.isoformat() if record.discovered_on else None,
        int(bool(record.important_codes)),
        int(bool(record.key_codes)),
        record.import_key,
        "".join(f" {code}" for code in record.source_codes) + " " if record.source_codes else "",
        at,
        len(open_problems(record, _day(at))),
        _counted(record),
        grams.folded(_searchable(record)),
        fingerprint(record),
    )


def _counted(record: Record) -> str:
    """Return what statistics count of a record besides its columns: regions, hazards, batches, enterprises, records of the same event, category."""
    fact = fact_of("", "", record)
    batches = fact.tested, fact.failed
    return _COUNTED.encode((fact.regions, fact.hazards, *batches, fact.enterprises, fact.linked, record.category))


def _day(at: str) -> date:
    """Return the day of a revision; what other programs wrote as its time is judged as of the last day there is."""
    try:
        return date.fromisoformat(at[:10])
    except ValueError:
        return date.max


def _searchable(record: Record) -> str:
    parts = [*record.columns(), record.unit, record.brand, record.model, record.batch, record.standard]
    parts += [record.source_detail.reference, *(enterprise.name for enterprise in record.enterprises)]
    return "\n".join(part for part in parts if part)
