"""All four services with a database each, in one process: what one says reaches those who hear it at once."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from google.protobuf.message import Message

from homeward.followup.v1 import (
    care_pb2,
    contacts_pb2,
    entries_pb2,
    home_safety_pb2,
    oversight_pb2,
    steps_pb2,
    visits_pb2,
)
from homeward.handover.v1 import (
    approvals_pb2,
    claims_pb2,
    closing_pb2,
    custody_pb2,
    directory_pb2,
    journeys_pb2,
    open_cases_pb2,
    returns_pb2,
    searches_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.intake.v1 import (
    break_glass_pb2,
    consents_pb2,
    family_pb2,
    handovers_pb2,
    identification_pb2,
    reading_pb2,
    submissions_pb2,
)
from homeward.notify.v1 import inbox_pb2
from services.chassis.calls.policy import authorise, method_names, policies_of
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.roles import Grade
from services.followup.__main__ import DEFINITION as FOLLOWUP
from services.handover.__main__ import DEFINITION as HANDOVER
from services.handover.domain.errors import ApprovalNeeded
from services.intake.__main__ import DEFINITION as INTAKE
from services.notify.__main__ import DEFINITION as NOTIFY
from tests.support import homes
from tests.support.clocks import FakeClock
from tests.support.fixtures import ChassisFor, ServiceDatabase
from tests.support.identities import caller_for
from tests.support.pair import LOOKS_MAX, Service, record_of
from tests.support.processes import Neighbours

_CONTRACTS: Final = {
    "intake": (
        submissions_pb2,
        reading_pb2,
        handovers_pb2,
        identification_pb2,
        family_pb2,
        break_glass_pb2,
        consents_pb2,
    ),
    "handover": (
        transfers_pb2,
        journeys_pb2,
        custody_pb2,
        closing_pb2,
        stays_pb2,
        searches_pb2,
        claims_pb2,
        returns_pb2,
        directory_pb2,
        open_cases_pb2,
    ),
    "followup": (
        visits_pb2,
        contacts_pb2,
        entries_pb2,
        steps_pb2,
        care_pb2,
        home_safety_pb2,
        oversight_pb2,
    ),
    "notify": (inbox_pb2,),
}
METHODS: Final[dict[str, tuple[str, type[Message]]]] = {
    name.removesuffix("Request"): (service, getattr(contract, name))
    for service, contracts in _CONTRACTS.items()
    for contract in contracts
    for name in contract.DESCRIPTOR.message_types_by_name
    if name.endswith("Request")
}
"""The service and the request of each call."""
_SERVICES: Final = tuple(
    service
    for contracts in _CONTRACTS.values()
    for contract in contracts
    for service in contract.DESCRIPTOR.services_by_name.values()
)
NAMES: Final = {name.rpartition("/")[2]: name for name in method_names(_SERVICES)}
"""The full name of each method."""
POLICIES: Final = policies_of(_SERVICES)


def request_of(method: str, /, **fields: Any) -> Any:
    """A request; the members of enums by their last words: `reason="DIED"`."""
    request = METHODS[method][1]()
    for name, value in fields.items():
        field = request.DESCRIPTOR.fields_by_name[name]
        if field.enum_type is not None and isinstance(value, str):
            [value] = [one.number for one in field.enum_type.values if _is(one.name, value, field.enum_type.name)]
        if field.message_type is not None and not isinstance(value, list | tuple):
            getattr(request, name).CopyFrom(value)
        elif isinstance(value, list | tuple):
            getattr(request, name).extend(value)
        else:
            setattr(request, name, value)
    return request


def _is(member: str, short: str, enum: str) -> bool:
    prefix = "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in enum).lstrip("_")
    return member == f"{prefix}_{short}"


class Country:
    """All four services with a database each, in one process; what one says reaches those who hear it at once."""

    def __init__(self, clock: FakeClock, services: dict[str, Service], neighbours: Neighbours) -> None:
        self.clock = clock
        self.services = services
        self.neighbours = neighbours

    async def call(self, service: str, method: str, request: Any, office_id: str) -> Any:
        """A call by somebody at this office, whom the gate lets in or not; raises what is refused."""
        authorise(POLICIES, NAMES[method], replace(caller_for(office_id), grades=frozenset(Grade)))
        if method == "DispatchTransfer":
            await self.home_checked(office_id, request.case, request.to_office_id)
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            request.request_id = str(uuid.uuid4())
        answer = await self.services[service].call(method, request, office_id)
        await self.quiet(service)
        return answer

    async def home_checked(self, office_id: str, case: str, to_office_id: str) -> None:
        """She was asked about the place where she is to go, and may; where her office may not ask, nothing is.

        Who is under 18 is asked about by two.
        """
        followup = self.services["followup"]
        with suppress(HomewardError):
            if homes.asks_shortly(office_id):
                asked: Any = homes.short_checks(homes.short_check(case, to_office_id))
                [check] = (await followup.call("RecordShortChecks", asked, office_id)).checks
            else:
                asked = homes.full_check(case, to_office_id)
                check = (await followup.call("RecordHomeSafety", asked, office_id)).check
            if check.awaits_second:
                agreed = homes.confirmation(check)
                await followup.call("ConfirmHomeSafety", agreed, office_id, subject="the second person")
            await self.quiet("followup")

    async def call_by_two(self, service: str, method: str, request: Any, office_id: str) -> Any:
        """The same, and where that waits for others, one at the first office that is awaited approves it, until nobody
        is."""
        while True:
            try:
                return await self.call(service, method, request, office_id)
            except ApprovalNeeded as waits:
                approve = approvals_pb2.ApproveRequestRequest(
                    request_id=str(uuid.uuid4()), approval_id=waits.details["approval_id"]
                )
                other_id = waits.details["offices"].split(", ")[0]
                await self.services[service].call("ApproveRequest", approve, other_id, subject=f"another@{other_id}")

    async def quiet(self, *speakers: str) -> None:
        """What these services said arrives, and what is said because of it; without a name, of all of them."""
        waiting = list(speakers or self.services)
        for _ in range(LOOKS_MAX):
            if not waiting:
                return
            # Whoever heard something may have something to say.
            waiting += [each for each in await self._hear_from(self.services[waiting.pop(0)]) if each not in waiting]
        raise AssertionError("the services do not stop talking")

    async def _hear_from(self, source: Service) -> list[str]:
        """The services that heard what it said since it was last listened to."""
        said, heard = await source.said(), []
        for name, sink in self.services.items():
            if arriving := [record_of(row) for row in said if row.topic in sink.topics]:
                await sink.take_in(arriving)
                heard.append(name)
        return heard

    async def passes(self, days: int) -> None:
        """So many days pass, and whoever watches deadlines looks."""
        self.clock.move_by(timedelta(days=days))
        for name in ("intake", "handover", "followup"):
            await self.services[name].look()
            await self.quiet(name)

    def day(self, offset: int = 0) -> str:
        """A local day so many days from today."""
        return (local_date(self.clock.now()) + timedelta(days=offset)).isoformat()

    async def do(self, by: str, method: str, /, **fields: Any) -> Any:
        """A call by its name, as somebody at this office."""
        return await self.call_by_two(METHODS[method][0], method, request_of(method, **fields), by)

    async def rows(self, service: str, sql: str, **parameters: object) -> list[Any]:
        """Rows of the database of a service."""
        return await self.services[service].rows(sql, **parameters)


def country_of(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Country:
    """All four on empty databases."""
    services, neighbours = {}, Neighbours()
    for definition in (INTAKE, HANDOVER, FOLLOWUP, NOTIFY):
        chassis = chassis_for(definition.name, service_database(definition.name), clock)
        chassis = replace(chassis, peers=neighbours, news_are_late=lambda: neighbours.news_are_late)
        topics = frozenset(stream.topic for stream in definition.streams)
        services[definition.name] = Service(chassis, definition.build(chassis), topics)
        neighbours.rooms[definition.name] = services[definition.name].rooms
    return Country(clock, services, neighbours)
