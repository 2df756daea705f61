"""From texts as typed to a record: cleaned columns, and the numbers, dates and codes that are understood of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskdesk.domain.dates import parse_date
from riskdesk.domain.enterprise_count import chinese_number, parse_enterprise_count
from riskdesk.domain.records import SourceDetail
from riskdesk.domain.regions import RegionTable
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.domain.text import ascii_digits, clean, clean_line
from riskdesk.domain.vocab import SEPARATOR, Vocabulary

_CODES = {"important_codes": "I", "key_codes": "K", "source_codes": "S"}
_INTEGERS = ("injured", "dead", "affected", "samples_tested", "samples_failed")
_LINES = ("unit", "category", "brand", "model", "batch", "standard")
_TEXTS = ("content", "analysis", "suggestion")


@dataclass(frozen=True, slots=True)
class Understanding:
    """The lists that texts are understood by."""

    vocabulary: Vocabulary
    regions: RegionTable

    def changes(self, values: Mapping[str, str], mapping: TableMapping | None = None) -> dict[str, Any]:
        """Return what the values of one row (by field name, see `FormRow`) say, as fields of a `Record`.

        Only fields that the row has are returned, so that an edited copy changes nothing else.
        """
        found: dict[str, Any] = {}
        for name, text in values.items():
            found.update(self._field(name, text))
        if detail := self._source_detail(values):
            found["source_detail"] = detail
        if mapping is not None:
            found.update(self._from_mapping(values, mapping, found))
        return found

    def _field(self, name: str, text: str) -> dict[str, Any]:
        if name == "product":
            return {name: clean_line(text)}
        if name == "enterprise_count_text":
            return {"enterprise_count": parse_enterprise_count(text)}
        if name == "regions_text":
            return {name: clean(text), "region_codes": self.regions.parse(text)}
        if name == "sources_text":
            return {name: clean(text), "source_codes": self.vocabulary.source_codes(text)}
        if name in _TEXTS:
            return {name: clean(text)}
        # an optional column that is empty says nothing about its field
        return {name: value} if text.strip() and (value := self._optional(name, text)) is not None else {}

    def _optional(self, name: str, text: str) -> Any:
        if name in _LINES:
            return clean_line(text)
        if name in ("discovered_on", "occurred_on"):
            return parse_date(text)
        if name in _INTEGERS:
            return chinese_number(ascii_digits(clean_line(text)))
        if name in _CODES:
            return _codes(text, _CODES[name])
        return tuple(_parts(text)) if name == "hazard_classes" else None

    def _source_detail(self, values: Mapping[str, str]) -> SourceDetail | None:
        reference, url, publisher = (
            clean_line(values.get(name, "")) for name in ("source_ref", "source_url", "source_publisher")
        )
        if not (reference or url or publisher):
            return None
        return SourceDetail(publisher=publisher, url=url, reference=reference)

    def _from_mapping(self, values: Mapping[str, str], mapping: TableMapping, found: dict[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        if mapping.key:
            given["import_key"] = f"{mapping.key}:{clean_line(values.get(mapping.key, ''))}"
        if mapping.source and not found.get("source_codes"):
            given["source_codes"] = (mapping.source,)
            if not found.get("sources_text"):
                given["sources_text"] = self.vocabulary.sources[mapping.source]
        return given


def _codes(text: str, letter: str) -> tuple[str, ...]:
    return tuple(part for part in _parts(text.upper()) if part.startswith(letter) and part[1:].isdigit())


def _parts(text: str) -> list[str]:
    folded = clean_line(text)
    for mark in (SEPARATOR, ";", "，", ",", "、"):
        folded = folded.replace(mark, "\n")
    return [part.strip() for part in folded.split("\n") if part.strip()]
