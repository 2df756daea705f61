"""Asking for the passphrase of the office's keys."""

from __future__ import annotations

import getpass
import os
import sys

from riskdesk.errors import PassphraseError

VARIABLE = "RISKDESK_PASSPHRASE"


def ask_passphrase(*, twice: bool = False) -> str:
    """Return the passphrase of the office's keys from the environment or the terminal; raise `PassphraseError` if nobody gives it."""
    if given := os.environ.get(VARIABLE):
        return given
    if sys.stdin is None or not sys.stdin.isatty():
        raise PassphraseError(f"需要密钥口令：请设置环境变量 {VARIABLE}，或在终端中运行后输入。")
    first = getpass.getpass("密钥口令：")
    if twice and getpass.getpass("再输一次：") != first:
        raise PassphraseError("两次输入的口令不一样，没有建立密钥。")
    return first
