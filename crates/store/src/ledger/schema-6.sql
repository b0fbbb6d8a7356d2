-- Version 6: which days a return reports that declares none.

-- A JSON list of [first day, last day]. NULL where none is needed, because days were declared, and where it was not noted before
-- this version: then it is all days from the first to the last found, until the return goes into the lake again.
ALTER TABLE submission ADD COLUMN covered TEXT;
