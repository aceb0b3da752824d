-- The segment of custody that began with the arrival from which a set counts; not known of sets from before.
ALTER TABLE followup_case ADD COLUMN set_segment integer;
