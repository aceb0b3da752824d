CREATE TABLE notify_case (
    case_id uuid PRIMARY KEY,
    case_number text,
    registering_id text,
    accountable_id text,
    phase text CONSTRAINT notify_case_phase CHECK (phase IN (
        'REGISTERED', 'IN_TRANSIT', 'REJECTED', 'SEARCH', 'ARRIVED', 'FOLLOW_UP', 'CLOSED', 'WITHDRAWN',
        'ADMITTED', 'DISCHARGED')),
    receiver_id text,
    search_office_id text,
    search_receiver_id text,
    search_level integer NOT NULL DEFAULT 0,
    overdue_follow_ups text[] NOT NULL DEFAULT '{}',
    changed_at timestamptz NOT NULL
);

CREATE TABLE notify_custody (
    case_id uuid NOT NULL REFERENCES notify_case (case_id),
    segment integer NOT NULL,
    office_id text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (case_id, segment)
);

CREATE TABLE notify_decision (
    event_id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES notify_case (case_id),
    decided_at timestamptz NOT NULL,
    params jsonb NOT NULL
);
CREATE INDEX notify_decision_case ON notify_decision (case_id);

CREATE TABLE notify_waiting (
    event_id uuid NOT NULL,
    addressee text NOT NULL,
    case_id uuid NOT NULL REFERENCES notify_case (case_id),
    kind text NOT NULL,
    params jsonb NOT NULL,
    time timestamptz NOT NULL,
    PRIMARY KEY (event_id, addressee)
);
CREATE INDEX notify_waiting_case ON notify_waiting (case_id);

CREATE TABLE message (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    told_id text NOT NULL,
    office_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES notify_case (case_id),
    kind text NOT NULL,
    params jsonb NOT NULL,
    action_required boolean NOT NULL,
    posted_at timestamptz NOT NULL,
    read_at timestamptz,
    CONSTRAINT message_once UNIQUE (event_id, told_id)
);
CREATE INDEX message_of_office ON message (office_id, posted_at DESC, id DESC);
CREATE INDEX message_unread ON message (office_id, posted_at DESC, id DESC) WHERE read_at IS NULL;
CREATE INDEX message_case ON message (case_id);

CREATE VIEW audit_case AS
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
FROM notify_case c;
GRANT SELECT ON audit_case TO homeward_audit;
