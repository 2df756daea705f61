#!/usr/bin/env python3
"""Set up and run riskdesk from a fresh checkout: `python3 tasks.py run [--headless]` and `python3 tasks.py test`.

Standard library only, Python 3.11 or later, Linux and Windows. Checks the system libraries (installs them with apt when root,
else prints the exact command), makes `.venv`, installs from constraints.txt, then does what was asked.
"""

from __future__ import annotations

import argparse
import ctypes.util
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
DEMO_OFFICE, DEMO_SUPERIOR = "140105-JU", "140100-JU"
DEMO_PERIOD, DEMO_NOW = "2023-05", "2023-05-25T09:00:00+08:00"


def _has_fonts() -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def _library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


# Debian package (newer releases find it under this name too where they call it …t64) -> is it there?
OFFSCREEN_LIBRARIES: Mapping[str, Callable[[], bool]] = {
    "libglib2.0-0": _library("glib-2.0"),
    "libgl1": _library("GL"),
    "libegl1": _library("EGL"),
    "libxkbcommon0": _library("xkbcommon"),
    "libdbus-1-3": _library("dbus-1"),
    "libfontconfig1": _library("fontconfig"),
    "fontconfig": _program("fc-list"),
    "fonts-wqy-microhei": _has_fonts,
}
WINDOW_LIBRARIES: Mapping[str, Callable[[], bool]] = {
    **OFFSCREEN_LIBRARIES,
    "libxcb-cursor0": _library("xcb-cursor"),
    "libxcb-icccm4": _library("xcb-icccm"),
    "libxcb-keysyms1": _library("xcb-keysyms"),
    "libxcb-shape0": _library("xcb-shape"),
    "libxkbcommon-x11-0": _library("xkbcommon-x11"),
}
TEST_LIBRARIES: Mapping[str, Callable[[], bool]] = {
    **WINDOW_LIBRARIES,
    # a screen, a window manager, a keyboard and a clipboard for the window test
    "xvfb": _program("Xvfb"),
    "xauth": _program("xauth"),
    "openbox": _program("openbox"),
    "xdotool": _program("xdotool"),
    "xclip": _program("xclip"),
    # what reads our documents back
    "libreoffice-calc": _program("localc", "scalc"),
    "libreoffice-writer": _program("lowriter"),
    "poppler-utils": _program("pdftotext"),
    "libfuse2": _library("fuse"),
    # what others have to open, check and change our packages with
    "age": _program("age"),
    "gnutls-bin": _program("certtool"),
    "openssl": _program("openssl"),
    "p7zip-full": _program("7z"),
    "unzip": _program("unzip"),
    "zip": _program("zip"),
}


def main() -> int:
    """Do one task and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = parser.add_subparsers(dest="task", required=True)
    run = tasks.add_parser("run", help="make a demo office and open the window on it")
    run.add_argument("--headless", action="store_true", help="do a month's main job there without a window")
    test = tasks.add_parser("test", help="run the whole test suite")
    test.add_argument("arguments", nargs="*", help="passed on to pytest (after --)")
    given = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")  # Windows consoles are not UTF-8 by themselves
    if given.task == "test":
        _check_system(TEST_LIBRARIES)
        _install("dev")
        return _call([str(PYTHON), "-m", "pytest", *given.arguments])
    if given.headless:
        _install()
        return _run_headless()
    _require_display()
    _check_system(WINDOW_LIBRARIES)
    _install()
    return _run()


def _require_display() -> None:
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise SystemExit(
            "There is no display here (no $DISPLAY), so no window can be opened (这里没有图形界面，打不开窗口).\n"
            "Without a window: python3 tasks.py run --headless\n"
            "With one that nobody sees: xvfb-run -a python3 tasks.py run"
        )


def _run() -> int:
    demo = _make_demo()
    home = demo["homes"][DEMO_OFFICE]
    print(f"\nThe demo office is ready (演示单位已就绪): {home}")
    print(f"The window opens on it as if it were {DEMO_NOW[:10]}, a day on which a report is due.")
    print(f"窗口即将打开；演示中的“现在”是 {DEMO_NOW[:10]}，正是报送截止日。")
    print(f"The passphrase of its keys (密钥口令): {demo['passphrase']}")
    print("Once more, without making new data (再次打开):")
    again = ["-m", "riskdesk", "--home", home]
    print(f"  {'set' if os.name == 'nt' else 'export'} RISKDESK_NOW={DEMO_NOW}")
    print(f"  {PYTHON} {' '.join(again)}", flush=True)
    return subprocess.run([str(PYTHON), *again], env=_demo_environment(), cwd=ROOT, check=False).returncode


def _run_headless() -> int:
    demo = _make_demo()
    os.environ["RISKDESK_PASSPHRASE"] = demo["passphrase"]
    home, above = Path(demo["homes"][DEMO_OFFICE]), demo["homes"][DEMO_SUPERIOR]
    out = home / "导出"
    files = _riskdesk("--home", str(home), "export", "--period", DEMO_PERIOD, "--out", str(out))["files"]
    sealed = _riskdesk("--home", str(home), "seal", "--period", DEMO_PERIOD, "--out", str(out))
    [taken] = _riskdesk("--home", above, "receive", sealed["package"], "--receipt-to", str(out))["files"]
    answered = _riskdesk("--home", str(home), "receive", taken["receipt"])
    checked = _riskdesk("--home", str(home), "check")
    print(f"Data of the demo office (演示数据): {home}")
    print(f"Official forms of {DEMO_PERIOD} (正式报送表): {out}")
    for file in files:
        print(f"  {file}")
    print(f"Signed package, taken by the office above ({taken['new']} records), and its receipt (报送包、回执):")
    for file in (*sealed["files"], taken["receipt"]):
        print(f"  {file}")
    return 0 if checked["ok"] and answered["files"][0]["outcome"] == "taken" else 1


def _make_demo() -> dict[str, Any]:
    print("Making six demo offices with keys of their own, about half a minute (正在建立演示单位) …", flush=True)
    return _riskdesk("demo", str(ROOT / "demo" / time.strftime("%Y%m%d-%H%M%S")))


def _riskdesk(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [str(PYTHON), "-m", "riskdesk", *arguments, "--json"],
        env=_demo_environment(), cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.returncode)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _demo_environment() -> dict[str, str]:
    return {**os.environ, "RISKDESK_NOW": DEMO_NOW, "PYTHONUTF8": "1"}


def _install(*extras: str) -> None:
    """Bring `.venv` to the state that pyproject.toml and constraints.txt ask for; nothing to do if it is there."""
    wanted = _fingerprint(extras)
    stamp = VENV / ".installed"
    known = stamp.read_text("ascii").split() if PYTHON.exists() and stamp.exists() else []
    if wanted in known:
        return
    if not known:  # also what is left of one that was cut off
        _make_venv()
    target = f".[{','.join(extras)}]" if extras else "."
    constraints = str(ROOT / "constraints.txt")
    environment = {**os.environ, "PIP_CONSTRAINT": constraints, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    print(f"Installing riskdesk{target[1:]} into .venv …", flush=True)
    done = subprocess.run(
        [str(PYTHON), "-m", "pip", "install", "--quiet", "--constraint", constraints, "--editable", target],
        env=environment, cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(
            "Installing the packages failed; see the lines above. Check the network or the package mirror."
        )
    # what is installed with an extra is enough without it as well
    stamp.write_text(f"{wanted}\n{_fingerprint(())}\n", "ascii")


def _make_venv() -> None:
    if sys.platform.startswith("linux") and importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        _check_system({f"python{version}-venv": lambda: importlib.util.find_spec("ensurepip") is not None})
    print("Making .venv …", flush=True)
    venv.create(VENV, with_pip=True, clear=True)


def _fingerprint(extras: Sequence[str]) -> str:
    content = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return hashlib.sha256(content + repr((sorted(extras), sys.version)).encode()).hexdigest()


def _check_system(libraries: Mapping[str, Callable[[], bool]]) -> None:
    """Install missing Debian packages when that is possible, else say which command does it and stop."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for package, is_there in libraries.items() if not is_there()]
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if not shutil.which("apt-get"):
        raise SystemExit(f"Missing system packages; here is what Debian calls them: {' '.join(missing)}")
    if os.geteuid() != 0:
        raise SystemExit(f"Missing system packages. Run:\n  sudo apt-get update && sudo {' '.join(install)}")
    print(f"Installing system packages: {' '.join(missing)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], install):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise SystemExit(f"This command failed; please run it by hand: {' '.join(command)}")


def _call(command: Sequence[str]) -> int:
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
