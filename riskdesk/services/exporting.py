"""Writing a period's records out as the official form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from riskdesk import clock
from riskdesk.domain.annex1 import TITLE, Annex1Form, Annex1Row
from riskdesk.domain.progress import Progress, silent
from riskdesk.errors import InputError
from riskdesk.files import fault, safe_name, write_new
from riskdesk.services.desk import Desk

_EXPORTED = "exported"  # the setting that tells when the form of a period was written out last
MONTHLY = "monthly"  # the kind of submission that the form of a period belongs to


class Format(StrEnum):
    """The three file formats of the official form."""

    XLSX = "xlsx"
    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class Exported:
    """The files written, and what a person should know about them."""

    files: tuple[Path, ...]
    warnings: tuple[str, ...]


def export_period(
    desk: Desk, period: str, folder: Path, formats: Sequence[Format], progress: Progress = silent
) -> Exported:
    """Write the form of a period in each format into the folder, under names that no file bears yet."""
    form = form_of(desk, period)
    name = safe_name(f"{form.unit}_{period}_{TITLE}")
    rendered: list[tuple[Path, bytes]] = []
    warnings = [] if form.rows or form.nil else [f"{period} 还没有记录，导出的是空白表；空白表不等于零报告。"]
    for kind in dict.fromkeys(formats):
        render = _renderer(kind)
        data, told = render(form, progress)
        rendered.append((folder / f"{name}.{kind}", data))
        warnings += [f"{kind}：{each}" for each in told]
    files = tuple(write_new(target, data) for target, data in rendered)
    if form.rows or form.nil:
        _note(desk, period)
    return Exported(files, tuple(warnings))


def exported_at(desk: Desk, period: str) -> str:
    """Return when the form of a period was last written out with something in it (ISO 8601), "" if never."""
    at: str = (desk.settings.get(_EXPORTED) or {}).get(period, "")
    return at


def _note(desk: Desk, period: str) -> None:
    noted = desk.settings.get(_EXPORTED) or {}
    with desk.store.write(desk.office.person, "export") as writing:
        desk.settings.put(writing, _EXPORTED, {**noted, period: clock.now().isoformat(timespec="seconds")})


def copy_files(files: Sequence[Path], folder: Path, progress: Progress = silent) -> tuple[Path, ...]:
    """Copy files to a stick or folder, each read back and compared; existing ones there are not overwritten."""
    if not folder.is_dir():
        raise InputError(f"找不到 {folder}。请确认 U 盘已经插好。")
    copies = []
    for number, file in enumerate(files):
        progress(number, len(files), file.name)
        try:
            data = file.read_bytes()
        except OSError as error:
            raise fault(file, error) from error
        copies.append(write_new(folder / file.name, data))
    return tuple(copies)


def form_of(desk: Desk, period: str) -> Annex1Form:
    """Return the official form of a period as it stands now, dated today."""
    desk.reference.periods.period(period)  # refuses an id that is none
    rows = [Annex1Row(row.columns(), row.id, row.revision) for row in desk.records.of_period(period)]
    office = desk.office
    sealed = [
        report
        for report in desk.submissions.of_period(period)
        if (report.org, report.kind, report.status) == (office.code, MONTHLY, "sealed")
    ]
    nil = bool(sealed) and bool(max(sealed, key=lambda report: report.number).nil)
    return Annex1Form(
        office.name, period, clock.today(), office.person, office.phone, tuple(rows), nil=nil and not rows
    )


def _renderer(kind: Format) -> Callable[[Annex1Form, Progress], tuple[bytes, tuple[str, ...]]]:
    """Import the library of a format only now: start-up stays short."""
    if kind is Format.PDF:
        from riskdesk.documents.annex1_pdf import render_pdf as render
    elif kind is Format.XLSX:
        from riskdesk.documents.annex1_xlsx import render_xlsx as render
    else:
        from riskdesk.documents.annex1_docx import render_docx as render

    def rendered(form: Annex1Form, progress: Progress) -> tuple[bytes, tuple[str, ...]]:
        result = render(form, progress)
        return result.data, result.warnings

    return rendered
