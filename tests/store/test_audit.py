"""The audit log is a chain: what is changed, missing or put in between shows at its place."""

import pytest
from store.stores import opened, raw, table

from riskdesk.store import checking
from riskdesk.store.audit import first_broken_entry


@pytest.fixture
def logged(tmp_path):
    with opened(tmp_path) as store:
        for n in range(30):
            with store.write("张三", "save") as writing:
                writing.detail.update(n=n, 说明="铅")
        assert first_broken_entry(store.connection) is None
    return tmp_path


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ("UPDATE audit SET actor = '李四' WHERE seq = 17", 17),
        ("UPDATE audit SET at = '2020-01-01' WHERE seq = 1", 1),
        ("UPDATE audit SET action = 'x' WHERE seq = 30", 30),
        ("UPDATE audit SET detail = '{\"n\":1}' WHERE seq = 17", 17),
        ("UPDATE audit SET detail = '{\"n\":1.5}' WHERE seq = 17", 17),
        ("UPDATE audit SET detail = 'not json' WHERE seq = 17", 17),
        ("UPDATE audit SET prev = hash WHERE seq = 17", 17),
        ("UPDATE audit SET hash = substr(hash, 2) || 'g' WHERE seq = 17", 17),
        ("DELETE FROM audit WHERE seq = 17", 17),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET seq = 100 WHERE seq = 17", 17),
        (
            "INSERT INTO audit SELECT 31, at, actor, action, detail, prev, substr(hash, 2) || 'a' FROM audit WHERE seq = 30",
            31,
        ),
    ],
)
def test_tampering_is_found_where_it_was_done(logged, damage, place):
    with raw(logged) as other:
        guards = [
            sql
            for (sql,) in other.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'audit' AND type = 'trigger'")
        ]
        other.execute("DROP TRIGGER audit_no_update")
        other.execute("DROP TRIGGER audit_no_delete")
        other.execute(damage)
        for guard in guards:
            other.execute(guard)
    with opened(logged) as store:
        assert first_broken_entry(store.connection) == place
        assert f"操作日志在第 {place} 条处被改动或缺失" in checking.problems(store)


def test_the_chain_goes_on_after_the_file_was_closed(logged):
    with opened(logged) as store:
        with store.write("王五", "more"):
            pass
        assert first_broken_entry(store.connection) is None
        assert table(store, "SELECT count(*) FROM audit") == [(31,)]
