"""Everybody may look up the offices as they stand now."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from homeward.handover.v1 import directory_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.client.offices import listed
from tests.integration.handover.world import ADMIN, CENTRE, QUANG_NINH, SECOND, World, new_id, violated, waits


async def _list(world: World, by: str = QUANG_NINH, **wanted: Any) -> directory_pb2.ListOfficesResponse:
    return await world.at(by).ListOffices(directory_pb2.ListOfficesRequest(**wanted))


def _opening(office_id: str, name_vi: str = "Nhà mới", name_en: str = "A new house") -> Any:
    return directory_pb2.OpenOfficeRequest(
        request_id=new_id(), office_id=office_id, role="NGO", name_en=name_en, name_vi=name_vi
    )


async def _open(world: World, office_id: str) -> None:
    await world.by_two("OpenOffice", _opening(office_id))


async def test_offices_are_found_by_role_province_words_and_day(world: World) -> None:
    province = types.ProvinceRef(code="22", vintage="2025")
    found = await _list(world, role="SUPPORT_AGENCY", province=province, on=world.day(0))
    assert [each.office_id for each in found.offices] == [QUANG_NINH]
    before = await _list(world, role="SUPPORT_AGENCY", province=province, on="2025-01-15")
    assert QUANG_NINH not in [each.office_id for each in before.offices]
    by_words = await _list(world, by=CENTRE, words="móng CAI")
    assert "BP-CN-MONG-CAI" in [each.office_id for each in by_words.offices]
    assert await violated(_list(world, role="KING", on="01/02/2026")) == [
        ("role", "NOT_IN_LIST"),
        ("on", "BAD_FORMAT"),
    ]


@pytest.mark.parametrize("size", [7, 200])
async def test_all_pages_together_are_the_directory(world: World, size: int) -> None:
    wanted: dict[str, Any] = {"role": "SUPPORT_AGENCY", "page_size": size}
    page = await _list(world, **wanted)
    ids = [each.office_id for each in page.offices]
    while page.next_page_token:
        page = await _list(world, page_token=page.next_page_token, **wanted)
        ids += [each.office_id for each in page.offices]
    agencies = [each.id for each in world.chassis.directory.offices() if each.role.value == "SUPPORT_AGENCY"]
    assert ids == agencies


async def test_the_edition_changes_with_the_offices_alone(world: World) -> None:
    first = await _list(world)
    assert not first.unchanged
    known = await _list(world, by=CENTRE, edition=first.edition)
    assert (known.unchanged, len(known.offices), known.edition) == (True, 0, first.edition)
    await _open(world, "NGO-NEW")
    changed = await _list(world, edition=first.edition)
    assert not changed.unchanged
    assert changed.edition != first.edition


async def test_a_front_makes_the_same_directory_of_it(world: World) -> None:
    await _open(world, "NGO-NEW")
    answers, token = {}, ""
    while token not in answers:
        answers[token] = await _list(world, page_size=200, page_token=token)
        token = answers[token].next_page_token
    found = listed(lambda request: answers[request.page_token], None)
    assert found.offices() == world.chassis.directory.offices()


async def test_no_office_is_opened_under_the_name_of_another_one(world: World) -> None:
    with pytest.raises(RpcFailure) as failure:
        await world.at(ADMIN).OpenOffice(_opening("NGO-NEW", name_vi="nha nhan ai", name_en="OPEN  HOUSE"))
    assert [(each.field, each.code) for each in failure.value.violations] == [
        ("name_vi", "NAME_TAKEN"),
        ("name_en", "NAME_TAKEN"),
    ]
    assert ["RC-COMPASSION-HOUSE" in each.message for each in failure.value.violations] == [True, False]
    assert "RC-OPEN-HOUSE" in failure.value.violations[1].message


async def test_a_name_that_was_taken_meanwhile_is_refused_to_whoever_approves_and_nothing_is_opened(
    world: World,
) -> None:
    later = _opening("NGO-LATER")
    approval_id = await waits(world.at(ADMIN).OpenOffice(later))
    await world.approve(approval_id, by=ADMIN, subject="another administrator")
    await _open(world, "NGO-SOONER")
    assert await violated(world.approve(approval_id, by=SECOND)) == [
        ("name_vi", "NAME_TAKEN"),
        ("name_en", "NAME_TAKEN"),
    ]
    assert [each.office_id for each in (await _list(world, words="new house")).offices] == ["NGO-SOONER"]
    assert await waits(world.at(ADMIN).OpenOffice(later)) == approval_id


async def test_the_name_of_an_office_is_free_once_it_has_ended(world: World) -> None:
    await _open(world, "NGO-FIRST")
    assert await violated(world.at(ADMIN).OpenOffice(_opening("NGO-SECOND")))
    await world.by_two(
        "EndOffice",
        directory_pb2.EndOfficeRequest(
            request_id=new_id(), office_id="NGO-FIRST", successor_id="NGO-01", ended_on=world.day(0)
        ),
    )
    await _open(world, "NGO-SECOND")
    # Nothing of the department of labour of old is chosen any more.
    former = world.chassis.directory.office("SA-24-2004")
    assert former.valid_to is not None
    assert former.valid_to < date.fromisoformat(world.day(0))
    await world.by_two("OpenOffice", _opening("NGO-THIRD", former.name_vi, former.name_en))
