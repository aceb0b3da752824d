-- Who said an event is shown by a signature. What was said before is signed by the migration that runs this file, so
-- that no row without one is left, and none can be added behind the service's back.
ALTER TABLE outbox ADD COLUMN signature bytea NOT NULL DEFAULT '', ADD COLUMN kid text NOT NULL DEFAULT '';
ALTER TABLE outbox ALTER COLUMN signature DROP DEFAULT, ALTER COLUMN kid DROP DEFAULT;

-- Records that no service of ours signed as they came; they name no case. For the audit.
CREATE VIEW audit_refused AS
SELECT error AS reason, count(*) AS records, max(received_at) AS last_at
FROM inbox
WHERE state = 'QUARANTINED' AND subject IS NULL AND error <> 'PAYLOAD_NOT_DECODABLE'
GROUP BY error;
GRANT SELECT ON audit_refused TO homeward_audit;
