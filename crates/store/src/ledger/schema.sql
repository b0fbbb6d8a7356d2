-- Version 1. Instants are RFC 3339 in UTC, days ISO 8601, energy kWh.

CREATE TABLE settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    hub_name TEXT NOT NULL,
    zone TEXT NOT NULL,
    hub_key BLOB NOT NULL CHECK (length(hub_key) = 32),
    sample INTEGER NOT NULL
) STRICT;

CREATE TABLE operator (
    id TEXT PRIMARY KEY,
    name TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE submission (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operator TEXT NOT NULL REFERENCES operator (id),
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    accepted_at TEXT,
    declared_first TEXT,
    declared_last TEXT,
    found_first TEXT,
    found_last TEXT,
    profile TEXT NOT NULL,
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
    in_lake INTEGER NOT NULL DEFAULT 0,
    UNIQUE (operator, digest),
    CHECK (rows_read = accepted + quarantined + duplicates),
    CHECK (in_lake = 0 OR accepted_at IS NOT NULL)
) STRICT;

CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission (id),
    file_row INTEGER NOT NULL,
    rule TEXT NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    energy_kwh REAL NOT NULL,
    advice TEXT NOT NULL
) STRICT;
CREATE INDEX quarantine_of_submission ON quarantine (submission, file_row);

CREATE TABLE duplicate (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission (id),
    file_row INTEGER NOT NULL,
    first_row INTEGER NOT NULL,
    energy_kwh REAL NOT NULL
) STRICT;
CREATE INDEX duplicate_of_submission ON duplicate (submission, file_row);

CREATE TABLE evse (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    operator TEXT NOT NULL REFERENCES operator (id),
    uid TEXT NOT NULL,
    device TEXT NOT NULL,
    zone TEXT NOT NULL,
    first_seen TEXT,
    last_seen TEXT,
    UNIQUE (operator, uid)
) STRICT;

CREATE TABLE evse_return (
    evse INTEGER NOT NULL REFERENCES evse (number),
    submission INTEGER NOT NULL REFERENCES submission (id),
    sessions INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (evse, submission)
) STRICT, WITHOUT ROWID;
CREATE INDEX evse_return_of_submission ON evse_return (submission);

-- The number that the lake knows an EVSE by as the register described it at one time; never given twice.
CREATE TABLE evse_version (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    evse INTEGER NOT NULL REFERENCES evse (number),
    register_version INTEGER NOT NULL,
    UNIQUE (evse, register_version)
) STRICT;

CREATE TABLE register_import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    operator TEXT NOT NULL REFERENCES operator (id),
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    at TEXT NOT NULL,
    entries INTEGER NOT NULL
) STRICT;

-- An entry is compared with its successor as text, without the row it stood in.
CREATE TABLE register_version (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    operator TEXT NOT NULL REFERENCES operator (id),
    key TEXT NOT NULL,
    zone TEXT NOT NULL,
    entry TEXT NOT NULL,
    file_row INTEGER NOT NULL,
    import INTEGER NOT NULL REFERENCES register_import (id),
    valid_first TEXT NOT NULL,
    valid_last TEXT NOT NULL,
    UNIQUE (operator, key, valid_last)
) STRICT;

CREATE TABLE places (
    level TEXT PRIMARY KEY,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    code_field TEXT NOT NULL,
    name_field TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE data_version (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at TEXT NOT NULL,
    tables TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
