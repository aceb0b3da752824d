-- When a case was closed: some time after it nobody sees who it was any more.
ALTER TABLE intake_case ADD COLUMN closed_on date;
UPDATE intake_case SET closed_on = (changed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date WHERE phase = 'CLOSED';
