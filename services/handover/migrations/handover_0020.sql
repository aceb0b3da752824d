-- What one person asked for and another one approves. Neither the request nor its decision is ever changed.
CREATE TABLE approval (
    id uuid PRIMARY KEY,
    request_id uuid NOT NULL,
    method text NOT NULL,
    object text NOT NULL,
    case_id uuid,
    office_id text NOT NULL,
    basis text NOT NULL,
    request bytea NOT NULL CONSTRAINT approval_request_length CHECK (octet_length(request) <= 32768),
    digest bytea NOT NULL,
    asked_by_office_id text NOT NULL,
    asked_by_subject text NOT NULL,
    asked_by_role text NOT NULL,
    asked_by_scope text NOT NULL,
    asked_by_token_id text NOT NULL,
    asked_from text NOT NULL,
    correlation_id text NOT NULL,
    asked_at timestamptz NOT NULL,
    expires_on date NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT approval_once UNIQUE (asked_by_office_id, request_id)
);
CREATE INDEX approval_asked ON approval (asked_at, id);

CREATE TABLE approval_decision (
    approval_id uuid PRIMARY KEY REFERENCES approval,
    state text NOT NULL CONSTRAINT approval_decision_state CHECK (state IN (
        'APPROVED', 'REFUSED', 'WITHDRAWN', 'EXPIRED')),
    office_id text NOT NULL,
    subject text NOT NULL,
    decided_at timestamptz NOT NULL,
    refusal text NOT NULL,
    CONSTRAINT approval_decision_refused CHECK ((state = 'REFUSED') = (refusal <> ''))
);

CREATE TRIGGER approval_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval
    FOR EACH STATEMENT EXECUTE FUNCTION administration_refuses_change();
CREATE TRIGGER approval_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_decision
    FOR EACH STATEMENT EXECUTE FUNCTION administration_refuses_change();

-- What waits: one request for a method and what it is about.
CREATE TABLE approval_waiting (
    approval_id uuid PRIMARY KEY REFERENCES approval,
    method text NOT NULL,
    object text NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT approval_waiting_one UNIQUE (method, object)
);
CREATE INDEX approval_waiting_expires ON approval_waiting (expires_at);
