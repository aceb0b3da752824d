"""Correcting, withdrawing and deciding, and what the events of other services do to a case."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from homeward.events.v1 import followup_pb2, handover_pb2, identification_pb2, transfer_pb2
from homeward.intake.v1 import cases_pb2, people_pb2, submissions_pb2
from homeward.intake.v1 import identification_pb2 as identification_calls
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.events.streams import FOLLOWUP, TRANSFER
from services.intake.streams import handlers
from services.intake.vault.keys import KeyRing, WrappedKey
from services.intake.wire import person_from_bytes
from tests.integration.intake.people import person, submission
from tests.integration.intake.world import (
    CENTRE,
    HOME_AGENCY,
    HOME_POLICE,
    OTHER_AGENCY,
    OTHER_POLICE,
    OTHER_POST,
    POLICE,
    POST,
    Custody,
    World,
    watch_of,
)
from tests.support.databases import Databases

PHASES = types.CasePhase
ALL = FieldMask(paths=["*"])


def correction(case: object, after: people_pb2.Person, **changes: Any) -> submissions_pb2.CorrectCaseRequest:
    values: dict[str, Any] = {
        "request_id": str(uuid.uuid4()),
        "reason": "Gõ nhầm",
        "person": after,
    } | changes
    return submissions_pb2.CorrectCaseRequest(case=str(case), **values)


def withdrawal(case: object, **changes: Any) -> submissions_pb2.WithdrawCaseRequest:
    values: dict[str, Any] = {
        "request_id": str(uuid.uuid4()),
        "reason": types.WITHDRAW_REASON_REGISTERED_TWICE,
    } | changes
    return submissions_pb2.WithdrawCaseRequest(case=str(case), **values)


def decision(
    case: object, status: str = "IDENTIFIED", **changes: Any
) -> identification_calls.DecideIdentificationRequest:
    values: dict[str, Any] = {
        "request_id": str(uuid.uuid4()),
        "status": types.IdentificationStatus.Value(f"IDENTIFICATION_STATUS_{status}"),
        "decided_on": "2026-03-02",
    } | changes
    if status == "IDENTIFIED":
        values.setdefault("grounds", ["SALE"])
    return identification_calls.DecideIdentificationRequest(case=str(case), **values)


async def violations(world: World, office_id: str, request: Any) -> Sequence[Any]:
    with pytest.raises(RpcFailure) as caught:
        await world.call(office_id, request)
    return caught.value.violations


async def refused(world: World, office_id: str, request: Any) -> str:
    with pytest.raises(RpcFailure) as caught:
        await world.call(office_id, request)
    return caught.value.reason


async def test_a_correction_replaces_the_record_and_keeps_the_old_one(world: World) -> None:
    case = await world.registered()
    before = await world.get(POST, case)
    after = person(
        "Nguyễn Thị Ví Dụ Hai",
        birth_date="2010",
        home_province=types.ProvinceRef(code="22", vintage="2025"),
    )
    assert await refused(world, POST, correction(case, after, etag=before.etag)) == "ANOTHER_PERSON"
    request = correction(case, after, etag=before.etag, another_person=True)
    answer = (await world.call(POST, request)).case
    assert await world.call(POST, request) == submissions_pb2.CorrectCaseResponse(case=answer)

    assert answer.etag != before.etag
    assert not answer.HasField("person")
    assert answer.age_band == types.AGE_BAND_UNDER_16
    assert (await world.read(POST, case)).person == after
    [event] = await world.said(handover_pb2.CaseCorrected)
    assert event.version == 2
    assert list(event.message.fields) == ["full_name", "birth_date", "home_province"]
    assert event.message.correcting_office_id == POST
    assert event.message.home_province == after.home_province
    assert event.message.age_band == types.AGE_BAND_UNDER_16

    [kept] = await world.rows("SELECT * FROM identity_history")
    [identity] = await world.rows("SELECT kek_id, wrapped_key FROM identity")
    keys = KeyRing.from_file(world.chassis.settings.kek)
    key = keys.open(case, WrappedKey(identity.kek_id, identity.wrapped_key))
    assert person_from_bytes(key.open(kept.ciphertext, "identity|person|1")).full_name == person().full_name
    assert key.open(kept.reason, "correction-reason").decode() == "Gõ nhầm"
    assert (kept.revision, kept.office_id) == (1, POST)


async def test_a_correction_leaves_what_nobody_wrote_about(world: World) -> None:
    case = await world.registered()
    only = people_pb2.Person(birth_date="1998-05")
    await world.call(POST, correction(case, only))
    expected = person(birth_date="1998-05")
    assert (await world.read(POST, case)).person == expected
    # What is named is taken over as it stands, empty or not.
    named = FieldMask(paths=["health_remarks", "documents"])
    await world.call(
        POST, correction(case, people_pb2.Person(documents=["Một tờ"], sex="Masculine"), update_mask=named)
    )
    expected.health_remarks = ""
    expected.documents[:] = ["Một tờ"]
    assert (await world.read(POST, case)).person == expected
    said = [list(event.message.fields) for event in await world.said(handover_pb2.CaseCorrected)]
    assert said == [["birth_date"], ["health_remarks", "documents"]]
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, correction(case, only, update_mask=FieldMask(paths=["full_name", "number"])))
    assert {(one.field, one.code) for one in caught.value.violations} == {
        ("update_mask", "NOT_IN_LIST"),
        ("person.full_name", "REQUIRED"),
    }


async def test_a_correction_never_makes_one_person_another(world: World) -> None:
    others = person("Trần Thị Giả Định", sex="Feminine")
    [case, other] = (await world.call(POST, submission(person(), others, at=world.clock.now()))).receipt.entries
    # The same birth date and sex, as lists have them that were filled in a hurry: known by the other case.
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, correction(case.case_id, others))
    assert caught.value.reason == "ALREADY_REGISTERED"
    assert [(one.row, one.field) for one in caught.value.violations] == [(None, "person.full_name")]
    assert other.case_number in caught.value.violations[0].message
    for changes in ({"birth_date": "1970"}, {"sex": "Masculine"}):
        strange = person("Người Khác Hẳn", **changes)
        assert await refused(world, POST, correction(case.case_id, strange)) == "ANOTHER_PERSON"
    assert (await world.read(POST, case.case_id)).person == person()
    # A birth that is known better, and a name that is written otherwise, are no other person.
    await world.call(POST, correction(case.case_id, person("NGUYỄN THỊ VÍ DỤ", birth_date="1998", sex="Masculine")))
    await world.call(POST, correction(case.case_id, person("Người Khác Hẳn", birth_date="1998-07", sex="Masculine")))
    await world.call(POST, correction(case.case_id, others, another_person=True))
    assert (await world.read(POST, case.case_id)).person == others


async def test_after_a_correction_she_is_known_by_both_records(world: World) -> None:
    case = await world.registered(person("Nguyễn Thị Ví"))
    await world.call(POST, correction(case, person("Nguyễn Thị Vĩ Đại")))
    for name in ("Nguyễn Thị Ví", "Nguyễn Thị Vĩ Đại"):
        copy = submission(person(name), at=world.clock.now(), again=())
        assert await refused(world, POST, copy) == "ALREADY_REGISTERED"


async def test_a_correction_without_a_difference_changes_nothing(world: World) -> None:
    case = await world.registered()
    before = await world.get(POST, case)
    assert (await world.call(POST, correction(case, person()))).case == before
    assert await world.said(handover_pb2.CaseCorrected) == []


async def test_corrections_are_refused_where_they_must_be(world: World) -> None:
    case = await world.registered()
    custody = Custody(case)
    await world.hear(case, custody.registered())
    assert await refused(world, OTHER_POST, correction(case, person("Bịa"))) == "CASE_NOT_FOUND"
    stale = correction(case, person("Bịa"), etag='"1"')
    assert await refused(world, POST, stale) == "ETAG_MISMATCH"
    with pytest.raises(RpcFailure) as caught:
        await world.call(POST, correction(case, person("", sex="?"), reason="", update_mask=ALL))
    assert {(one.row, one.field, one.code) for one in caught.value.violations} == {
        (None, "reason", "REQUIRED"),
        (None, "person.full_name", "REQUIRED"),
        (None, "person.sex", "NOT_IN_LIST"),
    }
    await world.hear(case, custody.dispatched(HOME_AGENCY))
    await world.call(POST, correction(case, person("Vẫn Bịa")))
    await world.hear(case, *custody.arrived())
    assert await refused(world, POST, correction(case, person("Bịa"))) == "CUSTODY_HAS_PASSED"
    assert await refused(world, POST, withdrawal(case)) == "CUSTODY_HAS_PASSED"
    assert (await world.read(HOME_AGENCY, case)).person.full_name == "Vẫn Bịa"


async def test_a_withdrawal_stands_until_it_is_refused(world: World) -> None:
    case = await world.registered()
    await world.hear(case, Custody(case).registered())
    answer = (await world.call(POST, withdrawal(case))).case
    assert answer.status_word == cases_pb2.STATUS_WORD_WITHDRAWN
    [event] = await world.said(handover_pb2.CaseWithdrawn)
    assert event.message.reason == types.WITHDRAW_REASON_REGISTERED_TWICE
    assert await refused(world, POST, withdrawal(case)) == "CASE_IS_WITHDRAWN"
    assert await refused(world, POST, correction(case, person("Bịa"))) == "CASE_IS_WITHDRAWN"
    assert await refused(world, POLICE, decision(case)) == "CASE_IS_WITHDRAWN"

    refusal = transfer_pb2.WithdrawalRefused(case_id=str(case), accountable_office_id=POST)
    await world.hear(case, refusal)
    restored = await world.read(POST, case)
    assert restored.phase == types.CASE_PHASE_REGISTERED
    assert restored.person == person()


async def test_a_confirmed_withdrawal_ends_the_case(world: World) -> None:
    case = await world.registered()
    custody = Custody(case)
    await world.hear(case, custody.registered())
    await world.call(POST, withdrawal(case))
    await world.hear(case, custody.changed(types.CASE_PHASE_WITHDRAWN, types.CUSTODY_CAUSE_WITHDRAWN))
    seen = await world.get(POST, case)
    assert seen.status_word == cases_pb2.STATUS_WORD_WITHDRAWN
    [audited] = await world.rows("SELECT phase, is_open FROM audit_case")
    assert tuple(audited) == ("WITHDRAWN", False)
    late = transfer_pb2.WithdrawalRefused(case_id=str(case), accountable_office_id=POST)
    await world.hear(case, late)
    assert (await world.get(POST, case)).status_word == cases_pb2.STATUS_WORD_WITHDRAWN


async def test_a_decision_is_recorded_revised_and_taken_back(world: World) -> None:
    case = await world.registered()
    taken_back = decision(case, "IN_PROCESS", reason="Nhầm")
    assert await refused(world, POLICE, taken_back) == "NOTHING_TO_TAKE_BACK"

    first = (await world.call(POLICE, decision(case, certificate_number="GXN-1"))).case
    assert first.identification == types.IDENTIFICATION_STATUS_IDENTIFIED
    assert first.status_word == cases_pb2.STATUS_WORD_IDENTIFIED
    stale = decision(case, "DECLINED", etag='"1"')
    assert await refused(world, POLICE, stale) == "ETAG_MISMATCH"
    await world.call(POLICE, decision(case, "DECLINED", etag=first.etag))
    [violation] = await violations(world, POLICE, decision(case, "IN_PROCESS"))
    assert (violation.field, violation.code) == ("reason", "REQUIRED")
    last = (await world.call(POLICE, decision(case, "IN_PROCESS", reason="Chị kể thêm, bịa đặt"))).case
    assert last.status_word == cases_pb2.STATUS_WORD_RECEIVED

    said = await world.said(identification_pb2.IdentificationDecided)
    assert [(one.version, one.message.revision) for one in said] == [(1, 1), (2, 2), (3, 3)]
    assert said[0].message == identification_pb2.IdentificationDecided(
        case_id=str(case),
        status=types.IDENTIFICATION_STATUS_IDENTIFIED,
        deciding_office_id=POLICE,
        decided_on="2026-03-02",
        revision=1,
    )
    assert [one.message.former_office_id for one in said] == ["", POLICE, POLICE]
    rows = await world.rows("SELECT status, grounds FROM identification_decision ORDER BY revision")
    assert [(row.status, row.grounds) for row in rows] == [
        ("IDENTIFIED", ["SALE"]),
        ("DECLINED", []),
        ("IN_PROCESS", []),
    ]


async def test_decisions_are_refused_where_they_must_be(world: World) -> None:
    case = await world.registered()
    assert await refused(world, OTHER_POLICE, decision(case)) == "CASE_NOT_FOUND"
    assert await refused(world, POLICE, decision(uuid.uuid4())) == "CASE_NOT_FOUND"
    assert await refused(world, HOME_POLICE, decision(case)) == "NOT_YOUR_DECISION"
    bad = decision(case, decided_on="2026-03-03", grounds=["SALE", "SALE", "GREED"])
    with pytest.raises(RpcFailure) as caught:
        await world.call(POLICE, bad)
    assert {(one.field, one.code) for one in caught.value.violations} == {
        ("decided_on", "IN_THE_FUTURE"),
        ("grounds", "DUPLICATE"),
        ("grounds[3]", "NOT_IN_LIST"),
    }
    bare = decision(case, "NOT_IDENTIFIED", decided_on="2026-03-01", certificate_number="1")
    with pytest.raises(RpcFailure) as caught:
        await world.call(POLICE, bare)
    assert {(one.field, one.code) for one in caught.value.violations} == {
        ("decided_on", "TOO_EARLY"),
        ("reason", "REQUIRED"),
        ("certificate_number", "NOT_ALLOWED_WITH"),
    }


async def test_the_projection_follows_a_case_home(world: World) -> None:
    case = await world.registered()
    custody = Custody(case)

    async def stands() -> tuple[str, str]:
        [row] = await world.rows("SELECT phase, office_id FROM audit_case")
        return row.phase, row.office_id

    assert await stands() == ("REGISTERED", POST)
    await world.hear(case, custody.registered(), custody.dispatched(HOME_AGENCY))
    assert await stands() == ("IN_TRANSIT", POST)
    await world.hear(case, custody.recalled())
    assert await stands() == ("REGISTERED", POST)
    await world.hear(case, custody.dispatched(HOME_AGENCY), custody.lost())
    assert await stands() == ("SEARCH", POST)
    returned = transfer_pb2.SearchResolved(case_id=str(case), resolution=types.SEARCH_RESOLUTION_RETURNED_TO_SENDER)
    await world.hear(case, custody.rejected(), returned)
    assert await stands() == ("REJECTED", POST)
    await world.hear(case, custody.dispatched(HOME_AGENCY))
    await world.hear(case, *custody.arrived())
    assert await stands() == ("ARRIVED", HOME_AGENCY)
    await world.hear(case, followup_pb2.FollowUpsScheduled(case_id=str(case), segment=custody.segment))
    assert await stands() == ("FOLLOW_UP", HOME_AGENCY)
    await world.hear(case, custody.dispatched(OTHER_AGENCY))
    assert (await world.get(POST, case)).status_word == cases_pb2.STATUS_WORD_ARRIVED
    await world.hear(case, custody.recalled())
    assert await stands() == ("FOLLOW_UP", HOME_AGENCY)


async def test_an_answer_that_comes_before_its_question_counts(world: World) -> None:
    case = await world.registered()
    custody = Custody(case)
    await world.hear(case, custody.registered(), custody.dispatched(HOME_AGENCY))
    await world.hear(case, followup_pb2.FollowUpsScheduled(case_id=str(case), segment=2))
    await world.hear(case, *custody.arrived())
    [row] = await world.rows("SELECT phase FROM audit_case")
    assert row.phase == "FOLLOW_UP"


async def test_a_rejected_older_transfer_leaves_the_present_one(world: World) -> None:
    case = await world.registered()
    custody = Custody(case)
    await world.hear(case, custody.registered(), custody.dispatched(OTHER_AGENCY))
    older = custody.rejected()
    await world.hear(case, custody.dispatched(HOME_AGENCY), custody.accepted(), older)
    preview = await world.read(HOME_AGENCY, case)
    assert preview.identity_view == cases_pb2.IDENTITY_VIEW_PREVIEW


async def test_events_of_an_unknown_case_block_nothing(world: World) -> None:
    stranger = uuid.uuid4()
    await world.hear(stranger, Custody(stranger).registered())
    [row] = await world.rows("SELECT state FROM inbox")
    assert row.state == "DONE"


async def test_every_event_of_the_streams_is_taken_in(world: World) -> None:
    case, day = await world.registered(), "2026-03-02"
    for kind in (*TRANSFER.types, *FOLLOWUP.types):
        values = {"case_id": str(case), "transfer_id": str(uuid.uuid4()), "to_office_id": CENTRE, "said_on": day}
        fields = kind.DESCRIPTOR.fields_by_name
        await world.hear(case, kind(**{name: values[name] for name in values if name in fields}))
    assert set(handlers(watch_of(world.chassis))) <= {*TRANSFER.types, *FOLLOWUP.types}


async def test_the_audit_login_sees_the_view_and_the_logs_and_nothing_else(world: World, databases: Databases) -> None:
    await world.registered()
    from psycopg import AsyncConnection, errors

    name = (await world.rows("SELECT current_database() AS name"))[0].name
    async with await AsyncConnection.connect(databases.audit_url(name)) as connection:
        row = await (await connection.execute("SELECT * FROM audit_case")).fetchone()
        assert row is not None
        # Logs are read to be proved; why somebody read whom is sealed in them.
        await connection.execute("SELECT * FROM access_log")
        for table in ("identity", "identity_history", "intake_case", "identification_decision"):
            with pytest.raises(errors.InsufficientPrivilege):
                await connection.execute(f"SELECT * FROM {table}")
            await connection.rollback()


async def test_what_may_not_be_known_looks_like_what_does_not_exist(world: World) -> None:
    case = await world.registered()
    answers = []
    for ref in (case, uuid.uuid4()):
        with pytest.raises(RpcFailure) as caught:
            await world.get(OTHER_AGENCY, ref)
        answers.append((caught.value.code, caught.value.reason, caught.value.message))
    assert answers[0] == answers[1]
    assert answers[0][0] is grpc.StatusCode.NOT_FOUND


@pytest.mark.attack(25, "a verifier takes a decision on a closed case back, to read her")
@pytest.mark.parametrize("police", [POLICE, HOME_POLICE])
async def test_a_decision_on_a_closed_case_is_not_taken_back(world: World, police: str) -> None:
    case = await world.registered()
    custody = Custody(case)
    await world.hear(case, custody.registered())
    await world.call(POLICE, decision(case))
    await world.hear(case, custody.changed(types.CASE_PHASE_CLOSED, types.CUSTODY_CAUSE_CLOSED))
    taken_back = decision(case, "IN_PROCESS", reason="Muốn xem lại")
    assert await refused(world, police, taken_back) == ("DECISION_STANDS" if police == POLICE else "NOT_YOUR_DECISION")
    assert not (await world.read(police, case)).HasField("person")


@pytest.mark.attack(25, "the police of her home takes back what another one decided, to read her")
async def test_the_police_of_her_home_reads_nothing_and_takes_nothing_back(world: World) -> None:
    case = await world.registered()
    assert not (await world.read(HOME_POLICE, case)).HasField("person")
    await world.call(POLICE, decision(case))
    taken_back = decision(case, "IN_PROCESS", reason="Muốn xem lại")
    assert await refused(world, HOME_POLICE, taken_back) == "NOT_YOUR_DECISION"
    assert not (await world.read(HOME_POLICE, case)).HasField("person")
