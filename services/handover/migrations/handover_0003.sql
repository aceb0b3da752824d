-- That the record of a person was corrected, and when: names of fields, never their contents.
CREATE TABLE correction (
    case_id uuid NOT NULL REFERENCES custody,
    number integer NOT NULL CONSTRAINT correction_from_1 CHECK (number >= 1),
    corrected_at timestamptz NOT NULL,
    fields text[] NOT NULL CONSTRAINT correction_fields CHECK (cardinality(fields) <= 40),
    PRIMARY KEY (case_id, number)
);
