CREATE TABLE custody (
    case_id uuid PRIMARY KEY,
    case_number text NOT NULL UNIQUE,
    phase text NOT NULL CONSTRAINT custody_phase CHECK (phase IN (
        'REGISTERED', 'IN_TRANSIT', 'REJECTED', 'SEARCH', 'ARRIVED', 'FOLLOW_UP', 'ADMITTED', 'DISCHARGED', 'CLOSED',
        'WITHDRAWN')),
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
    earlier_case_id uuid,
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
-- A return may come to be known before the one that it follows on.
CREATE INDEX custody_earlier_case ON custody (earlier_case_id) WHERE earlier_case_id IS NOT NULL;
-- Boards count what an office has to do, never what is at rest.
CREATE INDEX custody_office_phase ON custody (accountable_office_id, phase)
    WHERE phase NOT IN ('CLOSED', 'WITHDRAWN');
CREATE INDEX custody_phase ON custody (phase)
    WHERE phase IN ('REGISTERED', 'REJECTED', 'SEARCH', 'ADMITTED', 'DISCHARGED');

CREATE TABLE custody_segment (
    case_id uuid NOT NULL REFERENCES custody,
    number integer NOT NULL CONSTRAINT custody_segment_from_1 CHECK (number >= 1),
    office_id text NOT NULL,
    cause text NOT NULL CONSTRAINT custody_segment_cause CHECK (cause IN (
        'REGISTERED', 'ARRIVED', 'ARRIVAL_RETRACTED', 'HOME_RECORDED', 'REOPENED', 'ADMITTED', 'OFFICE_ENDED',
        'REASSIGNED', 'FOUND')),
    note text NOT NULL CONSTRAINT custody_segment_note CHECK (length(note) <= 200),
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (case_id, number)
);
CREATE UNIQUE INDEX custody_segment_one_open ON custody_segment (case_id) WHERE ended_at IS NULL;

CREATE TABLE stay (
    case_id uuid NOT NULL,
    segment integer NOT NULL,
    kind text NOT NULL CONSTRAINT stay_kind CHECK (kind IN (
        'ASSESSMENT_CENTRE', 'SOCIAL_PROTECTION_CENTRE', 'SHELTER')),
    admitted_on date NOT NULL,
    due_on date NOT NULL,
    rule_version integer NOT NULL,
    calendar_version text NOT NULL,
    counted_from date,
    warned boolean NOT NULL,
    told_over boolean NOT NULL,
    discharged_on date,
    destination text CONSTRAINT stay_destination CHECK (destination IN ('PLANNED_TRANSFER', 'OWN_CHOICE')),
    province text,
    -- The arrival that began it was taken back.
    retracted boolean NOT NULL,
    PRIMARY KEY (case_id, segment),
    FOREIGN KEY (case_id, segment) REFERENCES custody_segment (case_id, number),
    CONSTRAINT stay_discharged CHECK (
        (destination IS NULL OR discharged_on IS NOT NULL)
        AND (province IS NOT NULL) = (destination IS NOT DISTINCT FROM 'OWN_CHOICE') AND discharged_on >= admitted_on)
);

CREATE TABLE transfer (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES custody,
    number integer NOT NULL,
    from_office_id text NOT NULL,
    to_office_id text NOT NULL,
    state text NOT NULL CONSTRAINT transfer_state CHECK (state IN (
        'PLANNED', 'DISPATCHED', 'ACKNOWLEDGED', 'REJECTED', 'RECALLED', 'NOT_ARRIVED', 'REDIRECTED', 'SUPERSEDED')),
    expected_departure_on date NOT NULL,
    expected_arrival_on date NOT NULL,
    departed_on date,
    dispatched_at timestamptz,
    -- Segment of custody in which the person left.
    dispatched_in integer,
    acknowledge_due_on date,
    seen_at timestamptz,
    accepted_at timestamptz,
    arrived_on date,
    acknowledged_at timestamptz,
    ended_at timestamptz,
    reject_reason text CONSTRAINT transfer_reject_reason CHECK (reject_reason IN (
        'WRONG_PROVINCE', 'NOT_RESIDENT', 'NOT_SAFE', 'PERSON_CHOSE_ELSEWHERE', 'OTHER')),
    retract_reason text NOT NULL CONSTRAINT transfer_retract_reason CHECK (length(retract_reason) <= 200),
    told_overdue boolean NOT NULL,
    late boolean NOT NULL,
    escort text CONSTRAINT transfer_escort CHECK (escort IN (
        'NONE', 'OFFICER', 'SOCIAL_WORKER', 'COLLABORATOR', 'FAMILY')),
    means text CONSTRAINT transfer_means CHECK (means IN ('OFFICE_VEHICLE', 'BUS', 'TRAIN', 'PLANE', 'OTHER')),
    consent text CONSTRAINT transfer_consent CHECK (consent IN ('GIVEN', 'GIVEN_BY_GUARDIAN', 'REFUSED')),
    home_safety text CONSTRAINT transfer_home_safety CHECK (home_safety IN (
        'SAFE', 'WARNING_SIGNS', 'WARNING_SIGNS_DECIDED', 'NOT_SAFE')),
    documents text[] NOT NULL CONSTRAINT transfer_documents CHECK (documents <@ ARRAY[
        'DECLARATION', 'CERTIFICATE_OF_RETURN', 'HANDOVER_CERTIFICATE', 'IDENTIFICATION_CERTIFICATE', 'MEDICAL_FILE',
        'REINTEGRATION_PLAN']),
    destination text CONSTRAINT transfer_destination CHECK (destination IN ('HOME', 'PERSON', 'FACILITY')),
    journey_id uuid,
    replaces_id uuid REFERENCES transfer,
    planned_at timestamptz NOT NULL,
    version integer NOT NULL,
    UNIQUE (case_id, number),
    CONSTRAINT transfer_not_to_itself CHECK (from_office_id <> to_office_id),
    CONSTRAINT transfer_arrives_after_departure CHECK (
        expected_arrival_on >= COALESCE(departed_on, expected_departure_on) AND arrived_on >= departed_on),
    CONSTRAINT transfer_dispatched CHECK (
        state NOT IN ('DISPATCHED', 'ACKNOWLEDGED', 'NOT_ARRIVED', 'REDIRECTED') OR departed_on IS NOT NULL),
    CONSTRAINT transfer_departed CHECK (
        (departed_on IS NULL) = (acknowledge_due_on IS NULL) AND (departed_on IS NULL) = (dispatched_at IS NULL)
        AND (departed_on IS NULL) = (dispatched_in IS NULL)),
    CONSTRAINT transfer_acknowledged CHECK (
        (state = 'ACKNOWLEDGED') = (arrived_on IS NOT NULL) AND (arrived_on IS NULL) = (acknowledged_at IS NULL)),
    CONSTRAINT transfer_rejected CHECK ((state = 'REJECTED') = (reject_reason IS NOT NULL)),
    CONSTRAINT transfer_ended CHECK ((state IN ('PLANNED', 'DISPATCHED')) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX transfer_one_open ON transfer (case_id) WHERE state IN ('PLANNED', 'DISPATCHED');
-- The state comes first: boards ask for the few open ones among years of answered ones.
CREATE INDEX transfer_by_arrival ON transfer (state, expected_arrival_on, id);
CREATE INDEX transfer_to_office ON transfer (to_office_id, state, expected_arrival_on, id);
CREATE INDEX transfer_from_office ON transfer (from_office_id, state, expected_arrival_on, id);
CREATE INDEX transfer_by_late ON transfer (state, expected_arrival_on, id) WHERE late;
CREATE INDEX transfer_to_office_late ON transfer (to_office_id, state, expected_arrival_on, id) WHERE late;
CREATE INDEX transfer_from_office_late ON transfer (from_office_id, state, expected_arrival_on, id) WHERE late;
CREATE INDEX transfer_by_due ON transfer (acknowledge_due_on) WHERE state = 'DISPATCHED';
CREATE INDEX transfer_to_office_due ON transfer (to_office_id, acknowledge_due_on) WHERE state = 'DISPATCHED';
CREATE INDEX transfer_from_office_due ON transfer (from_office_id, acknowledge_due_on) WHERE state = 'DISPATCHED';
CREATE INDEX transfer_to_accept ON transfer (to_office_id)
    WHERE state IN ('PLANNED', 'DISPATCHED') AND accepted_at IS NULL;

-- Which message in an inbox is about which transfer, so that reading it is known as such.
CREATE TABLE transfer_message (
    message_id uuid PRIMARY KEY,
    transfer_id uuid NOT NULL REFERENCES transfer
);

CREATE TABLE search (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES custody,
    -- Copy of the accountable office, for boards without a join; the last one when the search ended.
    office_id text NOT NULL,
    reason text NOT NULL CONSTRAINT search_reason CHECK (reason IN (
        'NOT_ACKNOWLEDGED', 'REJECTED_NOT_REDISPATCHED', 'DISCHARGED_WITHOUT_TRANSFER', 'ARRIVED_ELSEWHERE',
        'NOT_AT_ADDRESS', 'LEFT_PROVINCE', 'REAPPEARED', 'OFFICE_ENDED')),
    opened_at timestamptz NOT NULL,
    level integer NOT NULL CONSTRAINT search_level CHECK (level >= 0),
    -- Office, province, nation: a search that has been with the nation for long is at no other level.
    level_band smallint NOT NULL GENERATED ALWAYS AS (LEAST(level, 2)) STORED,
    other_case_id uuid,
    resolution text CONSTRAINT search_resolution CHECK (resolution IN (
        'FOUND', 'REDIRECTED', 'RETURNED_TO_SENDER', 'CLOSED', 'RE_IDENTIFIED')),
    close_reason text CONSTRAINT search_close_reason CHECK (close_reason IN (
        'PERIOD_ENDED', 'ASKED_TO_STOP', 'LEFT_AREA', 'DIED', 'ABROAD_AGAIN', 'SECURITY', 'NOT_IDENTIFIED')),
    resolved_at timestamptz,
    version integer NOT NULL,
    CONSTRAINT search_resolved CHECK ((resolution IS NULL) = (resolved_at IS NULL)),
    CONSTRAINT search_closed CHECK (close_reason IS NULL OR resolution = 'CLOSED')
);
CREATE UNIQUE INDEX search_one_open ON search (case_id) WHERE resolved_at IS NULL;
CREATE INDEX search_of_case ON search (case_id, opened_at);
CREATE INDEX search_open ON search (reason, level_band, opened_at, id) WHERE resolved_at IS NULL;
CREATE INDEX search_office_open ON search (office_id, reason, level_band, opened_at, id) WHERE resolved_at IS NULL;

CREATE TABLE search_step (
    search_id uuid NOT NULL REFERENCES search,
    number integer NOT NULL CONSTRAINT search_step_number CHECK (number BETWEEN 1 AND 200),
    kind text NOT NULL CONSTRAINT search_step_kind CHECK (kind IN (
        'ADDRESSEE_ASKED', 'COMMUNE_ASKED', 'POLICE_ASKED', 'PERSON_CALLED', 'ADDRESS_VISITED', 'ESCORT_ASKED')),
    office_id text NOT NULL,
    taken_on date NOT NULL,
    successful boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (search_id, number)
);

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
