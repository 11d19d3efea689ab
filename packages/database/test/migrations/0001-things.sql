-- For the tests of this package.
CREATE TABLE things (
  position   IDENTITY,
  id         CHAR(36)     NOT NULL UNIQUE,
  owner_name VARCHAR(40)  NOT NULL,
  amount     BIGINT       NULL,
  CONSTRAINT amount_is_owed CHECK (amount IS NULL OR amount > 0)
);
CREATE INDEX things_owner ON things (owner_name, amount);
