-- Who changed offices, rules and calendar, and what that moved. Nothing in it is ever changed.
CREATE TABLE administration (
    id uuid PRIMARY KEY,
    done_at timestamptz NOT NULL,
    office_id text NOT NULL,
    subject text NOT NULL,
    method text NOT NULL CONSTRAINT administration_method CHECK (method IN (
        'EndOffice', 'OpenOffice', 'ChangeRule', 'ChangeCalendar')),
    object text NOT NULL,
    details jsonb NOT NULL
);
CREATE INDEX administration_object ON administration (object, done_at);

CREATE FUNCTION administration_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER administration_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON administration
    FOR EACH STATEMENT EXECUTE FUNCTION administration_refuses_change();
