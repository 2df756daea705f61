"""From texts as typed to a record: cleaned columns, and the numbers, dates and codes that are understood of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskdesk.domain.dates import parse_date
from riskdesk.domain.enterprise_count import chinese_number, parse_enterprise_count
from riskdesk.domain.reconcile import Brought
from riskdesk.domain.records import SourceDetail
from riskdesk.domain.regions import RegionTable
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.domain.text import ascii_digits, clean, clean_line
from riskdesk.domain.vocab import SEPARATOR, Vocabulary

_CODES = ("important_codes", "key_codes", "source_codes")
_INTEGERS = ("injured", "dead", "affected", "samples_tested", "samples_failed")
_LINES = ("unit", "category", "brand", "model", "batch", "standard")
_DATES = ("discovered_on", "occurred_on")
_TEXTS = ("content", "analysis", "suggestion")
_OPTIONAL = {*_CODES, *_INTEGERS, *_LINES, *_DATES, "hazard_classes"}
_COUNTED = re.compile(r"(?:约|共|共计)?([\d,]+|[〇零一二两三四五六七八九十百千]+)\s*(?:人|名|位|例|批次|批|件|个)?")


@dataclass(frozen=True, slots=True)
class Understood:
    """What a row brings, and the fields whose text was there but not understood."""

    brought: Brought
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """The lists that texts are understood by."""

    vocabulary: Vocabulary
    regions: RegionTable

    def of(self, values: Mapping[str, str], mapping: TableMapping | None = None) -> Understood:
        """Return what the values of one row (by field name, see `FormRow`) say, as fields of a `Record`.

        Only fields that the row has are returned, so that an edited copy changes nothing else.
        """
        found: dict[str, Any] = {}
        unread = []
        for name, text in values.items():
            if name in _OPTIONAL:
                # an optional column that is empty says nothing about its field
                if text.strip() and (value := self._optional(name, text)) is not None:
                    found[name] = value
                elif text.strip():
                    unread.append(name)
            else:
                found.update(self._column(name, text))
        if detail := _source_detail(values):
            found["source_detail"] = detail
        if mapping is not None:
            found.update(self._from_mapping(values, mapping, found))
        ticked = bool(values.get("source_codes", "").strip())
        derived = frozenset({"region_codes"} if ticked else {"region_codes", "source_codes"})
        return Understood(Brought(found, derived & found.keys()), tuple(unread))

    def _column(self, name: str, text: str) -> dict[str, Any]:
        if name == "product":
            return {name: clean_line(text)}
        if name == "enterprise_count_text":
            return {"enterprise_count": parse_enterprise_count(text)}
        if name == "regions_text":
            return {name: clean(text), "region_codes": self.regions.parse(text)}
        if name == "sources_text":
            return {name: clean(text), "source_codes": self.vocabulary.source_codes(text)}
        return {name: clean(text)} if name in _TEXTS else {}

    def _optional(self, name: str, text: str) -> Any:
        """Return the value of a field, None if the text cannot be one."""
        if name in _LINES:
            return clean_line(text)
        if name in _DATES:
            return parse_date(text)
        if name in _INTEGERS:
            counted = _COUNTED.fullmatch(ascii_digits(clean_line(text)))
            return chinese_number(counted[1]) if counted else None
        if name == "hazard_classes":
            return tuple(_parts(text))
        codes = tuple(part.upper() for part in _parts(text))
        return codes if set(codes) <= set(self._codes(name)) else None

    def _codes(self, name: str) -> Mapping[str, str]:
        vocabulary = self.vocabulary
        lists = {
            "important_codes": vocabulary.important,
            "key_codes": vocabulary.key,
            "source_codes": vocabulary.sources,
        }
        return lists[name]

    def _from_mapping(self, values: Mapping[str, str], mapping: TableMapping, found: dict[str, Any]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        if mapping.key:
            # numbers of different systems may be the same: the heading and the source are part of the name
            columns = "+".join(mapping.columns[mapping.key])
            given["import_key"] = f"{mapping.source}/{columns}:{clean_line(values.get(mapping.key, ''))}"
        if mapping.source and not found.get("sources_text"):
            given["source_codes"] = found.get("source_codes") or (mapping.source,)
            given["sources_text"] = self.vocabulary.sources_text(given["source_codes"])
        return given


def _source_detail(values: Mapping[str, str]) -> SourceDetail | None:
    reference, url, publisher = (
        clean_line(values.get(name, "")) for name in ("source_ref", "source_url", "source_publisher")
    )
    if not (reference or url or publisher):
        return None
    return SourceDetail(publisher=publisher, url=url, reference=reference)


def _parts(text: str) -> list[str]:
    folded = clean_line(text)
    for mark in (SEPARATOR, ";", "，", ",", "、"):
        folded = folded.replace(mark, "\n")
    return [part.strip() for part in folded.split("\n") if part.strip()]
