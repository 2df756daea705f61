"""A monitoring station's two years, made up from a seed: children's products, every source, some batches, some enterprises."""

import random

from riskdesk.domain.records import Enterprise, Link, LinkKind, Record
from riskdesk.services import entry

STATION, STATION_NAME, PRODUCT = "140100-ZD01", "太原市儿童用品产品质量安全风险监测站", "儿童用品"
PRODUCTS = ("儿童滑板车", "婴儿推车", "儿童玩具", "儿童学生书包", "儿童安全座椅", "婴幼儿服装")
CONTENTS = (
    "小零件脱落，有窒息危险",
    "刹车距离过长，容易摔伤",
    "检出邻苯二甲酸酯超标",
    "织带断裂，缓冲层缺失",
    "绳带过长，有缠绕危险",
)
HAZARDS = ("窒息", "跌落摔伤", "化学危害", "机械伤害", "缠绕勒伤")
COUNTIES = ("140105", "140106", "140107", "140108", "140109", "140110", "140121", "140702", "140212", "140802")
MAKERS = ("并州玩具厂", "汾河童车有限公司", "晋阳婴童用品有限公司", "太行箱包厂")


def records(year, seed=1, months=range(1, 13), busiest=9):
    """Return the records of a year, by period, of which some leave open what nobody knew."""
    pick = random.Random(f"{seed} {year}")
    for month in months:
        for number in range(pick.randint(3, busiest)):
            yield _record(pick, f"{year}-{month:02}", number)


def _record(pick, period, number):
    kind = pick.randrange(len(CONTENTS))
    tested = pick.choice((None, None, 20, 30, 50))
    makers = pick.sample(MAKERS, pick.choice((0, 0, 1, 1, 2)))
    product = pick.choice(PRODUCTS)
    return Record(
        period,
        product=product,
        regions_text="山西省",
        content=f"{product}{CONTENTS[kind]}（{period}第{number + 1}起）",
        analysis="初步判断为结构设计不合理，出厂检验把关不严",
        suggestion="建议开展专项监督抽查",
        sources_text="见来源",
        region_codes=tuple(pick.sample(COUNTIES, pick.choice((0, 1, 1, 2)))),
        source_codes=tuple(sorted(pick.sample([f"S{each}" for each in range(1, 9)], pick.choice((1, 1, 1, 2))))),
        hazard_classes=(HAZARDS[kind],) if pick.random() < 0.8 else (),
        samples_tested=tested,
        samples_failed=pick.randint(0, 6) if tested and pick.random() < 0.8 else None,
        enterprises=tuple(Enterprise(each) for each in makers),
        important_codes=("I1",) if pick.random() < 0.3 else (),
        key_codes=("K1",) if pick.random() < 0.05 else (),
    )


def typed_in(desk, *years, seed=1):
    """Save the records of the years; return them by id. The last two of every year tell of one event."""
    found = {}
    for year in years:
        saved = {entry.save(desk, each).object_id: each for each in records(year, seed)}
        *_, first, last = saved
        linked = saved[last].edited(links=(Link(LinkKind.SAME_SOURCE, first),))
        entry.save(desk, linked, last)
        found |= saved | {last: linked}
    return found
