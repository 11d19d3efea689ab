CREATE TABLE deliveries (
  id           CHAR(36)      NOT NULL PRIMARY KEY,
  provider     VARCHAR(32)   NOT NULL,
  -- Taken once per provider, `event:<id>` by the delivery that is acted on or ignored,
  -- `quarantine:<fingerprint>` by one in quarantine, which must not keep out a better copy.
  slot         VARCHAR(160)  NOT NULL,
  event_id     VARCHAR(128)  NULL,
  type         VARCHAR(64)   NULL,
  status       VARCHAR(16)   NOT NULL,
  reason       VARCHAR(1024) NULL,
  reference    VARCHAR(128)  NULL,
  -- SHA-256 of the content, tells a repeat from other content under the same event id.
  fingerprint  CHAR(64)      NOT NULL,
  -- The bytes as they came, in base64, in quarantine with card-like digits masked.
  body         MEDIUMTEXT    NOT NULL,
  message_id   CHAR(36)      NULL,
  received_at  CHAR(24)      NOT NULL,
  published_at CHAR(24)      NULL,
  replays      INT           NOT NULL,
  -- A CHECK passes on NULL, so no comparison below may meet one.
  CONSTRAINT deliveries_facts_fit_status CHECK (
       (status = 'pending'     AND message_id IS NOT NULL AND published_at IS NULL     AND reason IS NULL)
    OR (status = 'published'   AND message_id IS NOT NULL AND published_at IS NOT NULL AND reason IS NULL)
    OR (status = 'ignored'     AND message_id IS NULL     AND published_at IS NULL     AND reason IS NULL)
    OR (status = 'quarantined' AND message_id IS NULL     AND published_at IS NULL     AND reason IS NOT NULL)
  )
);

CREATE UNIQUE INDEX deliveries_slot ON deliveries (provider, slot);

CREATE UNIQUE INDEX deliveries_message ON deliveries (message_id);

CREATE INDEX deliveries_status ON deliveries (status, id);

CREATE INDEX deliveries_reference ON deliveries (reference, id);
