-- Lists and counts of open cases are asked for by phase: the index runs along one, as that of searches does along reasons.
DROP INDEX custody_overdue;
DROP INDEX custody_office_overdue;
CREATE INDEX custody_phase_due ON custody (phase, overdue_from, case_id)
    INCLUDE (accountable_office_id, missed_rule, watch_rule) WHERE overdue_from IS NOT NULL;
CREATE INDEX custody_office_phase_due ON custody (accountable_office_id, phase, overdue_from, case_id)
    INCLUDE (missed_rule, watch_rule) WHERE overdue_from IS NOT NULL;

-- What was counted at the beginning of a day, for the trend; a day on which nothing was counted has no row in either.
CREATE TABLE counted_day (
    day date PRIMARY KEY
);
CREATE TABLE day_count (
    day date NOT NULL REFERENCES counted_day ON DELETE CASCADE,
    office_id text NOT NULL,
    on_the_way integer NOT NULL,
    overdue integer NOT NULL,
    lost integer NOT NULL,
    PRIMARY KEY (day, office_id)
);
