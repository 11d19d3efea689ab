-- Messages written by business transactions and not yet sent. What is sent is deleted.
CREATE TABLE outbox (
  position   IDENTITY,
  message_id CHAR(36)     NOT NULL,
  type       VARCHAR(100) NOT NULL,
  subject    VARCHAR(255) NOT NULL,
  -- How often the carrier has refused it.
  refusals   INTEGER      NOT NULL,
  body       MEDIUMTEXT   NOT NULL,
  CONSTRAINT outbox_message UNIQUE (message_id)
);

-- One row: which relay sends this service's outbox, until when by the database's clock.
-- The epoch rises with each change of hands, so that a former holder can be told apart.
CREATE TABLE relay_lease (
  id       TINYINT  NOT NULL PRIMARY KEY,
  holder   CHAR(36) NULL,
  epoch    BIGINT   NOT NULL,
  until_ms BIGINT   NOT NULL,
  CONSTRAINT relay_lease_is_one CHECK (id = 1)
);

INSERT INTO relay_lease (id, holder, epoch, until_ms) VALUES (1, NULL, 0, 0);

-- Messages that were handled, or recorded as failed: a second delivery is recognised here.
CREATE TABLE inbox (
  consumer    VARCHAR(32) NOT NULL,
  message_id  CHAR(36)    NOT NULL,
  received_at CHAR(24)    NOT NULL,
  PRIMARY KEY (consumer, message_id)
);

CREATE INDEX inbox_by_age ON inbox (received_at);

-- Messages that could not be handled, and messages of our own that could not be sent: while one of
-- those waits, it holds back its subject in the outbox.
CREATE TABLE failed_messages (
  id              CHAR(36)      NOT NULL PRIMARY KEY,
  type            VARCHAR(100)  NOT NULL,
  state           VARCHAR(16)   NOT NULL,
  attempts        INTEGER       NOT NULL,
  next_try_at     CHAR(24)      NULL,
  error           VARCHAR(1000) NOT NULL,
  first_failed_at CHAR(24)      NOT NULL,
  discard_reason  VARCHAR(3000) NULL,
  held_subject    VARCHAR(255)  NULL,
  -- As it came, which may not even be JSON.
  body            MEDIUMTEXT    NOT NULL,
  CONSTRAINT failed_messages_facts_fit_state CHECK (
       (state = 'retrying'  AND next_try_at IS NOT NULL AND discard_reason IS NULL)
    OR (state = 'parked'    AND next_try_at IS NULL AND discard_reason IS NULL)
    OR (state = 'discarded' AND next_try_at IS NULL AND discard_reason IS NOT NULL
                            AND held_subject IS NULL)
  )
);

CREATE INDEX failed_messages_due ON failed_messages (state, next_try_at);

CREATE INDEX failed_messages_held ON failed_messages (held_subject);
