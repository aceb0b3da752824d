-- Open cases are counted as they change: so a count of a whole country looks at no case. A change is a row of its own,
-- written by the transaction that made it, so that two of them never wait for each other; the ticks of handover add them to
-- the counts. A count is what both together say. The triggers make them: no way to write a case is left out.
CREATE TABLE open_case_count (
    accountable_office_id text NOT NULL,
    phase text NOT NULL,
    overdue_from date NOT NULL,
    rule text NOT NULL,
    cases bigint NOT NULL,
    PRIMARY KEY (accountable_office_id, phase, overdue_from, rule)
) WITH (fillfactor = 50);
CREATE TABLE open_case_change (
    accountable_office_id text NOT NULL,
    phase text NOT NULL,
    overdue_from date NOT NULL,
    rule text NOT NULL,
    cases bigint NOT NULL CONSTRAINT open_case_change_by_one CHECK (cases IN (-1, 1))
) WITH (autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

CREATE VIEW open_cases_counted AS
SELECT accountable_office_id, phase, overdue_from, rule, sum(cases)::bigint AS cases
FROM (SELECT * FROM open_case_count UNION ALL SELECT * FROM open_case_change) n
GROUP BY accountable_office_id, phase, overdue_from, rule HAVING sum(cases) <> 0;

CREATE VIEW open_cases_there AS
SELECT accountable_office_id, phase, overdue_from, COALESCE(missed_rule, watch_rule) AS rule, count(*) AS cases
FROM custody WHERE overdue_from IS NOT NULL GROUP BY 1, 2, 3, 4;

-- Where the counts are not what there is.
CREATE VIEW audit_open_case AS
SELECT accountable_office_id AS office_id, phase, overdue_from, rule,
    COALESCE(n.cases, 0) AS counted, COALESCE(t.cases, 0) AS there
FROM open_cases_counted n FULL JOIN open_cases_there t USING (accountable_office_id, phase, overdue_from, rule)
WHERE n.cases IS DISTINCT FROM t.cases;
GRANT SELECT ON audit_open_case TO homeward_audit;

CREATE FUNCTION note_open_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO open_case_change
    SELECT * FROM (VALUES
        (OLD.accountable_office_id, OLD.phase, OLD.overdue_from, COALESCE(OLD.missed_rule, OLD.watch_rule), -1),
        (NEW.accountable_office_id, NEW.phase, NEW.overdue_from, COALESCE(NEW.missed_rule, NEW.watch_rule), 1)
    ) AS change (office_id, phase, overdue_from, rule, cases) WHERE overdue_from IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER custody_begins_to_count AFTER INSERT ON custody FOR EACH ROW EXECUTE FUNCTION note_open_case();
CREATE TRIGGER custody_counts_otherwise AFTER UPDATE ON custody FOR EACH ROW
    WHEN ((OLD.accountable_office_id, OLD.phase, OLD.overdue_from, COALESCE(OLD.missed_rule, OLD.watch_rule))
        IS DISTINCT FROM (NEW.accountable_office_id, NEW.phase, NEW.overdue_from,
            COALESCE(NEW.missed_rule, NEW.watch_rule)))
    EXECUTE FUNCTION note_open_case();
CREATE TRIGGER custody_counts_no_more AFTER DELETE ON custody FOR EACH ROW EXECUTE FUNCTION note_open_case();

-- Counts anew what there is. Nobody writes a case meanwhile, and nobody adds changes (`storage/open_cases.py`, FOLD).
CREATE FUNCTION recount_open_cases() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(49851217, 3);
    LOCK TABLE custody IN SHARE MODE;
    DELETE FROM open_case_change;
    DELETE FROM open_case_count;
    INSERT INTO open_case_count SELECT * FROM open_cases_there;
END
$$;
SELECT recount_open_cases();

DROP INDEX custody_counted;
