-- When the facility said that she was with it again, after she had left.
ALTER TABLE stay ADD COLUMN back_at timestamptz[] NOT NULL DEFAULT '{}';
-- Of those who came back before this was kept, the last change of the case is the nearest that is known.
UPDATE stay s SET back_at = ARRAY[c.changed_at] FROM custody c
WHERE c.case_id = s.case_id AND c.segment = s.segment AND c.phase = 'ADMITTED' AND NOT s.retracted
  AND EXISTS (SELECT 1 FROM transfer t WHERE t.case_id = c.case_id AND t.dispatched_in = c.segment
              AND t.state IN ('REJECTED', 'NOT_ARRIVED'));
