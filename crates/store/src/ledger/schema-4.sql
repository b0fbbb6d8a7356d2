-- Version 4: what each data version held, so that figures can be asked for as of any of them.
-- Versions made before have none of it; only the newest of them can be told from what the ledger holds now.

ALTER TABLE data_version ADD COLUMN first_day TEXT;
ALTER TABLE data_version ADD COLUMN last_day TEXT;
-- Identity of each table by name, JSON: a table made anew after damage is another one, though its versions begin at 0 again.
ALTER TABLE data_version ADD COLUMN table_ids TEXT;
-- Which columns the tables have.
ALTER TABLE data_version ADD COLUMN format TEXT;
-- Files of boundaries in use, JSON.
ALTER TABLE data_version ADD COLUMN places TEXT;
-- The last import of a register, and the last decision, that are in it.
ALTER TABLE data_version ADD COLUMN register_import INTEGER;
ALTER TABLE data_version ADD COLUMN last_decision INTEGER;

-- From which data version to which a submission was in the figures, unchanged. Still, where `until` is NULL.
CREATE TABLE shown (
    submission INTEGER NOT NULL REFERENCES submission (id),
    since INTEGER NOT NULL,
    until INTEGER,
    covers_first TEXT,
    covers_last TEXT,
    -- Rows and energy in the figures, without those that other returns keep out or have replaced.
    sessions INTEGER NOT NULL,
    energy_kwh REAL NOT NULL,
    -- Rows and energy that are in no figure, JSON: quarantined, duplicates, repeated, replaced.
    left_out TEXT NOT NULL,
    -- How it was read: tells one stretch from the next with the same counts.
    reading TEXT NOT NULL,
    PRIMARY KEY (submission, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX shown_by_since ON shown (since);
CREATE INDEX shown_by_until ON shown (until);

-- What the ledger forgets when a return is read again or taken out, as it was up to a data version.
CREATE TABLE evse_return_past (
    submission INTEGER NOT NULL,
    until INTEGER NOT NULL,
    evse INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (submission, until, evse)
) STRICT, WITHOUT ROWID;
CREATE INDEX evse_return_past_of_evse ON evse_return_past (evse);

CREATE TRIGGER keep_evse_return AFTER DELETE ON evse_return BEGIN
    INSERT OR IGNORE INTO evse_return_past (submission, until, evse, sessions, first_day, last_day)
    VALUES (OLD.submission, coalesce((SELECT max(number) FROM data_version), 0), OLD.evse, OLD.sessions, OLD.first_day,
        OLD.last_day);
END;

-- Descriptions of charge points that an import replaced on the day on which they began.
CREATE TABLE register_gone (
    version INTEGER PRIMARY KEY,
    operator TEXT NOT NULL,
    key TEXT NOT NULL,
    zone TEXT NOT NULL,
    entry TEXT NOT NULL,
    file_row INTEGER NOT NULL,
    import INTEGER NOT NULL,
    gone_by INTEGER NOT NULL,
    valid_first TEXT NOT NULL,
    valid_last TEXT NOT NULL
) STRICT;

CREATE TRIGGER keep_register_version AFTER DELETE ON register_version BEGIN
    INSERT INTO register_gone (version, operator, key, zone, entry, file_row, import, gone_by, valid_first, valid_last)
    VALUES (OLD.version, OLD.operator, OLD.key, OLD.zone, OLD.entry, OLD.file_row, OLD.import,
        (SELECT max(id) FROM register_import), OLD.valid_first, OLD.valid_last);
END;

-- Until now the tables had one set of columns; its name is what `kerbwatt_engine::tables_format` made of it.
UPDATE data_version SET
    format = '70a25e326f858fa6',
    first_day = (SELECT min(day) FROM (SELECT declared_first AS day FROM submission WHERE in_lake <> 0
        UNION ALL SELECT found_first FROM submission WHERE in_lake <> 0)),
    last_day = (SELECT max(day) FROM (SELECT declared_last AS day FROM submission WHERE in_lake <> 0
        UNION ALL SELECT found_last FROM submission WHERE in_lake <> 0)),
    places = (SELECT json_group_array(json_object('level', level, 'file_name', file_name, 'digest', digest, 'code_field',
        code_field, 'name_field', name_field, 'at', at)) FROM places),
    register_import = (SELECT coalesce(max(id), 0) FROM register_import),
    last_decision = (SELECT coalesce(max(id), 0) FROM decision)
WHERE number = (SELECT max(number) FROM data_version);

INSERT INTO shown (submission, since, until, covers_first, covers_last, sessions, energy_kwh, left_out, reading)
SELECT id, (SELECT max(number) FROM data_version), NULL, coalesce(declared_first, found_first),
    coalesce(declared_last, found_last), accepted - repeated - replaced,
    energy_accepted_kwh - energy_repeated_kwh - energy_replaced_kwh,
    json_array(json_array(quarantined, energy_quarantined_kwh), json_array(duplicates, energy_duplicates_kwh),
        json_array(repeated, energy_repeated_kwh), json_array(replaced, energy_replaced_kwh)), ''
FROM submission WHERE in_lake <> 0 AND EXISTS (SELECT 1 FROM data_version);
