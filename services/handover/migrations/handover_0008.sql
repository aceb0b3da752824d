-- A search ends, too, when what opened it is taken back.
ALTER TABLE search DROP CONSTRAINT search_resolution;
ALTER TABLE search ADD CONSTRAINT search_resolution CHECK (resolution IN (
    'FOUND', 'REDIRECTED', 'RETURNED_TO_SENDER', 'CLOSED', 'RE_IDENTIFIED', 'MISTAKEN'));
