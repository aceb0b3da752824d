-- Of whom nobody has decided, though she was asked: a few among all that was told.
CREATE INDEX home_verdict_undecided ON home_verdict (office_id) WHERE verdict = 'WARNING_SIGNS';
