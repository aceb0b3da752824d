-- By what open cases are counted, and nothing else: so the counts of a whole country read no row. As many cases have the
-- same office and day, it holds each combination once and is small.
CREATE INDEX custody_counted ON custody (phase, accountable_office_id, overdue_from, missed_rule, watch_rule)
    WHERE overdue_from IS NOT NULL;
