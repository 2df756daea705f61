"""What nobody caught: logged, shown once for each kind, on the UI thread, and never while a widget is being painted."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from riskdesk.errors import UserError

_log = logging.getLogger("riskdesk.ui.crash")


class CrashHook(QObject):
    """Takes over `sys.excepthook` and `threading.excepthook`.

    `caught(details)` hears of each new kind of bug once, `told(sentence)` of every `UserError`: that is the user's affair and
    no bug.

    PySide calls the hook for errors in slots and overridden methods, on whatever thread they happen, and the program goes on.
    One bad `data()` is reported for every cell and role of every repaint, so equal errors are dropped, and the queued signal
    puts the dialog off until the painting is over.
    """

    _caught = Signal(str)
    _told = Signal(str)

    def __init__(
        self, caught: Callable[[str], object], told: Callable[[str], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._seen: set[tuple[object, ...]] = set()
        self._caught.connect(caught, Qt.ConnectionType.QueuedConnection)
        self._told.connect(told, Qt.ConnectionType.QueuedConnection)
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self.hook
        threading.excepthook = lambda args: self.hook(args.exc_type, args.exc_value, args.exc_traceback)

    def release(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def hook(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Log an error and have it shown; a bug only if none of its kind from the same line was before."""
        if error is None or not isinstance(error, Exception):  # Ctrl+C and sys.exit are not errors
            sys.__excepthook__(kind, error or kind(), trace)
            return
        last = trace
        while last and last.tb_next:
            last = last.tb_next
        key = (kind, last and last.tb_frame.f_code, last and last.tb_lineno)
        new = key not in self._seen
        self._seen.add(key)
        if isinstance(error, UserError):
            if new:
                _log.warning("user error that nobody caught", exc_info=(kind, error, trace))
            self._told.emit(str(error))
        elif new:
            _log.critical("uncaught error", exc_info=(kind, error, trace))
            self._caught.emit("".join(traceback.format_exception(kind, error, trace)))
