-- Since when the office that makes the follow-ups does; empty where it did from the first, or before this was kept.
ALTER TABLE followup_case ADD COLUMN kept_since timestamptz;
