ALTER TABLE followup_case DROP COLUMN echoes_due;
