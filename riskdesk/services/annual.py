"""The yearly report (Annex 2): started, written, filled from the year's records, kept with all its versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from riskdesk import clock
from riskdesk.domain import statistics
from riskdesk.domain.annual import HEADINGS, LISTED_SOURCES, PARTS, AnnualReport, new_report
from riskdesk.domain.blocks import Block, BlockKind
from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.facts import Fact, events
from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.revisions import Revision, heads, revision
from riskdesk.domain.statistics import Span
from riskdesk.errors import InputError
from riskdesk.files import safe_name, write_new
from riskdesk.services.counting import county_of, facts_of, year_before, year_span
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of
from riskdesk.store.ids import new_id

_KIND, _SCHEMA = "annual_report", 1


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
    """Return this office's reports as they stand, by year and product."""
    found = map(_kept, desk.revisions.newest_of_kind(_KIND))
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

    Raises `InputError` if the report went on in the meantime.
    """
    if report == kept.report:
        return kept
    parents = heads(desk.revisions.of(kept.id))
    if [each.hash for each in parents] != [kept.revision]:
        raise InputError("这份报告在您编辑期间已被修改。请先查看新的版本，再把您的内容合并进去。")
    return _save(desk, report, kept.id, parents)


def current(desk: Desk, report_id: str) -> Kept:
    """Return a report as it stands now; raise `InputError` if there is none."""
    steps = desk.revisions.of(report_id)
    if not steps:
        raise InputError("这份专题分析报告已经不在了。请重新选择报告。")
    return _kept(heads(steps)[0])


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
    blocks = blocks_of(desk, kept.report)
    unchanged = {
        code: kept.report.section(code).blocks
        for code, found in blocks.items()
        if _undated(found) == _undated(kept.report.section(code).blocks)
    }
    return save(desk, kept, kept.report.refreshed({**blocks, **unchanged}))


def versions(desk: Desk, kept: Kept) -> list[Kept]:
    """Return all versions of a report, oldest first."""
    return [_kept(step) for step in desk.revisions.of(kept.id)]


def blocks_of(desk: Desk, report: AnnualReport) -> dict[str, tuple[Block, ...]]:
    """Return what is computed for each heading, from this office's records, own and received; events count once."""
    span = year_span(desk, report.year)
    facts = events(facts_of(desk, span.periods, report.includes))
    earlier = year_before(desk, span)
    before = events(facts_of(desk, earlier.periods, report.includes)) if earlier else []
    makers = _makers(desk, facts, span, before, earlier)
    at = clock.now().isoformat(timespec="seconds")
    found: dict[str, tuple[Block, ...]] = {}
    for code, heading in HEADINGS.items():
        blocks = [
            _listed(desk, code, facts, span) if kind is BlockKind.RECORDS else makers[kind]() for kind in heading.blocks
        ]
        if blocks:
            found[code] = tuple(replace(block, at=at) for block in blocks)
    return found


def _makers(
    desk: Desk, facts: list[Fact], span: Span, before: list[Fact], earlier: Span | None
) -> dict[BlockKind, Callable[[], Block]]:
    roster, regions = roster_of(desk), desk.reference.regions

    def name_of(code: str) -> str:
        return roster.office(code).name if code in roster else code

    return {
        BlockKind.OVERVIEW: lambda: statistics.overview(facts, span, name_of),
        BlockKind.MONTHLY: lambda: statistics.monthly(facts, span),
        BlockKind.SOURCES: lambda: statistics.sources(facts, span, desk.reference.vocabulary.sources),
        BlockKind.REGIONS: lambda: statistics.regions(
            facts, span, lambda code: county_of(desk, code), regions.full_name
        ),
        BlockKind.HAZARDS: lambda: statistics.hazards(facts, span),
        BlockKind.BATCHES: lambda: statistics.batches(facts, span),
        BlockKind.ENTERPRISES: lambda: statistics.enterprises(facts, span),
        BlockKind.YEAR_ON_YEAR: lambda: statistics.year_on_year(facts, span, before, earlier),
    }


def _listed(desk: Desk, code: str, facts: list[Fact], span: Span) -> Block:
    sources = LISTED_SOURCES[code]
    names = desk.reference.vocabulary.sources
    what = "来自" + "、".join(f"“{names[each]}”" for each in sources) + "的信息"
    return statistics.listed([each for each in facts if set(sources) & set(each.sources)], span, what)


def _undated(blocks: Sequence[Block]) -> list[Block]:
    return [replace(each, at="") for each in blocks]


def _save(desk: Desk, report: AnnualReport, object_id: str, parents: Sequence[Revision]) -> Kept:
    step = revision(
        object_id=object_id,
        kind=_KIND,
        org=desk.office.code,
        body={"schema": _SCHEMA, **to_body(report)},
        author=desk.office.person,
        at=clock.now(),
        parents=parents,
    )
    with desk.store.write(desk.office.person, "annual report") as writing:
        writing.detail.update(report=object_id, revision=step.hash)
        desk.revisions.add(writing, [step])
    return _kept(step)


def _kept(step: Revision) -> Kept:
    body = {name: value for name, value in step.body.items() if name != "schema"}
    return Kept(step.object_id, step.hash, step.author, step.at, from_body(AnnualReport, body))


def export(
    kept: Kept, folder: Path, formats: Sequence[str], progress: Progress = silent
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write the report as docx, pdf, or both, under names that no file bears yet; return the files and what a person should know."""
    report = kept.report
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
