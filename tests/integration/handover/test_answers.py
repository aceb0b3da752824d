"""What an addressed office says of a transfer, and where else a person may be sent, over a real server."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from homeward.events.v1 import notification_pb2
from homeward.handover.v1 import transfers_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from tests.integration.handover.world import (
    CENTRE,
    HANOI,
    OTHER_POST,
    POST,
    QUANG_NINH,
    Case,
    World,
    names,
    new_id,
    refused,
    violated,
)
from tests.support.events import outbox_events

AGREED = api.TravelPlan(
    escort=types.ESCORT_OFFICER,
    means=types.TRAVEL_MEANS_BUS,
    consent=types.TRANSFER_CONSENT_GIVEN,
    documents=[types.TRANSFER_DOCUMENT_MEDICAL_FILE, types.TRANSFER_DOCUMENT_DECLARATION],
)


async def _message_of(world: World, case: Case, event: str, office_id: str = QUANG_NINH) -> str:
    """Notify put a message into an inbox because of an event of this service; its id."""
    said = [each for each in await outbox_events(world.chassis) if each.message.DESCRIPTOR.name == event]
    message_id = new_id()
    await world.told(
        case,
        notification_pb2.MessagePosted(
            case_id=str(case.id),
            message_id=message_id,
            office_id=office_id,
            kind="INVENTED",
            cause_event_id=str(said[-1].event_id),
        ),
    )
    return message_id


async def _read(world: World, case: Case, message_id: str, office_id: str = QUANG_NINH) -> api.Transfer:
    """The office read it. The transfer as its sender sees it then."""
    seen = notification_pb2.MessageSeen(case_id=str(case.id), message_id=message_id, office_id=office_id)
    seen.see_time.FromDatetime(world.clock.now())
    await world.told(case, seen)
    return (await world.custody(case, by=POST)).transfers[-1]


# Seen and accepted ----------------------------------------------------------------------------


async def test_seen_when_the_addressed_office_read_of_it(world: World) -> None:
    case = await world.registered()
    sent = await world.dispatch(case)
    message_id = await _message_of(world, case, "TransferDispatched")
    world.clock.move_by(timedelta(hours=2))
    seen = await _read(world, case, message_id)
    assert seen.see_time.ToDatetime() == world.clock.now().replace(tzinfo=None)
    assert not seen.HasField("accept_time")
    assert seen.etag == sent.etag, "whoever read it may answer what it read"


@pytest.mark.parametrize(
    ("event", "posted_to", "read_by"),
    [
        ("TransferDispatched", POST, POST),
        ("TransferDispatched", QUANG_NINH, HANOI),
        ("CustodyChanged", QUANG_NINH, QUANG_NINH),
    ],
)
async def test_what_else_is_read_says_nothing_about_the_transfer(
    world: World, event: str, posted_to: str, read_by: str
) -> None:
    case = await world.registered()
    await world.dispatch(case)
    message_id = await _message_of(world, case, event, posted_to)
    assert not (await _read(world, case, message_id, read_by)).HasField("see_time")
    assert not (await _read(world, case, str(uuid.uuid4()))).HasField("see_time")


async def test_a_message_of_a_former_transfer_says_nothing_about_this_one(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    message_id = await _message_of(world, case, "TransferDispatched")
    await world.recall(case)
    await world.dispatch(case)
    assert not (await _read(world, case, message_id)).HasField("see_time")


async def test_accepted_twice_is_accepted_once(world: World) -> None:
    case = await world.registered()
    planned = await world.plan(case)
    await world.heard()
    accepted = await world.accept(case, etag=planned.etag)
    assert accepted.HasField("accept_time")
    assert accepted.state == types.TRANSFER_STATE_PLANNED
    assert await world.accept(case) == accepted
    assert await world.names_heard() == ["TransferAccepted"]
    assert await refused(world.accept(case, etag=planned.etag)) == "ETAG_MISMATCH"
    sent = await world.dispatch(case, to="")
    assert sent.accept_time == accepted.accept_time, "it stays accepted when she leaves"


@pytest.mark.parametrize(
    ("office_id", "reason"), [(POST, "PERMISSION_DENIED"), (CENTRE, "CASE_NOT_FOUND"), (HANOI, "CASE_NOT_FOUND")]
)
async def test_only_the_addressed_office_accepts_and_misses(world: World, office_id: str, reason: str) -> None:
    case = await world.registered()
    await world.dispatch(case)
    assert await refused(world.accept(case, by=office_id)) == reason
    assert await refused(world.not_arrived(case, by=office_id)) == reason


async def test_not_arrived(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    assert await refused(world.not_arrived(case)) == "NOT_EXPECTED_YET"
    world.clock.move_by(timedelta(days=1))
    await world.heard()
    missed = await world.not_arrived(case)
    assert missed.state == types.TRANSFER_STATE_NOT_ARRIVED
    assert missed.HasField("end_time")
    (told,) = await world.heard()
    assert names([told]) == ["TransferNotArrived"]
    assert told.redispatch_due_on == world.day(2)
    assert await world.stands(case) == ("REJECTED", POST, "REDISPATCH_AFTER_REJECT")
    assert names(await world.after_days(3)) == ["TransferOverdue", "PersonLost"]


# Redirected and superseded --------------------------------------------------------------------


async def test_redirected_on_the_way(world: World) -> None:
    case = await world.registered()
    first = await world.dispatch(case)
    await world.heard()
    answer = await world.redirect(case)
    now = answer.transfer
    assert (now.to_office_id, now.replaces_transfer_id) == (HANOI, first.transfer_id)
    assert (now.departed_on, now.expected_arrival_on) == (first.departed_on, world.day(2))
    redirected, dispatched = await world.heard()
    assert names([redirected, dispatched]) == ["TransferRedirected", "TransferDispatched"]
    assert (redirected.to_office_id, redirected.new_to_office_id) == (QUANG_NINH, HANOI)
    assert dispatched.transfer_id == redirected.new_transfer_id == now.transfer_id
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")
    assert await refused(world.acknowledge(case)) == "ENDED_BY_SENDER"
    await world.acknowledge(case, by=HANOI)
    custody = await world.custody(case, by=HANOI)
    assert [(each.state, each.to_office_id) for each in custody.transfers] == [
        (types.TRANSFER_STATE_REDIRECTED, QUANG_NINH),
        (types.TRANSFER_STATE_ACKNOWLEDGED, HANOI),
    ]


async def test_redirecting_ends_the_search(world: World) -> None:
    case = await world.registered()
    await world.lose(case)
    await world.redirect(case)
    said = await world.heard()
    assert names(said) == ["TransferRedirected", "TransferDispatched", "SearchResolved"]
    assert said[-1].resolution == types.SEARCH_RESOLUTION_REDIRECTED


async def test_who_has_not_left_is_planned_anew(world: World) -> None:
    case = await world.registered()
    first = await world.plan(case)
    assert await refused(world.redirect(case)) == "NOT_DISPATCHED"
    assert await refused(world.plan(case, to=HANOI)) == "TRANSFER_ALREADY_OPEN"
    await world.heard()
    request = api.PlanTransferRequest(
        request_id=new_id(),
        case=str(case.id),
        to_office_id=HANOI,
        expected_departure_on=world.day(1),
        expected_arrival_on=world.day(2),
        supersede=True,
    )
    now = (await world.at(POST).PlanTransfer(request)).transfer
    assert now.replaces_transfer_id == first.transfer_id
    superseded, planned = await world.heard()
    assert names([superseded, planned]) == ["TransferSuperseded", "TransferPlanned"]
    assert (superseded.transfer_id, superseded.new_transfer_id) == (first.transfer_id, now.transfer_id)
    await world.dispatch(case, to=HANOI)
    request.request_id = new_id()
    assert await refused(world.at(POST).PlanTransfer(request)) == "PERSON_HAS_LEFT"


# Asked before ---------------------------------------------------------------------------------


async def _sent(world: World, case: Case, travel: api.TravelPlan, to: str = QUANG_NINH) -> api.DispatchTransferResponse:
    request = api.DispatchTransferRequest(
        request_id=new_id(),
        case=str(case.id),
        to_office_id=to,
        expected_arrival_on=world.day(1),
        travel=travel,
    )
    answer: api.DispatchTransferResponse = await world.at(POST).DispatchTransfer(request)
    return answer


async def test_how_she_travels_is_kept_and_shown_to_both(world: World) -> None:
    case = await world.registered()
    await world.checked(case)
    answer = await _sent(world, case, AGREED)
    assert list(answer.warnings) == []
    kept = answer.transfer.travel
    assert (kept.escort, kept.means, kept.consent) == (AGREED.escort, AGREED.means, AGREED.consent)
    assert kept.home_safety == types.HOME_SAFETY_SAFE
    assert set(kept.documents) == set(AGREED.documents)
    (listed,) = (await world.at(QUANG_NINH).ListTransfers(api.ListTransfersRequest())).transfers
    assert listed == answer.transfer
    assert (listed.age_band, listed.home_province.code) == (types.AGE_BAND_ADULT, "22")


@pytest.mark.parametrize("to", [QUANG_NINH, CENTRE])
async def test_who_refuses_is_not_sent(world: World, to: str) -> None:
    case = await world.registered()
    await world.checked(case)
    assert await refused(_sent(world, case, api.TravelPlan(consent=types.TRANSFER_CONSENT_REFUSED), to)) == (
        "CONSENT_REFUSED"
    )
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (None, "HOME_NOT_CHECKED"),
        ({"by": OTHER_POST}, "HOME_NOT_CHECKED"),
        ({"to": HANOI}, "HOME_CHECKED_ELSEWHERE"),
        ({"verdict": types.HOME_SAFETY_WARNING_SIGNS}, "HOME_SAFETY_UNDECIDED"),
        ({"verdict": types.HOME_SAFETY_NOT_SAFE}, "HOME_NOT_SAFE"),
        ({"until": "2026-03-01"}, "HOME_CHECK_EXPIRED"),
    ],
)
async def test_nobody_is_sent_home_without_a_verdict_that_counts(
    world: World, told: dict[str, Any] | None, reason: str
) -> None:
    case = await world.registered()
    if told is not None:
        await world.checked(case, **told)
    assert await refused(_sent(world, case, AGREED)) == reason
    assert await world.stands(case) == ("REGISTERED", POST, "DISPATCH_DUE")
    # A centre is no home: she may always go there.
    assert (await _sent(world, case, AGREED, CENTRE)).transfer.state == types.TRANSFER_STATE_DISPATCHED


@pytest.mark.parametrize(
    "told",
    [
        {"verdict": types.HOME_SAFETY_WARNING_SIGNS_DECIDED},
        {"verdict": types.HOME_SAFETY_NOT_SAFE, "against_advice": True},
        {"until": "2026-03-02"},
    ],
)
async def test_who_goes_on_a_verdict_takes_it_along(world: World, told: dict[str, Any]) -> None:
    case = await world.registered()
    await world.checked(case, **told)
    kept = (await _sent(world, case, AGREED)).transfer.travel.home_safety
    assert kept == told.get("verdict", types.HOME_SAFETY_SAFE)


async def test_the_latest_word_counts(world: World) -> None:
    case = await world.registered()
    await world.checked(case)
    await world.checked(case, verdict=types.HOME_SAFETY_WARNING_SIGNS)
    assert await refused(_sent(world, case, AGREED)) == "HOME_SAFETY_UNDECIDED"
    await world.checked(case, verdict=types.HOME_SAFETY_WARNING_SIGNS_DECIDED)
    await _sent(world, case, AGREED)


async def test_a_sender_cannot_type_a_verdict(world: World) -> None:
    case = await world.registered()
    await world.checked(case)
    typed = api.TravelPlan(home_safety=types.HOME_SAFETY_SAFE)
    for call, request in (
        ("DispatchTransfer", api.DispatchTransferRequest(to_office_id=QUANG_NINH, expected_arrival_on=world.day(1))),
        (
            "PlanTransfer",
            api.PlanTransferRequest(
                to_office_id=QUANG_NINH, expected_departure_on=world.day(1), expected_arrival_on=world.day(2)
            ),
        ),
        ("RedirectTransfer", api.RedirectTransferRequest(to_office_id=HANOI, expected_arrival_on=world.day(1))),
    ):
        request.request_id, request.case = new_id(), case.number
        request.travel.CopyFrom(typed)
        with pytest.raises(RpcFailure) as failure:
            await getattr(world.at(POST), call)(request)
        assert [(one.field, one.code) for one in failure.value.violations] == [
            ("travel.home_safety", "HOME_SAFETY_NOT_TYPED")
        ]


async def test_what_the_sender_should_think_about(world: World) -> None:
    case = await world.registered()
    await world.dispatch(case)
    nothing = await world.redirect(case)
    assert set(nothing.warnings) == {
        types.TRANSFER_WARNING_HOME_SAFETY_NOT_CHECKED,
        types.TRANSFER_WARNING_CONSENT_NOT_RECORDED,
        types.TRANSFER_WARNING_DESTINATION_NOT_HOME,
    }
    chosen = api.TravelPlan()
    chosen.CopyFrom(AGREED)
    chosen.destination = types.DESTINATION_CHOICE_PERSON
    another = await world.registered()
    await world.checked(another, to=HANOI)
    assert list((await _sent(world, another, chosen, HANOI)).warnings) == []


async def test_a_travel_plan_that_says_what_there_is_not(world: World) -> None:
    case = await world.registered()
    wrong = api.TravelPlan(documents=[types.TRANSFER_DOCUMENT_UNSPECIFIED])
    assert await violated(_sent(world, case, wrong)) == [("travel.documents", "NOT_IN_LIST")]
