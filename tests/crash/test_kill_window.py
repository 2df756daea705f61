"""The window is killed while somebody types: two seconds of typing may be lost, and nobody is asked about what is saved."""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from riskdesk.services import drafting
from riskdesk.services.desk import Desk
from riskdesk.services.setup import set_up

KILLS = 50
ALLOWED = 2.0  # seconds of typing
ROOT = Path(__file__).parents[2]


def killed(home, seed):
    """Let somebody type into a fresh office, kill the window, and return what was told, and when it was killed."""
    set_up(home, "140105-JU", person="示例").close()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("typing_window.py")), str(home), str(seed)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True, encoding="utf-8",
    )  # fmt: skip
    first = child.stdout.readline()
    assert first.startswith("began"), child.communicate()[1]
    time.sleep(random.Random(seed).uniform(0.05, 4.0))
    at = time.monotonic()
    child.kill()
    rest, _ = child.communicate()
    return [first.split(), *(line.split() for line in rest.split("\n")[:-1])], at  # the last line may be cut off


def judge(home, told, at):
    """Raise if too much was lost, or if somebody would be asked in vain."""
    form = told[-1][1]
    of_form = [line for line in told if line[1] == form]
    with Desk(home) as desk:
        left = {each.id: each.record for each in drafting.left_unsaved(desk)}
        saved = {row.content for row in desk.records.every()}
    typed = [(line[2], float(line[3])) for line in of_form if line[0] == "typed" and len(line) == 4]
    old = [text for text, moment in typed if moment < at - ALLOWED]
    recovered = left[form].content if form in left else next((text for text, _ in reversed(typed) if text in saved), "")
    if old:
        assert recovered.startswith(old[-1]), f"{len(old[-1])} letters typed, {len(recovered)} recovered"
    assert all(text.startswith(recovered) for text, _ in typed[-1:]), "what is recovered was never typed"
    done = {line[1] for line in told if line[0] == "saved"}
    assert not done & left.keys(), "asked about a record that was saved"
    assert len(left) <= 1


@pytest.mark.timeout(400)
def test_fifty_kills_lose_two_seconds_of_typing_at_most_and_never_ask_in_vain(tmp_path):
    def one(seed):
        home = tmp_path / str(seed)
        told, at = killed(home, seed)
        judge(home, told, at)
        return sum(line[0] == "typed" for line in told)

    with ThreadPoolExecutor(2) as pool:
        typed = list(pool.map(one, range(KILLS)))
    assert sum(typed) > KILLS * 40  # somebody did type
