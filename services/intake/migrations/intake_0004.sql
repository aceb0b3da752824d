-- Keyed digests of who somebody is; the key stands in a file outside the database. A case that is erased takes its own
-- along. Of one office and digest each has another number, so that two requests of one instant cannot both register her.
CREATE TABLE registered_person (
    case_id uuid NOT NULL REFERENCES intake_case (id) ON DELETE CASCADE,
    office_id text NOT NULL,
    digest bytea NOT NULL,
    number integer NOT NULL,
    year bytea NOT NULL,
    birth bytea,
    day date NOT NULL,
    handover bytea NOT NULL,
    record bytea NOT NULL,
    CONSTRAINT registered_person_once PRIMARY KEY (office_id, digest, number)
);
CREATE INDEX registered_person_case ON registered_person (case_id);

-- No migration may open a sealed record: intake itself makes the traces of the cases that there are, a few at a time.
CREATE TABLE untraced_case (
    case_id uuid PRIMARY KEY REFERENCES intake_case (id) ON DELETE CASCADE
);
INSERT INTO untraced_case SELECT id FROM intake_case;
