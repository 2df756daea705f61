"""The yearly report (Annex 2): started, written, filled from the year's records, kept with all its versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from riskdesk import clock
from riskdesk.domain import statistics
from riskdesk.domain.annual import HEADINGS, LISTED_SOURCES, PARTS, AnnualReport, new_report
from riskdesk.domain.blocks import Block, BlockKind
from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.facts import Fact, events, records_behind
from riskdesk.domain.periods import Period
from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.revisions import Revision, revision
from riskdesk.domain.spans import EVENTS, RECORDS, Span
from riskdesk.domain.text import with_plain_line_ends
from riskdesk.errors import InputError
from riskdesk.files import safe_name, write_new
from riskdesk.services.counting import block_makers, year_periods
from riskdesk.services.desk import Desk
from riskdesk.services.standing import own_tip
from riskdesk.store.ids import new_id

KIND, _SCHEMA = "annual_report", 1


@dataclass(frozen=True, slots=True)
class PartOutline:
    """A part as it is numbered: `sections` are the codes with their numbered titles."""

    number: int
    title: str
    sections: tuple[tuple[str, str], ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A report as it is kept: `revision` is the hash of this version, made `at` (ISO 8601) by `author`."""

    id: str
    revision: str
    author: str
    at: str
    report: AnnualReport


def reports(desk: Desk) -> list[Kept]:
    """Return this office's own reports as they stand, by year and product; what came from others is `annual_received`'s."""
    own = desk.office.code
    ids = [step.object_id for step in desk.revisions.newest_of_kind(KIND) if step.org == own]
    found = (kept_of(own_tip(desk, desk.revisions.tips(each))) for each in ids)
    return sorted(found, key=lambda each: (each.report.year, each.report.product))


def find(desk: Desk, product: str, year: int) -> Kept:
    """Return the report on a product and year; raise `InputError` if there is none."""
    known = reports(desk)
    found = next((each for each in known if (each.report.product, each.report.year) == (product, year)), None)
    if found is None:
        others = "、".join(f"{each.report.year} 年 {each.report.product}" for each in known)
        raise InputError(
            f"没有 {year} 年“{product}”的专题分析报告。" + (f"已有：{others}。" if others else "请先新建。")
        )
    return found


def new(desk: Desk, product: str, year: int, includes: Sequence[str] = ()) -> Kept:
    """Start the report on a product and year, filled from the records; raise `InputError` if there is one already."""
    report = new_report(product, year, desk.office.name, tuple(includes))
    if any((each.report.product, each.report.year) == (report.product, year) for each in reports(desk)):
        raise InputError(f"{year} 年“{report.product}”的专题分析报告已经有了，请继续编写那一份。")
    return _save(desk, report.refreshed(blocks_of(desk, report)), new_id(), [])


def save(desk: Desk, kept: Kept, report: AnnualReport) -> Kept:
    """Save a version that was edited from `kept`; nothing is written if it says the same.

    Line ends of what was edited become LF, and halves of characters are dropped. Raises `InputError` if the report went on in the meantime.
    """
    known = {each.code: each.text for each in kept.report.sections}
    for each in report.sections:
        if each.text != known.get(each.code):
            report = report.with_text(each.code, with_plain_line_ends(each.text))
    if report == kept.report:
        return kept
    parents = desk.revisions.tips(kept.id)  # of two, as after a restored backup, the one that stands; both are joined
    if not parents or own_tip(desk, parents).hash != kept.revision:
        raise InputError("这份报告在您编辑期间已被修改。请先查看新的版本，再把您的内容合并进去。")
    if parents[0].org != desk.office.code:
        raise InputError("这是其他单位报来的专题分析报告，本单位不能修改。")
    return _save(desk, report, kept.id, parents)


def current(desk: Desk, report_id: str) -> Kept:
    """Return a report as it stands now; raise `InputError` if there is none."""
    tips = desk.revisions.tips(report_id)
    if not tips:
        raise InputError("这份专题分析报告已经不在了。请重新选择报告。")
    return kept_of(own_tip(desk, tips))


def write(desk: Desk, report_id: str, texts: Mapping[str, str]) -> Kept:
    """Save texts, by section, into the report as it stands now, whatever else became of it; versions keep what they replace.

    Texts of sections that are gone meanwhile are refused: raises `InputError`.
    """
    now = current(desk, report_id)
    report = now.report
    for code, text in texts.items():
        report = report.with_text(code, text)
    return save(desk, now, report)


def outline(report: AnnualReport) -> tuple[PartOutline, ...]:
    """Return parts and sections with the numbers that are printed: 一、 and （一）."""
    from riskdesk.documents.annex2_texts import numeral

    return tuple(
        PartOutline(
            part.number,
            f"{numeral(part.number)}、{part.title}",
            tuple(
                (each.code, f"（{numeral(n)}）{each.title}") for n, each in enumerate(report.of_part(part.number), 1)
            ),
            part.is_open,
        )
        for part in PARTS
    )


def to_do(report: AnnualReport) -> list[tuple[str, str]]:
    """Return what is still to be written or known, each with the code of its section."""
    return [(each.code, text) for each in report.sections for text in replace(report, sections=(each,)).to_do()]


def refresh(desk: Desk, kept: Kept) -> Kept:
    """Compute all blocks anew and save; what people wrote stays as it is."""
    return count_for(desk, kept, kept.report.includes)


def count_for(desk: Desk, kept: Kept, includes: Sequence[str]) -> Kept:
    """Count the products that the keywords name from now on, compute all blocks anew and save."""
    wanted = replace(kept.report, includes=tuple(includes))
    blocks = blocks_of(desk, wanted)
    unchanged = {
        code: kept.report.section(code).blocks
        for code, found in blocks.items()
        if _undated(found) == _undated(kept.report.section(code).blocks)
    }
    return save(desk, kept, wanted.refreshed({**blocks, **unchanged}))


def versions(desk: Desk, kept: Kept) -> list[Kept]:
    """Return all versions of a report, oldest first."""
    return [kept_of(step) for step in desk.revisions.of(kept.id)]


def blocks_of(desk: Desk, report: AnnualReport) -> dict[str, tuple[Block, ...]]:
    """Return what is computed for each heading, from this office's records, own and received; events count once."""
    span = Span(year_periods(desk, report.year), EVENTS, report.scope, clock.today())

    def facts_of(periods: Sequence[Period]) -> list[Fact]:
        found = events(desk.records.facts([period.id for period in periods]))
        return [fact for fact in found if not report.includes or fact.tells_of(report.includes)]

    facts = facts_of(span.periods)
    makers = block_makers(desk, span, facts, facts_of)
    behind = _records_of(desk, facts, span.periods)
    at = clock.now().isoformat(timespec="seconds")
    found: dict[str, tuple[Block, ...]] = {}
    for code, heading in HEADINGS.items():
        blocks = [
            _listed(desk, code, behind, replace(span, counted=RECORDS)) if kind is BlockKind.RECORDS else makers[kind]()
            for kind in heading.blocks
        ]
        if blocks:
            found[code] = tuple(replace(block, at=at) for block in blocks)
    return found


def _records_of(desk: Desk, counted: Sequence[Fact], periods: Sequence[Period]) -> list[Fact]:
    """Return the records that what is counted stands for, one by one."""
    ids = set(records_behind(counted))
    return [each for each in desk.records.facts([period.id for period in periods]) if each.id in ids]


def _listed(desk: Desk, code: str, records: Sequence[Fact], span: Span) -> Block:
    """List the records that came from a source of the heading, each with its own text."""
    sources = LISTED_SOURCES[code]
    names = desk.reference.vocabulary.sources
    found = [each for each in records if set(sources) & set(each.sources)]
    texts = {each.id: row.content for each in found if (row := desk.records.get(each.id)) is not None}
    what = "来自" + "、".join(f"“{names[each]}”" for each in sources) + "的信息"
    return statistics.listed(found, span, what, texts)


def _undated(blocks: Sequence[Block]) -> list[Block]:
    return [replace(each, at="") for each in blocks]


def _save(desk: Desk, report: AnnualReport, object_id: str, parents: Sequence[Revision]) -> Kept:
    step = revision(
        object_id=object_id,
        kind=KIND,
        org=desk.office.code,
        body={"schema": _SCHEMA, **to_body(report)},
        author=desk.office.person,
        at=clock.now(),
        parents=parents,
    )
    with desk.store.write(desk.office.person, "annual report") as writing:
        writing.detail.update(report=object_id, revision=step.hash)
        desk.revisions.add(writing, [step])
    return kept_of(step)


def kept_of(step: Revision) -> Kept:
    """Return the version of a report that a revision is; raise `InputError` if it is none."""
    schema = step.body.get("schema")
    if type(schema) is not int or schema != _SCHEMA:
        raise InputError("这份专题分析报告由另一版本的程序写成，本程序不能识别。请升级程序。")
    body = {name: value for name, value in step.body.items() if name != "schema"}
    return Kept(step.object_id, step.hash, step.author, step.at, from_body(AnnualReport, body))


def export(
    kept: Kept, folder: Path, formats: Sequence[str], progress: Progress = silent, day: date | None = None
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write the report as docx, pdf, or both, under names that no file bears yet; return the files and what a person should know.

    `day` is printed on the cover and at the end; without it that of the report, if it has none the month of today.
    """
    report = replace(kept.report, day=day.isoformat()) if day else kept.report
    name = safe_name(f"{report.unit}_{report.year}_{report.product}质量安全形势专题分析报告")
    files, warnings = [], list(report.to_do())
    for each in dict.fromkeys(formats):
        if each == "pdf":
            from riskdesk.documents.annex2_pdf import render_pdf as render
        else:
            from riskdesk.documents.annex2_docx import render_docx as render
        made = render(report, progress)
        files.append(write_new(folder / f"{name}.{each}", made.data))
        warnings += made.warnings
    return tuple(files), tuple(warnings)
