-- Who is a relative of whom: one row for two cases at a time, ended rows are the history. What the other is to the
-- first is sealed under the key of the first.
CREATE TABLE family_tie (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES intake_case (id),
    other_case_id uuid NOT NULL REFERENCES intake_case (id),
    relation bytea NOT NULL,
    keep_together boolean NOT NULL,
    by_rule boolean NOT NULL,
    linked_at timestamptz NOT NULL,
    linked_office_id text NOT NULL,
    linked_subject text NOT NULL,
    unlinked_at timestamptz,
    unlinked_office_id text NOT NULL,
    unlinked_subject text NOT NULL,
    CONSTRAINT family_tie_order CHECK (case_id < other_case_id),
    CONSTRAINT family_tie_unlinked CHECK ((unlinked_at IS NULL) = (unlinked_office_id = ''))
);
CREATE UNIQUE INDEX family_tie_standing ON family_tie (case_id, other_case_id) WHERE unlinked_at IS NULL;
CREATE INDEX family_tie_case ON family_tie (case_id);
CREATE INDEX family_tie_other_case ON family_tie (other_case_id);
