"""Packages that came and went, what they brought, and what the answers said; their bytes lie beside the data file, unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskdesk.domain.handoff import HandedState, Told, handed_state
from riskdesk.store.connection import Store, Writing
from riskdesk.store.content import ContentFolder, hash_of

_COLUMNS = "id, run_id, outer_id, direction, kind, uid, sender, receivers, period, number, nil, created, at, file, file_name, facts"
_STANDING = "NOT EXISTS (SELECT 1 FROM undone_run u WHERE u.run_id = {table}.run_id)"
_SAID = (
    "about, rev_hash, object_id, sender, number, state, reason,"
    " coalesce((SELECT p.number FROM package p WHERE p.id = about AND p.direction = 'out'), 0)"
)


@dataclass(frozen=True, slots=True)
class Package:
    """A package: `id` is the SHA-256 of its manifest, `file` that of its bytes as they came, `at` when it came or was made.

    `run_id` names the import that took it ("" for our own), `outer_id` the package it came in ("" for none). `facts` are JSON values: what a report
    says of itself, the verdict.
    """

    id: str
    run_id: str
    outer_id: str
    direction: str
    kind: str
    uid: str
    sender: str
    receivers: tuple[str, ...]
    period: str
    number: int
    nil: bool
    created: str
    at: str
    file: str
    file_name: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnsweredRevision:
    """What one answer says of one revision of ours."""

    about: str
    rev_hash: str
    object_id: str
    told: Told
    reason: str


class Packages:
    """Keeps packages; what was taken in by an import that was undone is not shown."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self.bytes = ContentFolder(folder)

    def add(self, writing: Writing, package: Package) -> None:
        """Note a package in the running transaction; noting it again changes nothing."""
        values = [getattr(package, name) for name in _COLUMNS.split(", ")]
        values[7], values[10], values[15] = _json(package.receivers), int(package.nil), _json(package.facts)
        writing.connection.execute(
            f"INSERT INTO package ({_COLUMNS}) VALUES ({', '.join('?' * len(values))}) ON CONFLICT DO NOTHING", values
        )

    def get(self, package_id: str) -> Package | None:
        """Return a package that stands, the one that came by itself first; None if there is none."""
        return next(iter(self._where("id = ? ORDER BY outer_id", (package_id,))), None)

    def with_uid(self, uid: str) -> list[Package]:
        """Return the packages that bear the UUID: more than one id among them is a forgery."""
        return self._where("uid = ?", (uid,))

    def of_period(self, period: str, direction: str, kind: str) -> list[Package]:
        """Return the packages of a kind for a period, those inside others too, by sender and number."""
        return self._where(
            "period = ? AND direction = ? AND kind = ? ORDER BY sender, number, at", (period, direction, kind)
        )

    def from_sender(self, sender: str, kind: str, period: str) -> list[Package]:
        """Return what came from an office by itself, by number."""
        return self._where(
            "sender = ? AND kind = ? AND period = ? AND direction = 'in' AND outer_id = '' ORDER BY number, at",
            (sender, kind, period),
        )

    def answers_given(self, own: str, package: Package) -> list[Package]:
        """Return what this office (its code) answered to a package, by number."""
        return self._where(
            "sender = ? AND period = ? AND kind = 'answer' AND direction = 'out'"
            " AND json_extract(facts, '$.about') = ? ORDER BY number",
            (own, package.period, package.id),
        )

    def every(self, direction: str) -> list[Package]:
        """Return all packages that came or went by themselves, the newest first."""
        return self._where("direction = ? AND outer_id = '' ORDER BY at DESC, number DESC", (direction,))

    def of_run(self, run_id: str) -> list[Package]:
        """Return what an import took."""
        return self._where("run_id = ?", (run_id,))

    def problems(self) -> list[str]:
        """Return what is wrong with the kept bytes: missing, or other than noted."""
        found = []
        for file, name in self._store.read(
            "SELECT DISTINCT file, file_name FROM package WHERE outer_id = '' ORDER BY file"
        ):
            try:
                if hash_of(self.bytes.place(file)) != file:
                    found.append(f"报送包内容已变：{name}")
            except OSError:
                found.append(f"报送包缺失或无法读取：{name}")
        return found

    def copy_to(self, folder: Path) -> int:
        """Copy the bytes that a backup folder does not hold yet; return of how many packages."""
        return self.bytes.copy_missing(self.noted(), folder)

    def noted(self) -> list[str]:
        """Return the SHA-256 of the bytes of all packages that came or went by themselves."""
        rows = self._store.read("SELECT DISTINCT file FROM package WHERE outer_id = '' ORDER BY file")
        return [file for (file,) in rows]

    def cover(self, writing: Writing, run_id: str, hashes: Iterable[str], added: Iterable[str]) -> None:
        """Note which revisions an import was about, and which of them it added."""
        new = set(added)
        writing.connection.executemany(
            "INSERT INTO run_revision (run_id, rev_hash, added) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(run_id, each, int(each in new)) for each in dict.fromkeys(hashes)],
        )

    def note_sent(self, writing: Writing, hashes: Sequence[str]) -> None:
        """Note that revisions were handed on."""
        writing.connection.executemany(
            "INSERT INTO handed_revision (hash, state) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(each, int(HandedState.SENT)) for each in hashes],
        )
        self.refresh_states(writing, hashes)

    def note_answers(self, writing: Writing, answer_id: str, run_id: str, said: Sequence[AnsweredRevision]) -> None:
        """Note what an answer says, in the running transaction."""
        writing.connection.executemany(
            "INSERT INTO answered (answer_id, run_id, about, rev_hash, object_id, sender, number, state, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [
                (
                    answer_id,
                    run_id,
                    each.about,
                    each.rev_hash,
                    each.object_id,
                    each.told.sender,
                    each.told.number,
                    int(each.told.state),
                    each.reason,
                )
                for each in said
            ],
        )
        self.refresh_states(writing, [each.rev_hash for each in said])

    def refresh_states(self, writing: Writing, hashes: Sequence[str]) -> None:
        """Work out anew what became of revisions that were handed on, and show it in the lists."""
        connection = writing.connection
        for rev_hash in dict.fromkeys(hashes):
            told = [each.told for each in self.answers_about(rev_hash)]
            state = int(handed_state(is_sent=True, told=told))
            connection.execute("UPDATE handed_revision SET state = ? WHERE hash = ?", (state, rev_hash))
            connection.execute(
                "UPDATE record SET handed = coalesce((SELECT state FROM handed_revision WHERE hash = record.rev_hash), 0)"
                " WHERE object_id = (SELECT object_id FROM revision WHERE hash = ?)",
                (rev_hash,),
            )

    def answers_about(self, rev_hash: str) -> list[AnsweredRevision]:
        """Return what standing answers say of a revision."""
        return self._answers("rev_hash = ?", (rev_hash,))

    def answers_to(self, package_id: str) -> list[AnsweredRevision]:
        """Return what standing answers say of the records of a package of ours."""
        return self._answers("about = ?", (package_id,))

    def answers_by(self, answer_id: str) -> list[AnsweredRevision]:
        """Return what one answer said, also one that was taken back."""
        rows = self._store.read(f"SELECT {_SAID} FROM answered WHERE answer_id = ?", (answer_id,))
        return [_said(row) for row in rows]

    def _answers(self, where: str, values: Sequence[Any]) -> list[AnsweredRevision]:
        standing = _STANDING.format(table="answered")
        rows = self._store.read(
            f"SELECT {_SAID} FROM answered WHERE {where} AND {standing} ORDER BY number, answer_id", values
        )
        return [_said(row) for row in rows]

    def _where(self, where: str, values: Sequence[Any]) -> list[Package]:
        standing = _STANDING.format(table="package")
        return [
            _package(row)
            for row in self._store.read(f"SELECT {_COLUMNS} FROM package WHERE {standing} AND {where}", values)
        ]


def _package(row: Sequence[Any]) -> Package:
    values = list(row)
    values[7], values[10], values[15] = tuple(json.loads(row[7])), bool(row[10]), json.loads(row[15])
    return Package(*values)


def _said(row: Sequence[Any]) -> AnsweredRevision:
    about, rev_hash, object_id, sender, number, state, reason, report = row
    return AnsweredRevision(about, rev_hash, object_id, Told(report, sender, number, HandedState(state)), reason)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
