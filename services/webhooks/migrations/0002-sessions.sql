-- Sessions that providers opened here: the newest three of each count, the others are deleted, so that
-- the table needs no index. They outlive the process.
CREATE TABLE provider_sessions (
  position   IDENTITY,
  provider   VARCHAR(32) NOT NULL,
  -- SHA-256 of the token, in hex.
  token_hash CHAR(64)    NOT NULL,
  peer       VARCHAR(45) NOT NULL,
  ends_at    CHAR(24)    NOT NULL
);

-- Nonces of accepted proofs, kept for as long as the proof could be used again.
CREATE TABLE used_nonces (
  provider  VARCHAR(32) NOT NULL,
  nonce     VARCHAR(64) NOT NULL,
  forget_at CHAR(24)    NOT NULL,
  PRIMARY KEY (provider, nonce)
);

CREATE INDEX used_nonces_forget ON used_nonces (provider, forget_at);
