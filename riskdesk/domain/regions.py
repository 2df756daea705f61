"""The region table: codes, names, and which regions a free text (涉及区域) names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from riskdesk.domain.text import ascii_digits
from riskdesk.errors import InputError

COUNTRY, OUTSIDE, ONLINE = "CN", "OUT", "NET"
PROVINCE = "140000"

_PSEUDO = ((COUNTRY, "全国"), (OUTSIDE, "省外"), (ONLINE, "网络平台"))
_ZONE = "140171"  # 山西转型综合改革示范区, usually written short
_ALIASES = (
    (PROVINCE, ("本省", "全省", "我省", "山西")),
    (ONLINE, ("电商平台", "互联网平台")),
    (
        _ZONE,
        (
            "转型综合改革示范区",
            "山西转型综改示范区",
            "山西综改示范区",
            "转型综改示范区",
            "综改示范区",
            "综改区",
            "示范区",
        ),
    ),
)
_REAL_TOWN = ("街道", "镇", "乡")  # the other rows of towns.csv are parks, centres and farms
# names that may be the end or the middle of another word: 相应县, 主城区, 现代县域, 农业示范区, 古城镇
_FRAGILE = re.compile(".县|[城矿郊]区|示范区|.{1,2}[镇乡]")
_COMMON_NOUNS = ("城区", "矿区", "郊区")  # what a place is like; a region only within their city
_PATH_GAP = re.compile(r"[\s·\-/>的]*")  # what may stand between a region and the one in it that is meant
_JOINING = "和及与或跟在于自由到至"
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Region:
    """One region; level is province, city, county, town or pseudo; kind is Chinese (市辖区, 县级市, 镇 …)."""

    code: str
    name: str
    level: str
    kind: str
    parent: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """A region named in a text from `start` to `end`."""

    region: Region
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RegionTable:
    """All regions by code; names repeat (城区), codes do not."""

    regions: Mapping[str, Region]
    _by_name: Mapping[str, tuple[Region, ...]] = field(init=False, repr=False, compare=False)
    _by_start: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, tuple[Region, ...]] = {}
        for region in self.regions.values():
            for name in _names(region):
                names[name] = (*names.get(name, ()), region)
        for code, aliases in _ALIASES:
            if code in self.regions:
                names |= dict.fromkeys(aliases, (self.regions[code],))
        starts: dict[str, tuple[str, ...]] = {}
        for name in sorted(names, key=len, reverse=True):
            starts[name[0]] = (*starts.get(name[0], ()), name)
        object.__setattr__(self, "_by_name", names)
        object.__setattr__(self, "_by_start", starts)

    @classmethod
    def from_rows(
        cls, regions_rows: Iterable[Mapping[str, str]], towns_rows: Iterable[Mapping[str, str]]
    ) -> RegionTable:
        """Read the rows of regions.csv (code, name, level, kind, parent) and towns.csv (code, name, county_code)."""
        regions = {code: Region(code, name, "pseudo", "", "") for code, name in _PSEUDO}
        try:
            for row in regions_rows:
                regions[row["code"]] = Region(row["code"], row["name"], row["level"], row["kind"], row["parent"])
            for row in towns_rows:
                kind = next((ending for ending in _REAL_TOWN if row["name"].endswith(ending)), "其他")
                regions[row["code"]] = Region(row["code"], row["name"], "town", kind, row["county_code"])
        except KeyError as error:
            raise InputError(f"区域表缺少“{error.args[0]}”列，请使用随软件提供的区域表。") from error
        for region in regions.values():
            if not region.code or not region.name or (region.parent and region.parent not in regions):
                raise InputError(f"区域表有误：“{region.code} {region.name}”没有代码、名称或其上级不在表中。")
        return cls(regions)

    def __contains__(self, code: str) -> bool:
        return code in self.regions

    def region(self, code: str) -> Region:
        """Return the region of that code; InputError for an unknown one."""
        try:
            return self.regions[code]
        except KeyError:
            raise InputError(f"区域表中没有代码“{code}”，请检查代码或更新区域表。") from None

    def name(self, code: str) -> str:
        """Return the region's own name, e.g. 小店区."""
        return self.region(code).name

    def full_name(self, code: str) -> str:
        """Return the name with the regions it lies in, below the province, e.g. 太原市小店区.

        A name that begins with the province's needs no other: 山西转型综合改革示范区 lies in two cities anyway.
        """
        parts = [self.region(code).name]
        for above in self.ancestors(code):
            if above.level == "province" or parts[0].startswith("山西"):
                break
            if not parts[0].startswith(above.name):
                parts.insert(0, above.name)
        return "".join(parts)

    def ancestors(self, code: str) -> tuple[Region, ...]:
        """Return the regions that this one lies in, the nearest first; pseudo-regions have none."""
        found: list[Region] = []
        parent = self.region(code).parent
        while parent and parent in self.regions and self.regions[parent] not in found:
            found.append(self.regions[parent])
            parent = found[-1].parent
        return tuple(found)

    def parse(self, text: str) -> tuple[str, ...]:
        """Return the codes of the regions that the text names, in order of first appearance.

        The longest name counts; a region that only leads to the next (太原市小店区) does not; a name that several regions
        have is decided by the city or county before it, else it gives nothing. Other provinces' names give nothing.
        """
        text = ascii_digits(text)
        mentions = list(self._mentions(text))
        kept = []
        for number, mention in enumerate(mentions):
            following = mentions[number + 1] if number + 1 < len(mentions) else None
            if following is None or not self._leads_to(mention, following, text):
                kept.append(mention.region.code)
        return tuple(dict.fromkeys(kept))

    def _leads_to(self, mention: _Mention, following: _Mention, text: str) -> bool:
        gap = text[mention.end : following.start]
        return _PATH_GAP.fullmatch(gap) is not None and mention.region in self.ancestors(following.region.code)

    def _mentions(self, text: str) -> Iterator[_Mention]:
        place: tuple[Region, ...] = ()  # the region named last and those that it lies in
        end = at = 0
        while at < len(text):
            found = self._named_at(text, at, place, begins=at == end or _begins_word(text, at))
            if found is None:
                at += 1
                continue
            name, region = found
            if region is not None:
                end = at + len(name)
                place = (region, *self.ancestors(region.code))
                yield _Mention(region, at, end)
            at += len(name)

    def _named_at(
        self, text: str, at: int, place: tuple[Region, ...], begins: bool
    ) -> tuple[str, Region | None] | None:
        """Return the longest name at that place of the text and the region meant, None where it cannot be decided."""
        for name in self._by_start.get(text[at], ()):
            if text.startswith(name, at) and (begins or not _FRAGILE.fullmatch(name)):
                return name, self._meant(name, place)
        return None

    def _meant(self, name: str, place: tuple[Region, ...]) -> Region | None:
        regions = self._by_name[name]
        for around in place:
            inside = [region for region in regions if around in self.ancestors(region.code)]
            if len(inside) == 1 and around.level != "province":
                return inside[0]
        if len(regions) > 1 or name in _COMMON_NOUNS:
            return None
        if regions[0].level == "town" and not name.startswith(self.name(regions[0].parent)):
            return None  # towns of that name lie all over China
        return regions[0]


def _names(region: Region) -> Iterator[str]:
    """Yield the names by which a text may call the region."""
    if region.level == "town" and region.kind not in _REAL_TOWN:
        return
    yield region.name
    if region.level == "city":
        yield region.name.removesuffix("市")


def _begins_word(text: str, at: int) -> bool:
    before = text[at - 1] if at else ""
    return not _IDEOGRAPH.match(before) or before in _JOINING
