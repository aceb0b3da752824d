-- Which looks again a person gets is a policy with versions. Sets that stand keep the first one, which has the two.
ALTER TABLE followup_case
    ADD COLUMN policy_version integer NOT NULL DEFAULT 1 CONSTRAINT followup_case_policy CHECK (policy_version >= 1),
    ADD COLUMN under_18 boolean NOT NULL DEFAULT false;
ALTER TABLE followup_case ALTER COLUMN policy_version DROP DEFAULT, ALTER COLUMN under_18 DROP DEFAULT;

ALTER TABLE follow_up
    DROP CONSTRAINT follow_up_kind,
    DROP CONSTRAINT follow_up_overdue,
    ALTER COLUMN overdue_after_days DROP NOT NULL,
    ADD COLUMN always_made boolean NOT NULL DEFAULT true,
    ADD COLUMN earliest_before integer NOT NULL DEFAULT 30
        CONSTRAINT follow_up_earliest CHECK (earliest_before BETWEEN 0 AND 366),
    ADD COLUMN due_first_on date,
    ADD COLUMN put_off_for text,
    ADD COLUMN dropped text CONSTRAINT follow_up_dropped CHECK (dropped IN (
        'RISK_FELL', 'SHE_ASKED', 'NOT_NEEDED', 'OTHER'));
UPDATE follow_up SET earliest_before = 90 WHERE kind = 'YEARS_3';
ALTER TABLE follow_up
    ALTER COLUMN always_made DROP DEFAULT,
    ALTER COLUMN earliest_before DROP DEFAULT,
    ADD CONSTRAINT follow_up_kind CHECK (kind IN (
        'MONTHS_1', 'MONTHS_2', 'MONTHS_3', 'MONTHS_6', 'MONTHS_9', 'MONTHS_12', 'YEARS_2', 'YEARS_3', 'YEARS_5')),
    -- What is never overdue has none.
    ADD CONSTRAINT follow_up_overdue CHECK (
        CASE WHEN kind = 'YEARS_5' THEN overdue_after_days IS NULL ELSE overdue_after_days >= 1 END),
    ADD CONSTRAINT follow_up_put_off CHECK ((due_first_on IS NULL) = (put_off_for IS NULL)),
    -- What is always made ends with the case alone.
    ADD CONSTRAINT follow_up_drops CHECK (dropped IS NULL OR NOT always_made AND state = 'CANCELLED');

ALTER TABLE entry DROP CONSTRAINT entry_kind;
ALTER TABLE entry ADD CONSTRAINT entry_kind CHECK (kind IN (
    'MONTHS_1', 'MONTHS_2', 'MONTHS_3', 'MONTHS_6', 'MONTHS_9', 'MONTHS_12', 'YEARS_2', 'YEARS_3', 'YEARS_5'));

-- How a follow-up stood at the end of each day on which it changed: figures of a day go by it for ever.
CREATE TABLE follow_up_day (
    follow_up_id uuid NOT NULL REFERENCES follow_up (id),
    on_day date NOT NULL,
    case_id uuid NOT NULL REFERENCES followup_case (case_id),
    kind text NOT NULL,
    office_id text NOT NULL,
    due_on date NOT NULL,
    state text NOT NULL CONSTRAINT follow_up_day_state CHECK (state IN ('OPEN', 'RECORDED', 'CANCELLED', 'MISSED')),
    visited_on date,
    PRIMARY KEY (follow_up_id, on_day)
);
CREATE INDEX follow_up_day_due ON follow_up_day (due_on);
-- Of what stands already the day of its latest change is known, and that it was open before.
INSERT INTO follow_up_day (follow_up_id, on_day, case_id, kind, office_id, due_on, state, visited_on)
SELECT f.id, f.arrived_on, f.case_id, f.kind, f.office_id, f.due_on, 'OPEN', NULL
FROM follow_up f
WHERE f.state = 'OPEN' OR (f.changed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date > f.arrived_on
UNION ALL
SELECT f.id, greatest((f.changed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, f.arrived_on), f.case_id, f.kind,
       f.office_id, f.due_on, f.state, f.visited_on
FROM follow_up f
WHERE f.state <> 'OPEN';
