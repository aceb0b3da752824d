-- Before a follow-up is due that is said. Of what is watched already its day alone is said.
ALTER TABLE follow_up DROP CONSTRAINT follow_up_stage;
ALTER TABLE follow_up ADD CONSTRAINT follow_up_stage
    CHECK (stage IN ('SCHEDULED', 'ANNOUNCED', 'DUE', 'OVERDUE'));
