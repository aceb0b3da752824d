-- A log that only grows is chained: each entry has a number without holes and a hash over itself and the entry before.
-- Acts get theirs a moment after they were written, so that nobody waits for the one before.
CREATE TABLE act_link (
    sequence bigint PRIMARY KEY,
    act_id bigint NOT NULL UNIQUE REFERENCES act (id),
    hash bytea NOT NULL
);

-- Signed heads of chained logs: the service's own, and those of the other services, which it keeps for them.
CREATE TABLE log_head (
    service text NOT NULL,
    log text NOT NULL,
    sequence bigint NOT NULL,
    hash bytea NOT NULL,
    at timestamptz NOT NULL,
    kid text NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (service, log, sequence)
);
CREATE TRIGGER act_link_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON act_link
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT ON act, act_link, log_head TO homeward_audit;
