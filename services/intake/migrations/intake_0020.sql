-- The audit sees what the law wants to be done of each case, and what is watched of it; and whether intake watches
-- anything as if it answered for the case, which it never may.
CREATE OR REPLACE VIEW audit_case AS
SELECT
    c.id AS case_id,
    c.phase,
    c.accountable_office_id AS office_id,
    c.phase NOT IN ('CLOSED', 'WITHDRAWN') AS is_open,
    CAST(NULL AS text) AS deadline_rule,
    CAST(NULL AS date) AS deadline_on,
    CAST(NULL AS timestamptz) AS deadline_at,
    CAST(NULL AS text) AS watched_by,
    CAST(NULL AS timestamptz) AS watcher_seen_at,
    COALESCE(w.primaries, 0) AS primary_count,
    EXISTS (SELECT 1 FROM outbox o WHERE o.subject = c.id AND o.sent_at IS NULL)
        OR EXISTS (SELECT 1 FROM inbox i WHERE i.subject = c.id AND i.state = 'PENDING') AS in_flight,
    EXISTS (SELECT 1 FROM inbox i WHERE i.subject = c.id AND i.state IN ('QUARANTINED', 'PARKED')) AS blocked,
    c.changed_at,
    -- By the case itself and not by the table of what is awaited, so that a decision that was forgotten is found.
    CAST(c.segment > 0 AND c.identification = 'IN_PROCESS' AND c.withdrawal = 'NONE'
            AND c.phase NOT IN ('CLOSED', 'WITHDRAWN', 'SEARCH') AS integer) + COALESCE(s.asked, 0) AS law_asked,
    COALESCE(w.by_law, 0) AS law_watched,
    w.law_due_at
FROM intake_case c
LEFT JOIN (
    SELECT case_id, CAST(count(*) AS integer) AS asked FROM legal_step WHERE state = 'ASKED' GROUP BY case_id
) s ON s.case_id = c.id
LEFT JOIN (
    SELECT o.case_id, CAST(count(*) FILTER (WHERE o.is_primary) AS integer) AS primaries,
        CAST(count(*) FILTER (WHERE r.by_law) AS integer) AS by_law, min(o.due_at) FILTER (WHERE r.by_law) AS law_due_at
    FROM obligation o, LATERAL (SELECT o.rule IN (
        'INITIAL_VERIFY', 'POLICE_VERIFY_REPLY', 'POLICE_VERIFY_REPLY_COMPLEX', 'IDENTIFICATION_ESCALATE',
        'HANDOVER_TO_COMMUNE', 'COMMUNE_NOTIFY', 'RETURNED_TO_SUPPORT_AGENCY', 'LEGAL_STEP_ESCALATE') AS by_law) r
    WHERE o.state = 'ARMED' GROUP BY o.case_id
) w ON w.case_id = c.id;

-- While somebody is searched for nobody is asked to decide; what was watched of those is watched again when they are found.
UPDATE obligation SET state = 'DISARMED'
WHERE state = 'ARMED' AND rule IN ('INITIAL_VERIFY', 'POLICE_VERIFY_REPLY', 'IDENTIFICATION_ESCALATE')
  AND case_id IN (SELECT id FROM intake_case WHERE phase = 'SEARCH');
