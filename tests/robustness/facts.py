"""What must be equal after a run with faults and one without."""

from __future__ import annotations

from typing import Any

from tests.support.whole import Whole


def facts(whole: Whole, cases: list[str]) -> dict[str, Any]:
    """What the four databases hold of these cases, without random ids and instants."""
    statements = {
        "intake": """
            SELECT row_number, phase, accountable_office_id, addressee_office_id, segment, followups_segment > 0,
                   identification, decisions, withdrawal, version
            FROM intake_case WHERE id = ANY(CAST(%s AS uuid[]))
        """,
        "handover": """
            SELECT array_position(CAST(%s AS uuid[]), c.case_id), c.phase, c.accountable_office_id, c.followup_watches,
                   c.version, c.watch_rule, c.watch_due_on,
                   (SELECT array_agg(s.number || s.office_id || s.cause ORDER BY s.number) FROM custody_segment s
                    WHERE s.case_id = c.case_id),
                   (SELECT array_agg(t.to_office_id || t.state || t.version ORDER BY t.number) FROM transfer t
                    WHERE t.case_id = c.case_id),
                   (SELECT array_agg(o.rule || o.state || o.due_on ORDER BY o.id) FROM obligation o
                    WHERE o.case_id = c.case_id)
            FROM custody c WHERE c.case_id = ANY(CAST(%s AS uuid[]))
        """,
        "followup": """
            SELECT array_position(CAST(%s AS uuid[]), c.case_id), c.phase, c.office_id, c.segment, c.arrived_on,
                   (SELECT array_agg(f.kind || f.office_id || f.due_on || f.state ORDER BY f.kind) FROM follow_up f
                    WHERE f.case_id = c.case_id),
                   (SELECT array_agg(o.rule || o.state || o.due_on ORDER BY o.rule, o.state, o.due_on) FROM obligation o
                    WHERE o.case_id = c.case_id)
            FROM followup_case c WHERE c.case_id = ANY(CAST(%s AS uuid[]))
        """,
        "notify": """
            SELECT array_position(CAST(%s AS uuid[]), c.case_id), c.phase, c.accountable_id, c.registering_id,
                   c.receiver_id, c.search_level,
                   (SELECT array_agg(m.office_id || ' ' || m.kind || ' ' || m.params::text
                                     ORDER BY m.office_id, m.kind, m.params::text) FROM message m
                    WHERE m.case_id = c.case_id),
                   (SELECT count(*) FROM notify_waiting w WHERE w.case_id = c.case_id)
            FROM notify_case c WHERE c.case_id = ANY(CAST(%s AS uuid[]))
        """,
    }
    found = {}
    for service, sql in statements.items():
        rows = whole.rows(service, sql, *[cases] * sql.count("%s"))
        found[service] = sorted([tuple(str(value) for value in row) for row in rows])
        assert len(rows) == len(cases) or service == "followup", service
    return found
