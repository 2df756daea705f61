"""A station's sheet of a year: started by the template in force, filled by people beside what the data say, with all its versions."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from riskdesk import clock
from riskdesk.domain.assessment import (
    YEARS,
    Column,
    Evidence,
    Filled,
    Measured,
    Result,
    Review,
    Sheet,
    result,
    sheet_from_body,
    sheet_to_body,
)
from riskdesk.domain.canonical import digest
from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.records import Attachment
from riskdesk.domain.revisions import Revision, revision
from riskdesk.domain.scoring import Answer
from riskdesk.domain.station_template import Template, template_from_text, template_of
from riskdesk.domain.template_checking import check
from riskdesk.domain.text import clean
from riskdesk.errors import InputError, UsageError
from riskdesk.files import fault, safe_name, write_new
from riskdesk.paths import resource
from riskdesk.services import attaching
from riskdesk.services.desk import Desk
from riskdesk.services.measuring import measure
from riskdesk.services.standing import own_tip
from riskdesk.services.station_evidence import demand_content
from riskdesk.store.ids import new_id

SHEET, REVIEW, TEMPLATE = "assessment", "assessment_review", "station_template"  # kinds of objects
TEMPLATE_ID = str(uuid.uuid5(uuid.UUID("5f0e9a51-7a0f-4d3c-9f59-0d7c2f6f3a10"), TEMPLATE))


@dataclass(frozen=True, slots=True)
class Kept:
    """A sheet as it is kept: `revision` is the hash of this version, made `at` (ISO 8601) by `author`."""

    id: str
    revision: str
    author: str
    at: str
    sheet: Sheet

    @property
    def result(self) -> Result:
        """What the station's own column comes to."""
        return result(self.sheet.template, self.sheet.points(), self.sheet.vetoes)


def template_data(desk: Desk) -> dict[str, Any]:
    """Return the template in force as JSON values: the newest that the province made, else the one that ships with the program."""
    steps = [step for step in desk.revisions.tips(TEMPLATE_ID) if step.kind == TEMPLATE]
    if steps:
        found: dict[str, Any] = steps[0].body["template"]
        return found
    return _shipped_template()


def is_known_template(desk: Desk, data: Mapping[str, Any]) -> bool:
    """Tell whether a template is one that the province made, or the one that ships with the program."""
    known = (step.body["template"] for step in desk.revisions.of_kind(TEMPLATE))
    return any(digest(each) == digest(data) for each in (_shipped_template(), *known))


def _shipped_template() -> dict[str, Any]:
    return template_from_text(resource("station/template.json").read_text("utf-8"))


def change_template(desk: Desk, path: Path) -> Template:
    """Put the template of a file in force from now on; sheets that were begun keep theirs.

    Raises `InputError` if the file is no template or not newer, `UsageError` outside the provincial bureau.
    """
    _demand_province(desk)
    try:
        data = template_from_text(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name} 不是 UTF-8 编码的文本文件。请重新导出模板。") from error
    except OSError as error:
        raise fault(path, error) from error
    return put_in_force(desk, data)


def revise_template(desk: Desk, data: Mapping[str, Any]) -> Template:
    """Put an edited template in force as the next version; `data` still bears the version that it was edited from.

    Raises `InputError` if another version came in the meantime or if something is wrong with it, `UsageError` outside the province.
    """
    now = template_of(template_data(desk)).version
    if data["version"] != now:
        raise InputError(f"指标模板在您修改期间已换成第 {now} 版，这次的修改没有保存。请重新打开后再修改。")
    return put_in_force(desk, {**data, "version": now + 1})


def put_in_force(desk: Desk, data: Mapping[str, Any]) -> Template:
    """Put a template in force; raise `InputError` if something is wrong with it or it is not newer, `UsageError` outside the province."""
    _demand_province(desk)
    check(data)
    made, known = template_of(data), template_of(template_data(desk))
    if made.version <= known.version:
        raise InputError(f"模板的版本是 {made.version}，应大于现行的 {known.version}。请修改“version”后再导入。")
    step = step_of(desk, TEMPLATE, TEMPLATE_ID, {"schema": 1, "template": dict(data)})
    with desk.store.write(desk.office.person, "station template") as writing:
        writing.detail.update(version=made.version, revision=step.hash)
        desk.revisions.add(writing, [step])
    return made


def _demand_province(desk: Desk) -> None:
    """Raise `UsageError` unless this is the provincial bureau, which alone revises the indicators."""
    if desk.office.level != OfficeLevel.PROVINCE:
        raise UsageError("指标模板由省局修订。本单位收到省局下发的模板后，新建的自评表会自动采用。")


def sheets(desk: Desk) -> list[Kept]:
    """Return the sheets that are here as they stand, by year and station."""
    own = desk.office.code
    steps = desk.revisions.newest_of_kind(SHEET)
    found = (_kept(own_tip(desk, desk.revisions.tips(each.object_id)) if each.org == own else each) for each in steps)
    return sorted(found, key=lambda each: (each.sheet.year, each.sheet.station))


def find(desk: Desk, year: int) -> Kept:
    """Return this office's sheet of a year; raise `InputError` if there is none."""
    found = next(
        (each for each in sheets(desk) if (each.sheet.station, each.sheet.year) == (desk.office.code, year)), None
    )
    if found is None:
        raise InputError(f"还没有 {year} 年的自评表。请先新建。")
    return found


def new(desk: Desk, year: int) -> Kept:
    """Start the sheet of a year, with what the data say filled in; raise `InputError` if there is one, `UsageError` outside a station."""
    if desk.office.level != OfficeLevel.STATION:
        raise UsageError("自评表由监测站填写。市局和省局在收到监测站的自评表后核验。")
    if year not in YEARS:
        raise InputError(f"年度应在 {YEARS.start} 到 {YEARS.stop - 1} 之间。")
    if any((each.sheet.station, each.sheet.year) == (desk.office.code, year) for each in sheets(desk)):
        raise InputError(f"{year} 年的自评表已经有了，请继续填写那一份。")
    sheet = Sheet(desk.office.code, desk.office.name, year, template_data(desk))
    return _save(desk, new_id(), _refreshed(sheet, measured(desk, sheet)))


def measured(desk: Desk, sheet: Sheet) -> dict[str, Measured]:
    """Return what the data say now to the indicators of a sheet, with what was counted."""
    return measure(desk, sheet.year, sheet.template.indicators)


def refresh(desk: Desk, kept: Kept) -> Kept:
    """Compute anew what the data can answer; what a person has put in its place stays."""
    return save(desk, kept, _refreshed(kept.sheet, measured(desk, kept.sheet)))


def fill(desk: Desk, kept: Kept, code: str, answer: Answer, *, reason: str = "", note: str = "") -> Kept:
    """Fill in one indicator; raise `InputError` if its rule wants another answer, or if it differs from the data without a reason."""
    before = kept.sheet.of(code)
    if before.computed is not None and answer != before.computed and not reason.strip():
        raise InputError(f"指标 {code} 填写的与系统计算的不同，请写明理由。")
    filled = replace(before, answer=answer, reason=clean(reason), note=clean(note) or before.note)
    return save(desk, kept, kept.sheet.with_filled(code, filled))


def keep(desk: Desk, kept: Kept, code: str, said: Filled) -> Kept:
    """Keep what is being filled in for one indicator as it stands, a reason that is still lacking included; `missing` tells of it.

    What was computed and the evidence stay as they are; a reason goes once the answer is what was computed. Raises `InputError` if the rule wants another answer.
    """
    before = kept.sheet.of(code)
    is_as_computed = said.answer is not None and said.answer == before.computed
    reason = "" if is_as_computed else clean(said.reason)
    filled = replace(before, answer=said.answer, reason=reason, note=clean(said.note))
    return save(desk, kept, kept.sheet.with_filled(code, filled))


def attach(desk: Desk, kept: Kept, code: str, path: Path, of: str = "") -> Kept:
    """Add a file that proves what an indicator says; `of` is which of the required ones it is, "" for another."""
    indicator, before = kept.sheet.template.indicator(code), kept.sheet.of(code)
    if of and of not in indicator.evidence:
        raise InputError(f"指标 {code} 没有要求“{of}”。要求的有：{'、'.join(indicator.evidence) or '无'}。")
    demand_content(path)
    added = Evidence(attaching.attach(desk, path), of)
    if added in before.evidence:
        return kept
    sheet = kept.sheet.with_filled(code, replace(before, evidence=(*before.evidence, added)))
    return save(desk, kept, sheet, [added.attachment])


def detach(desk: Desk, kept: Kept, code: str, evidence: Evidence) -> Kept:
    """Take a file off an indicator; earlier versions of the sheet keep it."""
    before = kept.sheet.of(code)
    left = tuple(each for each in before.evidence if each != evidence)
    return save(desk, kept, kept.sheet.with_filled(code, replace(before, evidence=left)))


def veto(desk: Desk, kept: Kept, codes: Sequence[str]) -> Kept:
    """State which vetoes hold, none of them if there are none; raise `InputError` for one that the template lacks."""
    return save(desk, kept, replace(kept.sheet, vetoes=vetoes_of(kept.sheet.template, codes)))


def vetoes_of(template: Template, codes: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of vetoes in the order of the template; raise `InputError` for one that it lacks."""
    known = [each.code for each in template.vetoes]
    if strangers := set(codes) - set(known):
        raise InputError(f"模板中没有否决项“{'、'.join(sorted(strangers))}”。可用的有：{'、'.join(known)}。")
    return tuple(each for each in known if each in codes)


def save(desk: Desk, kept: Kept, sheet: Sheet, attachments: Sequence[Attachment] = ()) -> Kept:
    """Save a version that was edited from `kept`, which joins all others that nothing follows.

    Nothing is written if it says the same; raises `InputError` if the sheet went on.
    """
    if sheet == kept.sheet:
        return kept
    if kept.revision not in [each.hash for each in desk.revisions.tips(kept.id)]:
        raise InputError("这份自评表在您填写期间已被修改。请重新打开后再填写。")
    return _save(desk, kept.id, sheet, attachments)


def versions(desk: Desk, kept: Kept) -> list[Kept]:
    """Return all versions of a sheet, oldest first."""
    return [_kept(step) for step in desk.revisions.of(kept.id)]


def restore(desk: Desk, kept: Kept, version: Kept) -> Kept:
    """Save again what stood in an earlier version, as a new one; raise `InputError` if the sheet went on since `kept`."""
    return save(desk, kept, version.sheet)


def _refreshed(sheet: Sheet, found: Mapping[str, Measured]) -> Sheet:
    """Take what is computed now; where nobody has said otherwise it is the answer, too."""
    filled = dict(sheet.filled)
    for code, each in found.items():
        before = sheet.of(code)
        is_own = before.answer is not None and (before.answer != before.computed or bool(before.reason))
        filled[code] = replace(before, computed=each.answer, answer=before.answer if is_own else each.answer)
    return replace(sheet, filled={code: each for code, each in filled.items() if each != Filled()})


def _save(desk: Desk, object_id: str, sheet: Sheet, attachments: Sequence[Attachment] = ()) -> Kept:
    step = step_of(desk, SHEET, object_id, sheet_to_body(sheet))
    with desk.store.write(desk.office.person, "assessment") as writing:
        writing.detail.update(sheet=object_id, revision=step.hash)
        for each in attachments:
            desk.attachments.note(writing, each.sha256, each.size, each.name)
        desk.revisions.add(writing, [step])
    return _kept(step)


def step_of(desk: Desk, kind: str, object_id: str, body: dict[str, Any]) -> Revision:
    """Make, but do not write, the next revision of one of this office's objects."""
    return revision(
        object_id=object_id,
        kind=kind,
        org=desk.office.code,
        body=body,
        author=desk.office.person,
        at=clock.now(),
        parents=desk.revisions.tips(object_id),
    )


def _kept(step: Revision) -> Kept:
    return Kept(step.object_id, step.hash, step.author, step.at, sheet_from_body(step.body))


def export(
    desk: Desk, kept: Kept, folder: Path, formats: Sequence[str], reviews: Mapping[Column, Review] | None = None
) -> tuple[Path, ...]:
    """Write the sheet with what is made of it above as xlsx, pdf, or both, under names that no file bears yet."""
    from riskdesk.documents.assessment_texts import AssessmentForm

    is_own = kept.sheet.station == desk.office.code  # what this office's data say is nothing about another's
    told = {code: each.text for code, each in measured(desk, kept.sheet).items()} if is_own else {}
    form = AssessmentForm(kept.sheet, clock.today(), told, reviews or {})
    name = safe_name(f"{kept.sheet.unit}_{form.title}")
    files = []
    for each in dict.fromkeys(formats):
        if each == "pdf":
            from riskdesk.documents.assessment_pdf import render_pdf as render
        else:
            from riskdesk.documents.assessment_xlsx import render_xlsx as render
        files.append(write_new(folder / f"{name}.{each}", render(form)))
    return tuple(files)


def export_template(desk: Desk, file: Path) -> Path:
    """Write the template in force as a file that can be edited and put in force again."""
    data = json.dumps(template_data(desk), ensure_ascii=False, indent=1)
    return write_new(file, data.encode())
