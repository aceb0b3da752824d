-- The office of the police that decides instead of that of the province that received her; empty: that one.
ALTER TABLE intake_case ADD COLUMN verifier_office_id text NOT NULL DEFAULT '';
ALTER TABLE intake_case ALTER COLUMN verifier_office_id DROP DEFAULT;
CREATE INDEX intake_case_verifier ON intake_case (verifier_office_id, id DESC) WHERE verifier_office_id <> '';

CREATE TABLE verification (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES intake_case (id),
    office_id text NOT NULL,
    reason text NOT NULL CONSTRAINT verification_reason CHECK (reason IN ('NOT_IMPARTIAL', 'CANNOT', 'NEARER', 'OTHER')),
    by_office_id text NOT NULL,
    by_subject text NOT NULL,
    assigned_at timestamptz NOT NULL
);
CREATE TRIGGER verification_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON verification
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
