"""The guard around reading: files from outside are read in one child process with limits on time and memory.

Messages are JSON, not pickles: what a file makes of the child must not reach into the parent.
"""

from __future__ import annotations

import gc
import importlib
import json
import multiprocessing
import os
import signal
import traceback
from pathlib import Path
from typing import Any, Protocol, Self

from riskdesk.documents.reading.form import read_form, read_with_cells
from riskdesk.documents.reading.grid import Document
from riskdesk.documents.reading.limits import Job, end_self_after, limit_self
from riskdesk.documents.reading.passing import document_from_json, document_to_json
from riskdesk.domain.body import from_body, to_body
from riskdesk.domain.filled_form import FilledForm
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import InputError, UnreadableFileError, UserError

TIME_LIMIT = 20.0
MEMORY_LIMIT = 256 << 20  # of private memory; the libraries' own files take some 20 MB more
_START_LIMIT = 60.0  # for a slow disk and a virus scanner
_GRACE = 5.0
_CLASSES: dict[str, type[UserError]] = {kind.__name__: kind for kind in (UnreadableFileError, InputError, UserError)}
_SPLIT = "请用 Excel/WPS 打开，把报送表复制到一个新表格，保存后再试。"


class _Pipe(Protocol):
    """What is used of a connection, which has another class on Windows."""

    def send_bytes(self, _message: bytes, /) -> None: ...
    def recv_bytes(self) -> bytes: ...
    def poll(self, _seconds: float, /) -> bool: ...
    def close(self) -> None: ...


class GuardedReader:
    """Reads files one after the other in a child process that is started when first needed and replaced when it dies.

    Not for use by several threads at once. With the spawn method the main module of the program must be importable
    (and a frozen program must call `multiprocessing.freeze_support()` first).
    """

    def __init__(self, time_limit: float = TIME_LIMIT, memory_limit: int = MEMORY_LIMIT) -> None:
        """`time_limit` is in seconds per file, `memory_limit` in bytes for the whole child."""
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: _Pipe | None = None
        self._job: Job | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._process.pid if self._process else None

    def read(self, path: Path, mapping: TableMapping | None = None) -> FilledForm:
        """Read a file as `read_form` does; raise the same errors, and `UnreadableFileError` if it takes too much."""
        answer = self._ask(path, {"mapping": to_body(mapping) if mapping else None})
        return _form(answer["form"])

    def read_with_cells(self, path: Path) -> tuple[FilledForm | None, Document | None]:
        """Read a file as `form.read_with_cells` does; no cells where there are too many to be shown."""
        answer = self._ask(path, {"cells": True})
        form, cells = answer["form"], answer["cells"]
        return None if form is None else _form(form), None if cells is None else document_from_json(cells)

    def _ask(self, path: Path, wanted: dict[str, Any]) -> dict[str, Any]:
        pipe = self._started()
        request = {"path": str(path), **wanted}
        try:
            pipe.send_bytes(json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogatepass"))
            if not pipe.poll(self._time_limit):
                raise self._given_up(path, f"读取超过 {self._time_limit:g} 秒，已停止。文件可能过大或已损坏。{_SPLIT}")
            answer = pipe.recv_bytes()
        except (EOFError, OSError) as error:  # the child has died
            raise self._given_up(path, f"读取时占用内存过多或出错，已停止。文件可能过大或已损坏。{_SPLIT}") from error
        except BaseException:  # Ctrl-C: an answer still to come would be taken for that of the next file
            self._end()
            raise
        return self._result(path, json.loads(answer.decode("utf-8", "surrogatepass")))

    def _result(self, path: Path, answer: dict[str, Any]) -> dict[str, Any]:
        if "form" in answer:
            return answer
        if "memory" in answer:
            raise self._given_up(path, f"文件内容太多，读取所需内存超过限制。请拆分成几个文件，或{_SPLIT[1:]}")
        if "bug" in answer:
            raise RuntimeError(f"reading {path.name} failed in the child process:\n{answer['bug']}")
        raise _CLASSES[answer["error"]](answer["text"])

    def _given_up(self, path: Path, reason: str) -> UnreadableFileError:
        self._end()
        return UnreadableFileError(f"“{path.name}”：{reason}")

    def _started(self) -> _Pipe:
        if self._process is not None and self._pipe is not None and self._process.is_alive():
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")
        pipe, theirs = context.Pipe()
        self._pipe = pipe
        self._process = context.Process(
            target=_serve, args=(theirs, self._time_limit, self._memory_limit), name="riskdesk-reader", daemon=True
        )
        try:
            self._process.start()
            theirs.close()
            self._job = Job(self._process.sentinel, self._memory_limit)
            if not pipe.poll(_START_LIMIT):
                raise RuntimeError("the reading process does not start")
            pipe.recv_bytes()  # it is ready: starting is not part of a file's time
        except EOFError as error:
            self._end()
            raise RuntimeError("the reading process ends while it starts") from error
        except BaseException:
            self._end()
            raise
        return pipe

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            if self._process.pid is not None:
                self._process.kill()
                self._process.join()
            self._process.close()
        if self._job is not None:
            self._job.close()
        self._process = self._pipe = self._job = None


def _form(body: dict[str, Any]) -> FilledForm:
    """Return the form of its body, with what `to_body` left out because it is empty."""
    rows = [{"sheet": "", "values": {}, **row} for row in body.get("rows", ())]
    skipped = [{"sheet": "", **row} for row in body.get("skipped", ())]
    return from_body(FilledForm, {"head": {}, **body, "rows": rows, "skipped": skipped})


def _serve(pipe: _Pipe, time_limit: float, memory_limit: int) -> None:
    """Answer requests until the parent closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # libraries written in Rust tell of their end on stderr, which is not for the user
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    _import_libraries()
    limit_self(memory_limit)
    pipe.send_bytes(b"{}")
    while True:
        try:
            request = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        end_self_after(time_limit + _GRACE)
        gc.disable()  # a form is a tree of many parts and no cycles, looking for these takes a fifth of the time
        answer = _answer(request)
        gc.enable()
        end_self_after(0)
        pipe.send_bytes(answer)


def _import_libraries() -> None:
    """Load what every file needs before the clock of the first file runs."""
    for library in ("lxml.etree", "lxml.html", "python_calamine"):
        importlib.import_module(library)


def _answer(request: bytes) -> bytes:
    try:
        asked = json.loads(request.decode("utf-8", "surrogatepass"))
        if asked.get("cells"):
            form, document = read_with_cells(Path(asked["path"]))
            return _encoded({"form": to_body(form) if form else None, "cells": document_to_json(document)})
        mapping = from_body(TableMapping, asked["mapping"]) if asked["mapping"] else None
        return _encoded({"form": to_body(read_form(Path(asked["path"]), mapping))})
    except UserError as error:
        kind = next(name for name, each in _CLASSES.items() if isinstance(error, each))
        return _encoded({"error": kind, "text": str(error)})
    except MemoryError:
        return _encoded({"memory": True})
    except BaseException:  # noqa: BLE001 - the top of a process: the parent must hear of every bug
        return _encoded({"bug": traceback.format_exc()})


def _encoded(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")
