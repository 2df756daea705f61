"""A county office in the middle of a month, for pictures: sample records, and a few entered as a person would.

All names, telephone numbers and codes are made up.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from riskdesk import clock
from riskdesk.domain.enterprise_count import parse_enterprise_count
from riskdesk.domain.records import Record, record_to_body
from riskdesk.services import demo, drafting, entry, handing_over, keyring, sealing, setup, upkeep
from riskdesk.services.desk import Desk
from riskdesk.services.handing_over import Way
from riskdesk.services.preferences import Person, keep, preferences
from riskdesk.services.reference import Reference
from riskdesk.services.sealing import Wish

PERIOD = "2023-05"
NOW = "2023-05-22T15:40"
KEY_PRODUCT = "电动自行车充电器"  # the 重点 record
CHANGED_PRODUCT = "儿童爬行地垫"  # the one with a history
SUO = "140105-S01"
PASSPHRASE = demo.PASSPHRASE
OPEN_PRODUCT = "燃气灶用阀门"  # the one with problems that are not settled
_CHARGER = Record(
    PERIOD,
    product=KEY_PRODUCT,
    enterprise_count=parse_enterprise_count("3"),
    regions_text="太原市小店区、迎泽区",
    content="5月22日巡查3家电动自行车配件店，抽检充电器3批次，2批次无过充保护，充电4小时后外壳熔化，"
    "其中1批次试验中起火。涉及同型号库存216件，已有居民楼充电起火1起，未造成人员伤亡。",
    analysis="采用回收变压器和电解电容，缺少过充保护电路；同款产品通过网络平台销售，可能流入省内其他地区。",
    suggestion="建议立即下架同型号产品，通报网络交易监管部门，列入二季度专项监督抽查。",
    sources_text="市场监管部门日常监管中发现的；消费者投诉、举报的",
    source_codes=("S3", "S2"),
    region_codes=("140105", "140106"),
    discovered_on=date(2023, 5, 22),
    category="电子及信息技术产品",
    important_codes=("I1", "I3"),
    key_codes=("K1",),
    samples_tested=3,
    samples_failed=2,
)
_MAT = Record(
    PERIOD,
    product=CHANGED_PRODUCT,
    enterprise_count=parse_enterprise_count("约30"),
    regions_text="太原市小店区",
    content="抽检儿童爬行地垫6批次，1批次甲酰胺释放量超标。",
    analysis="原料中回收料比例过高。",
    suggestion="发布消费提示。",
    sources_text="检验检测机构检测的",
    source_codes=("S5",),
    region_codes=("140105",),
    discovered_on=date(2023, 5, 16),
    important_codes=("I1",),
)
_VALVE = Record(
    PERIOD,
    product=OPEN_PRODUCT,
    enterprise_count=parse_enterprise_count("多家"),
    regions_text="太原市小店区",
    content="接到消费者投诉5起，反映更换阀门后熄火保护失效，停火后仍有燃气泄漏。",
    analysis="阀体加工精度不足，弹簧疲劳后卡滞，密闭厨房内可能引起爆燃。",
    sources_text="消费者投诉、举报的",
    source_codes=("S2",),
    region_codes=("140105",),
    discovered_on=date(2023, 5, 21),
    important_codes=("I1",),
)
_DRAFT = Record(
    PERIOD,
    product="学生书包反光条",
    regions_text="太原市小店区",
    content="校园周边抽查书包12个，反光条亮度待检验结果。",
    discovered_on=date(2023, 5, 19),
)
_LEFT = Record(
    PERIOD,
    product="老年鞋",
    enterprise_count=parse_enterprise_count("4"),
    regions_text="太原市小店区",
    content="接到消费者投诉3起，反映雨天行走打滑摔倒，鞋底防滑性能不足。",
    analysis="鞋底材料偏硬，花纹过浅，",
    discovered_on=date(2023, 5, 22),
)


def make(folder: Path, home: Path) -> Reference:
    """Make the office's data folder at `home`, with the help of `folder`."""
    reference = Reference()
    _at("2023-05-19T16:20")
    demo.make(folder)[demo.COUNTY].rename(home)
    with Desk(home, reference) as desk:
        _staff(desk)
        _bring_into_the_period(desk)
        mat = entry.save(desk, _MAT)
        _put_away(desk)
        drafting.keep(desk, _DRAFT)
        _at("2023-05-22T08:31")
        upkeep.back_up_daily(desk)
        _at("2023-05-22T09:12")
        better = _MAT.edited(
            content="抽检儿童爬行地垫6批次，2批次甲酰胺释放量超标，婴幼儿长期接触可能危害健康。",
            suggestion="责令下架2批次产品，并通报生产企业所在地。",
        )
        mat = entry.save(desk, better, mat.object_id, base=mat.hash)
        _at("2023-05-22T11:05")
        entry.save(desk, better.edited(enterprise_count=parse_enterprise_count("6")), mat.object_id, base=mat.hash)
        _at("2023-05-22T12:34")
        entry.save(desk, _CHARGER)
        _at("2023-05-22T14:50")
        entry.save(desk, _VALVE)
    _at(NOW)
    return reference


def let_report(folder: Path, reference: Reference, way: Path) -> Path:
    """Let the 所 below, made with the others in `folder`, report two records; return its package."""
    with Desk(folder / SUO, reference) as desk:
        for product, content in (
            ("儿童电动牙刷", "抽检2批次，1批次充电座带电部件可触及，存在触电危险。"),
            ("家用梯子", "接到消费者投诉2起，反映梯脚防滑套脱落，使用中摔伤。"),
        ):
            entry.save(desk, _MAT.edited(product=product, content=content))
        keys = keyring.unlock(desk, PASSPHRASE)
        package = sealing.seal(desk, keys, Wish(PERIOD))
        return handing_over.hand_over(desk, keys, package, Way(way)).files[0]


def leave_typing(desk: Desk) -> None:
    """Leave the journal of a form behind, as a power cut would."""
    journal = entry.journal(desk, "form-at-the-power-cut")
    journal.type(record_to_body(_LEFT), clock.now())
    journal.flush()


def change_elsewhere(desk: Desk, object_id: str) -> None:
    """Change a record as another person at another program does."""
    now = entry.current(desk, object_id)
    if now is None:
        return
    changed = entry.record_of(now).edited(
        analysis="原料中回收料比例过高，厂家没有原料进厂检验记录。", brand="贝安（示例）"
    )
    with Desk(desk.home, desk.reference) as other:
        other.office = replace(other.office, person="王建国")
        entry.save(other, changed, object_id, base=now.hash)


def _staff(desk: Desk) -> None:
    setup.renew(desk, replace(desk.office, person="李雪梅", phone="0351-0000000"))
    people = (Person("李雪梅", "0351-0000000"), Person("王建国", "0351-0000001"))
    keep(desk, replace(preferences(desk), people=people, backup_places=(r"E:\风险信息备份",)))


def _bring_into_the_period(desk: Desk) -> None:
    """Give the samples, which are of many months, days of this period."""
    for number, row in enumerate(desk.records.every()):
        revision = entry.current(desk, row.id)
        if revision is not None:
            day = date(2023, 4, 26) + timedelta(days=number % 23)
            changed = entry.record_of(revision).edited(discovered_on=day, occurred_on=None, period=PERIOD)
            entry.save(desk, changed, row.id, base=revision.hash)


def _put_away(desk: Desk) -> None:
    """Put two records into the bin."""
    for product, reason in (("电热毯", "与上月记录重复"), ("充电宝", "误录")):
        step = entry.save(desk, _MAT.edited(product=product, content=f"{product}：{reason}，留作示例。"))
        entry.withdraw(desk, step.object_id, reason)


def _at(moment: str) -> None:
    os.environ["RISKDESK_NOW"] = moment
