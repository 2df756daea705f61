"""All stations of a year side by side, those that have handed in no sheet too: who they are, and the summary of 初核 and 验收."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP

from riskdesk import clock
from riskdesk.domain.assessment import COLUMN_TITLES, Column, Result
from riskdesk.domain.blocks import Block, BlockKind, Chart, ChartKind, Series, Table
from riskdesk.domain.offices import Office, OfficeLevel
from riskdesk.services import reviewing
from riskdesk.services.desk import Desk
from riskdesk.services.reviewing import Assessed
from riskdesk.services.roster import roster_of

MISSING = "未报"


@dataclass(frozen=True, slots=True)
class StationYear:
    """A station in a year: its sheet with the reviews, None if it has not handed one in, and what each column comes to."""

    code: str
    unit: str
    seen: Assessed | None = None
    results: Mapping[Column, Result | None] = field(default_factory=dict)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a person should know before relying on its sheet."""
        return self.seen.doubts if self.seen else ()

    def result(self, column: Column) -> Result | None:
        """Return what a column comes to, None if nobody has filled it in."""
        return self.results.get(column)


def station_year(seen: Assessed) -> StationYear:
    """Return a station by the sheet that it has handed in."""
    results = {column: seen.result(column) for column in Column}
    return StationYear(seen.kept.sheet.station, seen.kept.sheet.unit, seen, results)


def stations(desk: Desk, year: int) -> list[StationYear]:
    """Return the stations whose sheets this office should have for a year, in the order of the roster, then others whose sheets are here."""
    came = {each.kept.sheet.station: station_year(each) for each in reviewing.assessed(desk, year)}
    expected = {
        office.code: StationYear(office.code, office.name)
        for office in _expected(desk, min(clock.today(), date(year, 12, 31)))
    }
    return list((expected | came).values())


def _expected(desk: Desk, day: date) -> Iterator[Office]:
    """Go through the stations there are on a day: the province accepts all, a city those that report to it, a station itself."""
    own, roster = desk.office, roster_of(desk)
    for office in roster.offices:
        if office.level is OfficeLevel.STATION and office.valid_on(day):
            is_own = own.code == office.code or own.code in office.report_to
            if is_own or own.level == OfficeLevel.PROVINCE:
                yield office


def handed_in(found: Sequence[StationYear]) -> str:
    """Return how many of how many have handed in their sheet, for people."""
    count = sum(each.seen is not None for each in found)
    if count == len(found):
        return f"{count}个监测站都已报自评表。"
    return f"应报{len(found)}个监测站，已报{count}个，未报{len(found) - count}个。"


def summary(year: int, found: Sequence[StationYear]) -> Block:
    """Return all stations side by side, the best first, with the total of the last whole column of each as a bar."""
    ordered = sorted(found, key=lambda each: [outcome.total if outcome else -1 for outcome in _outcomes(each)][::-1])
    ordered.reverse()
    head = ("监测站", *(part for column in Column for part in (COLUMN_TITLES[column], f"{COLUMN_TITLES[column]}等级")))
    rows = tuple((each.unit, *(part for one in _outcomes(each) for part in _told(each, one))) for each in ordered)
    title = f"{year}年监测站自评和验收汇总"
    return Block(
        BlockKind.OVERVIEW,
        title,
        handed_in(found),
        "各监测站报来的自评表和市局、省局的核验；图中是最后填完的一栏的得分（依次为省局验收、市局初核、自评），取整数，没有得分的不画。",
        "".join(_unknown(ordered)),
        Table(head, rows),
        _chart(title, ordered),
        clock.now().isoformat(),
    )


def _unknown(ordered: Sequence[StationYear]) -> Iterator[str]:
    """Say what the numbers leave open."""
    if missing := [each.unit for each in ordered if each.seen is None]:
        yield f"{MISSING}：{'、'.join(missing)}。"
    if open_ := [each.unit for each in ordered if each.seen and Column.PROVINCE not in each.seen.reviews]:
        yield f"还没有省局验收：{'、'.join(open_)}。"
    for each in ordered:
        for doubt in each.doubts:
            yield f"{each.unit}：{doubt}"


def _chart(title: str, ordered: Sequence[StationYear]) -> Chart | None:
    """Return the bars of those that have points."""
    latest = [(each.unit, outcome) for each in ordered if (outcome := _latest(each)) is not None]
    if not latest:
        return None
    values = tuple(int(outcome.total.to_integral_value(ROUND_HALF_UP)) for _, outcome in latest)
    return Chart(ChartKind.BAR, title, tuple(unit for unit, _ in latest), (Series("得分", values),), "分")


def _outcomes(each: StationYear) -> list[Result | None]:
    return [each.result(column) for column in Column]


def _latest(each: StationYear) -> Result | None:
    """Return the last whole column, else 自评 if anything is answered there."""
    whole = [outcome for outcome in _outcomes(each) if outcome is not None and outcome.is_complete]
    if whole:
        return whole[-1]
    has_points = each.seen is not None and any(one is not None for one in each.seen.points(Column.SELF).values())
    return each.result(Column.SELF) if has_points else None


def _told(each: StationYear, outcome: Result | None) -> tuple[str, str]:
    if each.seen is None:
        return "", MISSING
    return ("", "未填") if outcome is None else (str(outcome.total), outcome.grade or "填写中")
