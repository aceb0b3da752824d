CREATE TABLE followup_case (
    case_id uuid PRIMARY KEY,
    case_number text NOT NULL,
    office_id text NOT NULL,
    phase text NOT NULL CONSTRAINT followup_case_phase CHECK (phase IN (
        'REGISTERED', 'IN_TRANSIT', 'REJECTED', 'SEARCH', 'ARRIVED', 'FOLLOW_UP', 'CLOSED', 'WITHDRAWN',
        'ADMITTED', 'DISCHARGED')),
    segment integer NOT NULL,
    set_number integer NOT NULL,
    standing_arrivals integer NOT NULL CONSTRAINT followup_case_arrivals CHECK (standing_arrivals >= 0),
    arrived_on date,
    close_reason text CONSTRAINT followup_case_close_reason CHECK (close_reason IN (
        'PERIOD_ENDED', 'ASKED_TO_STOP', 'LEFT_AREA', 'DIED', 'ABROAD_AGAIN', 'SECURITY', 'NOT_IDENTIFIED')),
    closed_at timestamptz,
    decision_due_on date,
    decision_on date,
    decision_from date,
    decision_level integer NOT NULL,
    decision_open boolean NOT NULL,
    watched_from timestamptz NOT NULL,
    echoes_due integer NOT NULL CONSTRAINT followup_case_echoes CHECK (echoes_due >= 0),
    contact_due_on date,
    contact_told boolean NOT NULL,
    contact_days date[] NOT NULL,
    contact_outcomes text[] NOT NULL CONSTRAINT followup_case_contact_outcomes CHECK (
        contact_outcomes <@ ARRAY['REACHED', 'NOT_AT_ADDRESS', 'MOVED_AWAY']),
    version integer NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT followup_case_contacts CHECK (cardinality(contact_days) = cardinality(contact_outcomes)),
    CONSTRAINT followup_case_followed CHECK (phase <> 'FOLLOW_UP' OR arrived_on IS NOT NULL),
    CONSTRAINT followup_case_decision CHECK (NOT decision_open OR decision_due_on IS NOT NULL)
);
CREATE INDEX followup_case_number ON followup_case (case_number);
CREATE INDEX followup_case_open_of_office ON followup_case (office_id) WHERE phase NOT IN ('CLOSED', 'WITHDRAWN');
CREATE INDEX followup_case_decisions ON followup_case (decision_due_on, case_id) WHERE decision_open;
CREATE INDEX followup_case_decisions_of_office ON followup_case (office_id, decision_due_on, case_id)
    WHERE decision_open;

CREATE TABLE follow_up (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES followup_case (case_id),
    set_number integer NOT NULL,
    kind text NOT NULL CONSTRAINT follow_up_kind CHECK (kind IN ('MONTHS_3', 'YEARS_3')),
    office_id text NOT NULL,
    arrived_on date NOT NULL,
    due_on date NOT NULL,
    overdue_after_days integer NOT NULL CONSTRAINT follow_up_overdue CHECK (overdue_after_days >= 1),
    state text NOT NULL CONSTRAINT follow_up_state CHECK (state IN ('OPEN', 'RECORDED', 'CANCELLED')),
    stage text NOT NULL CONSTRAINT follow_up_stage CHECK (stage IN ('SCHEDULED', 'DUE', 'OVERDUE')),
    escalation_level integer NOT NULL,
    escalate_on date,
    escalate_from date,
    attempts date[] NOT NULL,
    lost boolean NOT NULL,
    visited_on date,
    outcome text CONSTRAINT follow_up_outcome CHECK (outcome IN (
        'SETTLED', 'NEEDS_SUPPORT', 'AT_RISK', 'DECLINED')),
    warning_signs text[] NOT NULL CONSTRAINT follow_up_warning_signs CHECK (cardinality(warning_signs) <= 45),
    recorded_by text,
    version integer NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT follow_up_recorded CHECK (
        (state = 'RECORDED') = (visited_on IS NOT NULL AND outcome IS NOT NULL AND recorded_by IS NOT NULL)),
    CONSTRAINT follow_up_escalation CHECK ((stage = 'OVERDUE') = (escalate_on IS NOT NULL)),
    UNIQUE (case_id, set_number, kind)
);
CREATE INDEX follow_up_open ON follow_up (due_on, id) WHERE state = 'OPEN';
CREATE INDEX follow_up_open_of_office ON follow_up (office_id, due_on, id) WHERE state = 'OPEN';
CREATE INDEX follow_up_all ON follow_up (due_on, id);
CREATE INDEX follow_up_all_of_office ON follow_up (office_id, due_on, id);

-- The SQL twin of services.chassis.kernel.deadlines.timeliness; a property test holds the two together.
CREATE FUNCTION follow_up_timeliness(due_on date, overdue_after_days integer, today date) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
        WHEN today > due_on + (overdue_after_days - 1) THEN 'OVERDUE'
        WHEN today > due_on THEN 'LATE'
        WHEN today = due_on THEN 'DUE'
        ELSE 'ON_TIME'
    END;

-- The unique index of the chassis refuses a second armed primary obligation of a case. This refuses, at the commit,
-- a followed case without one, and one that is watched although nothing is to be followed up.
CREATE FUNCTION followup_one_watched_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed_case uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.case_id ELSE NEW.case_id END;
    followed boolean;
    armed integer;
    primaries integer;
BEGIN
    SELECT phase = 'FOLLOW_UP' INTO followed FROM followup_case WHERE case_id = changed_case;
    SELECT count(*), count(*) FILTER (WHERE is_primary) INTO armed, primaries
    FROM obligation WHERE case_id = changed_case AND state = 'ARMED';
    IF followed IS TRUE AND primaries <> 1 THEN
        RAISE EXCEPTION 'a followed case has % primary deadlines', primaries
            USING ERRCODE = 'check_violation', CONSTRAINT = 'followup_one_watched_deadline';
    END IF;
    IF followed IS NOT TRUE AND armed > 0 THEN
        RAISE EXCEPTION 'a case that is not followed has % deadlines', armed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'followup_one_watched_deadline';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER followup_case_one_watched_deadline
    AFTER INSERT OR UPDATE OF phase ON followup_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION followup_one_watched_deadline();
CREATE CONSTRAINT TRIGGER obligation_one_watched_deadline
    AFTER INSERT OR DELETE OR UPDATE OF case_id, state, is_primary ON obligation DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION followup_one_watched_deadline();

CREATE VIEW audit_case AS
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
    c.changed_at
FROM followup_case c
LEFT JOIN obligation o ON o.case_id = c.case_id AND o.state = 'ARMED' AND o.is_primary;
GRANT SELECT ON audit_case TO homeward_audit;
