"""The entry point of the command line: arguments, one lock on the data folder, one JSON document, exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from riskdesk import paths
from riskdesk.cli import parser
from riskdesk.cli.commands import COMMANDS
from riskdesk.cli.hints import hint_for
from riskdesk.cli.output import Answer
from riskdesk.errors import INTERRUPTED, RiskdeskError
from riskdesk.logs import log_to

_BUG = 1
_log = logging.getLogger("riskdesk.cli")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a bug is logged, told in a sentence, and never shown as a traceback."""
    _speak_utf8()
    home: Path | None = None
    try:
        given = parser.parse(argv)
        home = given.home
        answer = COMMANDS[given.command](given)
        with contextlib.suppress(BrokenPipeError):  # the reader of our output went away
            _print(answer, as_json=given.json)
    except RiskdeskError as error:
        return _refused(error, as_json="--json" in (sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        print("已中断。正在写入的一步要么完整、要么没有；可用 riskdesk list 和 riskdesk check 核对。", file=sys.stderr)
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - the last resort: a bug
        return _report_bug(home)
    return answer.exit_code


def _refused(error: RiskdeskError, *, as_json: bool) -> int:
    told = "\n".join(filter(None, (str(error) or "已取消。", hint_for(error))))
    if as_json:
        print(json.dumps({"error": {"code": error.code, "message": told}}, ensure_ascii=False))
    print(told, file=sys.stderr)
    return error.exit_code


def _print(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        json.dump(answer.data, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        for line in answer.lines:
            print(line)
    for line in answer.notes:
        print(line, file=sys.stderr)
    sys.stdout.flush()


def _report_bug(home: Path | None) -> int:
    told = traceback.format_exc()
    try:
        folder = paths.data_home(home) / "logs"
        log_to(folder)
        _log.error("%s", told)
        where = f"详细信息已写入 {folder / 'riskdesk.log'}"
    except OSError:
        where = told.strip().rsplit("\n", 1)[-1]
    print(f"程序内部出错。{where}，请把它发给技术支持；数据是否完整可用 riskdesk check 核对。", file=sys.stderr)
    return _BUG


def _speak_utf8() -> None:
    """Windows consoles and pipes are not UTF-8 by themselves, and a windowed program has no streams at all."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.TextIOWrapper(io.BytesIO(), "utf-8"))  # nothing to read, and nobody who reads
            continue
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
