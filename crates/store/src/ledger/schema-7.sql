-- Version 7: what rows said that others have replaced, so that a stale copy of them is known for what it is.

-- A number over what the row says; NULL for rows that were not replaced, and where it was not noted before this version.
ALTER TABLE crossing ADD COLUMN said INTEGER;
