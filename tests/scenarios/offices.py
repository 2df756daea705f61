"""Six offices in folders of their own, driven by the command line alone; carriers are copied as people copy them."""

import contextlib
import csv
import io
import json
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pypdfium2

from riskdesk.cli.main import main

PROVINCE, CITY, COUNTY, SECOND, SUO, STATION = (
    "140000-JU",
    "140100-JU",
    "140105-JU",
    "140106-JU",
    "140105-S01",
    "140100-ZD01",
)
ABOVE = {CITY: PROVINCE, COUNTY: CITY, SECOND: CITY, SUO: COUNTY, STATION: PROVINCE}
PASSPHRASE = "四个 不相干 的 词语"
HEAD = ["涉及产品", "涉及企业数量", "涉及区域", "风险信息内容", "信息分析", "初步建议", "信息来源"]


@dataclass(frozen=True)
class Reply:
    """What a command answered."""

    code: int
    data: object
    said: str


@dataclass
class Offices:
    """The folders, and what was typed in any of them: (period, product) to the content that counts."""

    folder: Path
    typed: dict[tuple[str, str], str] = field(default_factory=dict)

    def home(self, code):
        return self.folder / code

    @property
    def usb(self):
        return self.folder / "usb"

    def on(self, moment):
        """Set the clocks of all offices."""
        os.environ["RISKDESK_NOW"] = moment

    def call(self, code, *arguments):
        """Run a command in an office."""
        return call("--home", self.home(code), *arguments)

    def ok(self, code, *arguments):
        """Run a command in an office that must succeed; return its JSON."""
        reply = self.call(code, *arguments)
        assert reply.code == 0, reply.said
        return reply.data

    def type_in(self, code, period, **contents):
        """Enter records, product by content."""
        table = self.folder / "typed.csv"
        rows = [
            [product, "3", "小店区", content, "分析", "加强抽查", "监督抽查"] for product, content in contents.items()
        ]
        with table.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEAD, *rows])
        assert self.ok(code, "import", table, "--period", period)["new"] == len(contents)
        self.typed.update({(period, product): content for product, content in contents.items()})

    def fill_in_form(self):
        """Fill in the form of May in a spreadsheet, as a county without riskdesk does; return the file."""
        form = self.folder / "杏花岭区5月.xlsx"
        book = openpyxl.Workbook()
        book.active.append(["山西省产品质量安全风险信息报送表"])
        book.active.append(["填报单位：太原市杏花岭区市场监督管理局", "", "", "", "填报时间：2023年5月24日"])
        book.active.append(HEAD)
        book.active.append(["取暖器", "2", "杏花岭区", "倾倒后不断电", "开关失效", "责令整改", "消费者投诉"])
        book.save(form)
        self.typed["2023-05", "取暖器"] = "倾倒后不断电"
        return form

    def seal(self, code, period, *options):
        """Seal and hand over; return the package's file."""
        return Path(self.ok(code, "seal", "--period", period, "--out", self.usb, *options)["package"])

    def take(self, code, *files):
        """Receive files that must be taken without a question."""
        return self.ok(code, "receive", *files)["files"]

    def records(self, code, period=""):
        return self.ok(code, "list", *(["--period", period] if period else []))

    def record(self, code, product):
        [found] = [each for each in self.records(code) if each["product"] == product]
        return found

    def correct(self, code, product, content, *options):
        """Correct a record, with a reason."""
        one = self.record(code, product)
        self.ok(code, "correct", one["id"], "--set", f"content={content}", "--reason", "核实后更正", *options)
        self.typed[one["period"], product] = content

    def copied(self, code, other):
        """Copy an office's whole folder, as a careless colleague does."""
        shutil.copytree(self.home(code), self.home(other))

    def secret(self, code):
        """Return the recovery key as it stands on the office's paper."""
        [sheet] = self.usb.glob(f"密钥恢复单_{code}.pdf")
        page = pypdfium2.PdfDocument(sheet)[0].get_textpage().get_text_bounded()
        return re.search(r"AGE-SECRET-KEY-1[A-Z0-9]{58}", re.sub(r"\s", "", page))[0]

    def check_all(self):
        for home in self.folder.iterdir():
            if (home / "riskdesk.db").exists():
                assert self.ok(home.name, "check") == {"ok": True, "problems": []}


def call(*arguments):
    """Run a command as `riskdesk --json` does."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*map(str, arguments), "--json"])
    return Reply(code, json.loads(out.getvalue()) if out.getvalue() else None, err.getvalue())


def set_up_all(folder):
    """Make and enrol the six offices with nothing but files and two telephones."""
    offices = Offices(folder)
    offices.usb.mkdir(parents=True)
    for code in (PROVINCE, *ABOVE):
        named = ["--name", "坞城市场监督管理所", "--parent", COUNTY] if code == SUO else []
        offices.ok(code, "setup", "--office", code, "--person", f"{code}的经办人", "--phone", "0351-0000000", *named)
    root = offices.ok(PROVINCE, "enrol", "keys", "--out", offices.usb)["fingerprint"]
    for code, above in ABOVE.items():
        asked = offices.ok(code, "enrol", "request", "--out", offices.usb)
        kit = offices.ok(
            above, "enrol", "approve", asked["file"], "--fingerprint", asked["fingerprint"], "--out", offices.usb
        )
        offices.ok(code, "enrol", "install", kit["file"], "--fingerprint", root)
    return offices
