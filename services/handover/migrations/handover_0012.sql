-- The audit sees who was closed while an office awaited her.
CREATE OR REPLACE VIEW audit_case AS
SELECT
    c.case_id,
    c.phase,
    c.accountable_office_id AS office_id,
    c.phase NOT IN ('CLOSED', 'WITHDRAWN') AS is_open,
    o.rule AS deadline_rule,
    o.due_on AS deadline_on,
    o.due_at AS deadline_at,
    CASE WHEN o.rule IS NOT NULL THEN 'handover' END AS watched_by,
    (SELECT w.ticked_real_at FROM watcher w WHERE w.name = 'handover.deadlines') AS watcher_seen_at,
    (SELECT count(*)::integer FROM obligation p
     WHERE p.case_id = c.case_id AND p.state = 'ARMED' AND p.is_primary) AS primary_count,
    (EXISTS (SELECT 1 FROM outbox b WHERE b.subject = c.case_id AND b.sent_at IS NULL)
     OR EXISTS (SELECT 1 FROM inbox i WHERE i.subject = c.case_id AND i.state = 'PENDING')) AS in_flight,
    EXISTS (SELECT 1 FROM inbox i
            WHERE i.subject = c.case_id AND i.state IN ('QUARANTINED', 'PARKED')) AS blocked,
    c.changed_at,
    -- When she left on a journey that nobody had answered when the case was closed, but for her death.
    (SELECT t.dispatched_at FROM closing g JOIN transfer t ON t.id = g.transfer_id
     WHERE g.case_id = c.case_id AND g.segment = c.segment AND g.reopened_at IS NULL AND g.cause = 'CLOSED'
       AND g.reason IS DISTINCT FROM 'DIED') AS ended_journey_at
FROM custody c
LEFT JOIN obligation o ON o.case_id = c.case_id AND o.state = 'ARMED' AND o.is_primary;
