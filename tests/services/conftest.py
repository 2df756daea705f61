"""Offices that trust each other, made once a session and copied for each test."""

import pytest
from services.quick_offices import CITY, COUNTY, PASSPHRASE, SECOND, SUO, enrolled, quick_keys

_MADE_LATER = 1000  # numbers of the keys that tests make: none is that of an office


@pytest.fixture(scope="session")
def enrolled_once(tmp_path_factory):
    """Return the enrolled offices of these codes, the highest first."""
    made = {}

    def offices(*codes):
        if codes not in made:
            with quick_keys(), pytest.MonkeyPatch.context() as patch:
                patch.setenv("RISKDESK_NOW", "2023-05-20T09:00:00")
                made[codes] = enrolled(tmp_path_factory.mktemp("template") / "offices", *codes)
        return made[codes]

    return offices


@pytest.fixture(scope="module")
def template(request, enrolled_once):
    """The offices that the module names in OFFICES, else a city, two counties and a market office below the first."""
    made = enrolled_once(*getattr(request.module, "OFFICES", (CITY, COUNTY, SECOND, SUO)))
    with quick_keys(first=_MADE_LATER):
        yield made


@pytest.fixture
def offices(template, tmp_path, monkeypatch):
    """The test's own copy of them."""
    monkeypatch.setenv("RISKDESK_PASSPHRASE", PASSPHRASE)
    return template.copied(tmp_path / "offices")
