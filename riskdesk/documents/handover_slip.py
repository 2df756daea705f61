"""报送包交接单: goes with the stick, and says what is handed over and the code by which it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from riskdesk.documents.paper_texts import in_groups, moment_text, period_text
from riskdesk.documents.typesetting.sheet import WIDTH, Column, Sheet, new_sheet

TITLE: Final = "产品质量安全风险信息报送包交接单"
_NIL: Final = "零报告：本期没有产品质量安全风险信息"
_COLUMNS = (Column(40, "centre"), Column(WIDTH - 145), Column(105, "right"))
_GROUP, _A_ROW = 8, 2  # of the code


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed over; `made_at` is ISO 8601, `package` the id in 64 hexadecimal digits, `files` names and bytes."""

    office: str
    receivers: tuple[str, ...]
    period: str
    number: int
    records: int
    nil: bool
    person: str
    phone: str
    made_at: str
    package: str
    files: tuple[tuple[str, int], ...]


def render_slip(slip: Slip) -> bytes:
    """Return the slip as a PDF."""
    made = datetime.fromisoformat(slip.made_at)
    with new_sheet(TITLE, slip.office, made.date(), f"核对码 {slip.package[:_GROUP]}……") as sheet:
        sheet.title(TITLE)
        sheet.fields(
            (
                ("移交单位", slip.office),
                ("接收单位", "\n".join(slip.receivers)),
                ("报送期", f"{period_text(slip.period)}（本期第 {slip.number} 次报送）"),
                ("内容", _NIL if slip.nil else f"风险信息 {slip.records} 条"),
                ("经办人", slip.person),
                ("联系电话", slip.phone),
                ("生成时间", moment_text(made)),
            )
        )
        sheet.heading("核对码（64 个字符，每组 8 个）")
        sheet.code("", in_groups(slip.package, _GROUP), _A_ROW, 15, qr=slip.package)
        _files(sheet, slip.files)
        sheet.space(10)
        sheet.paragraph(
            "本单随 U 盘交接。接收后请核对：本单的核对码应与 riskdesk 中显示的一致；不一致的，请退回移交单位。"
        )
        sheet.space(8)
        sheet.boxes(("移交人（签字）", "接收人（签字）", "交接日期"))
        return sheet.finish()


def _files(sheet: Sheet, files: tuple[tuple[str, int], ...]) -> None:
    many = "，须全部移交，缺一不可" if len(files) > 1 else ""
    sheet.heading(f"文件（共 {len(files)} 个{many}）")
    rows = [(str(number), name, f"{size:,}") for number, (name, size) in enumerate(files, 1)]
    sheet.table(_COLUMNS, ("序号", "文件名", "大小（字节）"), rows)
