-- Of whom nobody has decided yet: watched from the registration until a decision or the end of the case.
CREATE TABLE undecided (
    case_id uuid PRIMARY KEY REFERENCES intake_case (id),
    asked_on date NOT NULL,
    due_on date NOT NULL,
    level integer NOT NULL CONSTRAINT undecided_level CHECK (level >= 0)
);
CREATE INDEX undecided_by_due ON undecided (due_on, case_id);

-- Those that are open already count from their registration: INITIAL_VERIFY, three days.
INSERT INTO undecided (case_id, asked_on, due_on, level)
SELECT id, d.asked_on, d.asked_on + 3, 0
FROM intake_case, LATERAL (SELECT (created_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS asked_on) d
WHERE identification = 'IN_PROCESS' AND phase NOT IN ('CLOSED', 'WITHDRAWN');
INSERT INTO obligation (id, case_id, rule, rule_version, calendar_version, is_primary, due_on, due_at, state, level,
    counted_from, late)
SELECT gen_random_uuid(), case_id, 'INITIAL_VERIFY', 1, '', false, due_on,
       (due_on + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh', 'ARMED', 0, asked_on, false
FROM undecided;
