-- The seal of a record is bound to its revision, so that an older one put back does not open. Those of before are sealed
-- anew by the service, which alone has the keys.
ALTER TABLE identity ADD COLUMN bound boolean NOT NULL DEFAULT false;
ALTER TABLE identity ALTER COLUMN bound DROP DEFAULT;
CREATE INDEX identity_unbound ON identity (case_id) WHERE NOT bound;

-- Records that are not the last of their history; they name no person.
CREATE VIEW audit_put_back AS
SELECT i.case_id
FROM identity i
WHERE i.revision <> 1 + (SELECT count(*) FROM identity_history h WHERE h.case_id = i.case_id)
   OR EXISTS (SELECT 1 FROM identity_history h WHERE h.case_id = i.case_id AND h.ciphertext = i.ciphertext);
GRANT SELECT ON audit_put_back TO homeward_audit;
