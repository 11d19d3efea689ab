-- The version of the newest word about the attempt: older words change nothing. Null: from before it was kept.
ALTER TABLE attempts ADD COLUMN version BIGINT NULL;
