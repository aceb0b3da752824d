-- That a person came back before under another case: said by the office that registered her later, until it is decided.
CREATE TABLE reappearance (
    later_case_id uuid NOT NULL,
    number integer NOT NULL CONSTRAINT reappearance_number CHECK (number >= 1),
    -- Perhaps not known here yet: the news of the later registration may be faster.
    earlier_case_id uuid NOT NULL,
    match text NOT NULL CONSTRAINT reappearance_match CHECK (match IN ('LIKELY', 'UNLIKELY', 'UNKNOWN')),
    at_border boolean NOT NULL,
    claiming_office_id text NOT NULL,
    claimed_at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT reappearance_state CHECK (state IN (
        'CLAIMED', 'CONFIRMED', 'DENIED', 'WITHDRAWN')),
    announced boolean NOT NULL,
    search_id uuid,
    former_reason text,
    -- How the earlier case stood before anything was done because of it.
    stood jsonb,
    decided_by_office_id text NOT NULL,
    decided_by_subject text NOT NULL,
    decided_at timestamptz,
    PRIMARY KEY (later_case_id, number),
    CONSTRAINT reappearance_of_another CHECK (later_case_id <> earlier_case_id),
    CONSTRAINT reappearance_decided CHECK ((state = 'CLAIMED') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX reappearance_one_stands ON reappearance (later_case_id) WHERE state IN ('CLAIMED', 'CONFIRMED');
CREATE INDEX reappearance_of_earlier ON reappearance (earlier_case_id);
CREATE INDEX reappearance_to_decide ON reappearance (claimed_at, later_case_id) WHERE state = 'CLAIMED';

-- What was named before: those that went on as the later case are the same person, the others are still to be decided.
INSERT INTO reappearance
SELECT l.case_id, 1, l.earlier_case_id, 'UNKNOWN', l.registering_office_id LIKE 'BP-%', l.registering_office_id,
       l.opened_at, CASE WHEN r.id IS NULL THEN 'CLAIMED' ELSE 'CONFIRMED' END, true, s.id, NULL, NULL,
       CASE WHEN r.id IS NULL THEN '' ELSE r.office_id END, '', r.resolved_at
FROM custody l
LEFT JOIN LATERAL (SELECT * FROM search x WHERE x.case_id = l.earlier_case_id AND x.resolution = 'RE_IDENTIFIED'
                   AND x.other_case_id = l.case_id ORDER BY x.resolved_at DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT * FROM search x WHERE x.case_id = l.earlier_case_id AND x.resolved_at IS NULL
                   AND x.other_case_id = l.case_id AND x.reason IN ('REAPPEARED', 'ARRIVED_ELSEWHERE')) s ON true
WHERE l.earlier_case_id IS NOT NULL AND l.earlier_case_id <> l.case_id AND l.phase <> 'WITHDRAWN';

