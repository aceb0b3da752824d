"""How a request stands, and who may decide it: as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.roles import Approver, Caller, Role
from services.handover.domain.approvals import (
    Approval,
    ApprovalState,
    Decision,
    Given,
    Matter,
    Refusal,
    approves_as,
    require_as_asked,
    require_second,
    require_waiting,
)
from services.handover.domain.errors import (
    ApprovalExpired,
    ApprovalGiven,
    ApprovalNotYours,
    ApprovalRefused,
    ApprovalWithdrawn,
    ApprovedAlready,
    ApprovedByYou,
    ChangedSinceAsked,
    SamePerson,
)

ASKED_AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
EXPIRES_AT = ASKED_AT + timedelta(days=7)
ASKER = Caller("somebody", "ADMIN-NATIONAL", Role.ADMIN)
MATTER = Matter("ChangeRule", "TRANSFER_LOST", basis="1")
WAITING = Approval(
    id=UUID(int=1),
    request_id=UUID(int=2),
    matter=MATTER,
    request=b"",
    digest=b"",
    asked_by=ASKER,
    peer="",
    correlation_id="",
    asked_at=ASKED_AT,
    expires_on=date(2026, 3, 8),
    expires_at=EXPIRES_AT,
)


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (ApprovalState.APPROVED, ApprovalGiven),
        (ApprovalState.REFUSED, ApprovalRefused),
        (ApprovalState.WITHDRAWN, ApprovalWithdrawn),
        (ApprovalState.EXPIRED, ApprovalExpired),
    ],
)
def test_what_is_decided_waits_no_more(state: ApprovalState, refusal: type[HomewardError]) -> None:
    decided = replace(WAITING, decision=Decision(state, ASKED_AT, refusal=Refusal.WRONG))
    assert decided.state_at(EXPIRES_AT) is state
    with pytest.raises(refusal):
        require_waiting(decided, ASKED_AT)


def test_what_nobody_decided_in_time_has_expired_before_anybody_notes_it() -> None:
    require_waiting(WAITING, EXPIRES_AT - timedelta(microseconds=1))
    assert WAITING.state_at(EXPIRES_AT) is ApprovalState.EXPIRED
    with pytest.raises(ApprovalExpired):
        require_waiting(WAITING, EXPIRES_AT)


def test_nobody_is_the_second_person_to_oneself_with_whatever_token() -> None:
    for office_id, role in (("ADMIN-NATIONAL", Role.ADMIN), ("SV-NATIONAL", Role.SUPERVISOR)):
        with pytest.raises(SamePerson):
            require_second(WAITING, Caller("somebody", office_id, role), may_approve=True)
    other = Caller("somebody else", "ADMIN-NATIONAL", Role.ADMIN)
    require_second(WAITING, other, may_approve=True)
    with pytest.raises(ApprovalNotYours):
        require_second(WAITING, other, may_approve=False)


NATIONAL = Caller("a supervisor", "SV-NATIONAL", Role.SUPERVISOR, "national")
BOTH = frozenset({Approver.ADMIN, Approver.NATIONAL_SUPERVISOR})
ADMINS, SUPERVISORS = frozenset({Approver.ADMIN}), frozenset({Approver.NATIONAL_SUPERVISOR})
PARTLY = replace(WAITING, given=(Given(Approver.ADMIN, replace(ASKER, subject="second"), ASKED_AT),))


def test_it_awaits_each_approver_until_somebody_approved_as_that() -> None:
    assert WAITING.awaited(BOTH) == BOTH
    assert PARTLY.awaited(BOTH) == SUPERVISORS
    both = replace(PARTLY, given=(*PARTLY.given, Given(Approver.NATIONAL_SUPERVISOR, NATIONAL, ASKED_AT)))
    assert both.awaited(BOTH) == frozenset()
    assert PARTLY.state_at(ASKED_AT) is ApprovalState.WAITING
    assert PARTLY.state_at(EXPIRES_AT) is ApprovalState.EXPIRED


@pytest.mark.parametrize("kinds", [ADMINS, SUPERVISORS])
def test_the_first_approves_as_what_she_is(kinds: frozenset[Approver]) -> None:
    assert {approves_as(WAITING, NATIONAL, kinds, BOTH, "")} == kinds


def test_then_another_one_approves_as_what_is_missing() -> None:
    assert approves_as(PARTLY, NATIONAL, SUPERVISORS, BOTH, "") is Approver.NATIONAL_SUPERVISOR
    # Whoever could be either is what is still awaited.
    assert approves_as(PARTLY, NATIONAL, BOTH, BOTH, "") is Approver.NATIONAL_SUPERVISOR


@pytest.mark.parametrize("again", ["second", "Second", " second", "ｓｅｃｏｎｄ"])
def test_nobody_approves_twice_however_the_account_is_spelt(again: str) -> None:
    with pytest.raises(ApprovedByYou) as refused:
        approves_as(PARTLY, replace(NATIONAL, subject=again), SUPERVISORS, BOTH, "SV-NATIONAL")
    assert dict(refused.value.details) == {"awaited": "NATIONAL_SUPERVISOR", "offices": "SV-NATIONAL"}


def test_of_one_kind_one_approves() -> None:
    with pytest.raises(ApprovedAlready) as refused:
        approves_as(PARTLY, replace(ASKER, subject="third"), ADMINS, BOTH, "SV-NATIONAL")
    assert dict(refused.value.details) == {"awaited": "NATIONAL_SUPERVISOR", "offices": "SV-NATIONAL"}


@pytest.mark.parametrize(
    "now",
    [
        replace(MATTER, basis="2"),
        replace(MATTER, object="TRANSFER_ACKNOWLEDGE"),
        replace(MATTER, office_id="SA-22"),
        replace(MATTER, case_id=UUID(int=9)),
    ],
)
def test_what_changed_since_is_not_what_was_asked_for(now: Matter) -> None:
    require_as_asked(WAITING, MATTER)
    with pytest.raises(ChangedSinceAsked):
        require_as_asked(WAITING, now)
