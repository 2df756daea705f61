"""What travels of an assessment – sheets, reviews, indicators, yearly reports – and who may have made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.domain.annual_checking import check_report
from riskdesk.domain.assessment import (
    COLUMN_TITLES,
    Column,
    check_review,
    review_from_body,
    sheet_from_body,
)
from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.records import Attachment
from riskdesk.domain.revisions import Revision, RevisionState
from riskdesk.domain.station_template import template_of
from riskdesk.domain.template_checking import check
from riskdesk.errors import InputError
from riskdesk.files import put_new, safe_name
from riskdesk.services import annual, assessing, assessment_words, reviewing
from riskdesk.services.annual_copies import copies
from riskdesk.services.assessing import REVIEW, SHEET, TEMPLATE, TEMPLATE_ID
from riskdesk.services.attaching import place
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys
from riskdesk.services.packing import (
    EXTENSION,
    Pack,
    encrypted,
    encryption_keys,
    entry_ending,
    package_of,
    packed,
    workroom,
)
from riskdesk.services.reviewing import Assessed, own_column
from riskdesk.services.roster import name_of, roster_of
from riskdesk.services.signers import demand_useful, note_signer
from riskdesk.services.trusting import anchors

if TYPE_CHECKING:
    from riskdesk.exchange.container import Content

_LEVELS = {Column.CITY: OfficeLevel.CITY, Column.PROVINCE: OfficeLevel.PROVINCE}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that travels: what it is called, and the files it refers to.

    `doubt` is what a person should know before relying on it, "" for nothing; `told` is what it comes to.
    """

    title: str
    attachments: tuple[Attachment, ...] = ()
    doubt: str = ""
    told: str = ""


def matter_of(desk: Desk, step: Revision, office: str) -> Matter:
    """Return what a revision that `office` has signed is; raise `InputError` if it is none of its own or makes no sense."""
    if step.org != office or step.state is not RevisionState.ACTIVE:
        raise InputError("不是签名单位自己的内容")
    if (step.object_id == TEMPLATE_ID) != (step.kind == TEMPLATE):  # whose template it is hangs on who may use its id
        raise InputError("编号属于指标模板，不能用于别的内容")
    read = _MATTERS.get(step.kind)
    if read is None:
        raise InputError("不认识的内容")
    return read(desk, step)


def _sheet(desk: Desk, step: Revision) -> Matter:
    sheet = sheet_from_body(step.body)
    if sheet.station != step.org or _level(desk, step.org) is not OfficeLevel.STATION:
        raise InputError("自评表只能由监测站自己填报")
    sheet.points()  # refuses answers that its template does not allow
    files = tuple(each.attachment for filled in sheet.filled.values() for each in filled.evidence)
    title = f"{sheet.year}年自评表（{sheet.unit}）"
    doubt = _name_doubt(desk, title, sheet.unit, step.org)
    if not assessing.is_known_template(desk, sheet.template_data):
        doubt += reviewing.STRANGE_TEMPLATE.format(version=sheet.template.version)
    return Matter(title, files, doubt)


def _name_doubt(desk: Desk, title: str, unit: str, office: str) -> str:
    """Return what to ask about a thing that bears the name of another office; a name that nobody else has is the signer's own affair."""
    roster = roster_of(desk)
    named = roster.named(unit)
    if named is None or named.code == office:
        return ""
    return f"{title}写的单位是“{unit}”，签名的却是 {roster.name_of(office)}（{office}）。请向签名单位核实。"


def _review(desk: Desk, step: Revision) -> Matter:
    review = review_from_body(step.body)
    column = COLUMN_TITLES[review.column]
    if _LEVELS.get(review.column) is not _level(desk, step.org):
        raise InputError(f"{column}不能由这个单位填写")
    known = desk.revisions.by_hash(review.revision)
    if known is not None and (known.kind, known.object_id) != (SHEET, review.sheet):
        raise InputError(f"{column}所核验的不是它写明的自评表")
    if known is None:
        return Matter(f"{column}（对应的自评表还没有收到）")
    sheet = sheet_from_body(known.body)
    check_review(review, sheet)
    return Matter(f"{sheet.year}年{column}（{sheet.unit}）")


def _template(desk: Desk, step: Revision) -> Matter:
    data = step.body.get("template", {})
    template = template_of(data)
    if _level(desk, step.org) is not OfficeLevel.PROVINCE or step.org not in _chain(desk):
        raise InputError("指标模板只能由省局下发")
    check(data)
    return Matter(f"监测站指标模板第{template.version}版")


def _annual(desk: Desk, step: Revision) -> Matter:
    if _level(desk, step.org) is None:
        raise InputError("专题分析报告的单位不在单位名录中")
    kept = annual.kept_of(step)
    check_report(kept.report)
    _check_moment(step.at)
    title = assessment_words.report_title(kept.report)
    doubt = _name_doubt(desk, title, kept.report.unit, step.org)
    return Matter(title, doubt=doubt, told=assessment_words.told(step))


_MATTERS: Mapping[str, Callable[[Desk, Revision], Matter]] = {
    SHEET: _sheet,
    REVIEW: _review,
    TEMPLATE: _template,
    annual.KIND: _annual,
}


def own_sheet(desk: Desk, year: int) -> tuple[list[Revision], tuple[str, ...]]:
    """Return this station's sheet of a year as it stands, and who gets it: all offices above; what came before it stays here."""
    kept = assessing.find(desk, year)
    return desk.revisions.tips(kept.id), _above(desk)


def own_review(desk: Desk, seen: Assessed) -> tuple[list[Revision], tuple[str, ...]]:
    """Return this office's review of a sheet as it stands, and who gets it: the station, and the offices above."""
    known = seen.reviews.get(own_column(desk))
    if known is None:
        raise InputError(f"{seen.kept.sheet.unit} 的自评表还没有{COLUMN_TITLES[own_column(desk)]}，请先填写。")
    others = [each.office for column, each in seen.reviews.items() if column is not own_column(desk)]
    receivers = dict.fromkeys((seen.kept.sheet.station, *_above(desk), *others))
    return desk.revisions.tips(known.id), tuple(receivers)


def own_template(desk: Desk) -> tuple[list[Revision], tuple[str, ...]]:
    """Return the indicators that this office put in force, and who gets them: all offices directly below."""
    steps = desk.revisions.tips(TEMPLATE_ID)
    if not steps or steps[0].org != desk.office.code:
        raise InputError("本单位没有修订过指标模板，不需要下发。监测站的程序已带有默认模板。")
    below = roster_of(desk).subordinates(desk.office.code, clock.today())
    return steps, tuple(office.code for office in below)


def own_annual(desk: Desk, report_id: str) -> tuple[list[Revision], tuple[str, ...]]:
    """Return a yearly report of this office as it stands, and who gets it: all offices above; what came before it stays here."""
    above = _above(desk)
    if not above:
        raise InputError("本单位没有上级单位，专题分析报告不需要上报。请用导出。")
    tips = [step for step in desk.revisions.tips(report_id) if step.org == desk.office.code]
    if not tips:
        raise InputError("这份专题分析报告已经不在了。请重新选择报告。")
    return tips[::-1], above  # the one that stands is the last


@dataclass(frozen=True, slots=True)
class Written:
    """The file that was written for the way, and what a person should know of it."""

    file: Path
    warnings: tuple[str, ...] = ()


def hand_on(desk: Desk, keys: Keys, steps: Sequence[Revision], receivers: Sequence[str], folder: Path) -> Written:
    """Write the signed package with some of this office's own matters, encrypted if the keys of all addressees are known.

    Raises `InputError` for a certificate that nobody would take, and `FileFaultError` if it cannot be written: then nothing is noted.
    """
    from riskdesk.exchange.manifest import PackageKind
    from riskdesk.exchange.payload import ASSESSMENT, assessment_to_bytes

    demand_useful(desk, keys)
    matters = [matter_of(desk, step, desk.office.code) for step in steps]
    wanted = {each.sha256: each for matter in matters for each in matter.attachments}
    files = {
        f"attach/{number:04}{entry_ending(each.name)}": place(desk, each)
        for number, each in enumerate(wanted.values(), 1)
    }
    titles = {entry: each.name for entry, each in zip(files, wanted.values(), strict=True)}
    content: dict[str, Content] = {ASSESSMENT: assessment_to_bytes(tuple(steps)), **files}
    for entry, made_of, title in copies(steps):
        content[entry], titles[entry] = made_of, title
    period = str(clock.today().year)
    before = [
        each for each in desk.packages.every("out") if each.kind == PackageKind.ASSESSMENT and each.period == period
    ]
    recipients, unknown = encryption_keys(desk, receivers)
    pack = Pack(PackageKind.ASSESSMENT, receivers, content, titles, period=period, number=len(before) + 1)
    name = safe_name(f"{desk.office.code}_{matters[0].title}_{len(before) + 1}") + EXTENSION
    with packed(desk, keys, pack) as made, workroom(desk) as room:
        source = made.path if unknown else encrypted(made.path, room, name, recipients)
        written = put_new(source, folder / (name if unknown else source.name))
        file, _ = desk.packages.bytes.keep(made.path)
        facts = {"items": [step.hash for step in steps]}
        noted = package_of(made.manifest, made.id, direction="out", file=file, file_name=name, facts=facts)
        with desk.store.write(desk.office.person, "hand on assessment") as writing:
            writing.detail.update(package=made.id)
            desk.packages.add(writing, noted)
            desk.packages.note_sent(writing, facts["items"])
            note_signer(desk, writing, keys)
    return Written(written, tuple(_warnings(desk, unknown)))


def _warnings(desk: Desk, unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        yield f"还没有{'、'.join(name_of(desk, code) for code in unknown)}的加密公钥，这个包没有加密；请当面交接。"
    if not anchors(desk).is_enrolled and _above(desk):
        yield "上级还没有签发证书，收件单位要先登记本单位。"


def _above(desk: Desk) -> tuple[str, ...]:
    return tuple(office.code for office in roster_of(desk).superiors(desk.office.code, clock.today()))


def _check_moment(text: str) -> None:
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"写成的时间不对：{text[:20]}。") from error


def _level(desk: Desk, code: str) -> OfficeLevel | None:
    roster = roster_of(desk)
    return roster.office(code).level if code in roster else None


def _chain(desk: Desk) -> set[str]:
    return {office.code for office in roster_of(desk).chain(desk.office.code, clock.today())}
