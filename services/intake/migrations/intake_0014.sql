-- Why an identity was read is a code; words besides stay sealed. Entries of before have words alone.
ALTER TABLE access_log ADD COLUMN purpose_code text;
GRANT SELECT ON access_log TO homeward_audit;
