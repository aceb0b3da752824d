-- What each case told of its relatives: that there is one, and whether the two must not be parted. Nothing else.
CREATE TABLE relative (
    case_id uuid NOT NULL,
    other_case_id uuid NOT NULL,
    keep_together boolean NOT NULL,
    PRIMARY KEY (case_id, other_case_id),
    CONSTRAINT relative_other CHECK (case_id <> other_case_id)
);

-- Two who must not be parted are apart; one such stretch at a time.
CREATE TABLE parting (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL,
    other_case_id uuid NOT NULL,
    reason text NOT NULL CONSTRAINT parting_reason CHECK (reason IN (
        'LEFT_BEHIND', 'ELSEWHERE', 'NOT_TAKEN', 'LOST', 'CLOSED')),
    parted_at timestamptz NOT NULL,
    reunited_at timestamptz,
    CONSTRAINT parting_order CHECK (case_id < other_case_id)
);
CREATE UNIQUE INDEX parting_open ON parting (case_id, other_case_id) WHERE reunited_at IS NULL;
CREATE INDEX parting_case ON parting (case_id);
CREATE INDEX parting_other_case ON parting (other_case_id);
