-- The id is the SHA-256 of what the browser's cookie says; who acts, and with which tokens, is sealed with a key that
-- is not here.
CREATE TABLE session (
    id bytea PRIMARY KEY CONSTRAINT session_id CHECK (octet_length(id) = 32),
    sealed bytea NOT NULL CONSTRAINT session_sealed CHECK (octet_length(sealed) <= 32768),
    seen_at timestamptz NOT NULL
);
CREATE INDEX session_seen ON session (seen_at);
