-- `data` is what the mail says, without the person. `version` is that of the message it was last said by.
-- `due_at` is when it is tried next; while it is being sent, when that counts as lost.
CREATE TABLE mails (
  id          CHAR(36)    NOT NULL PRIMARY KEY,
  kind        VARCHAR(32) NOT NULL,
  entity_type VARCHAR(16) NOT NULL,
  entity_id   CHAR(36)    NOT NULL,
  customer_id CHAR(36)    NOT NULL,
  data        MEDIUMTEXT  NOT NULL,
  version     BIGINT      NOT NULL,
  status      VARCHAR(16) NOT NULL,
  attempts    INT         NOT NULL,
  due_at      CHAR(24)    NULL,
  created_at  CHAR(24)    NOT NULL,
  sent_at     CHAR(24)    NULL,
  CONSTRAINT mails_facts_fit_status CHECK (
       (status = 'pending' AND due_at IS NOT NULL AND sent_at IS NULL)
    OR (status = 'sent'    AND due_at IS NULL     AND sent_at IS NOT NULL AND attempts > 0)
    OR (status = 'failed'  AND due_at IS NULL     AND sent_at IS NULL     AND attempts > 0)
    OR (status = 'dropped' AND due_at IS NULL     AND sent_at IS NULL)
  )
);

CREATE UNIQUE INDEX mails_once ON mails (kind, entity_type, entity_id);

CREATE INDEX mails_due ON mails (status, due_at);

CREATE INDEX mails_customer ON mails (customer_id, id);

-- The newest word about a subscription's end; the highest version wins.
CREATE TABLE standings (
  subscription_id CHAR(36)    NOT NULL PRIMARY KEY,
  version         BIGINT      NOT NULL,
  state           VARCHAR(16) NOT NULL,
  cancellation_id CHAR(36)    NULL,
  ends_on         CHAR(10)    NULL,
  by_card         TINYINT     NULL,
  CONSTRAINT standings_facts_fit_state CHECK (
       (state = 'going_on' AND cancellation_id IS NULL     AND ends_on IS NULL     AND by_card IS NULL)
    OR (state = 'ending'   AND cancellation_id IS NOT NULL AND ends_on IS NOT NULL AND by_card IS NOT NULL)
    OR (state = 'ended'    AND cancellation_id IS NULL     AND ends_on IS NULL     AND by_card IS NULL)
  )
);

-- What the last decline of a payment left uncollected.
CREATE TABLE uncollected (
  payment_id      CHAR(36) NOT NULL,
  subscription_id CHAR(36) NOT NULL,
  amount_minor    BIGINT   NOT NULL,
  currency        CHAR(3)  NOT NULL,
  PRIMARY KEY (payment_id, subscription_id)
);

CREATE TABLE erased_customers (
  customer_id CHAR(36) NOT NULL PRIMARY KEY
);
