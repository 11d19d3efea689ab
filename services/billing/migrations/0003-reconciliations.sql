-- Our books against a provider's for a closed window. Step and place say how far it is: it is carried on
-- from there, by whichever replica is alive, when next_action_at has come.
CREATE TABLE reconciliations (
  id              CHAR(36)     NOT NULL PRIMARY KEY,
  provider        VARCHAR(32)  NOT NULL,
  from_at         CHAR(24)     NOT NULL,
  to_at           CHAR(24)     NOT NULL,
  -- The local day that the timer made it for; null: somebody asked for it.
  day             CHAR(10)     NULL,
  status          VARCHAR(16)  NOT NULL,
  step            VARCHAR(16)  NULL,
  place           MEDIUMTEXT   NULL,
  next_action_at  CHAR(24)     NULL,
  failures        INTEGER      NOT NULL,
  failing_since   CHAR(24)     NULL,
  failure         VARCHAR(255) NULL,
  compared        INTEGER      NOT NULL,
  auto_fixed      INTEGER      NOT NULL,
  cause           MEDIUMTEXT   NOT NULL,
  created_at      CHAR(24)     NOT NULL,
  finished_at     CHAR(24)     NULL,
  CONSTRAINT reconciliation_fits_status CHECK (
       (status = 'running' AND next_action_at IS NOT NULL AND finished_at IS NULL
        AND COALESCE(step, '') IN ('theirs', 'charges', 'refunds'))
    OR (status IN ('done', 'failed') AND finished_at IS NOT NULL
        AND COALESCE(step, 'clearing') = 'clearing'
        AND (step IS NULL) = (next_action_at IS NULL))
  ),
  CONSTRAINT window_is_whole CHECK (from_at < to_at)
);
-- Once for each provider and day, however many replicas think of it.
CREATE UNIQUE INDEX reconciled_once ON reconciliations (provider, day);
CREATE INDEX reconciliations_due ON reconciliations (next_action_at);

-- Up to which local day the timer has made them.
CREATE TABLE reconciled_days (
  provider  VARCHAR(32) NOT NULL PRIMARY KEY,
  day       CHAR(10)    NOT NULL
);

-- Which of ours the provider has shown so far, so that the memory of it need not hold them. Gone at the end.
CREATE TABLE reconciliation_matches (
  reconciliation_id  CHAR(36)   NOT NULL,
  kind               VARCHAR(8) NOT NULL,
  id                 CHAR(36)   NOT NULL,
  PRIMARY KEY (reconciliation_id, kind, id)
);

-- What it found, new or known before.
CREATE TABLE reconciliation_findings (
  reconciliation_id  CHAR(36) NOT NULL,
  discrepancy_id     CHAR(36) NOT NULL,
  PRIMARY KEY (reconciliation_id, discrepancy_id)
);

-- Ours of a window, in order.
CREATE INDEX attempts_started ON attempts (provider, started_at, id);
CREATE INDEX refunds_created ON refunds (provider, created_at, id);
