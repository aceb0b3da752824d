"""Whatever one office calls, in whatever order: nobody becomes accountable who did not say that she is there."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from homeward.handover.v1 import (
    claims_pb2,
    custody_pb2,
    returns_pb2,
    searches_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from tests.integration.handover.world import CENTRE, HANOI, OTHER_POST, POST, QUANG_NINH, Case, World, new_id

CALLS = 160
TARGETS = (QUANG_NINH, HANOI, CENTRE, "SA-15", OTHER_POST, POST)
TAKING = {"AcknowledgeTransfer", "ConfirmFound", "AdmitPerson", "RecordHome"}
"""By these an office says that it has her."""
DAYS = (0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 12)
"""Days that pass after a call. On most of them deadlines fire, which costs more than all calls of a story."""


def _calls(world: World, chance: random.Random, cases: list[Case]) -> dict[str, Callable[[], Any]]:
    """A request for each verb, with whatever may stand in it."""
    target, day, other = chance.choice(TARGETS), world.day(chance.randint(-3, 3)), chance.choice(cases)

    def resolution() -> searches_pb2.ResolveSearchRequest:
        how = chance.choice(("FOUND", "FOUND", "REDIRECTED", "RETURNED_TO_SENDER", "RE_IDENTIFIED", "CLOSED"))
        return searches_pb2.ResolveSearchRequest(
            resolution=types.SearchResolution.Value(f"SEARCH_RESOLUTION_{how}"),
            office_id=target if how in ("FOUND", "REDIRECTED") else "",
            on=day if how in ("FOUND", "REDIRECTED") else "",
            other_case=other.number if how == "RE_IDENTIFIED" else "",
            close_reason=types.CLOSE_REASON_LEFT_AREA if how == "CLOSED" else types.CLOSE_REASON_UNSPECIFIED,
        )

    return {
        "PlanTransfer": lambda: transfers_pb2.PlanTransferRequest(
            to_office_id=target, expected_departure_on=day, expected_arrival_on=world.day(3), supersede=True
        ),
        "DispatchTransfer": lambda: transfers_pb2.DispatchTransferRequest(
            to_office_id=target, expected_arrival_on=world.day(1)
        ),
        "RedirectTransfer": lambda: transfers_pb2.RedirectTransferRequest(
            to_office_id=target, expected_arrival_on=world.day(1)
        ),
        "RecallTransfer": transfers_pb2.RecallTransferRequest,
        "AcceptTransfer": transfers_pb2.AcceptTransferRequest,
        "AcknowledgeTransfer": transfers_pb2.AcknowledgeTransferRequest,
        "RejectTransfer": lambda: transfers_pb2.RejectTransferRequest(reason=types.REJECT_REASON_NOT_RESIDENT),
        "ReportNotArrived": transfers_pb2.ReportNotArrivedRequest,
        "RecordHome": custody_pb2.RecordHomeRequest,
        "AdmitPerson": lambda: stays_pb2.AdmitPersonRequest(cannot_be_asked=True),
        "TakeBackAnswer": lambda: transfers_pb2.TakeBackAnswerRequest(reason=types.TAKE_BACK_REASON_OTHER),
        "CorrectArrival": lambda: custody_pb2.CorrectArrivalRequest(
            arrived_on=world.day(0), reason=types.ARRIVAL_CORRECTION_REASON_OTHER
        ),
        "ReassignCase": lambda: custody_pb2.ReassignCaseRequest(
            office_id=target, reason=types.REASSIGN_REASON_OTHER, with_office_since=""
        ),
        "RecordSearchStep": lambda: searches_pb2.RecordSearchStepRequest(kind=types.SEARCH_STEP_KIND_POLICE_ASKED),
        "ResolveSearch": resolution,
        "ConfirmFound": claims_pb2.ConfirmFoundRequest,
        "DenyFound": claims_pb2.DenyFoundRequest,
        "WithdrawClaim": claims_pb2.WithdrawClaimRequest,
        "ConfirmReappearance": lambda: returns_pb2.ConfirmReappearanceRequest(later_case=other.number),
        "DenyReappearance": lambda: returns_pb2.DenyReappearanceRequest(later_case=other.number),
        "UndoReappearance": lambda: returns_pb2.UndoReappearanceRequest(later_case=other.number),
    }


async def _accountable(world: World) -> dict[str, list[str]]:
    rows = await world.rows(
        "SELECT c.case_number, array_agg(s.office_id ORDER BY s.number) AS offices FROM custody c"
        " JOIN custody_segment s USING (case_id) GROUP BY c.case_number"
    )
    return {row.case_number: row.offices for row in rows}


@pytest.mark.attack(27, "any sequence of calls by one office makes another one accountable")
@pytest.mark.parametrize("adversary", [POST, QUANG_NINH, HANOI, CENTRE])
@pytest.mark.parametrize("seed", [1, 2])
async def test_no_sequence_of_calls_by_one_office_moves_anybody_to_another(
    world: World, adversary: str, seed: int
) -> None:
    chance = random.Random(f"{adversary}/{seed}")
    cases = [await world.registered(), await world.registered(HANOI)]
    registered_at = {cases[0].number: POST, cases[1].number: HANOI}
    taken: set[tuple[str, str]] = set(registered_at.items())
    for number in range(CALLS):
        if number % 20 == 10 and len(cases) < 8:
            # It registers whomever it likes, and names whichever case it likes.
            match = chance.choice(("LIKELY", "UNLIKELY", "UNKNOWN"))
            made_up = await world.again(chance.choice(cases), adversary, match)
            cases.append(made_up)
            taken.add((made_up.number, adversary))
        case = chance.choice(cases)
        name, make = chance.choice(list(_calls(world, chance, cases).items()))
        request = make()
        request.request_id, request.case = new_id(), case.number
        try:
            await getattr(world.at(adversary), name)(request)
            if name in TAKING:
                taken.add((case.number, adversary))
        except RpcFailure:
            pass
        if days := chance.choice(DAYS):
            world.clock.move_by(timedelta(days=days))
            await world.look()
        for case_number, offices in (await _accountable(world)).items():
            strangers = [each for each in offices if (case_number, each) not in taken and each != adversary]
            assert not strangers, f"{name} made {strangers} accountable"
            if offices[-1] == adversary != registered_at.get(case_number, adversary):
                assert (case_number, adversary) in taken, f"{name} gave it {case_number} without its word"
