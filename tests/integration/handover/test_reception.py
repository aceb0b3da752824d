"""Admission, capacity, the limit of a stay, discharge: over a real server and a real database."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from homeward.handover.v1 import open_cases_pb2, stays_pb2, transfers_pb2
from homeward.type.v1 import types_pb2 as types
from tests.integration.handover.world import (
    CENTRE,
    HANOI,
    POST,
    QUANG_NINH,
    Case,
    World,
    names,
    new_id,
    refused,
    violated,
)

SHELTER = "RC-COMPASSION-HOUSE"
STAY = "FACILITY_STAY_ASSESSMENT_CENTRE"


async def _admitted(world: World) -> Case:
    case = await world.registered()
    await world.dispatch(case, to=CENTRE)
    await world.acknowledge(case, by=CENTRE)
    await world.heard()
    return case


async def _facility(world: World, office_id: str = CENTRE) -> stays_pb2.Facility:
    listed = (await world.at(office_id).ListFacilities(stays_pb2.ListFacilitiesRequest())).facilities
    assert [each.office_id for each in listed] == [office_id]
    return listed[0]


async def test_who_reports_at_a_facility_is_registered_until_it_admits(world: World) -> None:
    case = await world.registered(CENTRE)
    assert await world.stands(case) == ("REGISTERED", CENTRE, "DISPATCH_DUE")
    await world.heard()
    custody = (await world.admit(case)).custody
    assert custody.phase == types.CASE_PHASE_ADMITTED
    assert (custody.deadline_rule, custody.deadline_on) == (STAY, world.day(60))
    assert [each.kind for each in custody.segments] == [types.CUSTODY_KIND_RECEPTION_CENTRE] * 2
    assert await world.names_heard() == ["CustodyChanged", "PersonAdmitted"]
    assert await world.stands(case) == ("ADMITTED", CENTRE, STAY)
    assert await refused(world.admit(case)) == "ALREADY_ADMITTED"


async def test_only_the_accountable_facility_admits_and_discharges(world: World) -> None:
    case = await world.registered()
    for call in (world.admit(case, by=POST), world.admit(case, by=QUANG_NINH), world.discharge(case, by=POST)):
        assert await refused(call) == "PERMISSION_DENIED"
    assert await refused(world.admit(case)) == "CASE_NOT_FOUND"
    await world.dispatch(case, to=CENTRE)
    assert await refused(world.admit(case)) == "NOT_ACCOUNTABLE"
    assert await refused(world.discharge(case)) == "NOT_ACCOUNTABLE"


async def test_the_facility_is_warned_then_the_limit_passes_then_each_week(world: World) -> None:
    case = await _admitted(world)
    said = await world.after_days(46)
    assert names(said) == ["StayEnding"]
    assert said[0].office_id == CENTRE
    assert said[0].stay_due_on == world.day(14)
    assert (await _facility(world)).over_limit == 0
    assert names(await world.after_days(14)) == []
    (overdue,) = await world.after_days(1)
    assert (overdue.rule, overdue.due_on) == (STAY, world.day(-1))
    assert await world.stands(case) == ("ADMITTED", CENTRE, "FACILITY_STAY_ESCALATE")
    assert (await _facility(world)).over_limit == 1
    assert names(await world.after_days(14)) == ["TransferOverdue"] * 2
    (listed,) = (await world.at(CENTRE).ListOverdue(open_cases_pb2.ListOverdueRequest())).cases
    assert (listed.rule, listed.overdue_days, listed.phase) == (STAY, 15, types.CASE_PHASE_ADMITTED)


async def test_a_scheduler_that_was_down_warns_late_and_once(world: World) -> None:
    await _admitted(world)
    world.clock.move_by(timedelta(days=80))
    assert await world.look() == 2
    warning, overdue = await world.heard()
    assert names([warning, overdue]) == ["StayEnding", "TransferOverdue"]
    assert warning.late
    assert overdue.late
    assert await world.look() == 0


async def test_discharged_only_into_a_transfer_or_a_recorded_destination(world: World) -> None:
    case = await _admitted(world)
    planned: dict[str, Any] = {"destination": types.DISCHARGE_DESTINATION_PLANNED_TRANSFER}
    assert await refused(world.discharge(case, **planned)) == "NOTHING_PLANNED"
    own: dict[str, Any] = {"destination": types.DISCHARGE_DESTINATION_OWN_CHOICE}
    assert await violated(world.discharge(case, **own)) == [("province", "REQUIRED_WITH")]
    nowhere = types.ProvinceRef(code="99", vintage="2025")
    assert await violated(world.discharge(case, province=nowhere, **own)) == [("province", "UNKNOWN_PROVINCE")]
    assert await violated(world.discharge(case, discharged_on=world.day(1))) == [("destination", "REQUIRED")]
    await world.plan(case, by=CENTRE, to=HANOI)
    await world.heard()
    custody = await world.discharge(case, **planned)
    assert custody.phase == types.CASE_PHASE_DISCHARGED
    (told,) = await world.heard()
    assert names([told]) == ["PersonDischarged"]
    assert (told.to_office_id, told.dispatch_due_on) == (HANOI, "2026-03-04")
    assert await world.stands(case) == ("DISCHARGED", CENTRE, "DISPATCH_AFTER_DISCHARGE")
    assert await refused(world.discharge(case)) == "NOT_ADMITTED"
    sent = await world.dispatch(case, by=CENTRE, to="")
    assert sent.to_office_id == HANOI
    assert await world.stands(case) == ("IN_TRANSIT", CENTRE, "TRANSFER_ACKNOWLEDGE")


async def test_her_own_choice_is_told_to_the_agency_of_that_province(world: World) -> None:
    case = await _admitted(world)
    old = types.ProvinceRef(code="27", vintage="2004")
    await world.discharge(case, destination=types.DISCHARGE_DESTINATION_OWN_CHOICE, province=old)
    (told,) = await world.heard()
    assert told.to_office_id == "SA-24", "Bắc Ninh of 2004 went into Bắc Ninh of 2025"
    (stay,) = await world.rows("SELECT destination, province, discharged_on FROM stay")
    assert (stay.destination, stay.province, stay.discharged_on) == ("OWN_CHOICE", "27@2004", world.today)


async def test_discharged_and_not_sent_on_she_is_lost(world: World) -> None:
    case = await _admitted(world)
    await world.discharge(case)
    said = await world.after_days(3)
    assert names(said) == ["PersonDischarged", "TransferOverdue", "PersonLost"][1:]
    assert said[0].rule == "DISPATCH_AFTER_DISCHARGE"
    assert said[1].reason == types.LOST_REASON_DISCHARGED_WITHOUT_TRANSFER
    assert await world.stands(case) == ("SEARCH", CENTRE, "SEARCH_ESCALATE")
    custody = (await world.resolve(case, types.SEARCH_RESOLUTION_RETURNED_TO_SENDER, by=CENTRE)).custody
    assert custody.phase == types.CASE_PHASE_ADMITTED, "the stay goes on with its limit"
    assert custody.deadline_on == "2026-05-01"


async def test_an_admission_taken_back(world: World) -> None:
    case = await _admitted(world)
    await world.take_back(case, by=CENTRE)
    assert await world.stands(case) == ("IN_TRANSIT", POST, "TRANSFER_ACKNOWLEDGE")
    (stay,) = await world.rows("SELECT retracted FROM stay")
    assert stay.retracted
    await world.acknowledge(case, by=CENTRE)
    assert await world.stands(case) == ("ADMITTED", CENTRE, STAY)


async def test_how_full_a_facility_is(world: World) -> None:
    for _ in range(3):
        await _admitted(world)
    coming = await world.registered()
    await world.dispatch(coming, to=CENTRE)
    facility = await _facility(world)
    assert facility.facility_kind == "ASSESSMENT_CENTRE"
    assert (facility.capacity, facility.admitted, facility.expected) == (40, 3, 1)
    assert (await _facility(world, SHELTER)).capacity == 0, "not known"
    assert await refused(world.at(QUANG_NINH).ListFacilities(stays_pb2.ListFacilitiesRequest())) == "PERMISSION_DENIED"


_THIRTY_NINE_STAY = (
    """
    INSERT INTO custody (case_id, case_number, phase, accountable_office_id, segment, registering_office_id,
        present_since_on, age_band, arrivals, followup_watches, visited, version, opened_at, changed_at)
    SELECT gen_random_uuid(), 'INVENTED-' || n, 'ADMITTED', accountable_office_id, 1, registering_office_id,
        present_since_on, age_band, '{1}', false, false, 1, opened_at, changed_at
    FROM custody, generate_series(1, 39) n
    """,
    """
    INSERT INTO obligation (id, case_id, rule, rule_version, calendar_version, is_primary, due_on, due_at, state, level,
        late)
    SELECT gen_random_uuid(), c.case_id, 'FACILITY_STAY_ASSESSMENT_CENTRE', 1, o.calendar_version, true, o.due_on,
        o.due_at, 'ARMED', 0, false
    FROM custody c, obligation o WHERE c.phase = 'ADMITTED'
    """,
)


async def test_a_full_centre_is_warned_of(world: World) -> None:
    await world.registered(CENTRE)
    async with world.chassis.engine.begin() as connection:
        for statement in _THIRTY_NINE_STAY:
            await connection.execute(text(statement))

    async def warned(case: Case) -> bool:
        request = transfers_pb2.DispatchTransferRequest(
            request_id=new_id(), case=str(case.id), to_office_id=CENTRE, expected_arrival_on=world.day(1)
        )
        return types.TRANSFER_WARNING_CENTRE_FULL in (await world.at(POST).DispatchTransfer(request)).warnings

    assert not await warned(await world.registered()), "the fortieth place"
    assert await warned(await world.registered())
    reported = await world.registered(CENTRE)
    assert types.TRANSFER_WARNING_CENTRE_FULL in (await world.admit(reported)).warnings


@pytest.mark.parametrize(("scope", "count"), [(None, 8), ("national", 8)])
async def test_supervisors_see_the_facilities_in_scope_page_by_page(
    world: World, scope: str | None, count: int
) -> None:
    found: list[str] = []
    token = ""
    while True:
        request = stays_pb2.ListFacilitiesRequest(page_size=3, page_token=token)
        answer = await world.at("SV-NATIONAL", scope).ListFacilities(request)
        found += [each.office_id for each in answer.facilities]
        token = answer.next_page_token
        if not token:
            break
    assert found == sorted(found)
    assert len(found) == count
    (lang_son,) = (await world.at("SV-20").ListFacilities(stays_pb2.ListFacilitiesRequest())).facilities
    assert lang_son.office_id == "RC-SOCIAL-20"


async def test_who_reports_stays_because_she_agrees_to(world: World) -> None:
    case = await world.registered(CENTRE)
    assert await refused(world.admit(case, asked=True)) == "CONSENT_MISSING"
    await world.consent(case, "SERVICES", "GIVEN")
    assert await refused(world.admit(case, asked=True)) == "CONSENT_MISSING", "another purpose"
    await world.consent(case, "STAY", "GIVEN")
    assert not (await world.admit(case, asked=True)).warnings


async def test_who_cannot_be_asked_yet_has_a_bed_and_who_said_no_is_not_kept(world: World) -> None:
    ill, unwilling, changed = [await world.registered(CENTRE) for _ in range(3)]
    assert list((await world.admit(ill)).warnings) == [types.TRANSFER_WARNING_STAY_CONSENT_MISSING]
    await world.consent(unwilling, "STAY", "REFUSED")
    assert await refused(world.admit(unwilling)) == "CONSENT_MISSING"
    await world.consent(changed, "STAY", "GIVEN")
    await world.consent(changed, "STAY", "WITHDRAWN")
    assert await refused(world.admit(changed)) == "CONSENT_MISSING"
    assert await refused(world.admit(changed, asked=True)) == "CONSENT_MISSING"


async def test_no_refusal_keeps_anybody_from_saying_where_she_is(world: World) -> None:
    case = await world.registered()
    await world.consent(case, "STAY", "REFUSED")
    await world.dispatch(case, to=CENTRE)
    assert (await world.acknowledge(case, by=CENTRE)).state == types.TRANSFER_STATE_ACKNOWLEDGED
    await world.discharge(case)


async def test_a_consent_that_comes_before_the_case_is_kept(world: World) -> None:
    case = Case(uuid.uuid4(), "HW-999-999-957")
    await world.consent(case, "STAY", "GIVEN")
    (known,) = await world.rows("SELECT case_id, purpose, state FROM known_consent")
    assert tuple(known) == (case.id, "STAY", "GIVEN")
