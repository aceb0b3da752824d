"""Everybody may look up the offices as they stand now."""

from __future__ import annotations

from typing import Any

import pytest

from homeward.handover.v1 import directory_pb2
from homeward.type.v1 import types_pb2 as types
from services.client.offices import listed
from tests.integration.handover.world import CENTRE, QUANG_NINH, World, new_id, violated


async def _list(world: World, by: str = QUANG_NINH, **wanted: Any) -> directory_pb2.ListOfficesResponse:
    return await world.at(by).ListOffices(directory_pb2.ListOfficesRequest(**wanted))


async def _open(world: World, office_id: str) -> None:
    request = directory_pb2.OpenOfficeRequest(
        request_id=new_id(), office_id=office_id, role="NGO", name_en="A new house", name_vi="Nhà mới"
    )
    await world.by_two("OpenOffice", request)


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
