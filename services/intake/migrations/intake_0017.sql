CREATE INDEX access_log_office ON access_log (office_id, sequence DESC);
CREATE INDEX access_log_subject ON access_log (subject, sequence DESC);
CREATE INDEX access_log_read ON access_log (read_at);
