"""Settings, drafts, reports and the log of imports."""

import json
import sqlite3

import pytest
from store.stores import add, in_memory, table
from store.synthetic import AT, step, steps

from riskdesk.domain.records import record_from_body
from riskdesk.store import checking
from riskdesk.store.drafts import Draft, Drafts
from riskdesk.store.ids import new_id
from riskdesk.store.imports import ImportedFile, ImportedRow, Imports
from riskdesk.store.settings import Settings
from riskdesk.store.submissions import Submissions


@pytest.fixture
def store():
    with in_memory() as store:
        yield store
        assert checking.problems(store) == []


def details(store):
    return [json.loads(detail) for (detail,) in table(store, "SELECT detail FROM audit ORDER BY seq")]


def test_a_setting_keeps_its_value_and_the_audit_its_old_one(store):
    settings = Settings(store)
    assert settings.get("office") is None
    for value in ({"code": "140105-JU", "name": "小店区局"}, ["x", 1, None, True], "", None):
        old = settings.get("office")
        with store.write("张三", "setup") as writing:
            settings.put(writing, "office", value)
        assert settings.get("office") == value
        assert details(store)[-1] == {"settings": {"office": {"old": old, "new": value}}}
    with store.write("张三", "setup") as writing:
        settings.put(writing, "a", 1)
        settings.put(writing, "b", 2)
    assert set(details(store)[-1]["settings"]) == {"a", "b"}


def test_a_copy_gets_another_install_id_and_the_audit_knows(store):
    with store.write("", "restore") as writing:
        Settings(store).renew_install_id(writing, "new")
    assert Settings(store).install_id() == "new"
    assert details(store) == [{"install_id": {"old": "x", "new": "new"}}]


def test_a_draft_changes_in_place_and_leaves_its_text_in_the_audit_when_dropped(store):
    drafts = Drafts(store)
    first, second = (Draft(new_id(), "", "", {"product": name}, "") for name in ("头盔", "充电宝"))
    with store.write("a", "draft") as writing:
        drafts.put(writing, second, AT.replace(hour=2))
        drafts.put(writing, first, AT)
    changed = Draft(first.id, "object", "base", {"product": "头盔", "content": "裂"}, "")
    with store.write("a", "draft") as writing:
        drafts.put(writing, changed, AT.replace(hour=1))
    assert [(each.id, each.object_id, each.base_hash, each.body) for each in drafts.every()] == [
        (first.id, "object", "base", changed.body),
        (second.id, "", "", second.body),
    ]
    with store.write("a", "drop") as writing:
        drafts.drop(writing, first.id)
        drafts.drop(writing, second.id)
        drafts.drop(writing, "unknown")
    assert drafts.every() == []
    assert details(store)[-1] == {"dropped_drafts": {first.id: changed.body, second.id: second.body}}


def put_draft(store, items, **more):
    given = {"org": "o", "period": "2023-05", "kind": "month", "at": AT, **more}
    with store.write("a", "draft") as writing:
        return Submissions(store).put_draft(writing, items=items, **given)


def seal(store, submission, *, nil=False, reason=""):
    with store.write("a", "seal") as writing:
        return Submissions(store).seal(writing, submission.id, nil=nil, reason=reason, at=AT)


def test_a_report_grows_while_it_is_a_draft_and_reports_are_numbered(store):
    known = steps(4)
    add(store, known)
    hashes = [step.hash for step in known]
    first = put_draft(store, hashes[:1])
    again = put_draft(store, hashes[2::-1])
    assert (again.id, again.number, again.status, again.items) == (first.id, 1, "draft", tuple(hashes[2::-1]))
    assert Submissions(store).sealed_revisions() == {}
    sealed = seal(store, again)
    assert (sealed.status, sealed.nil, sealed.items) == ("sealed", 0, tuple(hashes[2::-1]))
    second = put_draft(store, hashes)
    assert (second.number, second.status) == (2, "draft")
    assert seal(store, second, reason="更正").reason == "更正"
    assert [each.number for each in Submissions(store).of_period("2023-05")] == [1, 2]
    assert put_draft(store, [], kind="quarter").number == 1
    assert put_draft(store, [], org="p").number == 1
    assert put_draft(store, [], period="2023-06").number == 1
    assert Submissions(store).sealed_revisions() == {step.object_id: {step.hash} for step in known}


def test_a_sealed_report_stays_as_it_is_when_the_record_goes_on(store):
    [first] = steps(1)
    add(store, [first])
    sealed = seal(store, put_draft(store, [first.hash]))
    add(store, [step(record_from_body(first.body).edited(brand="新"), first.object_id, (first,))])
    assert Submissions(store).of_period("2023-05") == [sealed]


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE submission SET status = 'draft' WHERE number = 1",
        "UPDATE submission SET reason = 'x' WHERE number = 1",
        "UPDATE submission SET number = 9 WHERE number = 1",
        "DELETE FROM submission",
        "INSERT OR REPLACE INTO submission SELECT id, org, period, kind, number, 'draft', nil, reason, at FROM submission WHERE number = 1",
        "DELETE FROM submission_item",
        "UPDATE submission_item SET position = position + 10",
        "INSERT INTO submission_item SELECT s.id, 9, r.hash FROM submission s, revision r WHERE s.number = 1 LIMIT 1",
        "INSERT OR REPLACE INTO submission_item SELECT s.id, 1, r.hash FROM submission s, revision r WHERE s.number = 1 ORDER BY r.hash DESC",
        "UPDATE submission_item SET submission_id = (SELECT id FROM submission WHERE number = 1), position = 9"
        " WHERE submission_id = (SELECT id FROM submission WHERE number = 2)",
    ],
)
def test_a_sealed_report_is_frozen(store, attack):
    known = steps(3)
    add(store, known)
    seal(store, put_draft(store, [known[0].hash, known[1].hash]))
    put_draft(store, [known[2].hash])
    before = table(store, "SELECT * FROM submission, submission_item ORDER BY 1, 2, 3, 10, 11")
    with pytest.raises(sqlite3.IntegrityError, match=r"read-only|never deleted"):
        store.connection.execute(attack)
    assert table(store, "SELECT * FROM submission, submission_item ORDER BY 1, 2, 3, 10, 11") == before


def test_a_report_names_known_revisions_only(store):
    with pytest.raises(sqlite3.IntegrityError):
        put_draft(store, ["f" * 64])


def test_a_nil_report_has_no_items_and_any_other_has_some():
    for items, nil, text in ((0, False, "没有内容，也不是零报告"), (2, True, "是零报告，却有内容")):
        with in_memory() as store:
            known = steps(2)
            add(store, known)
            seal(store, put_draft(store, [step.hash for step in known[:items]]), nil=nil)
            assert checking.problems(store) == [f"2023-05 第 1 次报送{text}"]
    with in_memory() as store:
        assert seal(store, put_draft(store, []), nil=True).nil == 1
        assert checking.problems(store) == []


def test_what_an_import_did_is_kept_row_by_row(store):
    rows = [
        ImportedRow(
            "甲.xlsx", "表1", n + 3, outcome, "" if outcome == "rejected" else f"id{n}", {"product": f"头盔\n{n}"}
        )
        for n, outcome in enumerate(("new", "same", "updated", "stale", "conflict", "rejected", "new"))
    ]
    files = [
        ImportedFile("甲.xlsx", "某所", "5月", "张三", "0351", 0, ("第2行：示例",)),
        ImportedFile("乙.csv", "", "", "", "", 1, ()),
    ]
    imports, run_id = Imports(store), new_id()
    with store.write("a", "import") as writing:
        imports.log(writing, run_id=run_id, at=AT, actor="a", period="2023-05", files=files, rows=rows)
    assert imports.rows(run_id) == rows
    assert imports.files(run_id) == files
    assert imports.rows("unknown") == []
    assert imports.counts() == {"new": 2, "same": 1, "updated": 1, "stale": 1, "conflict": 1, "rejected": 1}
    wrong = [ImportedRow("x", "", 1, "lost", "", {})]
    with pytest.raises(sqlite3.IntegrityError), store.write("a", "import") as writing:
        imports.log(writing, run_id=new_id(), at=AT, actor="a", period="", files=[], rows=wrong)
    assert sum(imports.counts().values()) == 7
