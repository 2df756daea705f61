#!/usr/bin/env python3
"""Build the frozen program with PyInstaller into a folder and try it: `python tools/check_frozen.py FOLDER`.

Run it with the Python of an environment that holds riskdesk with its `build` extra. Standard library only, Linux and Windows;
the window is started without a screen. With `--built` the program that lies in FOLDER is tried as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXE = ".exe" if os.name == "nt" else ""
OFFICE, PERIOD, NOW = "140105-JU", "2023-05", "2023-05-25T09:00:00"
BEGINNINGS = {".xlsx": b"PK", ".docx": b"PK", ".pdf": b"%PDF-"}
PASSPHRASE = "RISKDESK_PASSPHRASE"  # noqa: S105 - the name of a variable
LOCKED = 6  # exit code of a command while a window has the data folder
PATIENCE = 60.0  # s


def main() -> int:
    """Build, try, and say what was seen; the exit code is 0 if all of it worked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--built", action="store_true", help="try what lies there, build nothing")
    given = parser.parse_args()
    folder: Path = given.folder.resolve()
    if not given.built:
        print(f"built in {build(folder):.0f} s")
    program = folder / "dist" / "riskdesk"
    print(f"size {size(program) / 1e6:.0f} MB in {program}")
    trial = folder / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    try_commands(program, trial)
    print(f"window open after {try_window(program, trial / 'demo' / OFFICE):.2f} s")
    print("ok")
    return 0


def build(folder: Path) -> float:
    """Return the seconds that PyInstaller took."""
    started = time.monotonic()
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    places = ["--distpath", str(folder / "dist"), "--workpath", str(folder / "work")]
    subprocess.run([*command, *places, str(ROOT / "build.spec")], cwd=ROOT, check=True)
    return time.monotonic() - started


def size(folder: Path) -> int:
    """Return the bytes of all files; what is linked counts once."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def try_commands(program: Path, trial: Path) -> None:
    """Make demo data, read a form in the child process, write all three kinds of documents, hand a report over."""
    demo = answer(program, "demo", str(trial / "demo"))
    homes = demo["homes"]
    home, other = homes[OFFICE], homes["140106-JU"]
    for form in sorted(Path(home, "示例数据").glob("*5月报送表*")):
        found = answer(program, "read", str(form))["records"]
        taken = answer(program, "import", str(form), "--home", other)
        require(bool(found) and taken["new"] == len(found), f"{form.name} was read")
    files = answer(program, "export", "--home", home, "--period", PERIOD, "--out", str(trial / "out"))["files"]
    beginnings = {Path(file).suffix: Path(file).read_bytes()[:8] for file in files}
    for suffix, beginning in BEGINNINGS.items():
        require(beginnings.get(suffix, b"").startswith(beginning), f"exported {suffix}")
    os.environ[PASSPHRASE] = demo["passphrase"]
    sealed = answer(program, "seal", "--home", home, "--period", PERIOD, "--out", str(trial / "out"))
    [taken] = answer(program, "receive", "--home", homes["140100-JU"], sealed["package"])["files"]
    require(
        taken["outcome"] == "taken" and taken["new"] == sealed["records"], "a signed, encrypted report was handed over"
    )
    require(answer(program, "check", "--home", home)["ok"], "the data is whole")


def try_window(program: Path, home: Path) -> float:
    """Start the window; return the seconds until it was there (it then opens the file that takes notes of faults)."""
    sign = home / "logs" / "faults.txt"
    started = time.monotonic()
    window = subprocess.Popen(
        [str(program / f"riskdesk{EXE}"), "--home", str(home)],
        env=environment(QT_QPA_PLATFORM="offscreen"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        while not sign.exists() and window.poll() is None and time.monotonic() < started + PATIENCE:
            time.sleep(0.01)
        took = time.monotonic() - started
        require(sign.exists(), "the window opened")
        time.sleep(2)
        require(window.poll() is None, "the window stayed open")
        require(run(program, "list", "--home", str(home)).returncode == LOCKED, "the window has the data folder")
    finally:
        window.kill()
        said, _nothing = window.communicate()
        print(said.decode("utf-8", "replace"), end="")
    return took


def answer(program: Path, *arguments: str) -> Any:
    """Return what a command of the console program answers."""
    done = run(program, *arguments, "--json")
    if done.returncode:
        raise SystemExit(f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout)


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the console program."""
    command = [str(program / f"riskdesk-cli{EXE}"), *arguments]
    return subprocess.run(command, env=environment(), capture_output=True, encoding="utf-8", check=False)


def environment(**more: str) -> Mapping[str, str]:
    """Return an environment in which nothing of the building Python is left."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RISKDESK", "VIRTUAL"))}
    kept |= {name: value for name, value in os.environ.items() if name == PASSPHRASE}
    return {**kept, "LANG": "C.UTF-8", "RISKDESK_NOW": NOW, **more}


def require(condition: bool, told: str) -> None:
    """End with a message if something is not as it should be."""
    if not condition:
        raise SystemExit(f"FAILED: {told}")
    print(f"  {told}")


if __name__ == "__main__":
    sys.exit(main())
