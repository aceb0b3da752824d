-- Who recorded that she left, or that she goes elsewhere; empty before that, and where nobody knows.
ALTER TABLE transfer ADD COLUMN dispatched_by_subject text NOT NULL DEFAULT '';
