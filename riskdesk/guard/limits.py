"""What a guarded process may use, and what it does not hear: the kernel sees to it where our own checks have missed something."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Iterator
from ctypes import Structure, c_int64, c_size_t, c_uint32, c_uint64


def limit_self(most_bytes: int) -> None:
    """Limit the memory of this process (Linux; on Windows the parent puts it into a `Job`)."""
    if sys.platform == "linux":
        import resource

        # private writable memory only: the address space is many times larger through libraries and thread arenas
        resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_self_after(seconds: float) -> None:
    """Let the kernel end this process after that time, even inside a library (Linux); 0 calls it off.

    The parent keeps the time as well; this is for the case that the parent has died meanwhile.
    """
    if sys.platform != "win32":
        import signal

        signal.setitimer(signal.ITIMER_REAL, seconds)


def was_ended_by_time(exitcode: int) -> bool:
    """Tell by its exit code whether a process was ended by `end_self_after`."""
    if sys.platform == "win32":
        return False
    import signal

    return exitcode == -signal.SIGALRM


@contextlib.contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Start a process that Ctrl-C in a console does not reach: what it means is for this one to say."""
    if sys.platform == "win32":
        kernel = ctypes.WinDLL("kernel32")
        kernel.SetConsoleCtrlHandler(None, 1)  # ignoring it is inherited
        try:
            yield
        finally:
            kernel.SetConsoleCtrlHandler(None, 0)
    else:
        import signal
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # starting it lets the signal through again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        try:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # that it is held back is inherited
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _BasicLimits(Structure):
    _fields_ = [
        ("per_process_user_time", c_int64),
        ("per_job_user_time", c_int64),
        ("flags", c_uint32),
        ("minimum_working_set", c_size_t),
        ("maximum_working_set", c_size_t),
        ("active_processes", c_uint32),
        ("affinity", c_size_t),
        ("priority_class", c_uint32),
        ("scheduling_class", c_uint32),
    ]


class _ExtendedLimits(Structure):
    _fields_ = [
        ("basic", _BasicLimits),
        ("io_counters", c_uint64 * 6),
        ("process_memory", c_size_t),
        ("job_memory", c_size_t),
        ("peak_process_memory", c_size_t),
        ("peak_job_memory", c_size_t),
    ]


_KILL_ON_CLOSE = 0x2000
_PROCESS_MEMORY = 0x0100
_EXTENDED = 9  # JobObjectExtendedLimitInformation


class Job:
    """A Windows job object around a process: limits its memory, and ends it when this process ends; elsewhere nothing."""

    def __init__(self, process_handle: int, most_bytes: int) -> None:
        self._handle: int | None = None
        if sys.platform == "win32":
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.CreateJobObjectW.restype = ctypes.c_void_p
            kernel.SetInformationJobObject.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32)
            kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
            flags = _KILL_ON_CLOSE | _PROCESS_MEMORY
            limits = _ExtendedLimits(basic=_BasicLimits(flags=flags), process_memory=most_bytes)
            self._handle = kernel.CreateJobObjectW(None, None)
            kernel.SetInformationJobObject(self._handle, _EXTENDED, ctypes.byref(limits), ctypes.sizeof(limits))
            kernel.AssignProcessToJobObject(self._handle, process_handle)

    def close(self) -> None:
        """Close the job, which ends its process."""
        if sys.platform == "win32" and self._handle is not None:
            close = ctypes.WinDLL("kernel32").CloseHandle
            close.argtypes = (ctypes.c_void_p,)
            close(self._handle)
            self._handle = None
