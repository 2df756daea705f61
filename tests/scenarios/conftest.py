"""Offices that are enrolled with each other, made once and copied for each test."""

import os
import shutil

import pytest
from scenarios.offices import PASSPHRASE, Offices, set_up_all
from services.quick_offices import cheap_passphrases


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory):
    """Six enrolled offices; nobody may change them."""
    before = {name: os.environ.get(name) for name in ("RISKDESK_NOW", "RISKDESK_PASSPHRASE")}
    os.environ.update(RISKDESK_NOW="2023-04-03T09:00:00", RISKDESK_PASSPHRASE=PASSPHRASE)
    try:
        with cheap_passphrases():
            return set_up_all(tmp_path_factory.mktemp("enrolled"))
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


@pytest.fixture
def offices(enrolled, tmp_path, monkeypatch):
    """Six enrolled offices of one's own."""
    monkeypatch.setenv("RISKDESK_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-08T09:00:00")
    shutil.copytree(enrolled.folder, tmp_path / "offices")
    return Offices(tmp_path / "offices")
