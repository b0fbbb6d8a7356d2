-- Version 6: which days a return reports that declares none; which repairs the import of a register applied, how it was read, and
-- which import took those of another back.

-- A JSON list of [first day, last day]. NULL where none is needed, because days were declared, and where it was not noted before
-- this version: then it is all days from the first to the last found, until the return goes into the lake again.
ALTER TABLE submission ADD COLUMN covered TEXT;

-- A JSON list of [id of the repair, rows whose values it changed].
ALTER TABLE register_import ADD COLUMN repaired TEXT NOT NULL DEFAULT '[]';
-- Name of the layout, and the layout itself, as TOML, where it is none of those shipped; NULL where it was not noted.
ALTER TABLE register_import ADD COLUMN profile TEXT;
ALTER TABLE register_import ADD COLUMN layout TEXT;
-- The import whose repairs are taken back.
ALTER TABLE register_import ADD COLUMN undoes INTEGER REFERENCES register_import (id);
