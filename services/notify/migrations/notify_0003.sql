-- What an inbox asks for is a duty: one message stands for it, and it ends with its cause.
ALTER TABLE notify_case ADD COLUMN transfer_id text;

CREATE TABLE notify_end (
    event_id uuid NOT NULL,
    turn text NOT NULL,
    about text NOT NULL,
    office_id text NOT NULL,
    case_id uuid NOT NULL REFERENCES notify_case (case_id),
    at timestamptz NOT NULL,
    PRIMARY KEY (event_id, turn, about, office_id)
);
CREATE INDEX notify_end_case ON notify_end (case_id);

ALTER TABLE message
    ADD COLUMN duty text,
    ADD COLUMN about text NOT NULL DEFAULT '',
    ADD COLUMN since timestamptz,
    ADD COLUMN reminders integer NOT NULL DEFAULT 0,
    ADD COLUMN done_at timestamptz,
    ADD COLUMN done_by text;
UPDATE message SET since = posted_at;
ALTER TABLE message ALTER COLUMN since SET NOT NULL;
ALTER TABLE message ALTER COLUMN about DROP DEFAULT;
ALTER TABLE message ALTER COLUMN reminders DROP DEFAULT;

UPDATE message m SET duty = d.duty
FROM (VALUES
    ('IDENTIFICATION_TO_DECIDE', 'DECIDE_IDENTIFICATION'),
    ('TRANSFER_REJECTED', 'SEND_ON'),
    ('TRANSFER_NOT_ARRIVED', 'SEND_ON'),
    ('DEADLINE_PASSED', 'SEND_ON'),
    ('STAY_ENDING', 'END_STAY'),
    ('STAY_OVERDUE', 'END_STAY'),
    ('STAY_OVERDUE_SUPERVISOR', 'END_STAY'),
    ('TRANSFER_ANNOUNCED', 'RECEIVE'),
    ('TRANSFER_UNDER_WAY', 'ACKNOWLEDGE'),
    ('ACKNOWLEDGEMENT_OVERDUE', 'ACKNOWLEDGE'),
    ('SEARCH_ASKED', 'ACKNOWLEDGE'),
    ('ACKNOWLEDGEMENT_RETRACTED', 'CHASE_ANSWER'),
    ('ACKNOWLEDGEMENT_MISSING', 'CHASE_ANSWER'),
    ('SEARCH_OPENED', 'SEARCH'),
    ('SEARCH_OPENED_SUPERVISOR', 'SEARCH'),
    ('SEARCH_STILL_OPEN', 'SEARCH'),
    ('SEARCH_ESCALATED', 'SEARCH'),
    ('FOLLOW_UPS_UNCONFIRMED', 'CHECK_FOLLOW_UPS'),
    ('FIRST_CONTACT_OVERDUE', 'CONTACT_FIRST'),
    ('FOLLOW_UP_DUE', 'FOLLOW_UP'),
    ('FOLLOW_UP_OVERDUE', 'FOLLOW_UP'),
    ('FOLLOW_UP_STILL_OVERDUE', 'FOLLOW_UP'),
    ('FOLLOW_UP_ESCALATED', 'FOLLOW_UP'),
    ('CONTACT_LOST', 'FOLLOW_UP'),
    ('CONTACT_LOST_SUPERVISOR', 'FOLLOW_UP'),
    ('CLOSING_OVERDUE', 'DECIDE_CLOSING'),
    ('CLOSING_ESCALATED', 'DECIDE_CLOSING')
) AS d (kind, duty)
WHERE m.kind = d.kind AND m.action_required;

-- Of each duty the last message stays, and knows since when it was asked and how often.
CREATE TEMPORARY TABLE standing ON COMMIT DROP AS
SELECT (array_agg(id ORDER BY posted_at DESC, id DESC))[1] AS id, case_id, duty, office_id,
       min(posted_at) AS since, count(*) - 1 AS reminders
FROM message WHERE duty IS NOT NULL GROUP BY case_id, duty, office_id;
DELETE FROM message m WHERE m.duty IS NOT NULL AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.id = m.id);
UPDATE message m SET since = s.since, reminders = s.reminders FROM standing s WHERE s.id = m.id;

-- What is over, as far as the messages of a case and what is known of it tell.
UPDATE message m SET done_at = c.changed_at, done_by = 'CASE_ENDED'
FROM notify_case c WHERE c.case_id = m.case_id AND m.duty IS NOT NULL AND c.phase IN ('CLOSED', 'WITHDRAWN');
UPDATE message m SET done_at = d.decided_at, done_by = 'DECIDED'
FROM (SELECT case_id, max(decided_at) AS decided_at FROM notify_decision GROUP BY case_id) d
WHERE d.case_id = m.case_id AND m.duty = 'DECIDE_IDENTIFICATION' AND m.done_at IS NULL;
UPDATE message m SET done_at = c.changed_at, done_by = 'SEARCH_ENDED'
FROM notify_case c
WHERE c.case_id = m.case_id AND m.duty = 'SEARCH' AND m.done_at IS NULL AND c.search_office_id IS NULL;
UPDATE message m SET done_at = c.changed_at, done_by = 'SUPERSEDED'
FROM notify_case c
WHERE c.case_id = m.case_id AND m.done_at IS NULL
  AND (m.duty IN ('RECEIVE', 'ACKNOWLEDGE') AND c.receiver_id IS DISTINCT FROM m.office_id
       OR m.duty = 'CHASE_ANSWER' AND c.receiver_id IS NULL);
UPDATE message m SET done_at = s.sent_at, done_by = 'SENT_ON'
FROM (SELECT case_id, max(posted_at) AS sent_at FROM message
      WHERE kind IN ('TRANSFER_DISPATCHED', 'TRANSFER_UNDER_WAY') GROUP BY case_id) s
WHERE s.case_id = m.case_id AND m.done_at IS NULL AND s.sent_at >= m.posted_at
  AND m.duty IN ('SEND_ON', 'END_STAY', 'RECEIVE');
UPDATE message m SET done_at = c.changed_at, done_by = 'SETTLED'
FROM notify_case c
WHERE c.case_id = m.case_id AND m.done_at IS NULL
  AND (m.duty = 'SEND_ON' AND c.phase IN ('ARRIVED', 'FOLLOW_UP', 'ADMITTED')
       OR m.duty = 'END_STAY' AND c.phase IN ('ARRIVED', 'FOLLOW_UP'));
UPDATE message m SET done_at = c.changed_at, done_by = 'SEARCHED_FOR'
FROM notify_case c
WHERE c.case_id = m.case_id AND m.done_at IS NULL AND m.duty IN ('SEND_ON', 'END_STAY', 'CHASE_ANSWER')
  AND c.search_office_id IS NOT NULL;
UPDATE message m SET done_at = c.changed_at, done_by = 'VISITED'
FROM notify_case c
WHERE c.case_id = m.case_id AND m.done_at IS NULL AND cardinality(c.overdue_follow_ups) = 0
  AND m.kind IN ('FOLLOW_UP_OVERDUE', 'FOLLOW_UP_STILL_OVERDUE', 'FOLLOW_UP_ESCALATED');

ALTER TABLE message DROP COLUMN action_required;
DROP INDEX message_unread;
CREATE INDEX message_unread ON message (office_id, posted_at DESC, id DESC)
    WHERE read_at IS NULL AND done_at IS NULL;
CREATE INDEX message_to_do ON message (office_id, posted_at DESC, id DESC)
    WHERE duty IS NOT NULL AND done_at IS NULL;
