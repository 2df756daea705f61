"""A screen of its own with a window manager, and the program on it, driven by keys as a person would."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 40.0  # seconds for anything to happen
STILL = 0.12  # seconds without processor time: the program waits for the next key


class Screen:
    """An X server with a window manager; keys go to the window that has the focus."""

    def __init__(self, size="1366x768"):
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as pipe:
            self.environment = {**os.environ, "DISPLAY": f":{pipe.readline().strip()}"}
        self.environment.pop("QT_QPA_PLATFORM", None)  # as the tests without a screen set it
        self._manager = subprocess.Popen(["openbox"], env=self.environment, stderr=subprocess.DEVNULL)
        self._owners, self._started = [], []

    def close(self):
        for process in (*self._owners, *self._started, self._manager, self._server):
            process.terminate()
            process.communicate()

    def start(self, *arguments, **environment):
        """Start the program; from now on it is the one that keys are for."""
        self._program = self.start_again(*arguments, **environment)
        return self._program

    def start_again(self, *arguments, **environment):
        """Start the program beside the one that runs; what it says on stderr goes to our own."""
        started = subprocess.Popen(
            [sys.executable, "-m", "riskdesk", *map(str, arguments)],
            env={**self.environment, **environment, "PYTHONPATH": str(ROOT)}, cwd=environment.get("XDG_DATA_HOME", ROOT),
        )  # fmt: skip
        self._started.append(started)
        return started

    def keys(self, *names):
        """Press keys, such as "ctrl+n" or "Tab", one after the other."""
        for name in names:
            self._do("key", name)
            self._settle()

    def type(self, text):
        """Type ASCII text."""
        self._do("type", "--delay", "12", text)
        self._settle()

    def paste(self, text):
        """Put text on the clipboard and paste it where the focus is."""
        self._own(text)
        self.keys("ctrl+v")

    def paste_files(self, *files):
        """Paste files that were copied in a file manager."""
        self._own("".join(f"{file.as_uri()}\r\n" for file in files), "-target", "text/uri-list")
        self.keys("ctrl+v")

    def copied(self):
        """Copy what the cursor is on, and return it."""
        self._own("")
        self.keys("ctrl+c")
        words = ["xclip", "-selection", "clipboard", "-out"]
        done = subprocess.run(words, env=self.environment, check=False, capture_output=True)
        return done.stdout.decode()

    def copy_cells(self, html, text):
        """Own the clipboard as a spreadsheet does: the same block as HTML and as text."""
        script = Path(__file__).with_name("clipboard_owner.py")
        owner = subprocess.Popen(
            [sys.executable, script, html, text], stdout=subprocess.PIPE, env=self.environment, text=True
        )
        assert owner.stdout.readline() == "ready\n"
        self._owners.append(owner)

    def wait_for_window(self, title):
        """Wait until a window whose title contains the text has the focus."""
        wait_until(lambda: title in self.focused(), f"no window “{title}”, but “{{}}”", self.focused)

    def picture(self, path):
        """Take a picture of the screen, for a person to look at."""
        with contextlib.suppress(FileNotFoundError):
            subprocess.run(["import", "-window", "root", path], env=self.environment, check=False)

    def _own(self, text, *options):
        words = ["xclip", "-selection", "clipboard", *options]
        subprocess.run(words, input=text.encode(), env=self.environment, check=True, stderr=subprocess.DEVNULL)

    def _settle(self):
        """Wait until the program has done what it was asked: its processor time stands still for a moment."""
        before, since = -1, time.monotonic()
        while time.monotonic() - since < STILL and self._program.poll() is None:
            used = self._ticks()
            if used != before:
                before, since = used, time.monotonic()
            time.sleep(0.02)

    def _ticks(self):
        try:
            fields = Path(f"/proc/{self._program.pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:  # it has just ended
            return 0
        return int(fields[11]) + int(fields[12])

    def focused(self):
        """Return the title of the window that has the focus."""
        return self._do("getactivewindow", "getwindowname", check=False).strip()

    def _do(self, *words, check=True):
        done = subprocess.run(["xdotool", *words], env=self.environment, check=check, capture_output=True, text=True)
        return done.stdout


def wait_until(is_so, complaint="it did not happen", now=lambda: ""):
    """Wait until something is so; what is written to the disk is the sign that the program is ready for the next keys."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, complaint.format(now())
        time.sleep(0.05)
