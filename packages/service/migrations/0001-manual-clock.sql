-- One row: where the clock of CLOCK=manual stands.
CREATE TABLE manual_clock (
  id  TINYINT  NOT NULL PRIMARY KEY,
  now_at CHAR(24) NOT NULL,
  CONSTRAINT manual_clock_is_one CHECK (id = 1)
);
