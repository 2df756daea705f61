"""The offices and who reports to whom, as it was valid on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import combinations

from riskdesk.errors import InputError

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}")
_SEAL = re.compile(r"[（(]?(?:加?盖公?章|公章|签章)[）)]?[:：]?")
_SEPARATORS = re.compile(r"[\s;；,，、|/]+")
_HELPER = re.compile(r"日常管理协助单位\s*([0-9A-Za-z-]+)")  # the bureau that a station also sends to


class OfficeLevel(StrEnum):
    """The levels of requirements 1; a station is a side branch next to the city level."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    SUO = "suo"
    STATION = "station"


@dataclass(frozen=True, slots=True)
class Office:
    """One office; `report_to` holds the codes it sends to, the line of duty first.

    `expected` tells whether its reports are counted as missing. Valid from and to include both days; None is open.
    """

    code: str
    name: str
    level: OfficeLevel
    report_to: tuple[str, ...]
    region_code: str
    expected: bool = True
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Tell whether the office exists on the day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class Roster:
    """All offices; a code may occur several times, each valid at another time.

    `heard` are the names of offices further below, by code, that are known from what they signed and from nothing else.
    InputError for two of one code at the same time, a parent that is not in the roster, or a circle.
    """

    offices: tuple[Office, ...]
    heard: Mapping[str, str] = field(default_factory=dict)
    _by_code: Mapping[str, tuple[Office, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_code: dict[str, tuple[Office, ...]] = {}
        for office in self.offices:
            by_code[office.code] = (*by_code.get(office.code, ()), office)
        object.__setattr__(self, "_by_code", by_code)
        self._refuse_overlaps()
        for office in self.offices:
            for parent in office.report_to:
                if parent not in by_code:
                    raise InputError(
                        f"机构“{office.name}”（{office.code}）的上级“{parent}”不在机构名录中，请先添加上级。"
                    )
        for day in {office.valid_from or date.min for office in self.offices}:
            self._refuse_circles(day)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> Roster:
        """Read the rows of offices.csv: org_code, name_guess (or name), level, report_to, region_code, expected, note,
        and if given valid_from and valid_to as 2024-01-01. InputError names the row, the heading being row 1.
        """
        return cls(tuple(_office(number, row) for number, row in enumerate(rows, 2)))

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def office(self, code: str, day: date | None = None) -> Office:
        """Return the office of that code: the one valid on the day, without a day the latest."""
        found = [office for office in self._by_code.get(code, ()) if day is None or office.valid_on(day)]
        if not found:
            when = "" if day is None else f"在 {day.isoformat()} "
            raise InputError(f"机构名录{when}中没有代码“{code}”，请检查代码或更新机构名录。")
        return max(found, key=lambda office: office.valid_from or date.min)

    def superiors(self, code: str, day: date) -> tuple[Office, ...]:
        """Return the offices that this one sends to on the day, the line of duty first."""
        parents = self.office(code, day).report_to
        return tuple(office for parent in parents for office in self._by_code[parent] if office.valid_on(day))

    def subordinates(self, code: str, day: date) -> tuple[Office, ...]:
        """Return the offices that send directly to this one on the day, in the roster's order."""
        return tuple(office for office in self.offices if code in office.report_to and office.valid_on(day))

    def expected_below(self, code: str, day: date) -> tuple[Office, ...]:
        """Return the direct subordinates whose reports are expected for a period that ends on the day."""
        return tuple(office for office in self.subordinates(code, day) if office.expected)

    def chain(self, code: str, day: date) -> tuple[Office, ...]:
        """Return the office and those above it along the line of duty, the root last."""
        found = [self.office(code, day)]
        while above := self.superiors(found[-1].code, day):
            found.append(above[0])
        return tuple(found)

    def search(self, text: str) -> tuple[Office, ...]:
        """Return the offices whose name or code holds every word of the text, the roster's order kept."""
        words = text.casefold().split()
        return tuple(
            office
            for office in self.offices
            if words and all(word in office.name.casefold() or word in office.code.casefold() for word in words)
        )

    def name_of(self, code: str) -> str:
        """Return the name of an office, the code itself if nothing is known of it."""
        return self.office(code).name if code in self else self.heard.get(code, code)

    def named(self, text: str) -> Office | None:
        """Return the one office that people mean by the text, as 小店区市场监管局（盖章）; None if none or several."""
        spelt = spelling(text)
        found = {office.code: office for office in self.offices if spelt in _spellings(office.name)}
        return next(iter(found.values())) if len(found) == 1 else None

    def with_office(self, name: str, parent: str, valid_from: date | None = None) -> Roster:
        """Return the roster with a 所 below the parent added as the last office, its code the next one free.

        The code is the parent's region and a number, e.g. 140105-S01. InputError for an empty or repeated name.
        """
        above = self.office(parent)
        name = name.strip()
        if not name:
            raise InputError("请填写所的名称。")
        if any(office.name == name and parent in office.report_to and not office.valid_to for office in self.offices):
            raise InputError(f"“{above.name}”下已有“{name}”，请换一个名称。")
        number = 1
        while (code := f"{above.region_code}-S{number:02}") in self:
            number += 1
        added = Office(code, name, OfficeLevel.SUO, (parent,), above.region_code, valid_from=valid_from)
        return Roster((*self.offices, added), self.heard)

    def _refuse_overlaps(self) -> None:
        for code, offices in self._by_code.items():
            for one, other in combinations(offices, 2):
                if one.valid_on(other.valid_from or date.min) or other.valid_on(one.valid_from or date.min):
                    raise InputError(
                        f"机构代码“{code}”重复（{one.name}、{other.name}），且有效期重叠，请改正其中一个。"
                    )

    def _refuse_circles(self, day: date) -> None:
        """Take away the offices that have nobody above them, again and again; a circle is what cannot be taken away."""
        left = {office.code: office.report_to for office in self.offices if office.valid_on(day)}
        while left:
            tops = [code for code, parents in left.items() if not any(parent in left for parent in parents)]
            if not tops:
                raise InputError(f"机构的上下级关系成环：{_circle(left)}，请改正上级机构。")
            for code in tops:
                del left[code]


def is_office_code(text: str) -> bool:
    """Tell whether the text has the form of an office code, as 140105-JU."""
    return bool(_CODE.fullmatch(text))


def spelling(name: str) -> str:
    """Return an office's name in one spelling: without seal marks, spaces, and the words that all bureaus share."""
    return re.sub("市场监督管理|市场监管", "", without_seal(name))


def without_seal(name: str) -> str:
    """Return a unit's name without spaces and the words about its seal that stand beside it on forms."""
    return _SEAL.sub("", re.sub(r"\s", "", name))


def _spellings(name: str) -> set[str]:
    """Return the spellings of a name: in full, and without the province or city that stands before it."""
    full = spelling(name)
    shorter = {re.sub(r"^山西省", "", full), re.sub(r"^(?:山西省)?[^省市区县]{2,3}市(?=.+[区县市局])", "", full)}
    return {full, *(each for each in shorter if len(each) > 2)}


def _circle(parents: Mapping[str, tuple[str, ...]]) -> str:
    trail = [min(parents)]
    while True:
        above = next(parent for parent in parents[trail[-1]] if parent in parents)
        if above in trail:
            return "→".join((*trail[trail.index(above) :], above))
        trail.append(above)


def _office(number: int, row: Mapping[str, str]) -> Office:
    def cell(*names: str) -> str:
        return next((value.strip() for name in names if (value := row.get(name))), "")

    where = f"机构名录第{number}行"
    code, name, level_text = cell("org_code", "code"), cell("name", "name_guess"), cell("level")
    if not _CODE.fullmatch(code):
        raise InputError(f"{where}：机构代码“{code}”写法不对，只能用数字、字母和“-”。")
    if not name:
        raise InputError(f"{where}：机构“{code}”没有名称。")
    if level_text not in set(OfficeLevel):
        raise InputError(f"{where}：机构“{code}”的级别“{level_text}”不对，应为 {'、'.join(OfficeLevel)} 之一。")
    report_to = [parent for parent in _SEPARATORS.split(cell("report_to")) if parent]
    level = OfficeLevel(level_text)
    if level is OfficeLevel.STATION:
        report_to += _HELPER.findall(cell("note"))
    valid_from, valid_to = (_day(where, cell(column)) for column in ("valid_from", "valid_to"))
    if valid_from and valid_to and valid_from > valid_to:
        raise InputError(f"{where}：机构“{code}”的有效期起止颠倒。")
    # "?" means that the city bureau has yet to confirm the office: it can report, but is not missed
    expected = cell("expected").upper() in {"Y", ""}
    return Office(
        code, name, level, tuple(dict.fromkeys(report_to)), cell("region_code"), expected, valid_from, valid_to
    )


def _day(where: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{where}：“{text}”不是日期，应写成 2024-01-01 的样子。") from None
