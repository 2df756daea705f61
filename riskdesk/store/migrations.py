"""How the data file got its shape, one step after another.

A step that has shipped is never edited: write the next one. Steps are SQL only, change projections and local tables, and
never rewrite a revision (its body is hashed and may be signed). What Python projects into a changed table is made anew
when `projection.VERSION` changes with the step. They run inside the one transaction that
`connection.open_store` holds. Never `transform()` a guarded table: it drops the triggers.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("riskdesk")

# The fingerprint (see schema.py) that a file has after the last step; a change of any table, index or trigger shows here.
FINGERPRINT = "174f7718621b5e779f4329d48c79991c1d65173805a556ea9480093126531d2e"


@migrations()
def m001_first_shape(db: Database) -> None:
    """Revisions and audit as append-only truth; records, fingerprints of rows and search as projections; local tables."""
    db.executescript(
        """
        CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE setting(
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL CHECK (json_valid(value))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE revision(
            rid INTEGER PRIMARY KEY,
            hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
            object_id TEXT NOT NULL CHECK (length(object_id) = 36),
            kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
            org TEXT NOT NULL CHECK (length(org) BETWEEN 1 AND 64),
            rev_no INTEGER NOT NULL CHECK (rev_no BETWEEN 1 AND 100000),
            state TEXT NOT NULL CHECK (state IN ('active', 'withdrawn')),
            reason TEXT NOT NULL,
            ancestors TEXT NOT NULL CHECK (json_type(ancestors) = 'array'),
            body TEXT NOT NULL CHECK (json_type(body) = 'object'),
            author TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX revision_object ON revision(object_id, rev_no);
        CREATE INDEX revision_kind ON revision(kind) WHERE kind <> 'record';
        CREATE TABLE superseded(
            hash TEXT NOT NULL CHECK (length(hash) = 64),
            object_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            PRIMARY KEY (hash, object_id, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
            BEGIN SELECT RAISE(ABORT, 'revision is append-only'); END;
        CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
            BEGIN SELECT RAISE(ABORT, 'revision is append-only'); END;

        CREATE TABLE audit(
            seq INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            detail TEXT NOT NULL CHECK (json_valid(detail)),
            prev TEXT NOT NULL CHECK (length(prev) = 64),
            hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
        ) STRICT;
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

        CREATE TABLE record(
            rid INTEGER PRIMARY KEY,
            object_id TEXT NOT NULL UNIQUE,
            rev_hash TEXT NOT NULL REFERENCES revision(hash),
            rev_no INTEGER NOT NULL,
            heads INTEGER NOT NULL CHECK (heads >= 1),
            org TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('active', 'withdrawn')),
            period TEXT NOT NULL,
            unit TEXT NOT NULL,
            product TEXT NOT NULL,
            enterprise_count_text TEXT NOT NULL,
            enterprise_count INTEGER CHECK (enterprise_count >= 0),
            regions_text TEXT NOT NULL,
            content TEXT NOT NULL,
            analysis TEXT NOT NULL,
            suggestion TEXT NOT NULL,
            sources_text TEXT NOT NULL,
            discovered_on TEXT CHECK (discovered_on IS NULL OR date(discovered_on) IS discovered_on),
            important INTEGER NOT NULL CHECK (important IN (0, 1)),
            urgent INTEGER NOT NULL CHECK (urgent IN (0, 1)),
            import_key TEXT NOT NULL,
            search_text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX record_period ON record(period, org);
        CREATE INDEX record_fork ON record(object_id) WHERE heads > 1;
        CREATE INDEX record_import_key ON record(import_key) WHERE import_key <> '';
        CREATE TABLE record_fingerprint(
            fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
            object_id TEXT NOT NULL,
            PRIMARY KEY (fingerprint, object_id)
        ) STRICT, WITHOUT ROWID;
        CREATE VIRTUAL TABLE record_search USING fts5(body, content='', tokenize='ascii', detail=none);

        CREATE TABLE submission(
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            org TEXT NOT NULL,
            period TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
            number INTEGER NOT NULL CHECK (number >= 1),
            status TEXT NOT NULL CHECK (status IN ('draft', 'sealed')),
            nil INTEGER NOT NULL CHECK (nil IN (0, 1)),
            reason TEXT NOT NULL,
            at TEXT NOT NULL,
            UNIQUE (org, period, kind, number)
        ) STRICT;
        CREATE TABLE submission_item(
            submission_id TEXT NOT NULL REFERENCES submission(id),
            position INTEGER NOT NULL CHECK (position >= 1),
            rev_hash TEXT NOT NULL REFERENCES revision(hash),
            PRIMARY KEY (submission_id, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX submission_item_revision ON submission_item(rev_hash);
        CREATE TRIGGER submission_sealed BEFORE UPDATE ON submission WHEN old.status = 'sealed'
            BEGIN SELECT RAISE(ABORT, 'a sealed submission is read-only'); END;
        CREATE TRIGGER submission_kept BEFORE DELETE ON submission
            BEGIN SELECT RAISE(ABORT, 'a submission is never deleted'); END;
        CREATE TRIGGER submission_item_sealed_insert BEFORE INSERT ON submission_item
            WHEN (SELECT status FROM submission WHERE id = new.submission_id) = 'sealed'
            BEGIN SELECT RAISE(ABORT, 'a sealed submission is read-only'); END;
        CREATE TRIGGER submission_item_sealed_update BEFORE UPDATE ON submission_item
            WHEN EXISTS (
                SELECT 1 FROM submission WHERE id IN (old.submission_id, new.submission_id) AND status = 'sealed'
            )
            BEGIN SELECT RAISE(ABORT, 'a sealed submission is read-only'); END;
        CREATE TRIGGER submission_item_sealed_delete BEFORE DELETE ON submission_item
            WHEN (SELECT status FROM submission WHERE id = old.submission_id) = 'sealed'
            BEGIN SELECT RAISE(ABORT, 'a sealed submission is read-only'); END;

        CREATE TABLE import_run(
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            period TEXT NOT NULL
        ) STRICT;
        CREATE TABLE import_file(
            run_id TEXT NOT NULL REFERENCES import_run(id),
            position INTEGER NOT NULL CHECK (position >= 1),
            file TEXT NOT NULL,
            unit TEXT NOT NULL,
            date_text TEXT NOT NULL,
            person TEXT NOT NULL,
            phone TEXT NOT NULL,
            nil INTEGER NOT NULL CHECK (nil IN (0, 1)),
            skipped TEXT NOT NULL CHECK (json_valid(skipped)),
            PRIMARY KEY (run_id, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE import_row(
            run_id TEXT NOT NULL REFERENCES import_run(id),
            position INTEGER NOT NULL CHECK (position >= 1),
            file TEXT NOT NULL,
            sheet TEXT NOT NULL,
            row INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('new', 'same', 'updated', 'stale', 'conflict', 'rejected')),
            object_id TEXT NOT NULL,
            typed TEXT NOT NULL CHECK (json_valid(typed)),
            PRIMARY KEY (run_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE draft(
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            object_id TEXT NOT NULL,
            base_hash TEXT NOT NULL,
            body TEXT NOT NULL CHECK (json_valid(body)),
            saved_at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE attachment(
            sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
            size INTEGER NOT NULL CHECK (size >= 0),
            name TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
    )


@migrations()
def m002_lists(db: Database) -> None:
    """What long lists are filtered and ordered by: sources, time of change, open problems, reports; all in one index."""
    db.executescript(
        """
        ALTER TABLE record ADD COLUMN source_codes TEXT NOT NULL DEFAULT '';
        ALTER TABLE record ADD COLUMN changed_at TEXT NOT NULL DEFAULT '';
        ALTER TABLE record ADD COLUMN problems INTEGER NOT NULL DEFAULT 0 CHECK (problems >= 0);
        ALTER TABLE record ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1, 2));
        DROP INDEX record_period;
        CREATE INDEX record_list ON record(
            period, state, heads, sealed, problems, urgent, important, discovered_on, source_codes, unit, product
        );
        """
    )


@migrations()
def m003_places(db: Database) -> None:
    """The search index knows where its terms stand, so that it decides about words of any length and about marks."""
    db.executescript(
        """
        DROP TABLE record_search;
        CREATE VIRTUAL TABLE record_search USING fts5(body, content='', tokenize='ascii', detail=full);
        """
    )


@migrations()
def m004_hand_off(db: Database) -> None:
    """Packages that came and went, what each import brought, what was taken back, and what the answers said."""
    db.executescript(
        """
        CREATE TABLE package(
            id TEXT NOT NULL CHECK (length(id) = 64),
            run_id TEXT NOT NULL,
            outer_id TEXT NOT NULL,
            direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
            kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
            uid TEXT NOT NULL,
            sender TEXT NOT NULL,
            receivers TEXT NOT NULL CHECK (json_type(receivers) = 'array'),
            period TEXT NOT NULL,
            number INTEGER NOT NULL CHECK (number >= 1),
            nil INTEGER NOT NULL CHECK (nil IN (0, 1)),
            created TEXT NOT NULL,
            at TEXT NOT NULL,
            file TEXT NOT NULL CHECK (length(file) = 64),
            file_name TEXT NOT NULL,
            facts TEXT NOT NULL CHECK (json_type(facts) = 'object'),
            PRIMARY KEY (id, run_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX package_of ON package(sender, period, kind, number);
        CREATE INDEX package_uid ON package(uid);
        CREATE TRIGGER package_no_update BEFORE UPDATE ON package
            BEGIN SELECT RAISE(ABORT, 'a package is never changed'); END;
        CREATE TRIGGER package_no_delete BEFORE DELETE ON package
            BEGIN SELECT RAISE(ABORT, 'a package is never deleted'); END;

        CREATE TABLE run_revision(
            run_id TEXT NOT NULL REFERENCES import_run(id) DEFERRABLE INITIALLY DEFERRED,
            rev_hash TEXT NOT NULL REFERENCES revision(hash),
            added INTEGER NOT NULL CHECK (added IN (0, 1)),
            PRIMARY KEY (run_id, rev_hash)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX run_revision_hash ON run_revision(rev_hash);
        CREATE TABLE undone_run(run_id TEXT PRIMARY KEY REFERENCES import_run(id), at TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE hidden_revision(hash TEXT PRIMARY KEY REFERENCES revision(hash)) STRICT, WITHOUT ROWID;
        CREATE VIEW standing_revision AS
            SELECT * FROM revision r WHERE NOT EXISTS (SELECT 1 FROM hidden_revision h WHERE h.hash = r.hash);

        CREATE TABLE answered(
            answer_id TEXT NOT NULL,
            run_id TEXT NOT NULL,
            about TEXT NOT NULL,
            rev_hash TEXT NOT NULL,
            object_id TEXT NOT NULL,
            sender TEXT NOT NULL,
            number INTEGER NOT NULL CHECK (number >= 1),
            state INTEGER NOT NULL CHECK (state BETWEEN 2 AND 4),
            reason TEXT NOT NULL,
            PRIMARY KEY (answer_id, run_id, rev_hash)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX answered_revision ON answered(rev_hash);
        CREATE INDEX answered_about ON answered(about);
        CREATE TABLE handed_revision(
            hash TEXT PRIMARY KEY REFERENCES revision(hash),
            state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4)
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE record ADD COLUMN handed INTEGER NOT NULL DEFAULT 0 CHECK (handed BETWEEN 0 AND 4);
        DROP INDEX record_list;
        CREATE INDEX record_list ON record(
            period, state, heads, sealed, handed, problems, urgent, important, discovered_on, source_codes, unit, product
        );
        """
    )


@migrations()
def m005_counted(db: Database) -> None:
    """What statistics count of a record, in one index, so that a hundred thousand are counted without a text being read."""
    db.executescript(
        """
        ALTER TABLE record ADD COLUMN counted TEXT NOT NULL DEFAULT '[]' CHECK (json_type(counted) = 'array');
        CREATE INDEX record_counted ON record(
            period, state, org, unit, product, important, urgent, source_codes, counted, object_id
        ) WHERE counted <> '';  -- always true: only who asks so may use it, long lists have an index of their own
        -- many packages in one go: what comes is held longer before it is written, and merged less often
        INSERT INTO record_search (record_search, rank) VALUES ('hashsize', 8388608);
        INSERT INTO record_search (record_search, rank) VALUES ('automerge', 16);
        """
    )
