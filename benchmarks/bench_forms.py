"""Annex 1 as PDF: our page engine against reportlab's LongTable, 1,000 and 10,000 records, each in its own process.

    python benchmarks/bench_forms.py

Fails if our engine needs 14 times as long for ten times as much, or 200 MB.
"""

import json
import random
import resource
import subprocess
import sys
import time
from datetime import date
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from riskdesk.documents.typesetting import fonts
from riskdesk.domain.annex1 import COLUMNS, TITLE, Annex1Form, Annex1Row

SIZES = (1_000, 10_000)
MOST_RATIO, MOST_MEGABYTES = 14.0, 200.0
PRODUCTS = ("建筑防水卷材", "老年鞋", "电动自行车头盔", "食品接触用不锈钢制品", "纸尿裤", "移动电源（充电宝）")
SENTENCES = (
    "经查，该批次产品按GB 4806.7-2016《食品安全国家标准 食品接触用塑料材料及制品》检验，总迁移量实测值为12.6 mg/dm²；",
    "消费者反映使用3天后出现刺激性气味，联系电话0351-7680221，同批次投诉23件（其中12315平台17件、12345热线6件）；",
    "初步判断为系统性、区域性质量安全问题，涉及危害人体健康和人身财产安全，风险程度呈上升趋势。",
    "部分企业出厂检验记录不完整，原材料进货查验台账缺失，存在“以次充好”的行业潜规则；",
    "样品编号SX-2023-YQ-000123，生产日期2023/03/18，型号规格DN25×3.5mm，批次号B20230318-A01。",
)


def form(count):
    chance = random.Random(5)

    def text(most):
        return "".join(chance.choices(SENTENCES, k=chance.randint(1, most)))

    def cells():
        place, product = chance.choice(("太原市迎泽区", "长治市上党区", "朔州市右玉县")), chance.choice(PRODUCTS)
        return (product, str(chance.randint(1, 30)), place, text(4), text(2), text(2), "消费者投诉、举报")

    rows = tuple(Annex1Row(cells(), f"id-{number}", f"{number:064x}") for number in range(count))
    return Annex1Form("太原市迎泽区市场监督管理局", "2023-05", date(2023, 5, 10), "张三", "0351-0000000", rows)


def own_engine(filled):
    from riskdesk.documents.annex1_pdf import render_pdf

    return render_pdf(filled).data


def long_table(filled):
    from xml.sax.saxutils import escape

    from reportlab.lib.colors import black
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

    style = ParagraphStyle("body", fontName=fonts.SERIF, fontSize=10.5, leading=15, wordWrap="CJK")
    fonts.register()
    head = [Paragraph(column.title, style) for column in COLUMNS]
    body = [[Paragraph(escape(cell), style) for cell in row.cells] for row in filled.rows]
    table = LongTable([head, *body], colWidths=(82, 50, 71, 208, 145, 103, 81), repeatRows=1, splitInRow=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=landscape(A4), title=TITLE, initialFontName=fonts.SERIF).build([table])
    return out.getvalue()


ENGINES = {"own engine": own_engine, "platypus LongTable": long_table}


def measure(engine, count):
    """Run one case in this process."""
    filled = form(count)
    start = time.perf_counter()
    data = ENGINES[engine](filled)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "size": len(data) / 1e6}))


def case(engine, count):
    """Run one case in a process of its own."""
    output = subprocess.run([sys.executable, __file__, engine, str(count)], check=True, capture_output=True, text=True)
    return json.loads(output.stdout)


def main():
    print(f"{'engine':20}{'records':>9}{'time s':>9}{'ratio':>8}{'peak MB':>9}{'file MB':>9}")
    found = {}
    for engine in ENGINES:
        for count in SIZES:
            result = found[engine, count] = case(engine, count)
            ratio = result["seconds"] / found[engine, SIZES[0]]["seconds"]
            print(
                f"{engine:20}{count:9,}{result['seconds']:9.2f}{ratio:8.1f}{result['peak']:9.0f}{result['size']:9.1f}",
                flush=True,
            )
    small, large = (found["own engine", count] for count in SIZES)
    failed = large["seconds"] / small["seconds"] >= MOST_RATIO or large["peak"] >= MOST_MEGABYTES
    print("FAILED" if failed else "ok", f"(own engine: ratio < {MOST_RATIO:.0f}, peak < {MOST_MEGABYTES:.0f} MB)")
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main())
