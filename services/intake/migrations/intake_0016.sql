-- Records that somebody opened although neither custody nor task entitles to it, and what a second person said of it.
-- Neither is ever changed. The words of the reason may name people and are sealed by the key of the case.
CREATE TABLE break_glass (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES intake_case (id),
    subject text NOT NULL,
    office_id text NOT NULL,
    role text NOT NULL,
    reason_code text NOT NULL CONSTRAINT break_glass_reason CHECK (reason_code IN (
        'DANGER', 'PERSON_ASKS', 'SEARCH', 'LEGAL_DUTY', 'COMPLAINT', 'OTHER')),
    reason bytea NOT NULL,
    identity_view text NOT NULL CONSTRAINT break_glass_view CHECK (identity_view IN ('VERIFICATION', 'FULL')),
    opened_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    review_due_on date NOT NULL
);
CREATE INDEX break_glass_of_subject ON break_glass (subject, opened_at);
CREATE INDEX break_glass_of_case ON break_glass (case_id, id DESC);

CREATE TABLE break_glass_review (
    break_glass_id uuid PRIMARY KEY REFERENCES break_glass (id),
    verdict text NOT NULL CONSTRAINT break_glass_review_verdict CHECK (verdict IN ('JUSTIFIED', 'UNJUSTIFIED')),
    office_id text NOT NULL,
    subject text NOT NULL,
    reviewed_at timestamptz NOT NULL
);

CREATE TRIGGER break_glass_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON break_glass
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER break_glass_review_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON break_glass_review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- By what a read was allowed that nothing else allowed.
ALTER TABLE access_log ADD COLUMN break_glass_id uuid;
CREATE INDEX access_log_break_glass ON access_log (break_glass_id) WHERE break_glass_id IS NOT NULL;

-- What does not fit, from an instant on: people read by whom only break-glass shows anybody, without one that was theirs
-- and open then; and what nobody has reviewed a week after it was due. They name no person.
CREATE VIEW audit_break_glass AS
SELECT 'READ_WITHOUT_GRANT' AS fault, l.sequence::text AS about, l.case_id, l.office_id, l.read_at AS at
FROM access_log l LEFT JOIN break_glass b ON b.id = l.break_glass_id
WHERE l.identity_view <> 'NONE'
  AND (l.break_glass_id IS NOT NULL OR l.purpose_code = 'BREAK_GLASS' OR l.role = 'SUPERVISOR')
  AND (b.id IS NULL OR b.case_id <> l.case_id OR b.subject <> l.subject OR b.office_id <> l.office_id
       OR l.read_at < b.opened_at OR l.read_at >= b.expires_at)
UNION ALL
SELECT 'NEVER_REVIEWED', b.id::text, b.case_id, b.office_id,
    (b.review_due_on + 8)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
FROM break_glass b
WHERE NOT EXISTS (SELECT 1 FROM break_glass_review r WHERE r.break_glass_id = b.id);
GRANT SELECT ON audit_break_glass TO homeward_audit;
