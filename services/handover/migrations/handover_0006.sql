-- That somebody who is searched for is with an office, as somebody else says; that office itself answers.
CREATE TABLE found_claim (
    search_id uuid NOT NULL REFERENCES search,
    number integer NOT NULL CONSTRAINT found_claim_number CHECK (number BETWEEN 1 AND 100),
    office_id text NOT NULL,
    since_on date NOT NULL,
    claimed_by_office_id text NOT NULL,
    claimed_by_subject text NOT NULL,
    claimed_at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT found_claim_state CHECK (state IN (
        'STANDING', 'CONFIRMED', 'DENIED', 'WITHDRAWN', 'REPLACED', 'OVERTAKEN')),
    settled_by_office_id text NOT NULL,
    settled_at timestamptz,
    PRIMARY KEY (search_id, number),
    CONSTRAINT found_claim_settled CHECK ((state = 'STANDING') = (settled_at IS NULL))
);
CREATE UNIQUE INDEX found_claim_one_stands ON found_claim (search_id) WHERE state = 'STANDING';
CREATE INDEX found_claim_to_answer ON found_claim (office_id) WHERE state = 'STANDING';
