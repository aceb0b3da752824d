-- That somebody approved what was asked for: as each approver that its method names one person, and nobody twice. What
-- waits from before waits for all of them; what was decided before says who decided it.
CREATE TABLE approval_given (
    approval_id uuid NOT NULL REFERENCES approval,
    number integer NOT NULL,
    approver text NOT NULL CONSTRAINT approval_given_approver CHECK (approver IN (
        'ADMIN', 'NATIONAL_SUPERVISOR', 'SUPERVISOR')),
    office_id text NOT NULL,
    subject text NOT NULL,
    role text NOT NULL,
    scope text NOT NULL,
    token_id text NOT NULL,
    given_at timestamptz NOT NULL,
    PRIMARY KEY (approval_id, number),
    CONSTRAINT approval_given_one_as_each UNIQUE (approval_id, approver),
    CONSTRAINT approval_given_once UNIQUE (approval_id, subject)
);
CREATE TRIGGER approval_given_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_given
    FOR EACH STATEMENT EXECUTE FUNCTION administration_refuses_change();
