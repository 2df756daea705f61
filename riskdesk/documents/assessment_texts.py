"""What is printed on a station's sheet of self-assessment and acceptance, the same on paper and in a workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from riskdesk.domain.annex1 import chinese_date
from riskdesk.domain.assessment import COLUMN_TITLES, Column, Filled, Result, Review, Sheet, result, reviewed_points
from riskdesk.domain.station_template import Indicator, answer_text

HEADS = ("指标", "满分", *COLUMN_TITLES.values(), "填报内容和依据")
SIGNATURES = tuple(f"{office}（签字、盖章）" for office in ("监测站", "市局初核", "省局验收"))
_NONE = "—"


@dataclass(frozen=True, slots=True)
class AssessmentForm:
    """A sheet with what the offices above made of it so far; `measured` says how the data were counted, by indicator."""

    sheet: Sheet
    today: date
    measured: Mapping[str, str]
    reviews: Mapping[Column, Review]

    @property
    def title(self) -> str:
        """The title as printed."""
        return f"{self.sheet.year}年度产品质量安全风险监测站自评与验收表"

    @property
    def heading(self) -> tuple[str, ...]:
        """The lines below the title."""
        template = self.sheet.template
        return (
            f"监测站：{self.sheet.unit}（{self.sheet.station}）",
            f"指标模板：{template.id} 第{template.version}版　制表时间：{chinese_date(self.today)}",
        )

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Return a row a dimension (its name alone), followed by its indicators, with cells as in `HEADS`."""
        template, columns = self.sheet.template, self._points()
        for dimension, most in template.dimensions.items():
            yield (f"{dimension}（{plain(most)}分）",)
            for each in template.of_dimension(dimension):
                points = tuple(_told(column.get(each.code)) for column in columns)
                yield (f"{each.code} {each.name}", plain(each.max_points), *points, self._said(each))
        results = self.results()
        totals = tuple(_NONE if found is None else plain(found.total) for found in results)
        yield ("合计", plain(template.total), *totals, "")
        yield ("等级", "", *(_NONE if found is None else found.grade or "未完成" for found in results), self._decided())

    def notes(self) -> tuple[str, ...]:
        """Return what stands below the table."""
        missing = self.sheet.missing()
        notes = [f"否决项（自评）：{self._vetoes(self.sheet.vetoes)}。"]
        notes += [f"待补：{'；'.join(missing)}。"] if missing else []
        for column, review in self.reviews.items():
            title = COLUMN_TITLES[column]
            notes.append(f"否决项（{title}）：{self._vetoes(review.vetoes)}。")
            if review.returned:
                back = "；".join(f"{code} {reason}" for code, reason in review.returned.items())
                notes.append(f"{title}退回补正：{back}。")
            if review.conclusion:
                notes.append(f"{title}意见：{review.conclusion}")
        return tuple(notes)

    def _vetoes(self, codes: Collection[str]) -> str:
        hit = [each for each in self.sheet.template.vetoes if each.code in codes]
        return "；".join(f"{each.code} {each.text}" for each in hit) or "无"

    def results(self) -> tuple[Result | None, ...]:
        """Return what each column comes to, None for one that nobody has filled in."""
        template = self.sheet.template
        own = result(template, self.sheet.points(), self.sheet.vetoes)
        above = [
            None if (review := self.reviews.get(column)) is None
            else result(template, reviewed_points(review, template), review.vetoes)
            for column in (Column.CITY, Column.PROVINCE)
        ]  # fmt: skip
        return (own, *above)

    def _points(self) -> tuple[Mapping[str, Decimal | None], ...]:
        template = self.sheet.template
        above = [
            reviewed_points(review, template) if (review := self.reviews.get(column)) else {}
            for column in (Column.CITY, Column.PROVINCE)
        ]
        return (self.sheet.points(), *above)

    def _said(self, indicator: Indicator) -> str:
        filled = self.sheet.of(indicator.code)
        parts = [answer_text(indicator, filled.answer)]
        if told := self.measured.get(indicator.code):
            parts.append(f"系统统计：{told}")
        parts += list(_remarks(filled))
        for column, review in self.reviews.items():
            judged = review.judged.get(indicator.code)
            if judged is not None and judged.reason:
                parts.append(f"{COLUMN_TITLES[column]}：{judged.reason}")
        return "\n".join(filter(None, parts))

    def _decided(self) -> str:
        return "；".join(dict.fromkeys(each.decided_by for each in self.results() if each and each.decided_by))


def _remarks(filled: Filled) -> Iterator[str]:
    if filled.reason:
        yield f"与统计不同的理由：{filled.reason}"
    if filled.note:
        yield f"说明：{filled.note}"
    if filled.evidence:
        yield "证明材料：" + "、".join(each.attachment.name for each in filled.evidence)


def plain(points: Decimal) -> str:
    """Return points as people write them: 5, 4.5."""
    return f"{points.normalize():f}"


def _told(points: Decimal | None) -> str:
    return _NONE if points is None else plain(points)
