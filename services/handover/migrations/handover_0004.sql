-- Who is sent to an office that ended without a successor goes back to the sender's duty.
ALTER TABLE transfer DROP CONSTRAINT transfer_reject_reason;
ALTER TABLE transfer ADD CONSTRAINT transfer_reject_reason CHECK (reject_reason IN (
    'WRONG_PROVINCE', 'NOT_RESIDENT', 'NOT_SAFE', 'PERSON_CHOSE_ELSEWHERE', 'OTHER', 'OFFICE_ENDED'));
