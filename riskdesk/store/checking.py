"""Is the data file whole: everything that can be proved from inside, told as sentences for the user."""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from riskdesk.domain import grams
from riskdesk.errors import RiskdeskError
from riskdesk.store.audit import first_broken_entry
from riskdesk.store.connection import Store
from riskdesk.store.migrations import FINGERPRINT
from riskdesk.store.projection import COLUMNS, expected
from riskdesk.store.rows import REVISION_COLUMNS, proved_revision
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
        except (
            sqlite3.Error,
            RiskdeskError,
            ValueError,
            TypeError,
            KeyError,
        ) as error:  # a damaged page stops the part, not the check
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
    for row in store.read_each(f"SELECT {REVISION_COLUMNS} FROM revision ORDER BY rid"):
        if proved_revision(row) is None:
            yield f"修订 {row[0][:12]}（记录 {row[1]}）的内容与校验值不符"
    [(count, last)] = store.read("SELECT count(*), coalesce(max(rid), 0) FROM revision")
    if count != last:  # rows are numbered without gaps, and never deleted
        yield f"修订缺失 {last - count} 条"


def _superseded(store: Store) -> Iterator[str]:
    row = store.connection.execute(
        "WITH named AS (SELECT value, object_id, kind FROM standing_revision, json_each(ancestors)),"
        " noted AS (SELECT hash, object_id, kind FROM superseded)"
        " SELECT (SELECT count(*) FROM (SELECT * FROM named EXCEPT SELECT * FROM noted))"
        " + (SELECT count(*) FROM (SELECT * FROM noted EXCEPT SELECT * FROM named))"
    ).fetchone()
    if row[0]:
        yield f"修订的先后关系与修订本身不符（{row[0]} 处）"


def _audit(store: Store) -> Iterator[str]:
    broken = first_broken_entry(store.connection)
    if broken is not None:
        yield f"操作日志在第 {broken} 条处被改动或缺失"


def _records(store: Store) -> Iterator[str]:
    fingerprints = _Sum()

    def should_be() -> Iterator[tuple[object, ...]]:
        for part in expected(store.connection):
            fingerprints.add(part.fingerprints)
            yield from part.rows

    actual = store.read_each(f"SELECT {COLUMNS} FROM record ORDER BY object_id")
    for should, found in itertools.zip_longest(should_be(), actual):
        if should != found:
            yield f"记录 {(should or found)[0]} 的列表内容与其修订不符"
            return  # everything after a missing row would be out of step
    noted = _Sum()
    noted.add(store.read_each("SELECT fingerprint, object_id FROM record_fingerprint"))
    if noted != fingerprints:
        yield "识别重复行的指纹与修订不符"


@dataclass(slots=True)
class _Sum:
    """How many pairs there are, and a sum that tells one set of them from another, whatever their order."""

    count: int = 0
    total: int = 0

    def add(self, pairs: Iterable[tuple[str, str]]) -> None:
        for pair in pairs:
            self.count += 1
            self.total += hash(pair)


def _search(store: Store) -> Iterator[str]:
    store.connection.execute("INSERT INTO record_search (record_search) VALUES ('integrity-check')")
    [(records, indexed, both)] = store.read(
        "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM record_search_docsize),"
        " (SELECT count(*) FROM record r JOIN record_search_docsize d ON d.id = r.rid)"
    )
    if not records == indexed == both:
        yield f"搜索索引与记录不符（记录 {records} 条，索引 {indexed} 条）"
        return
    should: Counter[str] = Counter()
    for rid, text in store.read_each("SELECT rid, search_text FROM record"):
        for place, term in enumerate(grams.index_terms(text).split(" "), rid << 16):
            should[term] += place
    del should[""]
    store.connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.record_term USING fts5vocab ('main', 'record_search', 'instance')"
    )
    if should != dict(store.read_each("SELECT term, sum((doc << 16) + offset) FROM temp.record_term GROUP BY term")):
        yield "搜索索引与记录的文字不符"


def _submissions(store: Store) -> Iterator[str]:
    for period, number, nil in store.connection.execute(
        "SELECT period, number, nil FROM submission s WHERE status = 'sealed'"
        " AND nil = EXISTS (SELECT 1 FROM submission_item i WHERE i.submission_id = s.id)"
    ):
        yield f"{period} 第 {number} 次报送" + ("是零报告，却有内容" if nil else "没有内容，也不是零报告")
