-- Whether a home is safe is asked before anybody arrives, so before there is a case to be followed up.
ALTER TABLE care_key DROP CONSTRAINT care_key_case_id_fkey;
CREATE TABLE home_case (
    case_id uuid PRIMARY KEY,
    case_number text NOT NULL,
    office_id text NOT NULL,
    checks integer NOT NULL CONSTRAINT home_case_checks CHECK (checks >= 0)
);
CREATE INDEX home_case_number ON home_case (case_number);
CREATE TABLE home_check (
    case_id uuid NOT NULL REFERENCES home_case (case_id),
    number integer NOT NULL CONSTRAINT home_check_number CHECK (number >= 1),
    office_id text NOT NULL,
    to_office_id text NOT NULL,
    checked_on date NOT NULL,
    decided text NOT NULL CONSTRAINT home_check_decided CHECK (decided IN (
        'SAFE', 'WARNING_SIGNS', 'WARNING_SIGNS_DECIDED', 'NOT_SAFE')),
    is_child boolean NOT NULL,
    is_short boolean NOT NULL,
    against_advice boolean NOT NULL,
    valid_until date,
    questionnaire_version integer NOT NULL,
    subject text NOT NULL,
    at timestamptz NOT NULL,
    awaits_second boolean NOT NULL,
    second_subject text NOT NULL,
    agreed boolean,
    second_at timestamptz,
    sealed bytea NOT NULL,
    PRIMARY KEY (case_id, number),
    CONSTRAINT home_check_against_advice CHECK (NOT against_advice OR decided = 'NOT_SAFE'),
    CONSTRAINT home_check_second CHECK (
        (second_at IS NULL) = (agreed IS NULL) AND (second_at IS NULL) = (second_subject = '')
        AND second_subject <> subject AND NOT (awaits_second AND agreed IS NOT NULL))
);

-- Who read it stands in the log.
ALTER TABLE access_log DROP CONSTRAINT access_log_content, ADD CONSTRAINT access_log_content CHECK (content IN (
    'WISHES', 'VISIT', 'VISIT_IN_CONFIDENCE', 'HOME_SAFETY'));

-- That a verdict is awaited is watched also of whoever is not followed up.
CREATE OR REPLACE FUNCTION followup_one_watched_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed_case uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.case_id ELSE NEW.case_id END;
    followed boolean;
    armed integer;
    primaries integer;
BEGIN
    SELECT phase = 'FOLLOW_UP' INTO followed FROM followup_case WHERE case_id = changed_case;
    SELECT count(*) FILTER (WHERE rule NOT IN ('SAFETY_ANSWER', 'SAFETY_ANSWER_ESCALATE')),
           count(*) FILTER (WHERE is_primary) INTO armed, primaries
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
