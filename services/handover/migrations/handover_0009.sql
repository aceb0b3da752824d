-- Which office corrected; not known of what was corrected before.
ALTER TABLE correction ADD COLUMN office_id text NOT NULL DEFAULT '';
ALTER TABLE correction ALTER COLUMN office_id DROP DEFAULT;
