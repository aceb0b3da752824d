"""A case as an officer may see it: what each service says of it, and what its buttons follow from."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from homeward.followup.v1 import entries_pb2, visits_pb2
from homeward.handover.v1 import custody_pb2
from homeward.intake.v1 import family_pb2, reading_pb2
from services.console.desk import Block, Desk
from services.console.verbs import View

FOLLOW_UPS_MAX: Final = 200
"""Of one case: more than any set has."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Each part by itself: what came, or why it is missing; and all of it together as buttons need it."""

    view: View
    custody: Block[Any]
    record: Block[Any]
    follow_ups: Block[Sequence[visits_pb2.FollowUp]]
    home: Block[Any]
    kin: Block[Sequence[family_pb2.FamilyTie]]


async def seen(desk: Desk, number: str) -> Seen:
    """Everything that is known of a case, without who she is."""
    custody, record, visits, home, kin = await asyncio.gather(
        desk.block(custody_of(desk, number)),
        desk.block(_record(desk, number)),
        desk.block(follow_ups_of(desk, number)),
        desk.block(_home(desk, number)),
        desk.block(_kin(desk, number)),
    )
    view = View(custody.found, desk.own)
    view.away = custody.missing is not None and custody.missing.away
    view.follow_ups, view.related = visits.found, any(not each.HasField("unlink_time") for each in kin.found or ())
    view.entries = home.found.entries if home.found is not None else None
    view.legal_steps = record.found.legal_steps if record.found is not None else ()
    view.verified = record.found is None or not record.found.HasField("verification")
    return Seen(view, custody, record, visits, home, kin)


async def custody_of(desk: Desk, number: str) -> custody_pb2.Custody | None:
    """Who is accountable for her, with her transfers. Raises RpcFailure."""
    if not desk.may("GetCustody"):
        return None
    return (await desk.ask(desk.stubs.custody.GetCustody, custody_pb2.GetCustodyRequest(case=number))).custody


async def follow_ups_of(desk: Desk, case: str) -> Sequence[visits_pb2.FollowUp]:
    """All follow-ups of a case, as far as this office may see them. Raises RpcFailure."""
    if not desk.may("ListFollowUps"):
        return ()
    wanted = visits_pb2.FollowUpFilter(case=case, include_done=True)
    request = visits_pb2.ListFollowUpsRequest(page_size=FOLLOW_UPS_MAX, filter=wanted)
    return (await desk.ask(desk.stubs.visits.ListFollowUps, request)).follow_ups


async def _record(desk: Desk, number: str) -> Any:
    if not desk.may("GetCase"):
        return None
    return (await desk.ask(desk.stubs.reading.GetCase, reading_pb2.GetCaseRequest(case=number))).case


async def _home(desk: Desk, number: str) -> entries_pb2.GetStoryResponse | None:
    if not desk.may("GetStory"):
        return None
    return await desk.ask(desk.stubs.entries.GetStory, entries_pb2.GetStoryRequest(case=number))


async def _kin(desk: Desk, number: str) -> Sequence[family_pb2.FamilyTie]:
    if not desk.may("GetFamily"):
        return ()
    return (await desk.ask(desk.stubs.family.GetFamily, family_pb2.GetFamilyRequest(case=number))).ties
