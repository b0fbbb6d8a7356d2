-- Version 5: which repairs were made in each return and how many rows each changed, also as of past data versions.

-- A JSON list of [id of the repair, rows whose values it changed].
ALTER TABLE submission ADD COLUMN repaired TEXT NOT NULL DEFAULT '[]';
-- The same, as it was over the stretch; NULL where it was not noted, and then `reading` names the repairs.
ALTER TABLE shown ADD COLUMN repaired TEXT;

UPDATE submission SET repaired = (
    SELECT json_group_array(json_array(value ->> 'kind', value ->> 'rows')) FROM json_each(details, '$.applied')
) WHERE repairs <> '[]' AND json_type(details, '$.applied') = 'array';

-- What is stale is in the figures as it was before its last decision.
UPDATE shown SET repaired = (
    SELECT one.repaired FROM submission AS one WHERE one.id = shown.submission AND one.in_lake = 1
) WHERE until IS NULL;
