-- Who waits for a second person is listed, also after the end of a case.
CREATE INDEX followup_case_safety_waiting ON followup_case (safety_needed_at, case_id) WHERE safety_number IS NOT NULL;
