CREATE TABLE custody (
    case_id uuid PRIMARY KEY,
    case_number text NOT NULL UNIQUE,
    phase text NOT NULL CONSTRAINT custody_phase CHECK (phase IN (
        'REGISTERED', 'IN_TRANSIT', 'REJECTED', 'SEARCH', 'ARRIVED', 'FOLLOW_UP', 'CLOSED', 'WITHDRAWN')),
    accountable_office_id text NOT NULL CONSTRAINT custody_office CHECK (accountable_office_id <> ''),
    segment integer NOT NULL CONSTRAINT custody_segment_number CHECK (segment >= 1),
    registering_office_id text NOT NULL,
    present_since_on date NOT NULL,
    home_province text,
    age_band text NOT NULL CONSTRAINT custody_age_band CHECK (age_band IN (
        'UNSPECIFIED', 'UNDER_16', 'FROM_16_TO_17', 'ADULT', 'UNKNOWN')),
    arrivals integer[] NOT NULL,
    followup_watches boolean NOT NULL,
    visited boolean NOT NULL,
    -- Copies of the armed obligation and of the first one that passed, for lists without a join.
    watch_rule text,
    watch_due_on date,
    missed_rule text,
    missed_due_on date,
    overdue_from date GENERATED ALWAYS AS (
        CASE WHEN phase NOT IN ('CLOSED', 'WITHDRAWN') THEN COALESCE(missed_due_on, watch_due_on) END) STORED,
    version integer NOT NULL,
    opened_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT custody_watch CHECK ((watch_rule IS NULL) = (watch_due_on IS NULL)),
    CONSTRAINT custody_missed CHECK ((missed_rule IS NULL) = (missed_due_on IS NULL))
);
CREATE INDEX custody_overdue ON custody (overdue_from, case_id) WHERE overdue_from IS NOT NULL;
CREATE INDEX custody_office_overdue ON custody (accountable_office_id, overdue_from, case_id)
    WHERE overdue_from IS NOT NULL;

CREATE TABLE custody_segment (
    case_id uuid NOT NULL REFERENCES custody,
    number integer NOT NULL CONSTRAINT custody_segment_from_1 CHECK (number >= 1),
    office_id text NOT NULL,
    cause text NOT NULL CONSTRAINT custody_segment_cause CHECK (cause IN (
        'REGISTERED', 'ARRIVED', 'ARRIVAL_RETRACTED', 'HOME_RECORDED', 'WITHDRAWN', 'CLOSED', 'REOPENED')),
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (case_id, number)
);
CREATE UNIQUE INDEX custody_segment_one_open ON custody_segment (case_id) WHERE ended_at IS NULL;

CREATE TABLE transfer (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES custody,
    number integer NOT NULL,
    from_office_id text NOT NULL,
    to_office_id text NOT NULL,
    state text NOT NULL CONSTRAINT transfer_state CHECK (state IN (
        'PLANNED', 'DISPATCHED', 'ACKNOWLEDGED', 'REJECTED', 'RECALLED')),
    expected_departure_on date NOT NULL,
    expected_arrival_on date NOT NULL,
    departed_on date,
    acknowledge_due_on date,
    arrived_on date,
    acknowledged_at timestamptz,
    reject_reason text CONSTRAINT transfer_reject_reason CHECK (reject_reason IN (
        'WRONG_PROVINCE', 'NOT_RESIDENT', 'NOT_SAFE', 'PERSON_CHOSE_ELSEWHERE', 'OTHER')),
    retract_reason text NOT NULL CONSTRAINT transfer_retract_reason CHECK (length(retract_reason) <= 200),
    told_overdue boolean NOT NULL,
    late boolean NOT NULL,
    planned_at timestamptz NOT NULL,
    version integer NOT NULL,
    UNIQUE (case_id, number),
    CONSTRAINT transfer_not_to_itself CHECK (from_office_id <> to_office_id),
    CONSTRAINT transfer_arrives_after_departure CHECK (
        expected_arrival_on >= COALESCE(departed_on, expected_departure_on) AND arrived_on >= departed_on),
    CONSTRAINT transfer_dispatched CHECK (
        state NOT IN ('DISPATCHED', 'ACKNOWLEDGED') OR departed_on IS NOT NULL AND acknowledge_due_on IS NOT NULL),
    CONSTRAINT transfer_acknowledged CHECK (
        (state = 'ACKNOWLEDGED') = (arrived_on IS NOT NULL) AND (arrived_on IS NULL) = (acknowledged_at IS NULL)),
    CONSTRAINT transfer_rejected CHECK ((state = 'REJECTED') = (reject_reason IS NOT NULL))
);
CREATE UNIQUE INDEX transfer_one_open ON transfer (case_id) WHERE state IN ('PLANNED', 'DISPATCHED');
-- The state comes first: boards ask for the few open ones among years of answered ones.
CREATE INDEX transfer_by_arrival ON transfer (state, expected_arrival_on, id);
CREATE INDEX transfer_to_office ON transfer (to_office_id, state, expected_arrival_on, id);
CREATE INDEX transfer_from_office ON transfer (from_office_id, state, expected_arrival_on, id);

CREATE TABLE search (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES custody,
    reason text NOT NULL CONSTRAINT search_reason CHECK (reason IN (
        'NOT_ACKNOWLEDGED', 'REJECTED_NOT_REDISPATCHED')),
    opened_at timestamptz NOT NULL,
    level integer NOT NULL CONSTRAINT search_level CHECK (level >= 0),
    resolution text CONSTRAINT search_resolution CHECK (resolution IN (
        'FOUND', 'REDIRECTED', 'RETURNED_TO_SENDER', 'CLOSED')),
    resolved_at timestamptz,
    CONSTRAINT search_resolved CHECK ((resolution IS NULL) = (resolved_at IS NULL))
);
CREATE UNIQUE INDEX search_one_open ON search (case_id) WHERE resolved_at IS NULL;
CREATE INDEX search_open ON search (opened_at, id) WHERE resolved_at IS NULL;

-- The unique index of the chassis refuses a second armed primary obligation of a case. This refuses, at the commit,
-- an open case that nothing watches, two watchers of one case, and a case that ended and is still watched.
CREATE FUNCTION handover_one_watched_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    c custody%ROWTYPE;
    armed integer;
    primaries integer;
    wanted integer;
BEGIN
    SELECT * INTO c FROM custody WHERE case_id = NEW.case_id;
    SELECT count(*), count(*) FILTER (WHERE is_primary) INTO armed, primaries
    FROM obligation WHERE case_id = NEW.case_id AND state = 'ARMED';
    wanted := CASE
        WHEN c.phase IN ('CLOSED', 'WITHDRAWN', 'FOLLOW_UP') THEN 0
        WHEN c.phase = 'ARRIVED' OR NOT c.followup_watches THEN 1
        ELSE 0
    END;
    IF primaries <> wanted OR (c.phase IN ('CLOSED', 'WITHDRAWN', 'FOLLOW_UP')) <> (armed = 0) OR armed > 1 THEN
        RAISE EXCEPTION 'a case in phase % has % deadlines, % of them primary', c.phase, armed, primaries
            USING ERRCODE = 'check_violation', CONSTRAINT = 'handover_one_watched_deadline';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER custody_one_watched_deadline
    AFTER INSERT OR UPDATE OF phase, followup_watches ON custody DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION handover_one_watched_deadline();
CREATE CONSTRAINT TRIGGER obligation_one_watched_deadline
    AFTER INSERT OR UPDATE OF state ON obligation DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION handover_one_watched_deadline();

CREATE VIEW audit_case AS
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
    c.changed_at
FROM custody c
LEFT JOIN obligation o ON o.case_id = c.case_id AND o.state = 'ARMED' AND o.is_primary;
GRANT SELECT ON audit_case TO homeward_audit;
