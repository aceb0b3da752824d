"""Who sees how much of a case, role by role and state by state of its custody; every read is logged."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest
from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from homeward.intake.v1 import cases_pb2, identification_pb2, people_pb2, reading_pb2, submissions_pb2
from homeward.office.v1 import acts_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.clock import local_date
from tests.integration.intake.people import INVENTED_NAME, person
from tests.integration.intake.world import (
    AUDITOR,
    CENTRE,
    COMMUNE,
    HOME_AGENCY,
    HOME_POLICE,
    HOME_SUPERVISOR,
    OTHER_AGENCY,
    OTHER_POLICE,
    OTHER_POST,
    OTHER_SUPERVISOR,
    POLICE,
    POST,
    SUPERVISOR,
    Custody,
    World,
)
from tests.support.databases import Databases

NOT_FOUND: Final = "not found"
STATUS: Final = "status word"
ANNOUNCED: Final = "on the way"
PREVIEW: Final = "preview"
CASE: Final = "case without identity"
VERIFICATION: Final = "verification"
FULL: Final = "full"


@dataclass(frozen=True)
class State:
    """A state of custody and what each office sees in it; offices not named see nothing."""

    name: str
    sees: dict[str, str]


ALWAYS = {SUPERVISOR: CASE, HOME_SUPERVISOR: CASE, "SV-20": CASE}
DECIDING = {HOME_POLICE: CASE, POLICE: VERIFICATION}
EVERYBODY: Final = (
    POST,
    OTHER_POST,
    CENTRE,
    HOME_AGENCY,
    OTHER_AGENCY,
    COMMUNE,
    HOME_POLICE,
    POLICE,
    OTHER_POLICE,
    SUPERVISOR,
    HOME_SUPERVISOR,
    "SV-20",
    OTHER_SUPERVISOR,
)

STATES: Final = (
    State("registered", {**ALWAYS, **DECIDING, POST: FULL}),
    State("announced", {**ALWAYS, **DECIDING, POST: FULL}),
    State("dispatched", {**ALWAYS, **DECIDING, POST: FULL, HOME_AGENCY: ANNOUNCED}),
    State("lost on the way", {**ALWAYS, **DECIDING, POST: FULL, HOME_AGENCY: ANNOUNCED}),
    State("accepted", {**ALWAYS, **DECIDING, POST: FULL, HOME_AGENCY: PREVIEW}),
    State("accepted as announced", {**ALWAYS, **DECIDING, POST: FULL}),
    State("accepted and lost", {**ALWAYS, **DECIDING, POST: FULL, HOME_AGENCY: PREVIEW}),
    State("accepted and rejected", {**ALWAYS, **DECIDING, POST: FULL}),
    State("accepted and recalled", {**ALWAYS, **DECIDING, POST: FULL}),
    State("not arrived", {**ALWAYS, **DECIDING, POST: FULL}),
    State("redirected", {**ALWAYS, **DECIDING, POST: FULL, OTHER_AGENCY: ANNOUNCED}),
    State("turned up elsewhere", {**ALWAYS, **DECIDING, POST: FULL}),
    State("admitted", {**ALWAYS, **DECIDING, POST: STATUS, CENTRE: FULL}),
    State("discharged", {**ALWAYS, **DECIDING, POST: STATUS, CENTRE: FULL}),
    State(
        "found elsewhere",
        {
            **ALWAYS,
            **DECIDING,
            POST: STATUS,
            OTHER_AGENCY: FULL,
            OTHER_POLICE: CASE,
            OTHER_SUPERVISOR: CASE,
        },
    ),
    State("rejected", {**ALWAYS, **DECIDING, POST: FULL}),
    State("recalled", {**ALWAYS, **DECIDING, POST: FULL}),
    State("arrived", {**ALWAYS, **DECIDING, POST: STATUS, HOME_AGENCY: FULL}),
    State("retracted", {**ALWAYS, **DECIDING, POST: FULL, HOME_AGENCY: PREVIEW}),
    State("retracted without acceptance", {**ALWAYS, **DECIDING, POST: FULL, HOME_AGENCY: ANNOUNCED}),
    State(
        "moving on",
        {**ALWAYS, **DECIDING, POST: STATUS, HOME_AGENCY: FULL, OTHER_AGENCY: ANNOUNCED},
    ),
    State(
        "moved on",
        {
            **ALWAYS,
            **DECIDING,
            POST: STATUS,
            OTHER_AGENCY: FULL,
            OTHER_POLICE: CASE,
            OTHER_SUPERVISOR: CASE,
        },
    ),
    State(
        "identified",
        {**ALWAYS, POST: FULL, HOME_POLICE: CASE, POLICE: CASE},
    ),
    State("withdrawn", {**ALWAYS, POST: STATUS, HOME_POLICE: CASE, POLICE: CASE}),
    State("closed", {**ALWAYS, HOME_POLICE: CASE, POLICE: CASE, POST: STATUS, HOME_AGENCY: FULL}),
)


async def bring_to(world: World, state: str) -> uuid.UUID:
    """A case in this state."""
    case = await world.registered(person(health_remarks="Bệnh bịa đặt"))
    custody = Custody(case)
    if state == "registered":
        return case
    await world.hear(case, custody.registered())
    if state in ("announced", "identified", "withdrawn"):
        await _changed_here(world, case, state)
        return case
    await world.hear(case, *on_the_way(custody, state))
    if state == "closed":
        custody.segment -= 1
        ended = custody.changed(types.CASE_PHASE_CLOSED, types.CUSTODY_CAUSE_CLOSED)
        await world.hear(case, ended)
    return case


def on_the_way(custody: Custody, state: str) -> list[Message]:
    """What handover says from the dispatch on, until the case is in this state."""
    if state in ("admitted", "discharged"):
        stays = [custody.dispatched(CENTRE), custody.accepted(), *custody.admitted()]
        return [*stays, custody.discharged()] if state == "discharged" else stays
    if state == "accepted as announced":
        # The plan is no journey yet: nobody comes so far.
        return [custody.planned(HOME_AGENCY), custody.accepted()]
    told: list[Message] = [custody.dispatched(HOME_AGENCY)]
    if state.startswith("accepted") or state in ("not arrived", "retracted", "turned up elsewhere", "redirected"):
        told.append(custody.accepted())
    match state:
        case "lost on the way" | "accepted and lost":
            told.append(custody.lost())
        case "rejected" | "accepted and rejected":
            told.append(custody.rejected())
        case "recalled" | "accepted and recalled":
            told.append(custody.recalled())
        case "not arrived":
            told.append(custody.not_arrived())
        case "redirected":
            told += custody.redirected(OTHER_AGENCY)
        case "turned up elsewhere":
            told += [custody.lost(), custody.superseded()]
        case "found elsewhere":
            told += [custody.lost(), custody.superseded(), *custody.found(OTHER_AGENCY, types.CASE_PHASE_ARRIVED)]
        case "arrived" | "moving on" | "moved on" | "closed":
            told += custody.arrived()
        case "retracted" | "retracted without acceptance":
            told += [*custody.arrived(), *custody.retracted(POST)]
    if state in ("moving on", "moved on"):
        told.append(custody.dispatched(OTHER_AGENCY))
    if state == "moved on":
        told += custody.arrived()
    return told


async def _changed_here(world: World, case: uuid.UUID, state: str) -> None:
    request_id = str(uuid.uuid4())
    if state == "identified":
        await world.call(
            POLICE,
            identification_pb2.DecideIdentificationRequest(
                request_id=request_id,
                case=str(case),
                status=types.IDENTIFICATION_STATUS_IDENTIFIED,
                decided_on="2026-03-02",
                grounds=["SALE"],
            ),
        )
    if state == "withdrawn":
        reason = types.WITHDRAW_REASON_REGISTERED_BY_MISTAKE
        request = submissions_pb2.WithdrawCaseRequest(request_id=request_id, case=str(case), reason=reason)
        await world.call(POST, request)


async def seen(world: World, office_id: str, case: uuid.UUID) -> str:
    """What this office sees, checked field by field."""
    try:
        answer = await world.read(office_id, case)
    except RpcFailure as failure:
        return NOT_FOUND if failure.reason == "CASE_NOT_FOUND" else failure.reason
    assert answer.case_id == str(case)
    plain = cases_pb2.Case()
    plain.CopyFrom(answer)
    for name in ("identity_view", "person"):
        plain.ClearField(name)
    fields = {field.name for field, _ in plain.ListFields()}
    known = {"case_id", "case_number", "status_word"}
    match answer.identity_view:
        case cases_pb2.IDENTITY_VIEW_FULL:
            assert answer.person == person(health_remarks="Bệnh bịa đặt")
            return FULL
        case cases_pb2.IDENTITY_VIEW_VERIFICATION:
            assert answer.person.full_name == INVENTED_NAME
            assert answer.person.birth_date == "1998-04-30"
            assert not answer.person.health_remarks + answer.person.home_address
            assert not answer.person.belongings
            return VERIFICATION
        case cases_pb2.IDENTITY_VIEW_PREVIEW:
            assert answer.person == people_pb2.Person(full_name=INVENTED_NAME, sex="Feminine", birth_date="1998")
            assert fields == {*known, "phase"}
            return PREVIEW
    assert not answer.HasField("person")
    if fields == known:
        return STATUS
    if fields == {*known, "phase"}:
        return ANNOUNCED
    assert {"receiving_office_id", "accountable_office_id", "phase", "etag"} <= fields
    return CASE


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
@pytest.mark.attack(18, "identity by every office at every stage")
async def test_entitlement_follows_custody(world: World, state: State) -> None:
    case = await bring_to(world, state.name)
    before = await world.count("access_log")
    found = {office_id: await seen(world, office_id, case) for office_id in EVERYBODY}
    expected = {office_id: state.sees.get(office_id, NOT_FOUND) for office_id in EVERYBODY}
    assert found == expected
    # Refused attempts too.
    assert await world.count("access_log") == before + len(EVERYBODY)


async def test_a_commune_reads_whom_it_registered_until_custody_passes(world: World) -> None:
    request = submissions_pb2.RegisterSelfReturnRequest(
        request_id=str(uuid.uuid4()),
        person=person(),
        route=types.ROUTE_OF_RETURN_SELF_RETURN,
    )
    request.report_time.FromDatetime(world.clock.now())
    receipt = (await world.call(COMMUNE, request)).receipt
    case = uuid.UUID(receipt.entries[0].case_id)
    custody = Custody(case, COMMUNE)
    await world.hear(case, custody.registered())
    assert (await world.read(COMMUNE, case)).identity_view == cases_pb2.IDENTITY_VIEW_FULL
    await world.hear(case, custody.dispatched(CENTRE))
    await world.hear(case, *custody.arrived())
    with pytest.raises(RpcFailure, match="CASE_NOT_FOUND"):
        await world.read(COMMUNE, case)
    assert (await world.read(CENTRE, case)).identity_view == cases_pb2.IDENTITY_VIEW_FULL


async def test_the_successor_of_an_ended_office_holds_its_cases(world: World) -> None:
    case = await world.registered()
    custody = Custody(case)
    await world.hear(case, custody.registered(), custody.dispatched("SA-02-INTERIM"))
    await world.hear(case, *custody.arrived())
    assert (await world.read(HOME_AGENCY, case)).identity_view == cases_pb2.IDENTITY_VIEW_FULL
    with pytest.raises(RpcFailure, match="OFFICE_SUCCEEDED"):
        await world.read("SA-02-INTERIM", case)


@pytest.mark.parametrize("scope", ["national", "08@2025"])
@pytest.mark.attack(14, "VF with scope national at intake")
async def test_a_scope_in_the_token_widens_nothing(world: World, scope: str) -> None:
    case = await world.registered()
    with pytest.raises(RpcFailure, match="SCOPE_BEYOND_OFFICE"):
        await world.read(OTHER_POLICE, case, scope=scope)
    assert await world.count("access_log") == 0


async def test_an_identity_needs_a_purpose(world: World) -> None:
    case = await world.registered()
    request = reading_pb2.GetCaseRequest(case=str(case), include_identity=True, purpose="  ")
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, request)
    [violation] = caught.value.violations
    assert (violation.field, violation.code) == ("purpose", "REQUIRED")
    assert await world.count("access_log") == 0
    assert not (await world.get(POST, case)).HasField("person")
    assert await world.count("access_log") == 0


async def test_lists_hold_what_each_office_may_see(world: World) -> None:
    cases = [await world.registered() for _ in range(3)]
    custody = Custody(cases[0])
    await world.hear(cases[0], custody.registered(), custody.dispatched(HOME_AGENCY))
    await world.hear(cases[0], *custody.arrived())
    others = await world.registered(office_id=OTHER_POST)

    async def listed(office_id: str, **filters: object) -> list[str]:
        found, token = [], ""
        while True:
            request = reading_pb2.ListCasesRequest(page_size=2, page_token=token, **filters)  # type: ignore[arg-type]
            answer = await world.call(office_id, request)
            assert not any(case.HasField("person") for case in answer.cases)
            found += [case.case_id for case in answer.cases]
            token = answer.next_page_token
            if not token:
                return found

    newest_first = [str(case) for case in reversed(cases)]
    assert await listed(POST) == newest_first
    assert await listed(HOME_AGENCY) == [str(cases[0])]
    assert await listed(OTHER_AGENCY) == []
    assert await listed(SUPERVISOR) == [str(others), *newest_first]
    assert await listed(HOME_POLICE) == [str(others), *newest_first]
    assert await listed("SV-20") == newest_first
    assert await listed(OTHER_SUPERVISOR) == []
    # A border post cannot ask by filters what its status word does not say.
    assert await listed(POST, phase=types.CASE_PHASE_ARRIVED) == []
    assert await listed(SUPERVISOR, phase=types.CASE_PHASE_ARRIVED) == [str(cases[0])]
    in_process = types.IDENTIFICATION_STATUS_IN_PROCESS
    assert await listed(POST, identification=in_process) == newest_first[:2]

    page = await world.call(POST, reading_pb2.ListCasesRequest(page_size=1))
    stolen = reading_pb2.ListCasesRequest(page_size=1, page_token=page.next_page_token)
    with pytest.raises(RpcFailure, match="BAD_PAGE_TOKEN"):
        await world.call(OTHER_POST, stolen)
    passed = (await world.call(POST, reading_pb2.ListCasesRequest())).cases[-1]
    assert passed.status_word == cases_pb2.STATUS_WORD_ARRIVED
    assert not passed.accountable_office_id
    with pytest.raises(RpcFailure, match="PERMISSION_DENIED"):
        await world.call(COMMUNE, reading_pb2.ListCasesRequest())


async def test_the_access_log_tells_who_read_whom(world: World) -> None:
    case, other = await world.registered(), await world.registered()
    await world.read(POST, case)
    with pytest.raises(RpcFailure, match="CASE_NOT_FOUND"):
        await world.read(OTHER_AGENCY, case)
    await world.read(POLICE, other)

    log = await world.call(AUDITOR, reading_pb2.ListAccessLogRequest())
    assert log.chain_intact
    assert [(one.sequence, one.office_id, one.role, one.case_id, one.identity_view) for one in log.entries] == [
        (3, POLICE, "VERIFIER", str(other), cases_pb2.IDENTITY_VIEW_VERIFICATION),
        (2, OTHER_AGENCY, "SUPPORT_AGENCY", str(case), cases_pb2.IDENTITY_VIEW_NONE),
        (1, POST, "BORDER_POST", str(case), cases_pb2.IDENTITY_VIEW_FULL),
    ]
    # Words may name people: the auditor learns that there were some.
    assert {one.purpose for one in log.entries} == {"OTHER"}

    first = await world.call(AUDITOR, reading_pb2.ListAccessLogRequest(page_size=2))
    rest = reading_pb2.ListAccessLogRequest(page_size=2, page_token=first.next_page_token)
    assert [one.sequence for one in (await world.call(AUDITOR, rest)).entries] == [1]
    of_case = await world.call(AUDITOR, reading_pb2.ListAccessLogRequest(case=str(case)))
    assert [one.sequence for one in of_case.entries] == [2, 1]
    assert of_case.chain_intact
    with pytest.raises(RpcFailure, match="PERMISSION_DENIED"):
        await world.call(SUPERVISOR, reading_pb2.ListAccessLogRequest())


async def test_what_overseers_list_and_who_reads_the_log_is_counted_and_told_to_the_auditor(world: World) -> None:
    await world.registered()
    await world.registered()
    for _ in range(2):
        await world.call(SUPERVISOR, reading_pb2.ListCasesRequest())
    await world.call(POST, reading_pb2.ListCasesRequest())
    await world.call(AUDITOR, reading_pb2.ListAccessLogRequest())
    lists = (await world.call(AUDITOR, acts_pb2.CountListsReadRequest())).lists
    day = local_date(world.clock.now()).isoformat()
    assert [(one.day, one.office_id, one.role, one.method, one.pages, one.rows) for one in lists] == [
        (day, SUPERVISOR, "SUPERVISOR", "ListCases", 2, 4),
        (day, AUDITOR, "AUDITOR", "ListAccessLog", 1, 0),
    ]
    of_post = await world.call(AUDITOR, acts_pb2.CountListsReadRequest(office_id=POST))
    assert not of_post.lists, "an office that lists what is its own is not counted"
    with pytest.raises(DBAPIError):
        async with world.chassis.engine.begin() as connection:
            await connection.execute(text("DELETE FROM list_read"))


async def test_the_access_log_is_asked_for_by_office_account_and_day(world: World) -> None:
    case, other = await world.registered(), await world.registered()
    await world.read(POST, case)
    await world.read(POST, other)
    await world.read(POLICE, other)
    whole = await world.call(AUDITOR, reading_pb2.ListAccessLogRequest())
    by_account = next(one.subject for one in whole.entries if one.office_id == POLICE)
    today = local_date(world.clock.now())
    day_after = (today + timedelta(days=1)).isoformat()

    async def found(**wanted: Any) -> list[int]:
        answer = await world.call(AUDITOR, reading_pb2.ListAccessLogRequest(**wanted))
        assert answer.chain_intact, "what lies between is not asked for"
        return [one.sequence for one in answer.entries]

    assert await found(office_id=POST) == [2, 1]
    assert await found(subject=by_account) == [3]
    assert await found(office_id=POST, case=str(other)) == [2]
    assert await found(read_from=today.isoformat(), read_until=today.isoformat()) == [3, 2, 1]
    assert await found(read_from=day_after) == []
    numbers = {one.case_id: one.case_number for one in whole.entries}
    assert numbers[str(case)].startswith("HW-")
    assert len(set(numbers.values())) == 2
    # A page of one question goes on with that question only.
    first = await world.call(AUDITOR, reading_pb2.ListAccessLogRequest(office_id=POST, page_size=1))
    assert await found(office_id=POST, page_token=first.next_page_token) == [1]
    with pytest.raises(RpcFailure, match="BAD_PAGE_TOKEN"):
        await found(office_id=POLICE, page_token=first.next_page_token)


@pytest.mark.parametrize(
    ("tampering", "page_size"),
    [
        ("UPDATE access_log SET subject = 'somebody-else' WHERE sequence = 2", 50),
        ("UPDATE access_log SET identity_view = 'NONE' WHERE sequence = 5", 1),
        ("DELETE FROM access_log WHERE sequence = 3", 50),
        ("DELETE FROM access_log WHERE sequence = 1", 50),
        ("DELETE FROM access_log WHERE sequence = 4", 1),
    ],
)
async def test_a_broken_chain_shows(world: World, databases: Databases, tampering: str, page_size: int) -> None:
    case = await world.registered()
    for _ in range(5):
        await world.read(POST, case)
    request = reading_pb2.ListAccessLogRequest(page_size=page_size)
    assert (await world.call(AUDITOR, request)).chain_intact
    # Whoever may do everything can put the trigger aside: that is what the chain is for.
    aside, back = "ALTER TABLE access_log DISABLE TRIGGER USER", "ALTER TABLE access_log ENABLE TRIGGER USER"
    databases.as_superuser(world.chassis.settings.database_url, aside, tampering, back)
    assert not (await world.call(AUDITOR, request)).chain_intact


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_log SET purpose = ''",
        "DELETE FROM access_log",
        "TRUNCATE access_log",
        "ALTER TABLE access_log DISABLE TRIGGER USER",
        "DROP TABLE access_log",
        "DROP TRIGGER access_log_append_only ON access_log",
        "ALTER TABLE act DISABLE TRIGGER USER",
        "DELETE FROM log_head",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    ],
)
@pytest.mark.attack(53, "the service's own login changes, empties or drops a log, or takes its guard off")
async def test_the_database_refuses_to_change_the_log(world: World, statement: str) -> None:
    case = await world.registered()
    await world.read(POST, case)
    with pytest.raises(Exception, match=r"permission denied|must be owner"):
        async with world.chassis.engine.begin() as connection:
            await connection.exec_driver_sql(statement)
    assert await world.count("access_log") == 1


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("registered", cases_pb2.STATUS_WORD_RECEIVED),
        ("dispatched", cases_pb2.STATUS_WORD_RECEIVED),
        ("lost on the way", cases_pb2.STATUS_WORD_RECEIVED),
        ("admitted", cases_pb2.STATUS_WORD_RECEIVED),
        ("discharged", cases_pb2.STATUS_WORD_RECEIVED),
        ("arrived", cases_pb2.STATUS_WORD_ARRIVED),
        ("found elsewhere", cases_pb2.STATUS_WORD_ARRIVED),
        ("identified", cases_pb2.STATUS_WORD_IDENTIFIED),
    ],
)
async def test_the_border_post_learns_how_it_went_in_one_word(
    world: World, state: str, word: cases_pb2.StatusWord.ValueType
) -> None:
    case = await bring_to(world, state)
    assert (await world.get(POST, case)).status_word == word


async def test_an_identified_person_in_a_facility_has_not_arrived(world: World) -> None:
    case = await bring_to(world, "admitted")
    await _changed_here(world, case, "identified")
    told = await world.get(POST, case)
    assert told.status_word == cases_pb2.STATUS_WORD_IDENTIFIED
    assert {field.name for field, _ in told.ListFields()} == {
        "case_id",
        "case_number",
        "status_word",
        "identity_view",
    }


@pytest.mark.attack(15, "AUDITOR of one province reads the log")
async def test_whoever_audits_a_province_sees_what_its_offices_read(world: World) -> None:
    case = await world.registered()
    await world.read(POST, case)
    for reader in (OTHER_POST, OTHER_POLICE):
        with suppress(RpcFailure):
            await world.read(reader, case)
    request = reading_pb2.ListAccessLogRequest()
    whole = await world.call(AUDITOR, request, scope="national")
    part = await world.call(AUDITOR, request, scope="01@2025")
    assert {each.office_id for each in whole.entries} == {POST, OTHER_POST, OTHER_POLICE}
    assert {each.office_id for each in part.entries} == {OTHER_POLICE}
    assert part.chain_intact
