-- What was said to each purpose: rows are only added. The name of a guardian is sealed with the key of the case.
CREATE TABLE consent (
    case_id uuid NOT NULL REFERENCES intake_case (id),
    number integer NOT NULL CONSTRAINT consent_number CHECK (number >= 1),
    purpose text NOT NULL,
    state text NOT NULL CONSTRAINT consent_state CHECK (state IN ('GIVEN', 'REFUSED', 'WITHDRAWN')),
    giver text NOT NULL CONSTRAINT consent_giver CHECK (giver IN ('PERSON', 'GUARDIAN')),
    said_on date NOT NULL,
    text_version integer NOT NULL,
    language text NOT NULL,
    relation text CONSTRAINT consent_relation CHECK (relation IN (
        'PARENT', 'GRANDPARENT', 'SIBLING', 'OTHER_RELATIVE', 'APPOINTED', 'FACILITY')),
    guardian bytea,
    entry_number integer NOT NULL,
    office_id text NOT NULL,
    subject text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, number),
    CONSTRAINT consent_guardian CHECK (
        (guardian IS NULL) = (relation IS NULL) AND (guardian IS NULL OR giver = 'GUARDIAN'))
);
CREATE TRIGGER consent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What stands, in the words in which the services that were told of it say it.
CREATE VIEW audit_consent AS
SELECT case_id, string_agg(concat_ws(':', purpose, state, text_version, said_on), ' ' ORDER BY purpose) AS consents
FROM (
    SELECT DISTINCT ON (case_id, purpose) case_id, purpose, state, text_version, said_on
    FROM consent ORDER BY case_id, purpose, number DESC
) standing
GROUP BY case_id;
GRANT SELECT ON audit_consent TO homeward_audit;
