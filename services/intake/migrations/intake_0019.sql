-- Steps that the law wants to be taken at once, from the first custody of a case on.
-- Cases of before get none: whoever took a step could not record it, and would be told that it is missing.
CREATE TABLE legal_step (
    case_id uuid NOT NULL REFERENCES intake_case (id) ON DELETE CASCADE,
    rule text NOT NULL
        CONSTRAINT legal_step_rule CHECK (rule IN ('HANDOVER_TO_COMMUNE', 'COMMUNE_NOTIFY', 'RETURNED_TO_SUPPORT_AGENCY')),
    asked_at timestamptz NOT NULL,
    due_on date NOT NULL,
    due_at timestamptz NOT NULL,
    level integer NOT NULL CONSTRAINT legal_step_level CHECK (level >= 0),
    state text NOT NULL CONSTRAINT legal_step_state CHECK (state IN ('ASKED', 'RESTING', 'DONE', 'OVERTAKEN')),
    done_on date,
    recorded_at timestamptz,
    recorded_by text NOT NULL,
    PRIMARY KEY (case_id, rule),
    CONSTRAINT legal_step_done CHECK ((state = 'DONE') = (done_on IS NOT NULL))
);
CREATE INDEX legal_step_by_due ON legal_step (due_on, case_id) WHERE state = 'ASKED';
-- One step after the other.
CREATE UNIQUE INDEX legal_step_one_asked ON legal_step (case_id) WHERE state = 'ASKED';

ALTER TABLE undecided ADD COLUMN is_complex boolean NOT NULL DEFAULT false;
ALTER TABLE undecided ALTER COLUMN is_complex DROP DEFAULT;
