"""密钥恢复单: the recovery key on paper, which exists nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from riskdesk.documents.paper_texts import in_groups, moment_text
from riskdesk.documents.typesetting.sheet import new_sheet

TITLE: Final = "密钥恢复单"
_RULES: Final = (
    "打印后立即放进单位保险柜，由专人保管，取用要登记。",
    "不要拍照、扫描、复印，不要用邮件、微信或其他方式发送，不要存在电脑或 U 盘里。如果存成了文件，打印后请删除。",
    "谁拿到它，谁就可能看到本单位收到和发出的加密报送包。丢失了，或可能被人看过，请立即报告上级，并更换密钥。",
    "它不能签名：用它不能冒充本单位报送，也不能代替公章。",
    "丢了它不会丢失已经录入的数据。",
)
_GROUP, _A_ROW = 5, 4  # of the secret


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """`secret` is the key as age writes it (AGE-SECRET-KEY-1…), `made_at` ISO 8601."""

    office: str
    code: str
    secret: str
    fingerprint: str
    made_at: str


def render_recovery(given: RecoverySheet) -> bytes:
    """Return the sheet as a PDF."""
    made = datetime.fromisoformat(given.made_at)
    prefix, mark, rest = given.secret.rpartition("1")
    with new_sheet(TITLE, given.office, made.date(), "保险柜保存　不得拍照、复印、发送") as sheet:
        sheet.title(TITLE)
        sheet.fields(
            (
                ("单位", given.office),
                ("机构代码", given.code),
                ("密钥指纹", given.fingerprint),
                ("生成时间", moment_text(made)),
            )
        )
        sheet.heading("这张纸是做什么用的")
        sheet.paragraph(
            "忘记口令时，凭它和数据文件夹里的 keys 文件夹，可以打开别人加密发给本单位的报送包；本单位自己加密的报送包，凭它就能打开。平时用不到。"
        )
        sheet.heading("怎样保管")
        sheet.points(_RULES)
        sheet.heading(f"恢复密钥（先抄“{prefix}{mark}”，再逐组往下抄，各组之间没有空格）")
        sheet.code(prefix + mark, in_groups(rest, _GROUP), _A_ROW, 14, qr=given.secret)
        sheet.space(4)
        sheet.paragraph(
            "其中没有字母 O 和 I：像 O 的是数字 0。右边的二维码是同一个密钥，只用接在本单位电脑上的扫码枪读，不要用手机扫。",
            10.5,
        )
        sheet.space(10)
        sheet.boxes(("保管人（签字）", "存放地点", "入柜日期"))
        return sheet.finish()
