"""Whoever asks to see somebody is judged by where she is now, not by what has arrived here so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.chassis.kernel.errors import CaseNotFound
from services.chassis.kernel.roles import Role
from services.intake.domain.access import Access, Detail, IdentityView, Viewer, access_of, require_registrar
from services.intake.domain.case import CustodyHasPassed, Phase
from services.intake.domain.standing import EntitlementUnknown, Standing, as_it_stands
from tests.unit.intake.examples import AGENCY, POST, case

WITH_POST = case()
AT_HOME = Standing(7, Phase.ARRIVED, AGENCY)
AWAITED = Standing(5, Phase.IN_TRANSIT, POST, UUID(int=9), AGENCY, accepted=True)


def viewer(role: Role, office_id: str) -> Viewer:
    return Viewer(role, office_id, frozenset({office_id}), closed_seen_since=date(2026, 2, 1))


@pytest.mark.parametrize("heard", [7, 8])
def test_what_was_heard_decides_as_long_as_nothing_more_was_said(heard: int) -> None:
    assert as_it_stands(WITH_POST, heard, AT_HOME) == WITH_POST


def test_a_case_that_handover_has_not_heard_of_is_with_whoever_registered_her() -> None:
    assert as_it_stands(WITH_POST, 0, Standing(0)) == WITH_POST


def test_the_former_custodian_sees_no_more_and_the_present_one_does() -> None:
    stands = as_it_stands(WITH_POST, 6, AT_HOME)
    assert access_of(stands, viewer(Role.BORDER_POST, POST)).identity is IdentityView.NONE
    assert access_of(stands, viewer(Role.SUPPORT_AGENCY, AGENCY)) == Access(Detail.CASE, IdentityView.FULL)


def test_the_former_custodian_rewrites_nobody() -> None:
    stands = as_it_stands(WITH_POST, 6, AT_HOME)
    with pytest.raises(CustodyHasPassed):
        require_registrar(stands, viewer(Role.BORDER_POST, POST))


def test_a_preview_is_for_whoever_accepted_while_she_is_on_the_way() -> None:
    agency = viewer(Role.SUPPORT_AGENCY, AGENCY)
    assert access_of(as_it_stands(WITH_POST, 4, AWAITED), agency).identity is IdentityView.PREVIEW
    assert access_of(as_it_stands(WITH_POST, 4, replace(AWAITED, accepted=False)), agency).identity is IdentityView.NONE
    # What arrived here last is that she was dispatched and accepted; she was rejected since.
    before = as_it_stands(WITH_POST, 4, AWAITED)
    rejected = as_it_stands(before, 5, Standing(6, Phase.REJECTED, POST))
    with pytest.raises(CaseNotFound):
        require_registrar(rejected, agency)
    assert access_of(rejected, agency).detail is Detail.NOTHING


def test_a_claim_that_is_settled_shows_nobody_any_more() -> None:
    claimed = as_it_stands(WITH_POST, 0, Standing(3, Phase.SEARCH, POST, claimed_office_id=AGENCY))
    agency = viewer(Role.SUPPORT_AGENCY, AGENCY)
    assert access_of(claimed, agency).identity is IdentityView.PREVIEW
    settled = as_it_stands(claimed, 3, Standing(4, Phase.SEARCH, POST))
    assert access_of(settled, agency).identity is IdentityView.NONE


def test_the_last_office_sees_no_more_of_a_case_whose_closing_has_not_arrived() -> None:
    agency = viewer(Role.SUPPORT_AGENCY, AGENCY)
    closed = as_it_stands(WITH_POST, 7, Standing(8, Phase.CLOSED, AGENCY))
    assert access_of(closed, agency).identity is IdentityView.NONE
    reopened = as_it_stands(closed, 8, Standing(9, Phase.FOLLOW_UP, AGENCY))
    assert access_of(reopened, agency).identity is IdentityView.FULL


def test_a_phase_of_a_newer_program_entitles_nobody() -> None:
    with pytest.raises(EntitlementUnknown):
        as_it_stands(WITH_POST, 1, Standing(2, None, AGENCY))
