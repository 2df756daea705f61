"""Forms to write, and what the tests of the writers share."""

import csv
import re
from datetime import date
from functools import cache

from riskdesk.domain.annex1 import COLUMNS, Annex1Form, Annex1Row
from riskdesk.paths import resource

DAY = date(2023, 5, 10)
UNIT = "太原市迎泽区市场监督管理局"
LONG = (
    "".join(
        f"第{number}次抽查：样品编号SX-2023-YQ-{number:06d}，按GB 4806.7-2016《食品安全国家标准》检验，“总迁移量”不合格；"
        for number in range(60)
    )[:2990]
    + "长文到此为止㊣。"
)
INJECTED = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "#REF!", "=cmd|' /C calc'!A0", '=HYPERLINK("http://a.b","x")'),
    *("_x0041_", "_x0041_x0042_", "_x005F_", "_x000D_\n_x00", "007", "00", "140105199001010011", "1E5", "1/2", "TRUE"),
    *(
        "  spaces  ",
        "\n前后换行\n",
        "　全角空格　",
        "'0351",
        "2023-05-10",
        "a\tb",
        "<b>&amp;</b>",
        "]]>",
        "😀𬭎𫖯",
        "{}%s",
    ),
)


def row(number=1, **given):
    """A row whose cells are given by field name, else short texts of their own."""
    short = {
        "product": f"产品{number}",
        "enterprise_count_text": str(number),
        "regions_text": "太原市",
        "content": f"第{number}条内容。",
        "analysis": f"第{number}条分析。",
        "suggestion": f"第{number}条建议。",
        "sources_text": "消费者投诉、举报",
    }
    cells = tuple((short | given)[column.field] for column in COLUMNS)
    return Annex1Row(cells, f"0190f7c2-aaaa-7bbb-8ccc-{number:012d}", f"{number:064x}")


def form(rows=(), **given):
    values = {"unit": UNIT, "period": "2023-05", "date": DAY, "person": "张㛃䶮", "phone": "0351-0000000"}
    return Annex1Form(**(values | given), rows=tuple(rows))


@cache
def sample_form():
    """The 33 records of resources/samples as a form."""
    with resource("samples/samples.csv").open(encoding="utf-8-sig", newline="") as file:
        records = list(csv.DictReader(file))
    assert len(records) == 33
    return form(
        Annex1Row(tuple(record[column.title] for column in COLUMNS), f"id-{number}", f"{number:064x}")
        for number, record in enumerate(records)
    )


def mixed_form():
    """Long, rare and ordinary rows, to be looked at by programs of others."""
    rare = row(
        35, product="电池𬭎", regions_text="太谷𫖯区", content="王𬭎、李𫖯、赵龘、㑇某；\n第二段\t制表符  两个空格"
    )
    return form([*sample_form().rows, rare, row(36, product="长文", content=LONG)])


def squeezed(text):
    """The text without its white space."""
    return re.sub(r"\s+", "", text)
