-- What the service said, with who signed it, for whoever proves that nothing was put in or altered since.
CREATE VIEW audit_said AS
SELECT id, event_id, type, subject, version, time, correlation_id, causation_id, payload, signature, kid FROM outbox;
GRANT SELECT ON audit_said TO homeward_audit;
