"""What the guarded process of the tests is asked: what it says, how many messages it takes, and how it ends."""

import os
import signal
import sys
import time

LIBRARIES = ("wave",)


def answer(request):
    for number in range(request.get("messages", 1)):
        yield {"told": request["text"], "number": number, "loaded": [each for each in LIBRARIES if each in sys.modules]}
    _ENDS[request.get("end", "well")]()


def _die():
    os._exit(7)


def _fail():
    raise ValueError("a bug")


def _need_too_much():
    raise MemoryError


def _ring():
    os.kill(os.getpid(), signal.SIGALRM)  # as the kernel does when its time is over


_ENDS = {
    "well": lambda: None,
    "death": _die,
    "bug": _fail,
    "memory": _need_too_much,
    "alarm": _ring,
    "never": lambda: time.sleep(60),
}
