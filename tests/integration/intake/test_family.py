"""Relatives by their cases: of one submission, of several, and what who may know of them."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from homeward.events.v1 import handover_pb2
from homeward.intake.v1 import cases_pb2, family_pb2, people_pb2, submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services import intake
from services.chassis.calls.client import RpcFailure
from services.intake.vault.keys import KeyRing, WrappedKey
from tests.integration.intake.people import person, submission
from tests.integration.intake.world import (
    HOME_AGENCY,
    HOME_SUPERVISOR,
    OTHER_AGENCY,
    OTHER_POST,
    POST,
    Custody,
    World,
)


def child(name: str = "Nguyễn Văn Ví Dụ", born: str = "2021", **fields: Any) -> people_pb2.Person:
    """An invented boy of four or five."""
    return person(name, birth_date=born, sex="Masculine", **fields)


async def family(world: World) -> tuple[cases_pb2.Case, cases_pb2.Case]:
    """A mother and her child, of one handover."""
    mother = person(family_links=[people_pb2.FamilyLink(row=2, relation="CHILD")])
    receipt = (await world.call(POST, submission(mother, child(), at=world.clock.now()))).receipt
    first, second = [await world.get(POST, entry.case_id) for entry in receipt.entries]
    return first, second


def relatives(case: cases_pb2.Case) -> list[tuple[str, str, bool]]:
    """Of a case as it was shown."""
    return [(each.case_number, each.relation, each.keep_together) for each in case.relatives]


async def link(world: World, office: str, case: str, other: str, relation: str, **fields: Any) -> Any:
    """Say that they are relatives."""
    request = family_pb2.LinkFamilyRequest(
        request_id=str(uuid.uuid4()), case=case, other_case=other, relation=relation, **fields
    )
    return await world.call(office, request)


async def unlink(world: World, office: str, case: str, other: str) -> Any:
    """Say that they are none."""
    return await world.call(
        office, family_pb2.UnlinkFamilyRequest(request_id=str(uuid.uuid4()), case=case, other_case=other)
    )


async def said(world: World) -> list[tuple[str, str, bool | None]]:
    """What was said of families after the registration."""
    found: list[tuple[str, str, bool | None]] = []
    for kind in (handover_pb2.FamilyLinked, handover_pb2.FamilyUnlinked):
        for one in await world.said(kind):
            event: Any = one.message
            if isinstance(event, handover_pb2.FamilyLinked):
                found.append((event.case_id, event.relative.case_id, event.relative.keep_together))
            else:
                found.append((event.case_id, event.other_case_id, None))
    return found


async def test_what_relatives_are_to_her_is_told_with_an_entry(world: World) -> None:
    mother, _ = await family(world)
    sister = submission(person("Nguyễn Thị Ví Dụ Hai"), at=world.clock.now())
    alone = await world.get(POST, (await world.call(POST, sister)).receipt.entries[0].case_id)
    looks = "SELECT case_id, office_id, purpose_code, identity_view FROM access_log"

    async def looked(office: str, case: cases_pb2.Case) -> list[str]:
        shown = await world.call(office, family_pb2.GetFamilyRequest(case=case.case_id))
        return [each.relative.relation for each in shown.ties]

    assert await looked(POST, mother) == ["CHILD"]
    entry = (uuid.UUID(mother.case_id), POST, "FAMILY", "NONE")
    assert list(map(tuple, await world.rows(looks))) == [entry]
    # Where nothing is opened there is nothing to write down.
    assert await looked(POST, alone) == []
    assert await looked(HOME_SUPERVISOR, mother) == [""]
    assert len(await world.rows(looks)) == 1
    answer = await link(world, POST, mother.case_id, alone.case_id, "SIBLING")
    assert {each.relation for each in answer.relatives} == {"CHILD", "SIBLING"}
    assert list(map(tuple, await world.rows(looks))) == [entry, entry]


async def test_what_a_list_says_is_linked_by_cases(world: World) -> None:
    mother, boy = await family(world)
    assert relatives(mother) == [(boy.case_number, "", True)]
    assert relatives(boy) == [(mother.case_number, "", True)]
    assert relatives(await world.read(POST, mother.case_number)) == [(boy.case_number, "CHILD", True)]
    assert relatives(await world.read(POST, boy.case_number)) == [(mother.case_number, "PARENT", True)]
    events = {one.message.case_id: one.message for one in await world.said(handover_pb2.CaseRegistered)}
    for case, other in ((mother, boy), (boy, mother)):
        [relative] = events[case.case_id].relatives
        assert (relative.case_id, relative.keep_together) == (other.case_id, True)
    [row] = await world.rows("SELECT relation FROM family_tie")
    assert b"CHILD" not in row.relation


async def test_relatives_of_different_handovers_are_linked_and_unlinked_with_a_history(world: World) -> None:
    mother = await world.get(POST, await world.registered(person()))
    boy = await world.get(OTHER_POST, await world.registered(child(), office_id=OTHER_POST))
    answer = await link(world, POST, mother.case_number, boy.case_number, "CHILD")
    # The post has nothing to do with the other case: it learns no number, but it knows the one that it wrote.
    assert [(each.case_number, each.relation, each.keep_together) for each in answer.relatives] == [("", "CHILD", True)]
    assert await said(world) == [(mother.case_id, boy.case_id, True), (boy.case_id, mother.case_id, True)]
    assert relatives(await world.read(OTHER_POST, boy.case_number)) == [("", "PARENT", True)]
    await unlink(world, OTHER_POST, boy.case_number, mother.case_number)
    assert relatives(await world.get(POST, mother.case_number)) == []
    ties = (await world.call(POST, family_pb2.GetFamilyRequest(case=mother.case_number))).ties
    [tie] = ties
    assert (tie.link_office_id, tie.unlink_office_id, tie.relative.relation) == (POST, OTHER_POST, "CHILD")
    assert (await said(world))[-2:] == [(mother.case_id, boy.case_id, None), (boy.case_id, mother.case_id, None)]


async def test_the_same_said_again_changes_nothing_and_another_word_takes_its_place(world: World) -> None:
    mother, boy = await family(world)
    await link(world, POST, mother.case_number, boy.case_number, "CHILD")
    assert await said(world) == []
    await link(world, POST, mother.case_number, boy.case_number, "CHILD", togetherness=family_pb2.TOGETHERNESS_MAY_PART)
    assert [together for *_, together in await said(world)] == [False, False]
    await link(world, POST, boy.case_number, mother.case_number, "OTHER")
    assert relatives(await world.read(POST, mother.case_number)) == [(boy.case_number, "OTHER", False)]
    ties = (await world.call(POST, family_pb2.GetFamilyRequest(case=mother.case_number))).ties
    assert [each.HasField("unlink_time") for each in ties] == [True, True, False]


async def test_how_long_a_seal_is_does_not_tell_what_one_is_to_the_other(world: World) -> None:
    first, second = [await world.get(POST, await world.registered(person(name))) for name in ("Vàng Ví Dụ", "Lò Ví Dụ")]
    for relation in ("OTHER", "SPOUSE", "SIBLING"):
        await link(world, POST, first.case_number, second.case_number, relation)
    ties = (await world.call(POST, family_pb2.GetFamilyRequest(case=first.case_number))).ties
    assert [tie.relative.relation for tie in ties] == ["OTHER", "SPOUSE", "SIBLING"]
    (sealed,) = await world.rows("SELECT count(*) AS rows, count(DISTINCT length(relation)) AS lengths FROM family_tie")
    assert tuple(sealed) == (3, 1)


async def test_a_tie_of_before_relations_were_sealed_at_one_length_opens(world: World) -> None:
    mother, boy = await family(world)
    keys = KeyRing.from_file(world.chassis.settings.kek)
    (tie,) = await world.rows(
        "SELECT case_id, other_case_id, kek_id, wrapped_key FROM family_tie JOIN identity USING (case_id)"
    )
    key = keys.open(tie.case_id, WrappedKey(tie.kek_id, tie.wrapped_key))
    is_mothers = str(tie.case_id) == mother.case_id
    short = key.seal(b"CHILD" if is_mothers else b"PARENT", f"relation|{tie.other_case_id}")
    await world.rows("UPDATE family_tie SET relation = :sealed RETURNING 1", sealed=short)
    assert relatives(await world.read(POST, mother.case_number)) == [(boy.case_number, "CHILD", True)]


async def test_what_one_is_to_the_other_is_kept_with_no_answer_and_told_with_each(world: World) -> None:
    mother = await world.get(POST, await world.registered(person()))
    boy = await world.get(POST, await world.registered(child()))
    linking = family_pb2.LinkFamilyRequest(
        request_id=str(uuid.uuid4()), case=mother.case_number, other_case=boy.case_number, relation="CHILD"
    )
    answers = [await world.call(POST, linking) for _ in range(2)]
    assert [[each.relation for each in answer.relatives] for answer in answers] == [["CHILD"], ["CHILD"]]
    brother = await world.get(POST, await world.registered(child("Nguyễn Văn Tưởng Tượng")))
    await link(world, POST, mother.case_number, brother.case_number, "OTHER")
    left = await unlink(world, POST, mother.case_number, boy.case_number)
    assert [each.relation for each in left.relatives] == ["OTHER"]
    kept = await world.rows("SELECT response FROM request_log WHERE method ~ 'linkFamily|LinkFamily'")
    assert [row.response for row in kept] == [b""] * 3


async def test_what_former_versions_kept_of_it_is_blanked(world: World) -> None:
    mother, boy = await family(world)
    await link(world, POST, mother.case_number, boy.case_number, "CHILD")
    before = family_pb2.LinkFamilyResponse(relatives=[cases_pb2.Relative(relation="CHILD")]).SerializeToString()
    migration = (Path(intake.__file__).parent / "migrations/intake_0025.sql").read_text()
    async with world.chassis.engine.begin() as connection:
        for method in ("LinkFamily", "/homeward.intake.v1.FamilyService/UnlinkFamily"):
            values = {"method": method, "response": before}
            await connection.execute(text("UPDATE request_log SET method = :method, response = :response"), values)
            await connection.execute(text(migration))
            assert {row.response for row in await connection.execute(text("SELECT response FROM request_log"))} == {b""}


async def test_who_may_know_what_of_a_family(world: World) -> None:
    mother, boy = await family(world)
    of_mother = Custody(uuid.UUID(mother.case_id))
    await world.hear(of_mother.case, of_mother.registered(), of_mother.dispatched(HOME_AGENCY))
    # On the way to an office: that there is a relative, and that the two belong together.
    assert relatives(await world.get(HOME_AGENCY, mother.case_number)) == [("", "", True)]
    # The supervisor sees both cases, and not what they are to one another.
    assert relatives(await world.get(HOME_SUPERVISOR, mother.case_number)) == [(boy.case_number, "", True)]
    with pytest.raises(RpcFailure) as failure:
        await world.get(OTHER_AGENCY, mother.case_number)
    assert failure.value.reason == "CASE_NOT_FOUND"
    for call in (
        link(world, HOME_AGENCY, mother.case_number, boy.case_number, "OTHER"),
        unlink(world, HOME_AGENCY, mother.case_number, boy.case_number),
    ):
        with pytest.raises(RpcFailure) as failure:
            await call
        assert failure.value.reason == "PERSON_NOT_WITH_YOU"
    with pytest.raises(RpcFailure) as failure:
        await link(world, OTHER_POST, mother.case_number, boy.case_number, "OTHER")
    assert failure.value.reason == "CASE_NOT_FOUND"


async def test_what_cannot_be_is_refused(world: World) -> None:
    mother, boy = await family(world)
    grown = await world.get(POST, await world.registered(person("Trần Thị Tưởng Tượng")))

    async def wrong(case: str, other: str, relation: str) -> list[tuple[str, str]]:
        with pytest.raises(RpcFailure) as failure:
            await link(world, POST, case, other, relation)
        return [(each.field, each.code) for each in failure.value.violations]

    assert await wrong(mother.case_number, mother.case_number, "CHILD") == [("other_case", "SAME_CASE")]
    with pytest.raises(RpcFailure) as unknown:
        await link(world, POST, mother.case_number, str(uuid.uuid4()), "CHILD")
    # As for a case of others: guesses are counted.
    assert unknown.value.reason == "CASE_NOT_FOUND"
    assert await wrong(mother.case_number, grown.case_number, "AUNT") == [("relation", "NOT_IN_LIST")]
    assert await wrong(boy.case_number, grown.case_number, "CHILD") == [("relation", "PARENT_IS_A_CHILD")]
    assert await wrong(grown.case_number, boy.case_number, "PARENT") == [("relation", "PARENT_IS_A_CHILD")]
    with pytest.raises(RpcFailure) as failure:
        await unlink(world, POST, mother.case_number, grown.case_number)
    assert failure.value.reason == "NO_SUCH_TIE"


async def correct(world: World, case: str, record: people_pb2.Person) -> None:
    """Set a record right."""
    request = submissions_pb2.CorrectCaseRequest(request_id=str(uuid.uuid4()), case=case, person=record, reason="Ví dụ")
    await world.call(POST, request)


async def test_a_correction_that_names_relatives_links_them(world: World) -> None:
    receipt = (await world.call(POST, submission(person(), child(), at=world.clock.now()))).receipt
    mother, boy = [entry.case_number for entry in receipt.entries]
    await correct(world, mother, person(family_links=[people_pb2.FamilyLink(row=2, relation="CHILD")]))
    assert relatives(await world.read(POST, boy)) == [(mother, "PARENT", True)]
    await correct(world, mother, person(family_links=[people_pb2.FamilyLink(row=2, relation="OTHER")]))
    assert relatives(await world.read(POST, boy)) == [(mother, "OTHER", False)]


async def test_a_corrected_age_says_anew_whether_they_may_be_parted(world: World) -> None:
    mother, boy = await family(world)
    await correct(world, boy.case_number, child(born="2005"))
    assert relatives(await world.get(POST, mother.case_number)) == [(boy.case_number, "", False)]
    assert [together for *_, together in await said(world)] == [False, False]


async def test_a_child_of_unknown_age_stays_with_its_mother(world: World) -> None:
    mother = person(family_links=[people_pb2.FamilyLink(row=2, relation="CHILD")])
    receipt = (await world.call(POST, submission(mother, child(born=""), at=world.clock.now()))).receipt
    shown = await world.get(POST, receipt.entries[0].case_id)
    assert [each.keep_together for each in shown.relatives] == [True]
    assert shown.age_band == types.AGE_BAND_ADULT


async def test_a_record_of_before_shows_case_numbers_and_no_rows(world: World) -> None:
    mother, boy = await family(world)
    await world.rows("DELETE FROM family_tie RETURNING id")
    assert relatives(await world.read(POST, mother.case_number)) == [(boy.case_number, "CHILD", False)]
    assert relatives(await world.get(POST, mother.case_number)) == []
