ALTER TABLE followup_case ADD COLUMN last_decision_id uuid;

-- Closings and re-openings stand in the outbox, which is kept. So a case whose echo is on its way needs no count: the
-- answer names its cause, and that is the latest decision of the case, or one that was overtaken.
UPDATE followup_case c SET last_decision_id = said.event_id
FROM (
    SELECT DISTINCT ON (subject) subject, event_id, type FROM outbox
    WHERE type IN ('homeward.events.v1.CaseClosed', 'homeward.events.v1.CaseReopened')
    ORDER BY subject, version DESC
) said
WHERE said.subject = c.case_id
  -- One that was opened again here and is closed was ended elsewhere since.
  AND NOT (c.phase = 'CLOSED' AND said.type = 'homeward.events.v1.CaseReopened');

-- What was taken in before, and waits, lost its cause on the way in. It follows from the same call as the decision.
UPDATE inbox i SET causation_id = said.event_id
FROM (
    SELECT DISTINCT ON (subject, correlation_id) subject, correlation_id, event_id FROM outbox
    WHERE type IN ('homeward.events.v1.CaseClosed', 'homeward.events.v1.CaseReopened') AND correlation_id <> ''
    ORDER BY subject, correlation_id, version DESC
) said
WHERE i.subject = said.subject AND i.correlation_id = said.correlation_id
  AND i.type = 'homeward.events.v1.CustodyChanged' AND i.state IN ('PENDING', 'PARKED', 'QUARANTINED');
