-- How a transfer was answered. A later answer replaces none: each is kept, and whether it was taken back.
CREATE TABLE transfer_answer (
    transfer_id uuid NOT NULL REFERENCES transfer,
    number integer NOT NULL CONSTRAINT transfer_answer_from_1 CHECK (number >= 1),
    kind text NOT NULL CONSTRAINT transfer_answer_kind CHECK (kind IN (
        'ACCEPTED', 'ACKNOWLEDGED', 'REJECTED', 'NOT_ARRIVED', 'RECALLED')),
    office_id text NOT NULL,
    given_at timestamptz NOT NULL,
    arrived_on date,
    reject_reason text,
    taken_back_at timestamptz,
    taken_back_by_office_id text,
    take_back_reason text CONSTRAINT transfer_answer_take_back_reason CHECK (take_back_reason IN (
        'WRONG_PERSON', 'WRONG_ANSWER', 'WRONG_NEWS', 'DECIDED_ANEW', 'OTHER')),
    PRIMARY KEY (transfer_id, number),
    CONSTRAINT transfer_answer_taken_back CHECK (
        (taken_back_at IS NULL) = (taken_back_by_office_id IS NULL)
        AND (taken_back_at IS NULL) = (take_back_reason IS NULL)),
    CONSTRAINT transfer_answer_arrived CHECK ((kind = 'ACKNOWLEDGED') = (arrived_on IS NOT NULL)),
    CONSTRAINT transfer_answer_rejected CHECK ((kind = 'REJECTED') = (reject_reason IS NOT NULL))
);
INSERT INTO transfer_answer (transfer_id, number, kind, office_id, given_at, arrived_on, reject_reason)
SELECT id, 1, 'ACCEPTED', to_office_id, accepted_at, NULL, NULL FROM transfer WHERE accepted_at IS NOT NULL
UNION ALL
SELECT id, CASE WHEN accepted_at IS NULL THEN 1 ELSE 2 END, state,
    CASE WHEN state = 'RECALLED' THEN from_office_id ELSE to_office_id END, ended_at, arrived_on, reject_reason
FROM transfer WHERE state IN ('ACKNOWLEDGED', 'REJECTED', 'NOT_ARRIVED', 'RECALLED');

-- Reasons are codes from now on. What was written in words may name people: it goes.
ALTER TABLE transfer DROP COLUMN retract_reason;
ALTER TABLE custody_segment ADD COLUMN reassign_reason text CONSTRAINT custody_segment_reassign_reason CHECK (
    reassign_reason IN ('PERSON_IS_THERE', 'HOME_IS_THERE', 'OFFICE_CANNOT', 'SAFETY', 'PERSON_ASKED', 'WRONG_OFFICE',
        'OTHER'));
UPDATE custody_segment SET reassign_reason = 'OTHER' WHERE cause = 'REASSIGNED';
ALTER TABLE custody_segment DROP COLUMN note;

-- The day of each arrival, by the segment that it began: it can be corrected.
CREATE TABLE arrival (
    case_id uuid NOT NULL,
    segment integer NOT NULL,
    arrived_on date NOT NULL,
    earliest_on date NOT NULL,
    said_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, segment),
    FOREIGN KEY (case_id, segment) REFERENCES custody_segment (case_id, number),
    CONSTRAINT arrival_not_before CHECK (arrived_on >= earliest_on)
);
INSERT INTO arrival (case_id, segment, arrived_on, earliest_on, said_at)
SELECT found.case_id, found.number, found.arrived_on, LEAST(found.earliest_on, found.arrived_on), found.started_at
FROM (
    SELECT c.case_id, s.number, s.started_at,
        COALESCE(
            t.arrived_on, y.admitted_on,
            CASE WHEN s.number = c.arrivals[cardinality(c.arrivals)] THEN c.present_since_on END,
            (s.started_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) AS arrived_on,
        COALESCE(t.departed_on, (c.opened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) AS earliest_on
    FROM custody c
    JOIN custody_segment s ON s.case_id = c.case_id AND s.number = ANY(c.arrivals)
    LEFT JOIN transfer t ON t.case_id = c.case_id AND t.state = 'ACKNOWLEDGED' AND t.acknowledged_at = s.started_at
    LEFT JOIN stay y ON y.case_id = c.case_id AND y.segment = s.number
) found;

CREATE TABLE arrival_correction (
    case_id uuid NOT NULL,
    number integer NOT NULL CONSTRAINT arrival_correction_from_1 CHECK (number >= 1),
    segment integer NOT NULL,
    before_on date NOT NULL,
    arrived_on date NOT NULL,
    reason text NOT NULL CONSTRAINT arrival_correction_reason CHECK (reason IN (
        'MISTYPED', 'DAY_OF_RECORDING', 'WRONG_NEWS', 'OTHER')),
    office_id text NOT NULL,
    corrected_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, number),
    FOREIGN KEY (case_id, segment) REFERENCES arrival (case_id, segment)
);
