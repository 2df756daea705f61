"""How long a filled-in form of 1,000 and 10,000 rows takes to read, beside pandas.read_excel with openpyxl.

Run: python benchmarks/bench_reading.py (needs the `bench` group). Both in the same run, best of three; the guarded time
is that of a child already running, its start is told apart. pandas only gives a frame: it finds no heading row, cleans
no text and checks nothing.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import openpyxl
import pandas as pd

from riskdesk.documents.reading.child import GuardedReader
from riskdesk.documents.reading.form import read_form
from riskdesk.domain.annex1 import COLUMNS

LONG = "经查，该批次产品按GB 4806.7-2016检验，总迁移量实测值为12.6 mg/dm²，超出标准限值10 mg/dm²；消费者反映使用3天后出现刺激性气味。"


def make(path, rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("附件1")
    sheet.append(["山西省产品质量安全风险信息报送表"])
    sheet.append(["填报单位：太原市小店区市场监督管理局", "", "", "", "填报时间：2023年5月24日"])
    sheet.append([column.title for column in COLUMNS])
    for number in range(rows):
        sheet.append(
            [
                f"产品{number}",
                number % 50,
                "太原市小店区",
                f"{number}{LONG}",
                LONG,
                "建议开展专项监督抽查。",
                "监督抽查",
            ]
        )
    sheet.append(["填报人：张三", "", "", "", "联系电话：0351-0000000"])
    book.save(path)


def best(work):
    times = []
    for _ in range(3):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times), statistics.median(times)


def main():
    with tempfile.TemporaryDirectory() as folder, GuardedReader() as guard:
        print(
            f"{'rows':>7} {'read_form':>11} {'guarded':>11} {'pandas':>11} {'pandas/read_form':>18} {'pandas/guarded':>16}"
        )
        for rows in (1000, 10_000):
            path = Path(folder) / f"{rows}.xlsx"
            make(path, rows)
            assert len(read_form(path).rows) == rows
            started = time.perf_counter()
            guard.read(path)
            start = time.perf_counter() - started
            here, _ = best(lambda path=path: read_form(path))
            there, _ = best(lambda path=path: guard.read(path))
            frame, _ = best(lambda path=path: pd.read_excel(path, engine="openpyxl", header=2, dtype=str))
            print(
                f"{rows:>7} {here:>9.3f} s {there:>9.3f} s {frame:>9.3f} s {frame / here:>17.1f}x {frame / there:>15.1f}x"
            )
            if rows == 1000:
                print(f"{'':>7} (first guarded file with the start of the child: {start:.3f} s)")
        memory = Path(f"/proc/{guard.pid}/status")
        if memory.exists():
            print("child:", *[line for line in memory.read_text().splitlines() if line.startswith("VmHWM")])


if __name__ == "__main__":
    main()
