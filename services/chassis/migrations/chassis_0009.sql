-- Requests that were answered without that it was written who asked, since there are acts; and acts of nobody.
CREATE VIEW audit_unacted AS
SELECT r.office_id, r.request_id, r.method FROM request_log r
WHERE r.response IS NOT NULL AND r.created_at > (SELECT at FROM act ORDER BY id LIMIT 1)
    AND NOT EXISTS (SELECT 1 FROM act a WHERE a.office_id = r.office_id AND a.request_id = r.request_id)
UNION ALL
SELECT office_id, request_id, method FROM act WHERE subject = '';
GRANT SELECT ON audit_unacted TO homeward_audit;
