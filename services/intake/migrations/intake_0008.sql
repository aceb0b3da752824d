-- A keyed digest of all that was registered but the name; absent where the birth date is not known to the day, since
-- then two people may well share the rest. People from before have none: they are found by their names.
ALTER TABLE registered_person
    ADD COLUMN nameless bytea,
    ADD CONSTRAINT registered_person_name CHECK (number >= 0);
CREATE INDEX registered_person_nameless ON registered_person (office_id, nameless) WHERE nameless IS NOT NULL;
