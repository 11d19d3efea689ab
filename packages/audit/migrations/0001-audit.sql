-- Only ever appended to. A single sealer gives each entry its place in the chain, later.
CREATE TABLE audit_entries (
  position        IDENTITY,
  id              CHAR(36)     NOT NULL UNIQUE,
  entity_type     VARCHAR(32)  NOT NULL,
  entity_id       VARCHAR(255) NOT NULL,
  from_state      VARCHAR(32)  NULL,
  to_state        VARCHAR(32)  NOT NULL,
  facts           MEDIUMTEXT   NOT NULL,
  actor           VARCHAR(128) NOT NULL,
  trigger_ref     VARCHAR(128) NOT NULL,
  correlation_id  VARCHAR(64)  NOT NULL,
  causation_id    VARCHAR(64)  NULL,
  at              CHAR(24)     NOT NULL,
  -- sealed: 0 until the sealer has given it the two below.
  sealed          TINYINT      NOT NULL,
  seq             BIGINT       NULL,
  hash            CHAR(64)     NULL,
  CONSTRAINT seal_is_whole CHECK (
       (sealed = 0 AND seq IS NULL AND hash IS NULL)
    OR (sealed = 1 AND seq IS NOT NULL AND hash IS NOT NULL)
  )
);
CREATE UNIQUE INDEX audit_seq ON audit_entries (seq);
CREATE INDEX audit_unsealed ON audit_entries (sealed, position);
CREATE INDEX audit_entity ON audit_entries (entity_type, entity_id, position);

-- The end of the chain: without it, entries cut off at the end would not be missed.
CREATE TABLE audit_head (
  id    INTEGER  NOT NULL PRIMARY KEY,
  seq   BIGINT   NOT NULL,
  hash  CHAR(64) NOT NULL
);
