"""Fixtures for all tests: an office's data folder, and the command line as a user calls it."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path

import pytest

from riskdesk.cli.main import main
from riskdesk.services.setup import set_up

CORPUS = Path(__file__).parent / "corpus"
COUNTY = "140105-JU"


@dataclass(frozen=True)
class Reply:
    """What a command answered: its exit code, the JSON document ("" if none) and what it said to the user."""

    code: int
    data: object
    said: str


@pytest.fixture
def riskdesk(capsys):
    """Call the command line with `--json`."""

    def call(*arguments, home=None):
        capsys.readouterr()
        given = [*(["--home", str(home)] if home else []), *map(str, arguments), "--json"]
        code = main(given)
        out, err = capsys.readouterr()
        return Reply(code, json.loads(out) if out else None, err)

    return call


@pytest.fixture(autouse=True)
def a_day_in_may(monkeypatch):
    """The tests' today is 25 May 2023, nine o'clock, unless a test sets another."""
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-25T09:00:00")
    monkeypatch.delenv("RISKDESK_HOME", raising=False)


@pytest.fixture
def home(tmp_path):
    """The data folder of a county office."""
    folder = tmp_path / "小店区局"
    set_up(folder, COUNTY, person="张三", phone="0351-0000000").close()
    return folder


@pytest.fixture
def desk(tmp_path):
    """The open desk of a county office."""
    with set_up(tmp_path / "desk", COUNTY, person="张三", phone="0351-0000000") as desk:
        yield desk


@pytest.fixture(autouse=True)
def no_unexpected_warnings(request, caplog):
    """A log line of warning or worse fails the test, unless it is marked `may_log`."""
    yield
    if not request.node.get_closest_marker("may_log"):
        assert [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.WARNING] == []
