"""Taking filled-in forms and foreign tables in: every row gets one outcome, everything in one transaction or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from riskdesk import clock
from riskdesk.domain.filled_form import FilledForm
from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.reconcile import Outcome
from riskdesk.domain.table_mapping import SourceColumn, TableMapping
from riskdesk.errors import HeadingsMissingError, InputError, UnreadableFileError
from riskdesk.services import import_drafts, mappings
from riskdesk.services.desk import Desk
from riskdesk.services.import_plan import Planned, Planner
from riskdesk.services.import_senders import stranger
from riskdesk.store.ids import new_id
from riskdesk.store.imports import ImportedFile, ImportedRow

if TYPE_CHECKING:
    from riskdesk.documents.reading.grid import Document

T = TypeVar("T")
_STEP = 200  # rows between two words on the progress


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A file or a pasted block as it was read.

    `form` is None until somebody says (or guesses) what its columns are; `document` holds its cells so that they can be read
    anew by other columns, None where that is not offered; `mapping` is by what the form was read; `sender` is by what its
    sender's mapping is remembered.
    """

    path: Path
    form: FilledForm | None
    document: Document | None = None
    mapping: TableMapping | None = None
    columns: tuple[SourceColumn, ...] = ()
    sender: str = ""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file gave: its rows in their order, how many of each outcome, and whether it says 零报告.

    `stranger` is the unit that the form names if that is neither this office nor one below it.
    """

    path: Path
    form: FilledForm
    rows: tuple[Planned, ...]
    stranger: str = ""

    def counts(self) -> dict[str, int]:
        """Return `read` and the six outcomes; `read` is their sum."""
        return _counts([self])


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or with `id` "" would do; `period` is that of rows that tell no date."""

    id: str
    files: tuple[FileResult, ...]
    period: str = ""
    drafts: int = 0

    def counts(self) -> dict[str, int]:
        """Return `read` and the six outcomes over all files, whether taken or not; `read` is their sum."""
        return _counts(self.files)

    def taken(self) -> dict[str, int]:
        """Return how many rows became records or changed them, by outcome."""
        counted = Counter(str(each.outcome) for file in self.files for each in file.rows if each.taken)
        return {str(outcome): counted[str(outcome)] for outcome in (Outcome.NEW, Outcome.UPDATED)}

    def by_period(self) -> dict[str, int]:
        """Return how many rows became records or changed them, by the period that they count in."""
        return dict(sorted(Counter(each.period for file in self.files for each in file.rows if each.taken).items()))


def read_files(
    paths: Sequence[Path], mapping: TableMapping | None = None, progress: Progress = silent
) -> list[FilledForm]:
    """Read files in a guarded child process; raise one `InputError` that names every file that cannot be read."""
    from riskdesk.documents.reading.child import GuardedReader

    with GuardedReader() as reader:
        return _each_file(paths, lambda path: reader.read(path, mapping), progress)


def read_sources(paths: Sequence[Path], progress: Progress = silent) -> list[ReadSource]:
    """Read files as `read_files` does, with their cells; a table without known headings is no error yet."""
    from riskdesk.documents.reading.child import GuardedReader

    with GuardedReader() as reader:
        return _each_file(paths, lambda path: ReadSource(path, *reader.read_with_cells(path)), progress)


def read_readable(paths: Sequence[Path], progress: Progress = silent) -> tuple[list[ReadSource], str]:
    """Read what can be read as `read_sources` does; return it with the sentences about the files that cannot, "" if all can."""
    from riskdesk.documents.reading.child import GuardedReader

    with GuardedReader() as reader:
        found, refused = _tried(paths, lambda path: ReadSource(path, *reader.read_with_cells(path)), progress)
    return found, "\n".join(str(error) for error in refused)


def arranged(desk: Desk, source: ReadSource, mapping: TableMapping | None) -> ReadSource:
    """Read the cells of a source by its headings, or as the mapping says; raise `InputError` if there is nothing to read."""
    from riskdesk.documents.reading.arrangement import Knows, arrange

    if source.document is None:
        if source.form is None:
            raise InputError(f"“{source.path.name}”：表格太大，又没有可以认出的表头。请拆分成几个文件后再导入。")
        return source
    reference = desk.reference
    knows = Knows(
        lambda text: bool(reference.regions.parse(text)), lambda text: bool(reference.vocabulary.source_codes(text))
    )
    try:
        found = arrange(source.document, mapping, knows)
    except InputError as error:
        raise InputError(f"“{source.path.name}”：{error}") from error
    return replace(source, form=found.form, columns=found.columns, mapping=mapping)


def opened(desk: Desk, source: ReadSource) -> ReadSource:
    """Read the cells of a source as those of its sender were read the last time."""
    plain = arranged(desk, source, None)
    if plain.form is None or not plain.columns:
        return plain
    sender = mappings.sender_of(plain.form.head.unit, plain.columns)
    known = mappings.remembered(desk, sender)
    return replace(plain if known is None else arranged(desk, source, known), sender=sender)


def plan_forms(
    desk: Desk, sources: Sequence[ReadSource], period: str = "", progress: Progress = silent
) -> ImportResult:
    """Say what taking everything would do; writes nothing."""
    planner = Planner(desk, period)
    return ImportResult("", _planned(desk, planner, sources, None, progress), planner.default_period)


def take(
    desk: Desk,
    sources: Sequence[ReadSource],
    period: str = "",
    *,
    chosen: Collection[tuple[int, int]] | None = None,
    rest_as_drafts: bool = False,
    progress: Progress = silent,
) -> ImportResult:
    """Take rows in as records that are still to be checked; all of it or, on any error or cancel, nothing.

    `chosen` are (number of the source, number of the row), both from 0; None is every row. Of the rows that were not taken
    and that say something new, a draft is kept if wanted: also of rejected ones, so that nothing that was typed is lost. The
    log holds every row with its outcome; one that was not taken names no new record. How the columns were read is remembered.
    """
    run_id = new_id()
    with desk.store.write(desk.office.person, "import") as writing:
        planner = Planner(desk, period)
        files = _planned(desk, planner, sources, chosen, progress)
        desk.revisions.add(writing, planner.steps)
        added = [step.hash for step in planner.steps]
        desk.packages.cover(writing, run_id, added, added)
        rows = [planned for file in files for planned in file.rows]
        import_drafts.drop_taken(desk, writing, rows)
        drafts = import_drafts.put_left_out(desk, writing, rows) if rest_as_drafts else []
        for source in sources:
            if source.mapping is not None and source.sender:
                mappings.remember(desk, writing, source.sender, source.mapping)
        desk.imports.log(
            writing,
            run_id=run_id,
            at=clock.now(),
            actor=desk.office.person,
            period=planner.default_period,
            files=[_logged_file(file) for file in files],
            rows=[_logged(file, planned) for file in files for planned in file.rows],
        )
        result = ImportResult(run_id, files, planner.default_period, len(drafts))
        writing.detail.update(run=run_id, files=[_name(each.path) for each in sources], **result.counts())
        if chosen is not None:
            writing.detail.update(taken=len(planner.steps), drafts=drafts)
    return result


def plan_import(
    desk: Desk,
    paths: Sequence[Path],
    mapping: TableMapping | None = None,
    period: str = "",
    progress: Progress = silent,
) -> ImportResult:
    """Say what an import of the files would do; writes nothing."""
    return plan_forms(desk, _sources(paths, mapping, progress), period, progress)


def import_files(
    desk: Desk,
    paths: Sequence[Path],
    mapping: TableMapping | None = None,
    period: str = "",
    progress: Progress = silent,
) -> ImportResult:
    """Take all rows of the files in, see `take`."""
    return take(desk, _sources(paths, mapping, progress), period, progress=progress)


def _sources(paths: Sequence[Path], mapping: TableMapping | None, progress: Progress) -> list[ReadSource]:
    forms = read_files(paths, mapping, progress)
    return [ReadSource(path, form, mapping=mapping) for path, form in zip(paths, forms, strict=True)]


def _each_file(paths: Sequence[Path], read: Callable[[Path], T], progress: Progress) -> list[T]:
    found, refused = _tried(paths, read, progress)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        lacks_headings = any(isinstance(error, HeadingsMissingError) for error in refused)
        kind = HeadingsMissingError if lacks_headings else UnreadableFileError
        raise kind("\n".join(str(error) for error in refused))
    return found


def _tried(paths: Sequence[Path], read: Callable[[Path], T], progress: Progress) -> tuple[list[T], list[InputError]]:
    found: list[T] = []
    refused: list[InputError] = []
    for number, path in enumerate(paths):
        progress(number, len(paths), path.name)
        try:
            found.append(read(path))
        except InputError as error:
            refused.append(error)
    return found, refused


def _planned(
    desk: Desk,
    planner: Planner,
    sources: Sequence[ReadSource],
    chosen: Collection[tuple[int, int]] | None,
    progress: Progress,
) -> tuple[FileResult, ...]:
    results = []
    for number, source in enumerate(sources):
        progress(number, len(sources), source.path.name)
        if source.form is None:
            raise InputError(f"“{source.path.name}”：还没有指定各列的含义。")
        rows = []
        total = len(source.form.rows)
        planning = planner.plan(source.form, source.mapping, _taking(number, chosen))
        for at, planned in enumerate(planning):
            if at % _STEP == 0 and len(sources) == 1:
                progress(at, total, source.path.name)
            rows.append(planned)
        results.append(FileResult(source.path, source.form, tuple(rows), stranger(desk, source.form.head.unit)))
    return tuple(results)


def _taking(number: int, chosen: Collection[tuple[int, int]] | None) -> Callable[[int], bool]:
    return lambda row: chosen is None or (number, row) in chosen


def _counts(files: Sequence[FileResult]) -> dict[str, int]:
    counted = Counter(str(planned.outcome) for file in files for planned in file.rows)
    return {"read": counted.total(), **{str(outcome): counted[str(outcome)] for outcome in Outcome}}


def _logged(file: FileResult, planned: Planned) -> ImportedRow:
    row = planned.row
    typed = {**row.values, **row.original}
    return ImportedRow(_name(file.path), row.sheet, row.row, str(planned.outcome), planned.object_id, typed)


def _logged_file(file: FileResult) -> ImportedFile:
    head = file.form.head
    skipped = tuple(f"{each.sheet} {each.row}: {each.reason}" for each in file.form.skipped)
    return ImportedFile(
        _name(file.path), head.unit, head.date_text, head.person, head.phone, int(file.form.nil), skipped
    )


def _name(path: Path) -> str:
    """Return the file's name as text that can be stored: names from old disks may hold bytes that are no characters."""
    return path.name.encode("utf-8", "replace").decode("utf-8")
