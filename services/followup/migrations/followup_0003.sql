ALTER TABLE followup_case DROP COLUMN echoes_due;

-- When a case must be contacted, decided on or escalated stands in its obligations, done or not, and nowhere else.
-- Whether the first contact is still asked for is the case's own.
ALTER TABLE followup_case ADD COLUMN contact_awaited boolean;
UPDATE followup_case SET contact_awaited = contact_due_on IS NOT NULL;
ALTER TABLE followup_case
    ALTER COLUMN contact_awaited SET NOT NULL,
    DROP CONSTRAINT followup_case_decision,
    DROP COLUMN contact_due_on,
    DROP COLUMN decision_due_on,
    DROP COLUMN decision_on,
    DROP COLUMN decision_from;
ALTER TABLE follow_up
    DROP CONSTRAINT follow_up_escalation,
    DROP COLUMN escalate_on,
    DROP COLUMN escalate_from;
DROP INDEX IF EXISTS followup_case_decisions_of_office;
DROP INDEX IF EXISTS followup_case_decisions;
CREATE INDEX followup_case_decisions ON followup_case (office_id, case_id) WHERE decision_open;
