-- The office that is said to have her, while it is asked; empty otherwise.
ALTER TABLE intake_case ADD COLUMN claimed_office_id text NOT NULL DEFAULT '';
CREATE INDEX intake_case_claimed ON intake_case (claimed_office_id) WHERE claimed_office_id <> '';
ALTER TABLE intake_case ALTER COLUMN claimed_office_id DROP DEFAULT;
