-- What somebody has typed of a visit so far: sealed, one for a person and case, and gone when the visit is recorded.
CREATE TABLE visit_draft (
    case_id uuid NOT NULL REFERENCES followup_case (case_id),
    subject text NOT NULL,
    sealed bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (case_id, subject)
);
CREATE INDEX visit_draft_at ON visit_draft (at);
