-- Version 2: tables within files, layouts of operators' own, decisions that can be undone, repairs, and what returns have to do
-- with each other. A table's UNIQUE cannot be changed in place, so `submission` is made anew under the same name.

CREATE TABLE submission_2 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operator TEXT NOT NULL REFERENCES operator (id),
    file_name TEXT NOT NULL,
    part TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'checked', 'accepted', 'withdrawn')),
    decided_at TEXT,
    declared_first TEXT,
    declared_last TEXT,
    found_first TEXT,
    found_last TEXT,
    profile TEXT NOT NULL,
    -- The profile itself where it is none of those shipped.
    layout TEXT,
    zone TEXT NOT NULL,
    rows_read INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    energy_read_kwh REAL NOT NULL,
    energy_accepted_kwh REAL NOT NULL,
    energy_quarantined_kwh REAL NOT NULL,
    energy_duplicates_kwh REAL NOT NULL,
    findings TEXT NOT NULL,
    -- What else was understood, as the hub writes it: columns, proposals.
    details TEXT NOT NULL DEFAULT '{}',
    -- Repairs applied while reading, a JSON list of their kinds.
    repairs TEXT NOT NULL DEFAULT '[]',
    -- Whether somebody has to decide something before it can be trusted.
    needs_decision INTEGER NOT NULL DEFAULT 0,
    -- Of the accepted rows: held by another return already, and replaced by a later one.
    repeated INTEGER NOT NULL DEFAULT 0,
    energy_repeated_kwh REAL NOT NULL DEFAULT 0,
    replaced INTEGER NOT NULL DEFAULT 0,
    energy_replaced_kwh REAL NOT NULL DEFAULT 0,
    -- 0: not in the lake; 1: in it as it is; 2: in it, but no longer as it is.
    in_lake INTEGER NOT NULL DEFAULT 0 CHECK (in_lake IN (0, 1, 2)),
    UNIQUE (operator, digest, part),
    CHECK (rows_read = accepted + quarantined + duplicates),
    CHECK (repeated + replaced <= accepted),
    CHECK (in_lake <> 1 OR state = 'accepted')
) STRICT;

INSERT INTO submission_2 (id, operator, file_name, digest, bytes, received_at, state, decided_at, declared_first,
    declared_last, found_first, found_last, profile, zone, rows_read, accepted, flagged, quarantined, duplicates,
    energy_read_kwh, energy_accepted_kwh, energy_quarantined_kwh, energy_duplicates_kwh, findings, in_lake)
SELECT id, operator, file_name, digest, bytes, received_at, iif(accepted_at IS NULL, 'checked', 'accepted'), accepted_at,
    declared_first, declared_last, found_first, found_last, profile, zone, rows_read, accepted, flagged, quarantined,
    duplicates, energy_read_kwh, energy_accepted_kwh, energy_quarantined_kwh, energy_duplicates_kwh, findings, in_lake
FROM submission;

DROP TABLE submission;
ALTER TABLE submission_2 RENAME TO submission;

CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    submission INTEGER NOT NULL REFERENCES submission (id),
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    note TEXT NOT NULL,
    -- What was so before, as the hub writes it, for taking the decision back.
    before TEXT NOT NULL DEFAULT '{}',
    undone_by INTEGER REFERENCES decision (id)
) STRICT;
CREATE INDEX decision_of_submission ON decision (submission, id);

INSERT INTO decision (submission, at, kind, detail, note)
SELECT id, decided_at, 'accept', '', '' FROM submission WHERE state = 'accepted' ORDER BY id;

-- A row that is not in the figures because of a row of another return.
CREATE TABLE crossing (
    submission INTEGER NOT NULL REFERENCES submission (id),
    file_row INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('repeats', 'outranked', 'replaced')),
    other INTEGER NOT NULL REFERENCES submission (id),
    other_row INTEGER NOT NULL,
    energy_kwh REAL NOT NULL,
    PRIMARY KEY (submission, file_row)
) STRICT, WITHOUT ROWID;
CREATE INDEX crossing_with_other ON crossing (other);

-- Rows of one return that overlap rows of another at the same charge point: both are in the figures.
CREATE TABLE overlapping (
    submission INTEGER NOT NULL REFERENCES submission (id),
    other INTEGER NOT NULL REFERENCES submission (id),
    sessions INTEGER NOT NULL,
    PRIMARY KEY (submission, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX overlapping_with_other ON overlapping (other);

CREATE TABLE layout (
    operator TEXT NOT NULL REFERENCES operator (id),
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    profile TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (operator, name, version)
) STRICT, WITHOUT ROWID;
