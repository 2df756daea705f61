"""Is the data file whole: everything that can be proved from inside, told as sentences for the user."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator

from riskdesk.domain.revisions import revision_hash
from riskdesk.errors import RiskdeskError
from riskdesk.store.audit import first_broken_entry
from riskdesk.store.connection import Store
from riskdesk.store.migrations import FINGERPRINT
from riskdesk.store.projection import COLUMNS, projected_rows
from riskdesk.store.revisions import Revisions
from riskdesk.store.schema import fingerprint


def problems(store: Store) -> list[str]:
    """Return all that is wrong with the data file, empty if nothing is. Reads everything; writes nothing."""
    parts: tuple[Callable[[Store], Iterator[str]], ...] = (
        _sqlite,
        _schema,
        _revisions,
        _superseded,
        _audit,
        _records,
        _search,
        _submissions,
    )
    found: list[str] = []
    for part in parts:
        try:
            found += itertools.islice(part(store), 20)
        except (sqlite3.Error, RiskdeskError, ValueError) as error:  # a damaged page stops the part, not the check
            found.append(f"检查未能完成（{part.__name__.strip('_')}）：{error}")
    return found


def _sqlite(store: Store) -> Iterator[str]:
    for (verdict,) in store.connection.execute("PRAGMA integrity_check(10)"):
        if verdict != "ok":
            yield f"数据库页损坏：{verdict}"
    for table, rowid, *_ in store.connection.execute("PRAGMA foreign_key_check"):
        yield f"表 {table} 第 {rowid} 行引用了不存在的数据"


def _schema(store: Store) -> Iterator[str]:
    if fingerprint(store.connection) != FINGERPRINT:
        yield "数据文件的结构被其他工具改动过"


def _revisions(store: Store) -> Iterator[str]:
    for step in Revisions(store).every():
        if revision_hash(step) != step.hash:
            yield f"修订 {step.hash[:12]}（记录 {step.object_id}）的内容与校验值不符"


def _superseded(store: Store) -> Iterator[str]:
    row = store.connection.execute(
        "SELECT count(*) FROM (SELECT hash FROM superseded EXCEPT SELECT value FROM revision, json_each(ancestors)"
        " UNION ALL SELECT * FROM (SELECT value FROM revision, json_each(ancestors) EXCEPT SELECT hash FROM superseded))"
    ).fetchone()
    if row[0]:
        yield f"修订的先后关系与修订本身不符（{row[0]} 处）"


def _audit(store: Store) -> Iterator[str]:
    broken = first_broken_entry(store.connection)
    if broken is not None:
        yield f"操作日志在第 {broken} 条处被改动或缺失"


def _records(store: Store) -> Iterator[str]:
    actual = store.connection.execute(f"SELECT {COLUMNS} FROM record ORDER BY object_id")
    for expected, found in itertools.zip_longest(projected_rows(store.connection), actual):
        if expected != found:
            named = (expected or found)[0]
            yield f"记录 {named} 的列表内容与其修订不符"
            return  # everything after a missing row would be out of step


def _search(store: Store) -> Iterator[str]:
    store.connection.execute("INSERT INTO record_search (record_search) VALUES ('integrity-check')")
    row = store.connection.execute(
        "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM record_search_docsize),"
        " (SELECT count(*) FROM record r JOIN record_search_docsize d ON d.id = r.rid)"
    ).fetchone()
    if len(set(row)) != 1:
        yield f"搜索索引与记录不符（记录 {row[0]} 条，索引 {row[1]} 条）"


def _submissions(store: Store) -> Iterator[str]:
    for period, number, status in store.connection.execute(
        "SELECT period, number, status FROM submission s WHERE status = 'sealed' AND nil = 0"
        " AND NOT EXISTS (SELECT 1 FROM submission_item i WHERE i.submission_id = s.id)"
    ):
        yield f"{period} 第 {number} 次报送（{status}）没有内容，也不是零报告"
