-- Handover closes cases, for more reasons than there were here.
ALTER TABLE followup_case DROP CONSTRAINT followup_case_close_reason;
ALTER TABLE followup_case ADD CONSTRAINT followup_case_close_reason CHECK (close_reason IN (
    'PERIOD_ENDED', 'ASKED_TO_STOP', 'LEFT_AREA', 'DIED', 'ABROAD_AGAIN', 'SECURITY', 'NOT_IDENTIFIED',
    'LEFT_ON_HER_OWN', 'REFUSED', 'REGISTERED_TWICE'));
