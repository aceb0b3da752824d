-- What is told in confidence: sealed with a key per case, wrapped by a key-encryption key that lies in no database.
CREATE TABLE care_key (
    case_id uuid PRIMARY KEY REFERENCES followup_case (case_id),
    kek_id text NOT NULL,
    wrapped_key bytea NOT NULL
);
CREATE TABLE contact_wishes (
    case_id uuid NOT NULL REFERENCES followup_case (case_id),
    version integer NOT NULL CONSTRAINT contact_wishes_version CHECK (version >= 1),
    sealed bytea NOT NULL,
    office_id text NOT NULL,
    subject text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (case_id, version)
);
CREATE TABLE attempt (
    case_id uuid NOT NULL REFERENCES followup_case (case_id),
    number integer NOT NULL,
    mode text NOT NULL,
    visitor text NOT NULL,
    outcome text NOT NULL,
    wishes_version integer NOT NULL,
    PRIMARY KEY (case_id, number)
);
CREATE TABLE visit (
    case_id uuid NOT NULL REFERENCES followup_case (case_id),
    number integer NOT NULL,
    revision integer NOT NULL CONSTRAINT visit_revision CHECK (revision >= 1),
    set_code text NOT NULL,
    questionnaire_version integer NOT NULL,
    wishes_version integer NOT NULL,
    coded jsonb NOT NULL,
    sealed bytea NOT NULL,
    office_id text NOT NULL,
    subject text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (case_id, number, revision)
);
CREATE TABLE safety_act (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES followup_case (case_id),
    number integer NOT NULL,
    sealed bytea NOT NULL,
    office_id text NOT NULL,
    subject text NOT NULL,
    at timestamptz NOT NULL
);

-- Who read it. Each row carries the hash of the one before; nothing in it is ever changed.
CREATE TABLE access_log (
    sequence bigint PRIMARY KEY,
    read_at timestamptz NOT NULL,
    subject text NOT NULL,
    office_id text NOT NULL,
    role text NOT NULL,
    case_id uuid NOT NULL,
    content text NOT NULL CONSTRAINT access_log_content CHECK (content IN (
        'WISHES', 'VISIT', 'VISIT_IN_CONFIDENCE')),
    entry_number integer NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX access_log_case ON access_log (case_id, sequence DESC);
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT ON access_log TO homeward_audit;

-- A judgement of immediate danger that waits for a second person.
ALTER TABLE followup_case
    ADD COLUMN safety_number integer,
    ADD COLUMN safety_subject text,
    ADD COLUMN safety_needed_at timestamptz,
    ADD COLUMN safety_level integer NOT NULL DEFAULT 0,
    ADD COLUMN safety_round_from timestamptz,
    ADD CONSTRAINT followup_case_safety CHECK (
        (safety_number IS NULL) = (safety_needed_at IS NULL)
        AND (safety_number IS NULL) = (safety_subject IS NULL));
ALTER TABLE followup_case ALTER COLUMN safety_level DROP DEFAULT;

-- An attempt may be in vain without saying that she does not live there, or say nothing of either.
ALTER TABLE entry DROP CONSTRAINT entry_found, ADD CONSTRAINT entry_found CHECK (CASE
    WHEN kind IS NULL THEN found IN ('REACHED', 'NOT_AT_ADDRESS', 'MOVED_AWAY', 'NOT_REACHED', 'NOTED')
    ELSE found IN ('SETTLED', 'NEEDS_SUPPORT', 'AT_RISK', 'NOT_REACHED', 'DECLINED') END);
