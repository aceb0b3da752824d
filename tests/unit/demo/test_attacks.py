"""Attacks are told as they ended, and one that was not refused as it should be is no refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from types import SimpleNamespace
from typing import Any

from homeward.handover.v1 import custody_pb2, directory_pb2, transfers_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.country.directory import built_in_directory
from services.client.texts import texts_in
from services.demo.attacks import ATTACKS, Outcome, find_victim, told

TODAY = date(2026, 3, 2)


def custody(post: str, agency: str, *, phase: str = "FOLLOW_UP", asked: str = "") -> custody_pb2.Custody:
    """Somebody who came by a post and is with an agency, after another one was asked."""
    return custody_pb2.Custody(
        phase=types.CasePhase.Value(f"CASE_PHASE_{phase}"),
        accountable_office_id=agency,
        segments=[custody_pb2.CustodySegment(office_id=each) for each in (post, agency)],
        transfers=[transfers_pb2.Transfer(to_office_id=each) for each in (asked, agency) if each],
    )


class Desk:
    """Stands for the services: each case has a custody, and some agencies are at work."""

    def __init__(self, *agencies: str, **cases: custody_pb2.Custody) -> None:
        self._agencies = agencies
        self._cases = cases
        self.stubs = SimpleNamespace(
            custody=SimpleNamespace(GetCustody="GetCustody"), directory=SimpleNamespace(ListOffices="ListOffices")
        )

    async def pages(self, _method: str, _office_id: str, request: Any) -> AsyncIterator[Any]:
        assert (request.role, request.on) == ("SUPPORT_AGENCY", TODAY.isoformat())
        yield directory_pb2.ListOfficesResponse(
            offices=[directory_pb2.Office(office_id=each) for each in self._agencies]
        )

    async def call(self, _method: str, _office_id: str, request: Any) -> Any:
        return custody_pb2.GetCustodyResponse(custody=self._cases[request.case])


async def test_the_victim_is_at_home_in_another_province_than_the_post() -> None:
    desk: Any = Desk(
        "SA-01",
        "SA-08",
        "SA-11",
        on_the_way=custody("BP-CN-HUU-NGHI", "SA-08", phase="IN_TRANSIT"),
        came_alone=custody("CM-20-01", "SA-08"),
        near=custody("BP-CN-HUU-NGHI", "SA-20"),
        good=custody("BP-CN-HUU-NGHI", "SA-08", asked="SA-01"),
    )
    cases = ["on_the_way", "came_alone", "near", "good"]
    found = await find_victim(desk, built_in_directory(), cases, TODAY)
    assert found is not None
    assert (found.case, found.post_id, found.agency_id) == ("good", "BP-CN-HUU-NGHI", "SA-08")
    assert found.police_id == "VF-08"
    # The first that has nothing to do with her, of those at work: what an agency tries that has ended proves nothing.
    assert found.other_id == "SA-11"
    assert await find_victim(desk, built_in_directory(), cases[:3], TODAY) is None


def test_what_worked_is_told_and_what_was_refused_as_something_else_is_not_as_expected() -> None:
    outcomes = [Outcome(ATTACKS[0], ""), Outcome(ATTACKS[1], "INTERNAL"), Outcome(ATTACKS[2], "UNAUTHENTICATED")]
    assert [each.is_as_expected for each in outcomes] == [False, False, True]
    assert [end for _, end in told(outcomes, texts_in("en"))] == [
        "IT WORKED",
        "INTERNAL, and not UNAUTHENTICATED",
        "UNAUTHENTICATED",
    ]
