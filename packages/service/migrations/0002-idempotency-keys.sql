-- What a caller asked for under an Idempotency-Key, and what it was answered.
-- `holder` is who works on it now, until `held_until_ms` by the database's clock; null once answered.
CREATE TABLE idempotency_keys (
  caller          VARCHAR(64) NOT NULL,
  idempotency_key VARCHAR(64) NOT NULL,
  request_hash    CHAR(64)    NOT NULL,
  created_at      CHAR(24)    NOT NULL,
  holder          CHAR(36)    NULL,
  held_until_ms   BIGINT      NULL,
  status          SMALLINT    NULL,
  content_type    VARCHAR(64) NULL,
  kept            MEDIUMTEXT  NULL,
  PRIMARY KEY (caller, idempotency_key),
  CONSTRAINT idempotency_keys_held_or_answered CHECK (
       (holder IS NOT NULL AND held_until_ms IS NOT NULL AND status IS NULL AND kept IS NULL)
    OR (holder IS NULL AND held_until_ms IS NULL AND status IS NOT NULL AND kept IS NOT NULL)
  )
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
