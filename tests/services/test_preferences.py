"""Preferences: what was set comes back; what makes no sense is as if it was never set, and nothing is lost."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.deadlines import DEFAULT_CUTOFFS, Cutoff
from riskdesk.domain.offices import OfficeLevel
from riskdesk.errors import InputError
from riskdesk.services import preferences as module
from riskdesk.services.preferences import Person, Preferences, keep, preferences

ALL = Preferences(
    theme="dark",
    points=14.0,
    people=(Person("张三", "0351-1"), Person("李四")),
    backup_places=("E:\\备份", "/media/u"),
    cutoffs=(Cutoff(OfficeLevel.COUNTY, 23, 12, 30),),
    urgent_hours=12,
    annual_due="01-15",
    notify=False,
    training=True,
)


def put(desk, content):
    with desk.store.write("", "test") as writing:
        desk.settings.put(writing, "preferences", content)


def changes(desk):
    return desk.store.read("SELECT count(*) FROM audit")[0][0]


def test_what_was_never_set_is_the_default(desk):
    assert preferences(desk) == Preferences()
    assert preferences(desk).cutoffs == DEFAULT_CUTOFFS


def test_what_was_set_comes_back_and_setting_it_again_writes_nothing(desk):
    keep(desk, ALL)
    assert preferences(desk) == ALL
    before = changes(desk)
    keep(desk, ALL)
    assert changes(desk) == before
    keep(desk, replace(ALL, points=10.5))
    assert preferences(desk).points == 10.5


def test_what_a_newer_program_set_stays(desk):
    put(desk, {"theme": "light", "coming": {"deep": [1, "二"]}})
    keep(desk, replace(preferences(desk), urgent_hours=6))
    assert desk.settings.get("preferences")["coming"] == {"deep": [1, "二"]}
    assert preferences(desk).theme == "light"


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("theme", "pink"),
        ("theme", 1),
        ("theme", None),
        ("points", "wide"),
        ("points", "nan"),
        ("points", "1000"),
        ("points", True),
        ("points", None),
        ("people", "张三"),
        ("people", [{"phone": "1"}]),
        ("people", ["张三"]),
        ("people", [{"name": 5}]),
        ("backup_places", {}),
        ("cutoffs", [{"level": "moon", "day": 1, "hour": 1, "minute": 1}]),
        ("cutoffs", [{"level": "suo", "day": 40, "hour": 1, "minute": 1}]),
        ("cutoffs", [{"level": "suo", "day": "1", "hour": 1, "minute": 1}]),
        ("cutoffs", 3),
        ("urgent_hours", 0),
        ("urgent_hours", "24"),
        ("urgent_hours", True),
        ("urgent_hours", 10**9),
        ("annual_due", "02-29"),
        ("annual_due", "13-01"),
        ("annual_due", "1231"),
        ("annual_due", 1231),
        ("notify", 1),
        ("training", "no"),
    ],
)
def test_one_bad_value_is_the_default_and_spoils_no_other(desk, name, bad):
    keep(desk, ALL)
    put(desk, {**desk.settings.get("preferences"), name: bad})
    assert preferences(desk) == replace(ALL, **{name: getattr(Preferences(), name)})


@pytest.mark.parametrize("content", [None, 5, "x", [], {}])
def test_whatever_stands_there_the_program_starts(desk, content):
    put(desk, content)
    assert preferences(desk) == Preferences()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([field.name for field in fields(Preferences)]), JSON))
def test_no_content_makes_reading_fail(content):
    assert isinstance(module._read(content), Preferences)


def test_what_makes_no_sense_is_refused_when_it_is_set(desk):
    for wrong in ({"theme": "pink"}, {"points": 99.0}, {"annual_due": "02-30"}, {"urgent_hours": 0}):
        with pytest.raises(InputError, match="没有保存"):
            keep(desk, replace(ALL, **wrong))
    assert preferences(desk) == Preferences()
