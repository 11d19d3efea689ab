-- One row a customer: the lock that everything about the customer's money is decided under.
CREATE TABLE accounts (
  customer_id      CHAR(36)     NOT NULL PRIMARY KEY,
  provider         VARCHAR(32)  NULL,
  payment_method   VARCHAR(255) NULL,
  unavailable      VARCHAR(16)  NULL,
  combine_charges  TINYINT      NOT NULL,
  method_version   BIGINT       NOT NULL,
  erased           TINYINT      NOT NULL,
  -- When the account next needs attention: the run looks nowhere else.
  due_at           CHAR(24)     NULL,
  CONSTRAINT method_is_whole CHECK (
       (provider IS NULL AND payment_method IS NULL AND unavailable IS NULL)
    OR (provider IS NOT NULL AND payment_method IS NOT NULL
        AND COALESCE(unavailable, 'expired') IN ('expired', 'cancelled'))
  )
);
CREATE INDEX accounts_due ON accounts (due_at);
CREATE INDEX accounts_method ON accounts (provider, payment_method);

-- Cause: why the method is unavailable; null while it is good.
CREATE TABLE methods (
  provider        VARCHAR(32)  NOT NULL,
  payment_method  VARCHAR(255) NOT NULL,
  cause           VARCHAR(16)  NULL,
  told_at         CHAR(24)     NULL,
  PRIMARY KEY (provider, payment_method),
  CONSTRAINT known_cause CHECK (COALESCE(cause, 'expired') IN ('expired', 'cancelled'))
);

CREATE TABLE schedules (
  subscription_id        CHAR(36)     NOT NULL PRIMARY KEY,
  customer_id            CHAR(36)     NOT NULL,
  state                  VARCHAR(16)  NOT NULL,
  product_id             CHAR(36)     NULL,
  product_name           VARCHAR(255) NULL,
  quantity               INTEGER      NULL,
  amount_minor           BIGINT       NULL,
  currency               CHAR(3)      NULL,
  billing_interval       VARCHAR(16)  NULL,
  anchor_date            CHAR(10)     NULL,
  first_cycle            INTEGER      NULL,
  started_at             CHAR(24)     NULL,
  next_cycle             INTEGER      NULL,
  next_billing_date      CHAR(10)     NULL,
  cancellation_on        CHAR(10)     NULL,
  cancellation_accepted_at CHAR(24)   NULL,
  notice_version         BIGINT       NOT NULL,
  end_cause              VARCHAR(32)  NULL,
  ended_at               CHAR(24)     NULL,
  skipped_cycle          INTEGER      NULL,
  version                BIGINT       NOT NULL,
  CONSTRAINT facts_fit_state CHECK (
       (state = 'awaited' AND product_id IS NULL AND end_cause IS NULL)
    OR (state = 'live'    AND product_id IS NOT NULL AND next_cycle IS NOT NULL
                          AND next_billing_date IS NOT NULL AND end_cause IS NULL)
    OR (state = 'ended'   AND end_cause IS NOT NULL AND ended_at IS NOT NULL)
  )
);
CREATE INDEX schedules_customer ON schedules (customer_id);
CREATE INDEX schedules_forecast ON schedules (state, next_billing_date);

CREATE TABLE payments (
  id                CHAR(36)    NOT NULL PRIMARY KEY,
  customer_id       CHAR(36)    NOT NULL,
  provider          VARCHAR(32) NOT NULL,
  billing_date      CHAR(10)    NOT NULL,
  currency          CHAR(3)     NOT NULL,
  status            VARCHAR(16) NOT NULL,
  first_reached_on  CHAR(10)    NULL,
  next_attempt_at   CHAR(24)    NULL,
  created_at        CHAR(24)    NOT NULL,
  version           BIGINT      NOT NULL,
  -- The customer while anything is still to be done about the payment: what a decision has to load.
  busy_customer_id  CHAR(36)    NULL,
  CONSTRAINT known_status CHECK (
    status IN ('scheduled', 'processing', 'retrying', 'succeeded', 'exhausted', 'abandoned')
  )
);
CREATE INDEX payments_busy ON payments (busy_customer_id);
CREATE INDEX payments_customer ON payments (customer_id, id);
CREATE INDEX payments_status ON payments (status, id);
CREATE INDEX payments_date ON payments (billing_date, id);

-- Primary key: a cycle is owed once, whatever happens.
CREATE TABLE cycles (
  subscription_id  CHAR(36)    NOT NULL,
  cycle            INTEGER     NOT NULL,
  customer_id      CHAR(36)    NOT NULL,
  billing_date     CHAR(10)    NOT NULL,
  amount_minor     BIGINT      NOT NULL,
  currency         CHAR(3)     NOT NULL,
  status           VARCHAR(16) NOT NULL,
  payment_id       CHAR(36)    NULL,
  found_at         CHAR(24)    NOT NULL,
  waiting_customer_id CHAR(36) NULL,
  -- The subscription while the cycle's payment is open: a subscription has at most one.
  open_subscription_id CHAR(36) NULL,
  PRIMARY KEY (subscription_id, cycle),
  CONSTRAINT cycle_fits_status CHECK (
       (status = 'waiting' AND payment_id IS NULL AND waiting_customer_id IS NOT NULL)
    OR (status = 'waived' AND payment_id IS NULL AND waiting_customer_id IS NULL)
    OR (status = 'dropped' AND waiting_customer_id IS NULL)
    OR (status IN ('owed', 'paid') AND payment_id IS NOT NULL AND waiting_customer_id IS NULL)
  ),
  CONSTRAINT amount_is_positive CHECK (amount_minor > 0)
);
CREATE UNIQUE INDEX one_open_payment ON cycles (open_subscription_id);
CREATE INDEX cycles_payment ON cycles (payment_id);
CREATE INDEX cycles_waiting ON cycles (waiting_customer_id);

CREATE TABLE attempts (
  id                  CHAR(36)     NOT NULL PRIMARY KEY,
  payment_id          CHAR(36)     NOT NULL,
  number              INTEGER      NOT NULL,
  provider            VARCHAR(32)  NOT NULL,
  amount_minor        BIGINT       NOT NULL,
  currency            CHAR(3)      NOT NULL,
  reference           VARCHAR(64)  NOT NULL,
  idempotency_key     VARCHAR(64)  NOT NULL,
  body                MEDIUMTEXT   NOT NULL,
  status              VARCHAR(16)  NOT NULL,
  next_action_at      CHAR(24)     NULL,
  started_at          CHAR(24)     NOT NULL,
  first_sent_at       CHAR(24)     NULL,
  last_sent_at        CHAR(24)     NULL,
  sends               INTEGER      NOT NULL,
  enquiries           INTEGER      NOT NULL,
  provider_reference  VARCHAR(255) NULL,
  reason              VARCHAR(32)  NULL,
  raw_reason          VARCHAR(255) NULL,
  settled_at          CHAR(24)     NULL,
  settled_by          VARCHAR(16)  NULL,
  -- The payment while this attempt is unresolved: a payment has at most one such attempt.
  unresolved_payment_id CHAR(36)   NULL,
  CONSTRAINT attempt_fits_status CHECK (
       (status IN ('created', 'pending', 'unknown') AND next_action_at IS NOT NULL
        AND unresolved_payment_id IS NOT NULL AND settled_at IS NULL)
    OR (status = 'not_sent' AND settled_at IS NULL AND unresolved_payment_id IS NULL)
    OR (status IN ('succeeded', 'declined') AND next_action_at IS NULL
        AND unresolved_payment_id IS NULL AND settled_at IS NOT NULL AND settled_by IS NOT NULL)
  )
);
CREATE UNIQUE INDEX attempts_number ON attempts (payment_id, number);
CREATE UNIQUE INDEX attempts_reference ON attempts (reference);
CREATE UNIQUE INDEX attempts_key ON attempts (provider, idempotency_key);
CREATE UNIQUE INDEX one_unresolved_attempt ON attempts (unresolved_payment_id);
CREATE INDEX attempts_provider_reference ON attempts (provider, provider_reference);

CREATE TABLE refunds (
  id                  CHAR(36)     NOT NULL PRIMARY KEY,
  payment_id          CHAR(36)     NOT NULL,
  attempt_id          CHAR(36)     NOT NULL,
  provider            VARCHAR(32)  NOT NULL,
  amount_minor        BIGINT       NOT NULL,
  currency            CHAR(3)      NOT NULL,
  reason              VARCHAR(32)  NOT NULL,
  raw_reason          VARCHAR(255) NULL,
  origin              VARCHAR(16)  NOT NULL,
  status              VARCHAR(16)  NOT NULL,
  items               MEDIUMTEXT   NULL,
  reference           VARCHAR(64)  NULL,
  body                MEDIUMTEXT   NULL,
  provider_reference  VARCHAR(255) NULL,
  delivery            VARCHAR(16)  NULL,
  next_action_at      CHAR(24)     NULL,
  first_sent_at       CHAR(24)     NULL,
  last_sent_at        CHAR(24)     NULL,
  sends               INTEGER      NOT NULL,
  enquiries           INTEGER      NOT NULL,
  created_at          CHAR(24)     NOT NULL,
  settled_at          CHAR(24)     NULL,
  version             BIGINT       NOT NULL,
  CONSTRAINT refund_fits_status CHECK (
       (status = 'pending' AND next_action_at IS NOT NULL AND settled_at IS NULL)
    OR (status IN ('succeeded', 'failed') AND next_action_at IS NULL AND settled_at IS NOT NULL)
  ),
  CONSTRAINT refund_is_positive CHECK (amount_minor > 0)
);
CREATE INDEX refunds_payment ON refunds (payment_id);
CREATE UNIQUE INDEX refunds_reference ON refunds (reference);
CREATE UNIQUE INDEX refunds_provider_reference ON refunds (provider, provider_reference);

-- Refunds never add up to more than was captured: kept under the account's lock, refused here.
CREATE TABLE captures (
  attempt_id      CHAR(36) NOT NULL PRIMARY KEY,
  captured_minor  BIGINT   NOT NULL,
  refunded_minor  BIGINT   NOT NULL,
  CONSTRAINT never_more_than_captured CHECK (refunded_minor <= captured_minor AND refunded_minor >= 0)
);

CREATE TABLE discrepancies (
  id          CHAR(36)     NOT NULL PRIMARY KEY,
  kind        VARCHAR(32)  NOT NULL,
  state       VARCHAR(16)  NOT NULL,
  provider    VARCHAR(32)  NOT NULL,
  payment_id  CHAR(36)     NULL,
  about       VARCHAR(255) NOT NULL,
  details     MEDIUMTEXT   NOT NULL,
  opened_at   CHAR(24)     NOT NULL,
  note        MEDIUMTEXT   NULL,
  CONSTRAINT known_state CHECK (state IN ('open', 'auto_fixed', 'explained'))
);
CREATE UNIQUE INDEX reported_once ON discrepancies (kind, about);
CREATE INDEX discrepancies_state ON discrepancies (state, id);
CREATE INDEX discrepancies_payment ON discrepancies (payment_id);

-- Events about something that is not known here yet: tried again, then shown to an operator.
CREATE TABLE held_events (
  id            CHAR(36)    NOT NULL PRIMARY KEY,
  type          VARCHAR(64) NOT NULL,
  message       MEDIUMTEXT  NOT NULL,
  provider      VARCHAR(32) NOT NULL,
  held_at       CHAR(24)    NOT NULL,
  tries         INTEGER     NOT NULL,
  next_try_at   CHAR(24)    NULL
);
CREATE INDEX held_events_due ON held_events (next_try_at);

CREATE TABLE runs (
  id           CHAR(36) NOT NULL PRIMARY KEY,
  started_at   CHAR(24) NOT NULL,
  finished_at  CHAR(24) NULL,
  due          INTEGER  NOT NULL,
  combined     INTEGER  NOT NULL,
  sent         INTEGER  NOT NULL,
  succeeded    INTEGER  NOT NULL,
  declined     INTEGER  NOT NULL,
  pending      INTEGER  NOT NULL,
  unknown_count INTEGER NOT NULL,
  skipped      INTEGER  NOT NULL,
  waived       INTEGER  NOT NULL
);
