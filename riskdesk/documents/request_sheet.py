"""证书申请单: printed, stamped with the real seal, and compared by telephone before the office above certifies a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from riskdesk.documents.paper_texts import moment_text
from riskdesk.documents.typesetting.sheet import new_sheet

TITLE: Final = "数字证书申请单"
_A_ROW = 3  # groups of the fingerprint
_STEPS: Final = (
    "申请单位打印本单、盖章，连同申请文件送上级单位。",
    "上级单位用自己原来掌握的电话打给申请单位，不用本单或邮件里写的号码。",
    "申请单位看着自己电脑上显示的指纹，一组一组地念；上级单位看着自己电脑上显示的指纹，一组一组地听。",
    "六组全部一致，上级单位才可以签发。有一个数字不同，就不要签发：文件可能拿错了，也可能被人换过，请重新申请。",
)


@dataclass(frozen=True, slots=True)
class RequestSheet:
    """`fingerprint` are 30 digits in groups of five, `made_at` is ISO 8601."""

    office: str
    code: str
    superior: str
    person: str
    phone: str
    fingerprint: str
    made_at: str


def render_request(given: RequestSheet) -> bytes:
    """Return the sheet as a PDF."""
    made = datetime.fromisoformat(given.made_at)
    with new_sheet(TITLE, given.office, made.date(), f"{TITLE}　{given.code}") as sheet:
        sheet.title(TITLE)
        sheet.fields(
            (
                ("申请单位", given.office),
                ("机构代码", given.code),
                ("上级单位", given.superior),
                ("经办人", given.person),
                ("联系电话", given.phone),
                ("生成时间", moment_text(made)),
            )
        )
        sheet.heading("密钥指纹（30 个数字，六组）")
        sheet.code("", given.fingerprint.split(), _A_ROW, 26)
        sheet.heading("怎样核对")
        sheet.points(_STEPS)
        sheet.space(12)
        sheet.boxes(
            (
                "申请单位（盖章）\n\n\n\n\n　　　　　年　　月　　日",
                "电话核对（上级单位填写）\n□ 六组一致　□ 不一致\n核对人：\n对方姓名：\n\n　　　　　年　　月　　日",
            ),
            120,
        )
        return sheet.finish()
