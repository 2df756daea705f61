"""A child process that answers questions about files from outside, one after the other, and may hang or die over them.

An answer may come in several messages, each made while the one before it travels. They are fetched first and decoded
afterwards, so that the child has its next question meanwhile.

Messages are JSON, not pickles: what a file makes of the child must not reach into the parent.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Iterator
from typing import Any, Protocol, Self

from riskdesk.guard.limits import Job, deaf_to_ctrl_c, end_self_after, limit_self, was_ended_by_time

_START_LIMIT = 60.0  # for a slow disk and a virus scanner
_GRACE = 5.0
_END, _MEMORY, _BUG = b"end", b"memory", b"bug"  # what comes after the messages of an answer, which begin with a brace


class TakesTooLongError(Exception):
    """The child did not answer in time, and was ended."""


class TakesTooMuchError(Exception):
    """The child needed more memory than allowed, and was ended."""


class DiedError(Exception):
    """The child died over the question."""


class _Pipe(Protocol):
    """What is used of a connection, which has another class on Windows."""

    def send_bytes(self, _message: bytes, /) -> None: ...
    def recv_bytes(self) -> bytes: ...
    def poll(self, _seconds: float, /) -> bool: ...
    def close(self) -> None: ...


class GuardedProcess:
    """Asks a module's `answer(request)` – an iterator of messages – in a child process, started when first needed, replaced when it dies.

    The module may name in `LIBRARIES` what is loaded before the first question's time runs. Not for use by several threads at
    once. With the spawn method the main module of the program must be importable (and a frozen program must call
    `multiprocessing.freeze_support()` first).
    """

    def __init__(self, module: str, time_limit: float, memory_limit: int) -> None:
        """`time_limit` is in seconds per message, `memory_limit` in bytes of private memory for the whole child."""
        self._module = module
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: _Pipe | None = None
        self._job: Job | None = None
        self._is_asked = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is none."""
        return self._process.pid if self._process else None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the module's answer of one message; raise as `fetch` does."""
        self.begin(request)
        [told] = self.fetch()
        return decoded(told)

    def begin(self, request: dict[str, Any]) -> None:
        """Put a question and do not wait; an answer to an earlier one that nobody fetched is given up."""
        if self._is_asked:
            self.end()
        pipe = self._started()
        self._is_asked = True  # even if sending is interrupted
        try:
            pipe.send_bytes(encoded(request))
        except OSError:  # the child has died, as is told when the answer is fetched
            pipe.close()

    def fetch(self) -> list[bytes]:
        """Return the messages (see `decoded`) of the answer to the question that was put; raise one of the errors above, the next question gets a fresh child.

        An exception of the module that it does not answer itself is a bug and raises `RuntimeError` with its traceback.
        """
        pipe = self._pipe
        if pipe is None or not self._is_asked:
            raise RuntimeError("nothing was asked")
        messages: list[bytes] = []
        try:
            while (told := self._message(pipe)).startswith(b"{"):
                messages.append(told)
            if told == _MEMORY:
                raise TakesTooMuchError
            if told != _END:
                raise RuntimeError(f"failed in the child process:\n{told.decode()}")
        except BaseException:  # also Ctrl-C: an answer still to come would be taken for that of the next question
            self.end()
            raise
        self._is_asked = False
        return messages

    def _message(self, pipe: _Pipe) -> bytes:
        try:
            if not _has_come(pipe, self._time_limit):
                raise TakesTooLongError
            return pipe.recv_bytes()
        except (EOFError, OSError) as error:
            # nobody looked at our clock meanwhile if it was ended by its own
            raise (TakesTooLongError if was_ended_by_time(self._ended_with()) else DiedError) from error

    def _ended_with(self) -> int:
        """Return the exit code of a child that is gone, below 0 for the signal that killed it; 0 for one that never began."""
        if self._process is None or self._process.pid is None:
            return 0
        self._process.join(_GRACE)
        return self._process.exitcode or 0

    def has_answered(self, seconds: float) -> bool:
        """Wait so long at most, and tell whether the answer has begun to come; one that has died has nothing more to say, either."""
        try:
            return self._pipe is None or not self._is_asked or _has_come(self._pipe, seconds)
        except OSError:
            return True

    def end(self) -> None:
        """End the child, if there is one."""
        process, pipe, job = self._process, self._pipe, self._job
        self._process = self._pipe = self._job = None  # first: what is interrupted below is not met again
        self._is_asked = False
        if pipe is not None:
            pipe.close()
        if process is not None:
            if process.pid is not None:
                process.kill()
                process.join()
            process.close()
        if job is not None:
            job.close()

    def _started(self) -> _Pipe:
        if self._process is not None and self._pipe is not None and self._process.is_alive():
            return self._pipe
        self.end()
        context = multiprocessing.get_context("spawn")
        pipe, theirs = context.Pipe()
        self._pipe = pipe
        given = (theirs, self._module, self._time_limit, self._memory_limit)
        self._process = context.Process(target=_serve, args=given, name="riskdesk-guarded", daemon=True)
        try:
            with deaf_to_ctrl_c():
                self._process.start()
            theirs.close()
            self._job = Job(self._process.sentinel, self._memory_limit)
            if not _has_come(pipe, _START_LIMIT):
                raise RuntimeError("the guarded process does not start")
            pipe.recv_bytes()  # it is ready: starting is not part of a question's time
        except (EOFError, ConnectionError) as error:
            was_killed = self._ended_with() < 0
            self.end()
            raise (DiedError if was_killed else RuntimeError)("the guarded process ends while it starts") from error
        except BaseException:
            self.end()
            raise
        return pipe


def _has_come(pipe: _Pipe, seconds: float) -> bool:
    """Wait so long at most for a message; on Windows, a signal that is handled meanwhile breaks the wait off."""
    until = time.monotonic() + seconds
    while True:
        with contextlib.suppress(InterruptedError):
            return pipe.poll(max(0.0, until - time.monotonic()))


def encoded(message: dict[str, Any]) -> bytes:
    """Return a message as it travels."""
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")


def decoded(message: bytes) -> dict[str, Any]:
    """Return a message that travelled."""
    given: dict[str, Any] = json.loads(message.decode("utf-8", "surrogatepass"))
    return given


def _serve(pipe: _Pipe, name: str, time_limit: float, memory_limit: int) -> None:
    """Answer questions until the parent closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # libraries written in Rust tell of their end on stderr, which is not for the user
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    module = importlib.import_module(name)
    for library in module.LIBRARIES:
        importlib.import_module(library)
    limit_self(memory_limit)
    pipe.send_bytes(b"{}")
    while True:
        try:
            request = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        gc.disable()  # a form is a tree of many parts and no cycles, looking for these takes a fifth of the time
        end_self_after(time_limit + _GRACE)
        for message in _messages(module, request):
            end_self_after(0)
            pipe.send_bytes(message)  # waits until it is fetched, if it is not small
            end_self_after(time_limit + _GRACE)
        end_self_after(0)
        gc.enable()


def _messages(module: Any, request: bytes) -> Iterator[bytes]:
    try:
        yield from map(encoded, module.answer(decoded(request)))
        yield _END
    except GeneratorExit:
        raise
    except MemoryError:
        yield _MEMORY
    except BaseException:  # noqa: BLE001 - the top of a process: the parent must hear of every bug
        yield _BUG + b"\n" + traceback.format_exc().encode("utf-8", "backslashreplace")
