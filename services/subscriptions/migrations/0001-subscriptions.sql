-- A person. What is known about them is one ciphertext, `<key id>.<base64>`; gone once erased.
CREATE TABLE customers (
  id              CHAR(36)     NOT NULL PRIMARY KEY,
  status          VARCHAR(16)  NOT NULL,
  provider        VARCHAR(32)  NOT NULL,
  payment_method  VARCHAR(255) NOT NULL,
  combine_charges TINYINT      NOT NULL,
  personal_data   MEDIUMTEXT   NULL,
  -- HMAC of the trimmed, lower-cased address, with the key that `key_id` names.
  email_hash      CHAR(64)     NULL,
  key_id          CHAR(8)      NULL,
  created_at      CHAR(24)     NOT NULL,
  erased_at       CHAR(24)     NULL,
  version         BIGINT       NOT NULL,
  CONSTRAINT customers_facts_fit_status CHECK (
       (status = 'registered' AND personal_data IS NOT NULL AND email_hash IS NOT NULL
                              AND key_id IS NOT NULL AND erased_at IS NULL)
    OR (status = 'erased'     AND personal_data IS NULL AND email_hash IS NULL
                              AND key_id IS NULL AND erased_at IS NOT NULL)
  )
);

CREATE INDEX customers_payment_method ON customers (provider, payment_method);

CREATE INDEX customers_email ON customers (email_hash, id);

CREATE INDEX customers_key ON customers (key_id);

-- What is known of cards at the providers: also of ones that nobody has registered yet.
CREATE TABLE payment_methods (
  provider          VARCHAR(32)  NOT NULL,
  reference         VARCHAR(255) NOT NULL,
  unavailable_cause VARCHAR(16)  NULL,
  unavailable_at    CHAR(24)     NULL,
  PRIMARY KEY (provider, reference),
  CONSTRAINT payment_methods_cause_has_time CHECK (
       (unavailable_cause IS NULL AND unavailable_at IS NULL)
    OR (COALESCE(unavailable_cause, '') IN ('expired', 'cancelled') AND unavailable_at IS NOT NULL)
  )
);

CREATE TABLE products (
  id             CHAR(36)      NOT NULL PRIMARY KEY,
  name           VARCHAR(200)  NOT NULL,
  description    VARCHAR(2000) NULL,
  price_minor    BIGINT        NOT NULL,
  price_currency CHAR(3)       NOT NULL,
  created_at     CHAR(24)      NOT NULL,
  CONSTRAINT products_cost_something CHECK (price_minor > 0)
);

-- `request_*`: the cancellation that the customer asked for; `card_*`: the one that a lost card brought.
-- `payment_*`: the newest that billing told about collecting; of a terminated one, what was not collected.
CREATE TABLE subscriptions (
  id                   CHAR(36)     NOT NULL PRIMARY KEY,
  customer_id          CHAR(36)     NOT NULL,
  product_id           CHAR(36)     NOT NULL,
  product_name         VARCHAR(200) NOT NULL,
  quantity             BIGINT       NOT NULL,
  price_minor          BIGINT       NOT NULL,
  price_currency       CHAR(3)      NOT NULL,
  billing_interval     VARCHAR(16)  NOT NULL,
  anchor_date          CHAR(10)     NOT NULL,
  first_charge         VARCHAR(16)  NOT NULL,
  registered_on        CHAR(10)     NOT NULL,
  created_at           CHAR(24)     NOT NULL,
  version              BIGINT       NOT NULL,
  status               VARCHAR(16)  NOT NULL,
  request_id           CHAR(36)     NULL,
  request_on           CHAR(10)     NULL,
  request_at           CHAR(24)     NULL,
  card_id              CHAR(36)     NULL,
  card_on              CHAR(10)     NULL,
  card_at              CHAR(24)     NULL,
  card_cause           VARCHAR(16)  NULL,
  payment_id           CHAR(36)     NULL,
  payment_billing_date CHAR(10)     NULL,
  payment_version      BIGINT       NULL,
  ended_at             CHAR(24)     NULL,
  end_reason           VARCHAR(32)  NULL,
  -- A CHECK passes on NULL, so no comparison below may meet one.
  CONSTRAINT subscriptions_facts_fit_status CHECK (
       (status = 'active'     AND ended_at IS NULL AND end_reason IS NULL)
    OR (status = 'past_due'   AND ended_at IS NULL AND end_reason IS NULL AND payment_id IS NOT NULL)
    OR (status = 'cancelled'  AND ended_at IS NOT NULL AND request_id IS NULL AND card_id IS NULL
                              AND payment_id IS NULL
                              AND COALESCE(end_reason, '') IN
                                  ('customer_request', 'card_expired', 'card_cancelled', 'customer_erased'))
    OR (status = 'terminated' AND ended_at IS NOT NULL AND request_id IS NULL AND card_id IS NULL
                              AND payment_id IS NOT NULL
                              AND COALESCE(end_reason, '') = 'payment_exhausted')
  ),
  CONSTRAINT subscriptions_request_is_whole CHECK (
       (request_id IS NULL AND request_on IS NULL AND request_at IS NULL)
    OR (request_id IS NOT NULL AND request_on IS NOT NULL AND request_at IS NOT NULL)
  ),
  CONSTRAINT subscriptions_card_is_whole CHECK (
       (card_id IS NULL AND card_on IS NULL AND card_at IS NULL AND card_cause IS NULL)
    OR (card_id IS NOT NULL AND card_on IS NOT NULL AND card_at IS NOT NULL
        AND COALESCE(card_cause, '') IN ('expired', 'cancelled'))
  ),
  CONSTRAINT subscriptions_payment_is_whole CHECK (
       (payment_billing_date IS NULL AND payment_version IS NULL
        AND (payment_id IS NULL OR status = 'terminated'))
    OR (payment_id IS NOT NULL AND payment_billing_date IS NOT NULL AND payment_version IS NOT NULL
        AND status IN ('active', 'past_due'))
  ),
  CONSTRAINT subscriptions_cost_something CHECK (price_minor > 0 AND quantity > 0)
);

CREATE INDEX subscriptions_customer ON subscriptions (customer_id, id);

-- Attempts whose outcome was or is not known: while one is open, its customer's provider stays.
CREATE TABLE attempts (
  attempt_id  CHAR(36)    NOT NULL PRIMARY KEY,
  customer_id CHAR(36)    NOT NULL,
  state       VARCHAR(16) NOT NULL,
  CONSTRAINT attempts_known_state CHECK (state IN ('unresolved', 'resolved'))
);

CREATE INDEX attempts_customer ON attempts (customer_id, state);
