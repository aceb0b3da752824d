-- Who gave a consent for a child: name and relation in one seal, by the key of the case. Rows are only added.
CREATE TABLE guardian (
    case_id uuid NOT NULL,
    number integer NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (case_id, number),
    FOREIGN KEY (case_id, number) REFERENCES consent (case_id, number)
);
CREATE TRIGGER guardian_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guardian
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Of those of before the name alone is sealed: the service, which alone has the keys, seals both and takes them from here.
CREATE TABLE unsealed_guardian (
    case_id uuid NOT NULL,
    number integer NOT NULL,
    name bytea NOT NULL,
    relation text NOT NULL,
    PRIMARY KEY (case_id, number),
    FOREIGN KEY (case_id, number) REFERENCES consent (case_id, number)
);
INSERT INTO unsealed_guardian (case_id, number, name, relation)
SELECT case_id, number, guardian, relation FROM consent WHERE guardian IS NOT NULL;
ALTER TABLE consent DROP COLUMN guardian, DROP COLUMN relation;
-- What stood in a column stays in the file of its table until that is written anew.
CLUSTER consent USING consent_pkey;
ALTER TABLE consent SET WITHOUT CLUSTER;

-- Answers that were kept told it: there it was a byte of its own behind the giver, a guardian (20 02 28 …). It is said to
-- be unspecified in them.
UPDATE request_log SET response = set_byte(response, position('\x200228'::bytea IN response) + 2, 0)
WHERE method ~ '(^|/)RecordConsent$' AND position('\x200228'::bytea IN response) > 0;
