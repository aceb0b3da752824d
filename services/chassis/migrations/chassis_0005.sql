-- Sign-ins that were ended before their time; part of the overlay, whose edition says that something changed.
CREATE TABLE session_revocation (
    id uuid PRIMARY KEY,
    whose text NOT NULL CONSTRAINT session_revocation_whose CHECK (whose IN ('SUBJECT', 'OFFICE', 'TOKEN')),
    named text NOT NULL,
    not_before timestamptz NOT NULL,
    reason text NOT NULL
);
CREATE INDEX session_revocation_recent ON session_revocation (not_before);
