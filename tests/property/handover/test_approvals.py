"""Whoever tries to approve, in whatever order: it is complete when each approver was another person, and not before."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.roles import Approver, Caller, Role, account_of
from services.handover.domain.approvals import Approval, Given, Matter, approves_as, require_second

ASKED_AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
ASKED = Approval(
    id=UUID(int=1),
    request_id=UUID(int=2),
    matter=Matter("ChangeRule", "TRANSFER_LOST", basis="1"),
    request=b"",
    digest=b"",
    asked_by=Caller("an", "ADMIN-NATIONAL", Role.ADMIN),
    peer="",
    correlation_id="",
    asked_at=ASKED_AT,
    expires_on=date(2026, 3, 8),
    expires_at=ASKED_AT + timedelta(days=7),
)
SPELT = ("an", "An ", "ba", "BA", " ba", "cu", "Cu")
APPROVERS = st.frozensets(st.sampled_from(list(Approver)))
NEEDED = st.frozensets(st.sampled_from(list(Approver)), min_size=1)
TRIES = st.lists(st.tuples(st.sampled_from(SPELT), APPROVERS), max_size=12)


@given(NEEDED, TRIES)
def test_it_is_complete_when_each_approver_was_another_person(
    needed: frozenset[Approver], tries: list[tuple[str, frozenset[Approver]]]
) -> None:
    approval = ASKED
    for subject, tokens in tries:
        caller, kinds = Caller(subject, "SV-NATIONAL", Role.SUPERVISOR), tokens & needed
        if not approval.awaited(needed):
            break
        before = approval
        with suppress(HomewardError):
            require_second(approval, caller, may_approve=bool(kinds))
            approver = approves_as(approval, caller, kinds, needed, "")
            assert approver in tokens
            approval = replace(approval, given=(*approval.given, Given(approver, caller, ASKED_AT)))
        people = {account_of(one.by.subject) for one in approval.given}
        assert len(people) == len(approval.given) <= len(before.given) + 1
        assert "an" not in people, "whoever asked"
        assert len(approval.awaited(needed)) == len(needed) - len(people), "each approves as another approver"
    if not approval.awaited(needed):
        assert {one.approver for one in approval.given} == needed
