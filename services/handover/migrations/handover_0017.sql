-- Administrators end sign-ins, too.
ALTER TABLE administration DROP CONSTRAINT administration_method;
ALTER TABLE administration ADD CONSTRAINT administration_method CHECK (method IN (
    'EndOffice', 'OpenOffice', 'ChangeRule', 'ChangeCalendar', 'RevokeSessions'));
CREATE INDEX administration_method_at ON administration (method, done_at, id);
