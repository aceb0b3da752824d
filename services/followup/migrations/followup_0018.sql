-- Warning signs that an earlier version left open are found, and sealed by the service, which holds the key.
CREATE INDEX entry_open_signs ON entry (case_id, number, version) WHERE warning_signs[1] LIKE 'RF__';
