-- Who said an event is shown by a signature. What was said before is signed by the migration that runs this file, so
-- that no row without one is left, and none can be added behind the service's back.
ALTER TABLE outbox ADD COLUMN signature bytea NOT NULL DEFAULT '', ADD COLUMN kid text NOT NULL DEFAULT '';
ALTER TABLE outbox ALTER COLUMN signature DROP DEFAULT, ALTER COLUMN kid DROP DEFAULT;
