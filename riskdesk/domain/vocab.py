"""The lists of the notice by code: what S1, I3 or K2 says in full, and which sources a typed text names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskdesk.domain.text import ascii_digits

SEPARATOR = "；"  # between sources, as printed

# how people write the nine sources; the first pattern that is found in a part of the text decides
_SOURCE_PATTERNS = (
    ("S7", r"召回|预警|警示信息"),
    ("S2", r"投诉|举报|12315|12345"),
    ("S8", r"伤害"),
    ("S5", r"检验检测|检验机构|检测机构|送检|委托检验"),
    ("S6", r"网络|媒体|舆情|互联网|网上|新闻|电商平台"),
    ("S4", r"通报|转办|移送|有关部门|其他部门|上级"),
    ("S1", r"(生产者|销售者|企业|经营者|厂家|商家).*(报告|自查|反映|上报)"),
    ("S3", r"日常监管|日常检查|日常巡查|监督检查|监督抽查|执法|风险监测|监管中发现|市场监管"),
    ("S9", r"其他|其它"),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The enumerated lists of the notice: list name → code → the notice's full wording."""

    lists: Mapping[str, Mapping[str, str]]

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Vocabulary:
        """Take the parsed `vocab/lists.json`; lists without codes (forms) are left to those who print them."""
        coded = {name: each["items"] for name, each in given.items() if "items" in each}
        return cls({name: dict(items) for name, items in coded.items()})

    @property
    def sources(self) -> Mapping[str, str]:
        """The nine sources, S1–S9."""
        return self.lists["risk_sources"]

    @property
    def important(self) -> Mapping[str, str]:
        """The criteria of 重要风险信息, I1–I7."""
        return self.lists["important_criteria"]

    @property
    def key(self) -> Mapping[str, str]:
        """The criteria of 重点风险信息, K1–K2."""
        return self.lists["key_criteria"]

    def sources_text(self, codes: tuple[str, ...]) -> str:
        """Return sources as the form prints them, in the order of the notice."""
        return SEPARATOR.join(label for code, label in self.sources.items() if code in codes)

    def source_codes(self, text: str) -> tuple[str, ...]:
        """Return the codes of the sources that a typed text names, in the order of the notice; () if none is known."""
        labels = {_bare(label): code for code, label in self.sources.items()}
        found = set()
        whole = _bare(text)
        for label, code in labels.items():
            if label in whole:
                found.add(code)
                whole = whole.replace(label, "")
        for part in re.split(r"[;,、/\n]|\d\.", whole):
            found.update([code for code, pattern in _SOURCE_PATTERNS if re.search(pattern, part)][:1])
        return tuple(code for code in self.sources if code in found)


def _bare(text: str) -> str:
    return re.sub(r"[\s。.]|的$|的(?=[;,])", "", ascii_digits(text))
