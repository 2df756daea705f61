"""What nobody caught: logged always, shown once for each kind, on the UI thread, and never while a widget is being painted."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

_log = logging.getLogger("riskdesk.ui.crash")


class CrashHook(QObject):
    """Takes over `sys.excepthook` and `threading.excepthook`; `caught` gives each new kind of error once, with its details.

    PySide calls the hook for errors in slots and overridden methods, on whatever thread they happen, and the program goes on.
    One bad `data()` is reported for every cell and role of every repaint, so equal errors are dropped, and the queued signal
    puts the dialog off until the painting is over.
    """

    _caught = Signal(str)

    def __init__(self, show: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[tuple[object, ...]] = set()
        self._caught.connect(show, Qt.ConnectionType.QueuedConnection)
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self.hook
        threading.excepthook = lambda args: self.hook(args.exc_type, args.exc_value, args.exc_traceback)

    def release(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def hook(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Log an error and have it shown, unless one of its kind from the same line was before."""
        if error is None or not isinstance(error, Exception):  # Ctrl+C and sys.exit are not errors
            sys.__excepthook__(kind, error or kind(), trace)
            return
        last = trace
        while last and last.tb_next:
            last = last.tb_next
        key = (kind, last and last.tb_frame.f_code, last and last.tb_lineno)
        if key not in self._seen:
            self._seen.add(key)
            _log.critical("uncaught error", exc_info=(kind, error, trace))
            self._caught.emit("".join(traceback.format_exception(kind, error, trace)))
