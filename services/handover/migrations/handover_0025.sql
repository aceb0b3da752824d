-- What counts about the home to which somebody is to be sent, as followup told it last.
CREATE TABLE home_verdict (
    case_id uuid PRIMARY KEY REFERENCES custody (case_id),
    office_id text NOT NULL,
    to_office_id text NOT NULL,
    verdict text NOT NULL CONSTRAINT home_verdict_verdict CHECK (verdict IN (
        'SAFE', 'WARNING_SIGNS', 'WARNING_SIGNS_DECIDED', 'NOT_SAFE')),
    valid_until date,
    against_advice boolean NOT NULL,
    told_at timestamptz NOT NULL,
    CONSTRAINT home_verdict_goes CHECK (
        (valid_until IS NOT NULL) = (verdict IN ('SAFE', 'WARNING_SIGNS_DECIDED') OR against_advice))
);
