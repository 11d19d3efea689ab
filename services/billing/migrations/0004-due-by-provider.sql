-- Each provider has its own queue of due accounts: one that is slow holds up nobody else's customers.
CREATE INDEX accounts_due_at_provider ON accounts (provider, due_at);
DROP INDEX accounts_due ON accounts;
