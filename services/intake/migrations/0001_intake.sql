-- Case numbers are taken in blocks, so that a registration needs no round trip of its own.
CREATE SEQUENCE case_number_block AS bigint START 1 INCREMENT 100 MAXVALUE 99999988 NO CYCLE;

CREATE TABLE handover (
    id uuid PRIMARY KEY,
    office_id text NOT NULL,
    subject text NOT NULL,
    route text NOT NULL CONSTRAINT handover_route CHECK (route IN (
        'OFFICIAL_HANDOVER', 'RESCUED', 'SELF_RETURN', 'REPATRIATED_BY_AIR', 'DEPORTED', 'HOTLINE_REFERRAL',
        'DETECTED_IN_COMMUNITY')),
    gate_id text NOT NULL,
    handover_time timestamptz NOT NULL,
    people integer NOT NULL CONSTRAINT handover_people CHECK (people BETWEEN 1 AND 30),
    kek_id text NOT NULL,
    wrapped_key bytea NOT NULL,
    details bytea NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE intake_case (
    id uuid PRIMARY KEY,
    number text NOT NULL CONSTRAINT intake_case_number UNIQUE,
    handover_id uuid NOT NULL REFERENCES handover (id),
    row_number integer NOT NULL,
    row_count integer NOT NULL,
    receiving_office_id text NOT NULL,
    route text NOT NULL CONSTRAINT intake_case_route CHECK (route IN (
        'OFFICIAL_HANDOVER', 'RESCUED', 'SELF_RETURN', 'REPATRIATED_BY_AIR', 'DEPORTED', 'HOTLINE_REFERRAL',
        'DETECTED_IN_COMMUNITY')),
    home_province text NOT NULL,
    age_band text NOT NULL CONSTRAINT intake_case_age_band CHECK (age_band IN (
        'UNDER_16', 'FROM_16_TO_17', 'ADULT', 'UNKNOWN')),
    handover_time timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    version integer NOT NULL,
    identification text NOT NULL CONSTRAINT intake_case_identification CHECK (identification IN (
        'IN_PROCESS', 'IDENTIFIED', 'NOT_IDENTIFIED', 'DECLINED')),
    decisions integer NOT NULL,
    withdrawal text NOT NULL CONSTRAINT intake_case_withdrawal CHECK (withdrawal IN (
        'NONE', 'REQUESTED', 'CONFIRMED')),
    phase text NOT NULL CONSTRAINT intake_case_phase CHECK (phase IN (
        'REGISTERED', 'IN_TRANSIT', 'REJECTED', 'SEARCH', 'ARRIVED', 'FOLLOW_UP', 'CLOSED', 'WITHDRAWN',
        'ADMITTED', 'DISCHARGED')),
    accountable_office_id text NOT NULL,
    segment integer NOT NULL,
    arrivals integer NOT NULL,
    followups_segment integer NOT NULL,
    transfer_id uuid,
    addressee_office_id text NOT NULL,
    accepted_transfer_id uuid,
    in_facility boolean NOT NULL,
    sent_from_facility boolean NOT NULL,
    earlier_case_id uuid REFERENCES intake_case (id),
    CONSTRAINT intake_case_addressee CHECK ((transfer_id IS NULL) = (addressee_office_id = ''))
);
CREATE INDEX intake_case_accountable ON intake_case (accountable_office_id, id DESC);
CREATE INDEX intake_case_addressed ON intake_case (addressee_office_id) WHERE transfer_id IS NOT NULL;
CREATE INDEX intake_case_receiving ON intake_case (receiving_office_id, id DESC);
CREATE INDEX intake_case_home ON intake_case (home_province, id DESC);

-- The only place of names. Without its wrapped key a row says nothing: erasing is destroying the key.
CREATE TABLE identity (
    case_id uuid PRIMARY KEY REFERENCES intake_case (id),
    kek_id text NOT NULL,
    wrapped_key bytea NOT NULL,
    revision integer NOT NULL,
    ciphertext bytea NOT NULL
);

CREATE TABLE identity_history (
    case_id uuid NOT NULL REFERENCES intake_case (id),
    revision integer NOT NULL,
    ciphertext bytea NOT NULL,
    reason bytea NOT NULL,
    fields text[] NOT NULL,
    office_id text NOT NULL,
    subject text NOT NULL,
    replaced_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, revision)
);

CREATE TABLE identification_decision (
    case_id uuid NOT NULL REFERENCES intake_case (id),
    revision integer NOT NULL,
    status text NOT NULL CONSTRAINT identification_decision_status CHECK (status IN (
        'IN_PROCESS', 'IDENTIFIED', 'NOT_IDENTIFIED', 'DECLINED')),
    decided_on date NOT NULL,
    grounds text[] NOT NULL,
    details bytea NOT NULL,
    office_id text NOT NULL,
    subject text NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, revision)
);

-- Who read whom. Each row carries the hash of the one before; nothing in it is ever changed.
CREATE TABLE access_log (
    sequence bigint PRIMARY KEY,
    read_at timestamptz NOT NULL,
    subject text NOT NULL,
    office_id text NOT NULL,
    role text NOT NULL,
    case_id uuid NOT NULL,
    identity_view text NOT NULL CONSTRAINT access_log_view CHECK (identity_view IN (
        'NONE', 'PREVIEW', 'VERIFICATION', 'FULL')),
    purpose bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX access_log_case ON access_log (case_id, sequence DESC);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE VIEW audit_case AS
SELECT
    c.id AS case_id,
    c.phase,
    c.accountable_office_id AS office_id,
    c.phase NOT IN ('CLOSED', 'WITHDRAWN') AS is_open,
    CAST(NULL AS text) AS deadline_rule,
    CAST(NULL AS date) AS deadline_on,
    CAST(NULL AS timestamptz) AS deadline_at,
    CAST(NULL AS text) AS watched_by,
    CAST(NULL AS timestamptz) AS watcher_seen_at,
    0 AS primary_count,
    EXISTS (SELECT 1 FROM outbox o WHERE o.subject = c.id AND o.sent_at IS NULL)
        OR EXISTS (SELECT 1 FROM inbox i WHERE i.subject = c.id AND i.state = 'PENDING') AS in_flight,
    EXISTS (SELECT 1 FROM inbox i WHERE i.subject = c.id AND i.state IN ('QUARANTINED', 'PARKED')) AS blocked,
    c.changed_at
FROM intake_case c;
GRANT SELECT ON audit_case TO homeward_audit;
