"""Reading files from outside in a guarded process: see guard/process.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from riskdesk.documents.reading.form import read_form, read_with_cells
from riskdesk.documents.reading.grid import Document
from riskdesk.documents.reading.passing import document_from_json, document_to_json
from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.filled_form import FilledForm
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import HeadingsMissingError, InputError, UnreadableFileError, UserError
from riskdesk.guard.process import DiedError, GuardedProcess, TakesTooLongError, TakesTooMuchError

LIBRARIES = ("lxml.etree", "lxml.html", "python_calamine")  # what every file needs
TIME_LIMIT = 20.0
MEMORY_LIMIT = 256 << 20  # of private memory; the libraries' own files take some 20 MB more
_CLASSES: dict[str, type[UserError]] = {
    kind.__name__: kind for kind in (HeadingsMissingError, UnreadableFileError, InputError, UserError)
}
_SPLIT = "请用 Excel/WPS 打开，把报送表复制到一个新表格，保存后再试。"


class GuardedReader:
    """Reads files one after the other in a guarded process."""

    def __init__(self, time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> None:
        """`time_limit` is in seconds per file, `memory_limit` in bytes for the whole process."""
        self._time_limit = time_limit
        self._process = GuardedProcess(__name__, time_limit, memory_limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.end()

    @property
    def pid(self) -> int | None:
        """The process id, None while there is none."""
        return self._process.pid

    def read(self, path: Path, mapping: TableMapping | None = None) -> FilledForm:
        """Read a file as `read_form` does; raise the same errors, and `UnreadableFileError` if it takes too much."""
        told = self._ask(path, {"mapping": to_body(mapping) if mapping else None})
        return _form(told["form"])

    def read_with_cells(self, path: Path) -> tuple[FilledForm | None, Document | None]:
        """Read a file as `form.read_with_cells` does; no cells where there are too many to be shown."""
        told = self._ask(path, {"cells": True})
        form, cells = told["form"], told["cells"]
        return None if form is None else _form(form), None if cells is None else document_from_json(cells)

    def _ask(self, path: Path, wanted: dict[str, Any]) -> dict[str, Any]:
        try:
            told = self._process.ask({"path": str(path), **wanted})
        except TakesTooLongError as error:
            reason = f"读取超过 {self._time_limit:g} 秒，已停止。文件可能过大或已损坏。{_SPLIT}"
            raise UnreadableFileError(f"“{path.name}”：{reason}") from error
        except TakesTooMuchError as error:
            reason = f"文件内容太多，读取所需内存超过限制。请拆分成几个文件，或{_SPLIT[1:]}"
            raise UnreadableFileError(f"“{path.name}”：{reason}") from error
        except DiedError as error:
            reason = f"读取时占用内存过多或出错，已停止。文件可能过大或已损坏。{_SPLIT}"
            raise UnreadableFileError(f"“{path.name}”：{reason}") from error
        if "error" in told:
            raise _CLASSES[told["error"]](told["text"])
        return told


def answer(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Answer a question of the reader in the guarded process."""
    try:
        yield _read(Path(request["path"]), request)
    except UserError as error:
        kind = next(name for name, each in _CLASSES.items() if isinstance(error, each))
        yield {"error": kind, "text": str(error)}


def _read(path: Path, request: dict[str, Any]) -> dict[str, Any]:
    if request.get("cells"):
        form, document = read_with_cells(path)
        return {"form": to_body(form) if form else None, "cells": document_to_json(document)}
    mapping = from_body(TableMapping, request["mapping"]) if request["mapping"] else None
    return {"form": to_body(read_form(path, mapping))}


def _form(body: dict[str, Any]) -> FilledForm:
    """Return the form of its body, with what `to_body` left out because it is empty."""
    rows = [{"sheet": "", "values": {}, **row} for row in body.get("rows", ())]
    skipped = [{"sheet": "", **row} for row in body.get("skipped", ())]
    return from_body(FilledForm, {"head": {}, **body, "rows": rows, "skipped": skipped})
