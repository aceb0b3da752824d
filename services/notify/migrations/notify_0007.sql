-- The subject of the office stream stands for no case; messages about offices hang on it.
CREATE OR REPLACE VIEW audit_case AS
SELECT
    c.case_id,
    COALESCE(c.phase, 'REGISTERED') AS phase,
    COALESCE(c.accountable_id, c.registering_id, '') AS office_id,
    COALESCE(c.phase, 'REGISTERED') NOT IN ('CLOSED', 'WITHDRAWN') AS is_open,
    NULL::text AS deadline_rule,
    NULL::date AS deadline_on,
    NULL::timestamptz AS deadline_at,
    NULL::text AS watched_by,
    NULL::timestamptz AS watcher_seen_at,
    0 AS primary_count,
    (EXISTS (SELECT 1 FROM outbox b WHERE b.subject = c.case_id AND b.sent_at IS NULL)
     OR EXISTS (SELECT 1 FROM inbox i WHERE i.subject = c.case_id AND i.state = 'PENDING')) AS in_flight,
    EXISTS (SELECT 1 FROM inbox i
            WHERE i.subject = c.case_id AND i.state IN ('QUARANTINED', 'PARKED')) AS blocked,
    c.changed_at
FROM notify_case c
WHERE c.case_id <> '6f0c4c5e-0b6b-5d0e-9a34-3f1d6f0e8a11';
