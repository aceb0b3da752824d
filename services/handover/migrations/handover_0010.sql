-- How cases ended and were opened again. A segment of custody ends by it, so each segment has at most one end.
CREATE TABLE closing (
    case_id uuid NOT NULL REFERENCES custody,
    segment integer NOT NULL,
    cause text NOT NULL CONSTRAINT closing_cause CHECK (cause IN ('CLOSED', 'WITHDRAWN', 'RE_IDENTIFIED')),
    closed_at timestamptz NOT NULL,
    -- Who did it; empty where that was not kept.
    office_id text NOT NULL,
    reason text CONSTRAINT closing_reason CHECK (reason IN (
        'PERIOD_ENDED', 'ASKED_TO_STOP', 'LEFT_AREA', 'DIED', 'ABROAD_AGAIN', 'SECURITY', 'NOT_IDENTIFIED',
        'LEFT_ON_HER_OWN', 'REFUSED', 'REGISTERED_TWICE')),
    withdraw_reason text CONSTRAINT closing_withdraw_reason CHECK (withdraw_reason IN (
        'REGISTERED_TWICE', 'REGISTERED_BY_MISTAKE')),
    closed_on date,
    phase_before text,
    transfer_id uuid REFERENCES transfer,
    addressed_id text NOT NULL,
    lost_reason text,
    other_case_id uuid,
    reopened_at timestamptz,
    reopened_by text NOT NULL,
    reopen_reason text CONSTRAINT closing_reopen_reason CHECK (reopen_reason IN (
        'MISTAKE', 'NOT_TRUE', 'CAME_BACK', 'ASKS_AGAIN', 'NOT_SAME_PERSON')),
    PRIMARY KEY (case_id, segment),
    FOREIGN KEY (case_id, segment) REFERENCES custody_segment (case_id, number),
    CONSTRAINT closing_reopened CHECK ((reopened_at IS NULL) = (reopened_by = ''))
);
-- From the case that goes on to those that went on as it.
CREATE INDEX closing_other_case ON closing (other_case_id) WHERE other_case_id IS NOT NULL;

-- What verifiers decided of whom; a decision may come to be known before the registration.
CREATE TABLE decision (
    case_id uuid NOT NULL,
    revision integer NOT NULL,
    status text NOT NULL CONSTRAINT decision_status CHECK (status IN (
        'IN_PROCESS', 'IDENTIFIED', 'NOT_IDENTIFIED', 'DECLINED')),
    office_id text NOT NULL,
    decided_on date,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, revision)
);

ALTER TABLE custody ADD COLUMN period_ended boolean NOT NULL DEFAULT false;
ALTER TABLE search
    ADD COLUMN left_for text CONSTRAINT search_left_for CHECK (left_for IN ('PROVINCE', 'ABROAD', 'UNKNOWN')),
    ADD COLUMN left_province text,
    ADD COLUMN left_on date,
    ADD COLUMN asked_office_id text NOT NULL DEFAULT '',
    ADD CONSTRAINT search_left CHECK (
        (left_for IS NULL) = (left_on IS NULL) AND (left_province IS NOT NULL) = (left_for IS NOT DISTINCT FROM 'PROVINCE')
    ),
    DROP CONSTRAINT search_close_reason,
    ADD CONSTRAINT search_close_reason CHECK (close_reason IN (
        'PERIOD_ENDED', 'ASKED_TO_STOP', 'LEFT_AREA', 'DIED', 'ABROAD_AGAIN', 'SECURITY', 'NOT_IDENTIFIED',
        'LEFT_ON_HER_OWN', 'REFUSED', 'REGISTERED_TWICE'));

-- The ends that there were: a segment that ended while nobody followed, or that a re-opening followed. What ended with a
-- case ended in the same instant.
INSERT INTO closing (
    case_id, segment, cause, closed_at, office_id, reason, transfer_id, addressed_id, lost_reason, other_case_id,
    reopened_at, reopened_by)
SELECT s.case_id, s.number,
    CASE WHEN f.number IS NULL AND c.phase = 'WITHDRAWN' THEN 'WITHDRAWN'
         WHEN q.resolution = 'RE_IDENTIFIED' THEN 'RE_IDENTIFIED' ELSE 'CLOSED' END,
    s.ended_at, '', q.close_reason, t.id, coalesce(t.to_office_id, ''), q.reason, q.other_case_id,
    f.started_at, coalesce(f.office_id, '')
FROM custody c
JOIN custody_segment s ON s.case_id = c.case_id AND s.ended_at IS NOT NULL
LEFT JOIN custody_segment f ON f.case_id = s.case_id AND f.number = s.number + 1
LEFT JOIN transfer t ON t.case_id = s.case_id AND t.ended_at = s.ended_at AND t.state IN ('RECALLED', 'SUPERSEDED')
LEFT JOIN search q ON q.case_id = s.case_id AND q.resolved_at = s.ended_at AND q.resolution IN ('CLOSED', 'RE_IDENTIFIED')
WHERE f.cause = 'REOPENED' OR (f.number IS NULL AND c.phase IN ('CLOSED', 'WITHDRAWN'));
