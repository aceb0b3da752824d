-- A first contact that is not made is told a second time, and listed.
ALTER TABLE followup_case
    ADD COLUMN contact_raised boolean NOT NULL DEFAULT false,
    ADD COLUMN contact_asked_on date;
ALTER TABLE followup_case ALTER COLUMN contact_raised DROP DEFAULT;
-- What was told already is told no second time: nothing watches for it.
UPDATE followup_case SET contact_raised = contact_told;
UPDATE followup_case c SET contact_asked_on = (
    SELECT max(o.due_on) FROM obligation o
    WHERE o.case_id = c.case_id AND o.rule = 'FIRST_CONTACT' AND o.counted_from = c.contact_from)
WHERE c.phase = 'FOLLOW_UP' AND c.contact_from IS NOT NULL
  AND NOT EXISTS (
    SELECT 1 FROM follow_up f
    WHERE f.case_id = c.case_id AND f.set_number = c.set_number AND f.state = 'OPEN' AND f.stage <> 'SCHEDULED')
  AND NOT EXISTS (
    SELECT 1 FROM entry e
    WHERE e.case_id = c.case_id AND e.on_day >= c.contact_from AND e.state <> 'TAKEN_BACK'
      AND e.version = (SELECT max(l.version) FROM entry l WHERE l.case_id = e.case_id AND l.number = e.number)
      AND e.found NOT IN ('NOT_REACHED', 'NOT_AT_ADDRESS', 'MOVED_AWAY'));
CREATE INDEX followup_case_contacts ON followup_case (keeper_id, contact_asked_on, case_id)
    WHERE contact_asked_on IS NOT NULL;
