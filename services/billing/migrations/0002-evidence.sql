-- Which cycles an attempt asks for, as JSON; null in attempts that were made before they said so.
ALTER TABLE attempts ADD COLUMN items MEDIUMTEXT NULL;

-- What was taken, where the provider named another sum than was asked for.
ALTER TABLE attempts ADD COLUMN captured_minor BIGINT NULL;

-- Null in refunds of the provider's dashboard, and in those made before it was kept: their id was the key.
ALTER TABLE refunds ADD COLUMN idempotency_key VARCHAR(64) NULL;
CREATE UNIQUE INDEX refunds_key ON refunds (provider, idempotency_key);

-- The provider's id of the charge whose success a held refund waits for, or our reference of what it is about.
ALTER TABLE held_events ADD COLUMN waits_for VARCHAR(255) NULL;
CREATE INDEX held_events_waits ON held_events (provider, waits_for);
