-- The audit asks besides whether the office that makes the follow-ups may, and whether anybody is called lost whom
-- somebody saw since.
CREATE OR REPLACE VIEW audit_case AS
SELECT
    c.case_id,
    c.phase,
    c.office_id,
    c.phase NOT IN ('CLOSED', 'WITHDRAWN') AS is_open,
    o.rule AS deadline_rule,
    o.due_on AS deadline_on,
    o.due_at AS deadline_at,
    CASE WHEN o.rule IS NOT NULL THEN 'followup' END AS watched_by,
    (SELECT w.ticked_real_at FROM watcher w WHERE w.name = 'followup.deadlines') AS watcher_seen_at,
    (SELECT count(*)::integer FROM obligation p
     WHERE p.case_id = c.case_id AND p.state = 'ARMED' AND p.is_primary) AS primary_count,
    (EXISTS (SELECT 1 FROM outbox b WHERE b.subject = c.case_id AND b.sent_at IS NULL)
     OR EXISTS (SELECT 1 FROM inbox i WHERE i.subject = c.case_id AND i.state = 'PENDING')) AS in_flight,
    EXISTS (SELECT 1 FROM inbox i
            WHERE i.subject = c.case_id AND i.state IN ('QUARANTINED', 'PARKED')) AS blocked,
    c.changed_at,
    c.keeper_id,
    CASE WHEN c.search_reason IN ('NOT_AT_ADDRESS', 'LEFT_PROVINCE') THEN EXISTS (
        SELECT 1 FROM entry e
        WHERE e.case_id = c.case_id AND e.set_number = c.set_number AND e.on_day > c.search_since
          AND e.found NOT IN ('NOT_REACHED', 'NOT_AT_ADDRESS', 'MOVED_AWAY') AND e.state <> 'TAKEN_BACK'
          AND NOT EXISTS (SELECT 1 FROM entry l
                          WHERE l.case_id = e.case_id AND l.number = e.number AND l.version > e.version))
    ELSE false END AS lost_although_seen
FROM followup_case c
LEFT JOIN obligation o ON o.case_id = c.case_id AND o.state = 'ARMED' AND o.is_primary;
