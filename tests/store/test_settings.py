"""Settings: what was set is found again, and the log tells what changed, in the way of today and of earlier versions."""

import json

from store.stores import opened, table

from riskdesk.store.audit import first_broken_entry
from riskdesk.store.settings import Settings


def told(store):
    return [json.loads(detail) for (detail,) in table(store, "SELECT detail FROM audit ORDER BY seq")]


def test_a_change_is_logged_with_the_old_value(tmp_path):
    with opened(tmp_path) as store:
        settings = Settings(store)
        for value in ("甲", "乙"):
            with store.write("张三", "set") as writing:
                settings.put(writing, "name", value)
        assert settings.get("name") == "乙"
        assert told(store)[-1] == {"settings": {"name": {"old": "甲", "new": "乙"}}}


def test_a_long_value_is_logged_by_its_changes_in_their_order(tmp_path):
    with opened(tmp_path) as store:
        settings = Settings(store)
        with store.write("张三", "set") as writing:
            settings.put_changed(writing, "list", ["a"] * 1000, {"added": ["a"]})
            settings.put_changed(writing, "list", ["a"] * 1000 + ["b"], {"added": ["b"]})
        assert len(settings.get("list")) == 1001
        assert told(store)[-1] == {"settings": {"list": [{"added": ["a"]}, {"added": ["b"]}]}}


def test_entries_of_both_kinds_are_one_chain(tmp_path):
    with opened(tmp_path) as store:
        settings = Settings(store)
        with store.write("张三", "as versions before did") as writing:
            settings.put(writing, "list", ["a"])
        with store.write("张三", "as now") as writing:
            settings.put_changed(writing, "list", ["a", "b"], {"added": ["b"]})
        assert settings.get("list") == ["a", "b"]
    with opened(tmp_path) as store:
        assert first_broken_entry(store.connection) is None
        assert [entry["settings"]["list"] for entry in told(store)[-2:]] == [
            {"old": None, "new": ["a"]},
            [{"added": ["b"]}],
        ]
