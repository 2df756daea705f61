"""Children that work until they are killed, and tell over a pipe what they have done."""

import os
import random
import select
import signal
import sys
import time
import traceback


class Child:
    """A fork of this process, warmed up, that runs `work(tell)` until it is killed or done."""

    def __init__(self, work):
        self._pipe, theirs = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._pipe)
            self._work(work, theirs)
        os.close(theirs)

    @staticmethod
    def _work(work, pipe):
        code = 1
        try:
            signal.alarm(120)
            work(lambda line: os.write(pipe, f"{line}\n".encode()))
            code = 0
        except BaseException:  # noqa: BLE001 - the parent must hear of it
            os.write(pipe, f"FAILED {traceback.format_exc()}\n".encode())
        finally:
            sys.stdout.flush()
            os._exit(code)

    def wait_until_it_tells(self):
        """Wait for the first line."""
        select.select([self._pipe], [], [], 60)

    def kill_after(self, seconds):
        """Kill the child and return the lines that it told before."""
        time.sleep(seconds)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        with os.fdopen(self._pipe, "rb") as pipe:
            told = pipe.read().decode().split("\n")[:-1]
        assert not any(line.startswith("FAILED") for line in told), "\n".join(told)
        return told

    def wait(self):
        """Let the child come to its end and return the lines that it told."""
        with os.fdopen(self._pipe, "rb") as pipe:
            told = pipe.read().decode().split("\n")[:-1]
        os.waitpid(self._pid, 0)
        assert not any(line.startswith("FAILED") for line in told), "\n".join(told)
        return told


def moments(seed, count, shortest, longest):
    """Random moments, more of them early, the same for the same seed."""
    pick = random.Random(seed)
    return [shortest + (longest - shortest) * pick.random() ** 1.5 for _ in range(count)]
