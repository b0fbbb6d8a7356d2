-- Version 3: limits of checks that are set for the hub or for an operator, and those that each return was read with.

-- Every change, the newest of each operator and name being what holds.
CREATE TABLE limit_change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- NULL: for the hub.
    operator TEXT REFERENCES operator (id),
    name TEXT NOT NULL,
    -- NULL: no longer set.
    value REAL,
    -- What was set before; NULL: nothing.
    value_before REAL,
    at TEXT NOT NULL,
    -- Who changed it and why, in their own words; may be empty.
    who TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX limit_change_of ON limit_change (operator, name, id);

-- A JSON object of every limit by name. What it does not name was as usual when limits could not be set yet.
ALTER TABLE submission ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
-- What returns received before it said of it then, as the hub writes it; NULL: nothing.
ALTER TABLE submission ADD COLUMN overlap TEXT;
