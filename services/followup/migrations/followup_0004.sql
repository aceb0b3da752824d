-- The office that makes the follow-ups stands beside the accountable one; who it is where that is none of them is put
-- right by the program, which knows the roles of offices.
ALTER TABLE followup_case
    ADD COLUMN keeper_id text,
    ADD COLUMN keepers text[],
    ADD COLUMN contact_from date,
    ADD COLUMN fresh_number integer NOT NULL DEFAULT 1,
    ADD COLUMN fresh_on date,
    ADD COLUMN opened_with integer NOT NULL DEFAULT 1,
    ADD COLUMN search_reason text,
    ADD COLUMN search_since date,
    ADD COLUMN lost boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT followup_case_search CHECK ((search_reason IS NULL) = (search_since IS NULL));
UPDATE followup_case SET keeper_id = office_id, keepers = ARRAY[office_id];
ALTER TABLE followup_case
    ALTER COLUMN keeper_id SET NOT NULL,
    ALTER COLUMN keepers SET NOT NULL,
    ALTER COLUMN fresh_number DROP DEFAULT,
    ALTER COLUMN opened_with DROP DEFAULT,
    ALTER COLUMN lost DROP DEFAULT;
CREATE INDEX followup_case_open_of_keeper ON followup_case (keeper_id) WHERE phase NOT IN ('CLOSED', 'WITHDRAWN');
DROP INDEX followup_case_decisions;
CREATE INDEX followup_case_decisions ON followup_case (keeper_id, case_id) WHERE decision_open;

CREATE TABLE entry (
    case_id uuid NOT NULL REFERENCES followup_case (case_id),
    number integer NOT NULL CONSTRAINT entry_number CHECK (number >= 1),
    version integer NOT NULL CONSTRAINT entry_version CHECK (version >= 1),
    set_number integer NOT NULL,
    segment integer NOT NULL,
    kind text CONSTRAINT entry_kind CHECK (kind IN ('MONTHS_3', 'YEARS_3')),
    on_day date NOT NULL,
    found text NOT NULL,
    warning_signs text[] NOT NULL CONSTRAINT entry_warning_signs CHECK (cardinality(warning_signs) <= 45),
    "then" text CONSTRAINT entry_then CHECK ("then" IN ('CLOSE', 'KEEP')),
    office_id text NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT entry_state CHECK (state IN ('RECORDED', 'CORRECTED', 'TAKEN_BACK')),
    reason text CONSTRAINT entry_reason CHECK (reason IN (
        'WRONG_CASE', 'WRONG_DAY', 'WRONG_OUTCOME', 'WRONG_FOLLOW_UP', 'ENTERED_TWICE', 'NOT_MADE')),
    PRIMARY KEY (case_id, number, version),
    CONSTRAINT entry_found CHECK (CASE
        WHEN kind IS NULL THEN found IN ('REACHED', 'NOT_AT_ADDRESS', 'MOVED_AWAY')
        ELSE found IN ('SETTLED', 'NEEDS_SUPPORT', 'AT_RISK', 'NOT_REACHED', 'DECLINED') END),
    CONSTRAINT entry_first CHECK ((version = 1) = (state = 'RECORDED') AND (version = 1) = (reason IS NULL))
);

-- What is on record becomes entries, in the order of the days. When it was entered is not known: the noon of its day.
INSERT INTO entry (
    case_id, number, version, set_number, segment, kind, on_day, found, warning_signs, office_id, at, state)
SELECT case_id, row_number() OVER (PARTITION BY case_id ORDER BY on_day, place, kind), 1, set_number, segment, kind,
       on_day, found, warning_signs, office_id, (on_day + time '12:00') AT TIME ZONE 'Asia/Ho_Chi_Minh', 'RECORDED'
FROM (
    SELECT f.case_id, f.set_number, c.segment, f.kind, d.on_day, 'NOT_REACHED' AS found,
           ARRAY[]::text[] AS warning_signs, f.office_id, 1 AS place
    FROM follow_up f JOIN followup_case c USING (case_id) CROSS JOIN unnest(f.attempts) AS d (on_day)
    UNION ALL
    SELECT c.case_id, c.set_number, c.segment, NULL, d.on_day, d.outcome, ARRAY[]::text[], c.office_id,
           CASE d.outcome WHEN 'REACHED' THEN 3 ELSE 2 END
    FROM followup_case c CROSS JOIN unnest(c.contact_days, c.contact_outcomes) AS d (on_day, outcome)
    UNION ALL
    SELECT f.case_id, f.set_number, c.segment, f.kind, f.visited_on, f.outcome, f.warning_signs, f.recorded_by, 4
    FROM follow_up f JOIN followup_case c USING (case_id) WHERE f.state = 'RECORDED'
) said;

UPDATE followup_case c SET contact_from = arrived_on
WHERE arrived_on IS NOT NULL AND (
    contact_awaited OR EXISTS (
        SELECT 1 FROM entry e WHERE e.case_id = c.case_id AND e.set_number = c.set_number
          AND e.on_day >= c.arrived_on AND e.found NOT IN ('NOT_REACHED', 'NOT_AT_ADDRESS', 'MOVED_AWAY')));
ALTER TABLE followup_case
    DROP CONSTRAINT followup_case_contacts,
    DROP COLUMN contact_awaited,
    DROP COLUMN contact_days,
    DROP COLUMN contact_outcomes;

-- Who was called lost was so after failed attempts, or because LOST_TO_FOLLOW_UP passed: 60 days after it was overdue.
ALTER TABLE follow_up
    ADD COLUMN limit_from date,
    ADD COLUMN limit_on date,
    ADD COLUMN neglected boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT follow_up_state,
    ADD CONSTRAINT follow_up_state CHECK (state IN ('OPEN', 'RECORDED', 'CANCELLED', 'MISSED')),
    ADD CONSTRAINT follow_up_limit CHECK ((limit_from IS NULL) = (limit_on IS NULL));
UPDATE follow_up f SET
    limit_from = GREATEST(f.due_on + f.overdue_after_days - 1, seen.on_day),
    limit_on = GREATEST(f.due_on + f.overdue_after_days - 1, seen.on_day) + 60,
    neglected = f.state = 'OPEN' AND cardinality(f.attempts) = 0
FROM follow_up g LEFT JOIN LATERAL (
    SELECT max(e.on_day) AS on_day FROM entry e WHERE e.case_id = g.case_id AND e.set_number = g.set_number
      AND e.found NOT IN ('NOT_REACHED', 'NOT_AT_ADDRESS', 'MOVED_AWAY')
) seen ON true
WHERE g.id = f.id AND f.lost;
UPDATE followup_case c SET lost = true
WHERE phase = 'FOLLOW_UP' AND EXISTS (
    SELECT 1 FROM follow_up f WHERE f.case_id = c.case_id AND f.set_number = c.set_number AND f.state = 'OPEN'
      AND f.lost AND cardinality(f.attempts) > 0);
ALTER TABLE follow_up DROP COLUMN lost, ALTER COLUMN neglected DROP DEFAULT;
