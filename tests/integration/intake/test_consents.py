"""Consents through the whole service: who records and sees them, what is sealed, what is told to whom."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from homeward.events.v1 import consent_pb2, followup_pb2
from homeward.intake.v1 import consents_pb2 as api
from homeward.intake.v1 import reading_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.peers import OtherServices
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Grade
from services.chassis.kernel.words import ConsentPurpose, ConsentState
from services.chassis.service.consents import Consents
from services.chassis.storage.migrate import migrate
from services.intake.__main__ import DEFINITION, build
from services.intake.schedule import GUARDIANS
from services.intake.storage import cases
from services.intake.vault.keys import KeyRing, WrappedKey
from services.intake.vault.opening import Vault
from tests.integration.intake.people import person
from tests.integration.intake.world import POST, SUPERVISOR, Custody, World
from tests.support.databases import Databases
from tests.support.processes import serve
from tests.support.signing import signer_of

HOME, ELSEWHERE = "SA-08", "SA-24"
GUARDIAN = "Nguyễn Thị Thí Dụ Giám Hộ"
GIVEN, REFUSED, WITHDRAWN = (types.CONSENT_STATE_GIVEN, types.CONSENT_STATE_REFUSED, types.CONSENT_STATE_WITHDRAWN)


def day(world: World, ago: int = 0) -> str:
    return (local_date(world.clock.now()) - timedelta(days=ago)).isoformat()


async def record(world: World, case: object, by: str = POST, *, token: Any = None, **said: Any) -> api.Consent:
    """STAY is given, of the first text, unless something else is said."""
    state = said.pop("state", GIVEN)
    read = {} if state == WITHDRAWN else {"text_version": 1}
    request = api.RecordConsentRequest(
        **{"request_id": str(uuid.uuid4()), "case": str(case), "purpose": "STAY", "state": state, **read, **said}
    )
    found: api.Consent = (await world.call(by, request, **token or {})).consent
    return found


async def listed(world: World, by: str, case: object) -> list[tuple[str, int, bool]]:
    """Purpose, state, and whether it stands."""
    found = await world.call(by, api.GetConsentsRequest(case=str(case)))
    return [(one.purpose, one.state, one.stands) for one in found.consents]


async def refused(call: Any) -> RpcFailure:
    with pytest.raises(RpcFailure) as caught:
        await call
    return caught.value


async def test_each_purpose_stands_by_itself_and_others_are_told_codes_alone(world: World) -> None:
    case = await world.registered(person())
    given = await record(world, case, language="hmn")
    assert (given.number, given.stands, given.language, given.office_id) == (1, True, "hmn", POST)
    await record(world, case, purpose="HOME_LOOK", state=REFUSED)
    await record(world, case, state=WITHDRAWN)
    assert await listed(world, POST, case) == [
        ("STAY", GIVEN, False),
        ("HOME_LOOK", REFUSED, True),
        ("STAY", WITHDRAWN, True),
    ]
    told = [one.message for one in await world.said(consent_pb2.ConsentChanged)]
    today = day(world)
    assert told == [
        consent_pb2.ConsentChanged(case_id=str(case), purpose=purpose, state=state, text_version=1, said_on=today)
        for purpose, state in (("STAY", GIVEN), ("HOME_LOOK", REFUSED), ("STAY", WITHDRAWN))
    ]
    (row,) = await world.rows("SELECT consents FROM audit_consent")
    assert row.consents == f"HOME_LOOK:REFUSED:1:{today} STAY:WITHDRAWN:1:{today}"


async def test_who_a_guardian_is_stands_sealed_and_each_reading_of_it_is_logged(world: World) -> None:
    case = await world.registered(person(birth_date=f"{world.clock.now().year - 12}"))
    assert [each.code for each in (await refused(record(world, case))).violations] == ["CHILD_NEEDS_GUARDIAN"]
    guardian = api.Guardian(name=GUARDIAN, relation=types.GUARDIAN_RELATION_APPOINTED)
    given = await record(world, case, giver=types.CONSENT_GIVER_GUARDIAN, guardian=guardian)
    assert (given.giver, given.guardian_named) == (types.CONSENT_GIVER_GUARDIAN, True)
    listed_ones = (await world.call(POST, api.GetConsentsRequest(case=str(case)))).consents
    assert {one.relation for one in (given, *listed_ones)} == {types.GUARDIAN_RELATION_UNSPECIFIED}
    (kept_answer,) = await world.rows("SELECT response FROM request_log WHERE method = 'RecordConsent'")
    assert api.RecordConsentResponse.FromString(kept_answer.response).consent == given
    for table in ("consent", "guardian", "outbox", "request_log"):
        kept = str(await world.rows(f"SELECT t::text AS row FROM {table} t"))
        assert GUARDIAN not in kept
        assert GUARDIAN.encode().hex() not in kept
        assert "APPOINTED" not in kept
    asked = api.GetGuardianRequest(case=str(case), number=1)
    assert (await world.call(POST, asked)).guardian == guardian
    (entry,) = await world.rows("SELECT office_id, purpose_code, identity_view FROM access_log")
    assert tuple(entry) == (POST, "GUARDIAN", "NONE")
    assert (await refused(world.call(POST, asked, grades=[Grade.DESK]))).reason == "GRADE_MISSING"
    assert (await refused(world.call(ELSEWHERE, asked))).reason == "CASE_NOT_FOUND"
    await record(world, case, state=WITHDRAWN)
    other = api.GetGuardianRequest(case=str(case), number=2)
    assert (await refused(world.call(POST, other))).reason == "GUARDIAN_NOT_NAMED"


async def test_how_long_a_seal_is_does_not_tell_what_the_guardian_is(world: World) -> None:
    case = await world.registered(person())
    for relation in types.GuardianRelation.values()[1:]:
        await record(
            world, case, giver=types.CONSENT_GIVER_GUARDIAN, guardian=api.Guardian(name=GUARDIAN, relation=relation)
        )
    (lengths,) = await world.rows("SELECT count(*) AS rows, count(DISTINCT length(sealed)) AS lengths FROM guardian")
    assert tuple(lengths) == (6, 1)


async def from_before(world: World, case: uuid.UUID, relation: str = "APPOINTED") -> None:
    """A consent by a guardian, as the version before left it after `homeward migrate`."""
    await record(world, case, state=REFUSED)
    keys = KeyRing.from_file(world.chassis.settings.kek)
    (row,) = await world.rows("SELECT kek_id, wrapped_key FROM identity WHERE case_id = :case", case=case)
    name = keys.open(case, WrappedKey(row.kek_id, row.wrapped_key)).seal(GUARDIAN.encode(), "guardian|1")
    await world.rows(
        "INSERT INTO unsealed_guardian VALUES (:case, 1, :name, :relation) RETURNING 1",
        **{"case": case, "name": name, "relation": relation},
    )


async def look(world: World) -> int:
    """The tick of guardians, once; how many it looked at."""
    (tick,) = [each for each in build(world.chassis).ticks if each.name == GUARDIANS]
    return await tick.look()


async def shown(world: World, case: uuid.UUID) -> api.Guardian:
    """The guardian of its first consent."""
    found: api.Guardian = (await world.call(POST, api.GetGuardianRequest(case=str(case), number=1))).guardian
    return found


async def test_what_guardians_of_before_are_is_sealed_by_the_service_and_read_meanwhile(world: World) -> None:
    case = await world.registered(person())
    await from_before(world, case)
    guardian = api.Guardian(name=GUARDIAN, relation=types.GUARDIAN_RELATION_APPOINTED)
    assert await shown(world, case) == guardian
    (named,) = (await world.call(POST, api.GetConsentsRequest(case=str(case)))).consents
    assert named.guardian_named
    assert [await look(world) for _ in range(2)] == [1, 0]
    assert await world.count("unsealed_guardian") == 0
    assert await world.count("access_log") == 1, "whoever seals reads nothing"
    assert await shown(world, case) == guardian
    assert (await world.call(POST, api.GetConsentsRequest(case=str(case)))).consents == [named]


@pytest.mark.parametrize("by_tick", [False, True])
async def test_of_an_erased_case_what_a_guardian_was_is_forgotten(world: World, by_tick: bool) -> None:
    case = await world.registered(person())
    await from_before(world, case)
    if by_tick:
        await world.rows("UPDATE identity SET wrapped_key = '' RETURNING 1")
        assert await look(world) == 1
    else:
        found = await world.chassis.units.run(lambda uow: cases.load(uow.connection, case, lock=True))
        assert found is not None
        vault = Vault.with_key_file(world.chassis.settings.kek)
        await world.chassis.units.run(lambda uow: vault.destroy(uow, found))
    assert await world.count("unsealed_guardian") == 0
    (named,) = (await world.call(POST, api.GetConsentsRequest(case=str(case)))).consents
    assert named.guardian_named, "that there was one stays"
    assert (await refused(shown(world, case))).reason == "CASE_ERASED"


async def test_what_does_not_open_holds_nobody_up(world: World) -> None:
    first, second = sorted([await world.registered(person()) for _ in range(2)])
    for case in (first, second):
        await from_before(world, case)
    await world.rows("UPDATE identity SET kek_id = 'another' WHERE case_id = :case RETURNING 1", case=first)
    assert await look(world) == 2
    assert [row.case_id for row in await world.rows("SELECT case_id FROM unsealed_guardian")] == [first]
    assert (await shown(world, second)).name == GUARDIAN


def answer_of_before(number: int, relation: int) -> bytes:
    """A kept answer, as the version before wrote it: a field of the consent told the relation."""
    head = api.Consent(number=number, purpose="STAY", state=GIVEN, giver=types.CONSENT_GIVER_GUARDIAN)
    tail = api.Consent(guardian_named=True, language="vi", text_version=1, said_on="2026-03-02", office_id=POST * 8)
    consent = head.SerializeToString() + bytes([0x28, relation]) + tail.SerializeToString()
    return b"\x0a" + bytes([len(consent) % 128 + 128, len(consent) // 128]) + consent


@pytest.mark.parametrize("number", [1, 32])
def test_the_migration_sets_relations_aside_and_takes_them_out_of_answers(databases: Databases, number: int) -> None:
    name, url = databases.empty("intake")
    try:
        migrate("intake", url, "0025")
        case, answer = uuid.uuid4(), answer_of_before(number, types.GUARDIAN_RELATION_FACILITY)
        same = "'2026-03-02', 1, 'vi', 0, 'BP', 'a', now()"
        said = (
            "SET session_replication_role = replica",
            "INSERT INTO consent (case_id, number, purpose, state, giver, relation, guardian, said_on, text_version,"
            " language, entry_number, office_id, subject, recorded_at) VALUES"
            f" ('{case}', 1, 'STAY', 'GIVEN', 'GUARDIAN', 'FACILITY', '\\x0102', {same}),"
            f" ('{case}', 2, 'STAY', 'WITHDRAWN', 'PERSON', NULL, NULL, {same})",
            "INSERT INTO request_log (office_id, request_id, method, digest, created_at, response) VALUES"
            f" ('BP', '{uuid.uuid4()}', 'RecordConsent', '', now(), '\\x{answer.hex()}')",
        )
        databases.as_superuser(url, *said)
        migrate("intake", url)
        with psycopg.connect(url) as connection:
            left = connection.execute("SELECT * FROM unsealed_guardian").fetchall()
            assert left == [(case, 1, b"\x01\x02", "FACILITY")]
            columns = {each.name for each in connection.execute("SELECT * FROM consent").description or ()}
            assert not columns & {"relation", "guardian"}
            ((kept,),) = connection.execute("SELECT response FROM request_log").fetchall()
        assert kept == answer_of_before(number, types.GUARDIAN_RELATION_UNSPECIFIED)
        assert api.RecordConsentResponse.FromString(kept).consent.number == number
    finally:
        databases.drop(name)


async def test_the_accountable_office_records_and_whoever_sees_the_case_reads(world: World) -> None:
    case = await world.registered(person())
    await record(world, case)
    custody = Custody(case)
    await world.hear(case, custody.registered(), custody.dispatched(HOME))
    assert (await refused(listed(world, HOME, case))).reason == "CASE_NOT_FOUND", "who awaits her knows nothing of it"
    await world.hear(case, *custody.arrived())
    assert await listed(world, HOME, case) == [("STAY", GIVEN, True)]
    assert await listed(world, SUPERVISOR, case) == [("STAY", GIVEN, True)]
    assert (await refused(listed(world, ELSEWHERE, case))).reason == "CASE_NOT_FOUND"
    assert (await refused(record(world, case, state=WITHDRAWN))).reason == "CUSTODY_HAS_PASSED"
    assert (await refused(record(world, case, SUPERVISOR))).reason == "PERMISSION_DENIED"
    assert (await refused(record(world, case, HOME, token={"grades": [Grade.PAY]}))).reason == "GRADE_MISSING"
    await record(world, case, HOME, state=WITHDRAWN)
    await world.hear(case, custody.changed(types.CASE_PHASE_CLOSED, types.CUSTODY_CAUSE_CLOSED))
    await record(world, case, HOME, purpose="RESEARCH", state=REFUSED)


@pytest.mark.parametrize(
    ("said", "violation"),
    [
        ({"purpose": "EVERYTHING"}, ("purpose", "NOT_IN_LIST")),
        ({"state": types.CONSENT_STATE_UNSPECIFIED}, ("state", "REQUIRED")),
        ({"text_version": 0}, ("text_version", "REQUIRED")),
        ({"text_version": 99}, ("text_version", "NOT_IN_LIST")),
        ({"language": "klingon"}, ("language", "NOT_IN_LIST")),
        ({"said_on": "2027-01-01"}, ("said_on", "IN_THE_FUTURE")),
        ({"giver": types.CONSENT_GIVER_GUARDIAN}, ("guardian.name", "REQUIRED")),
        ({"guardian": {"name": GUARDIAN}}, ("guardian", "NOT_ALLOWED_WITH")),
        (
            {
                "giver": types.CONSENT_GIVER_GUARDIAN,
                "guardian": {"name": "=1+1", "relation": types.GUARDIAN_RELATION_PARENT},
            },
            ("guardian.name", "NOT_A_NAME"),
        ),
    ],
)
async def test_what_does_not_fit_is_refused(world: World, said: dict[str, Any], violation: tuple[str, str]) -> None:
    case = await world.registered(person())
    failure = await refused(record(world, case, **said))
    assert (failure.reason, violation in [(each.field, each.code) for each in failure.violations]) == (
        "INVALID_INPUT",
        True,
    )


async def test_only_what_stands_is_withdrawn_and_nothing_is_changed_afterwards(world: World) -> None:
    case = await world.registered(person())
    assert (await refused(record(world, case, state=WITHDRAWN))).reason == "CONSENT_NOT_GIVEN"
    await record(world, case)
    for change in ("UPDATE consent SET state = 'REFUSED'", "DELETE FROM consent", "DELETE FROM guardian"):
        with pytest.raises(Exception, match="permission denied"):
            await world.rows(f"{change} RETURNING 1")


async def test_what_is_said_at_a_visit_is_the_same_fact(world: World) -> None:
    case = await world.registered(person())
    told = followup_pb2.ConsentTold(
        case_id=str(case),
        office_id=HOME,
        entry_number=2,
        purpose="FOLLOW_UP",
        state=GIVEN,
        giver=types.CONSENT_GIVER_PERSON,
        text_version=1,
        said_on=day(world),
    )
    await world.hear(case, told)
    again = followup_pb2.ConsentTold()
    again.CopyFrom(told)
    again.entry_number = 3
    await world.hear(case, again)
    found = (await world.call(POST, api.GetConsentsRequest(case=str(case)))).consents
    assert [(one.purpose, one.state, one.entry_number, one.subject) for one in found] == [("FOLLOW_UP", GIVEN, 2, "")]
    again.state = REFUSED
    await world.hear(case, again)
    assert await listed(world, POST, case) == [("FOLLOW_UP", GIVEN, False), ("FOLLOW_UP", WITHDRAWN, True)]
    assert len(await world.said(consent_pb2.ConsentChanged)) == 2


async def test_a_consent_changes_nothing_about_who_may_be_read(world: World) -> None:
    case = await world.registered(person())
    await record(world, case, purpose="SHARE_WITH_HOME")
    asked = reading_pb2.GetCaseRequest(case=str(case))
    assert (await refused(world.call(HOME, asked))).reason == "CASE_NOT_FOUND"


async def test_what_was_said_is_asked_for_by_those_who_need_it(world: World) -> None:
    case = await world.registered(person())
    await record(world, case, purpose="STAY")
    await record(world, case, purpose="HOME_LOOK", state=REFUSED)
    await record(world, case, state=WITHDRAWN)
    async with serve(DEFINITION, world.chassis) as address:
        peers = OtherServices(signer_of("handover"), {"intake": address})
        heard = await Consents(peers, lambda: False).ask(case, [ConsentPurpose.STAY, ConsentPurpose.GROUP])
    states = [ConsentState.GIVEN, ConsentState.WITHDRAWN]
    assert heard.answered is not None
    assert [one.state for one in heard.answered[ConsentPurpose.STAY]] == states
    assert heard.answered[ConsentPurpose.GROUP] == ()
