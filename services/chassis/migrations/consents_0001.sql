-- What was said to each purpose, as intake told it, in the order in which it was said. No case has to be known here yet:
-- what somebody agreed to at a border post counts where she arrives.
CREATE TABLE known_consent (
    case_id uuid NOT NULL,
    number integer NOT NULL CONSTRAINT known_consent_number CHECK (number >= 1),
    purpose text NOT NULL,
    state text NOT NULL CONSTRAINT known_consent_state CHECK (state IN ('GIVEN', 'REFUSED', 'WITHDRAWN')),
    text_version integer NOT NULL,
    said_on date NOT NULL,
    PRIMARY KEY (case_id, number)
);
CREATE VIEW audit_consent AS
SELECT case_id, string_agg(concat_ws(':', purpose, state, text_version, said_on), ' ' ORDER BY purpose) AS consents
FROM (
    SELECT DISTINCT ON (case_id, purpose) case_id, purpose, state, text_version, said_on
    FROM known_consent ORDER BY case_id, purpose, number DESC
) standing
GROUP BY case_id;
GRANT SELECT ON audit_consent TO homeward_audit;
