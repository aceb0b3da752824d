-- The handovers of a post by day, and the cases of one.
CREATE INDEX handover_of_office ON handover (office_id, handover_time DESC, id DESC);
CREATE INDEX intake_case_handover ON intake_case (handover_id);
