-- What one person is to another stands sealed with the tie, and is told with the answer, never kept with it.
UPDATE request_log SET response = '' WHERE method ~ '(^|/)(Link|Unlink)Family$' AND response IS NOT NULL;
