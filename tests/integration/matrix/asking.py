"""Every method of every service, asked about a case by somebody, in one process and behind the gate's rules.

Nothing that is asked stays: the work is done to its end and rolled back, so that the next one finds the same case.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from homeward.followup.v1 import oversight_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.policy import authorise, full_name, policies_of
from services.chassis.calls.security import CallContext, set_call
from services.chassis.country.directory import Directory
from services.chassis.country.questionnaires import questionnaire
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import Clock
from services.chassis.kernel.errors import HomewardError, InvalidInput
from services.chassis.kernel.roles import Grade
from services.chassis.service.process import Chassis
from services.chassis.storage.fast_rows import fast_rows
from services.client.contracts import CONTRACTS
from tests.integration.followup.test_care import content, wishes
from tests.integration.intake.people import person
from tests.integration.matrix.stories import ASKED_TO, IDS, POST_AGENCY, Story
from tests.support.clocks import FakeClock
from tests.support.country import Country, country_of
from tests.support.fixtures import ChassisFor, ServiceDatabase
from tests.support.homes import GUARDIAN
from tests.support.homes import answers as home_answers
from tests.support.identities import caller_for

T = TypeVar("T")

NAMES: Final = frozenset({"case", *IDS})
"""The fields by which a request names a case."""
SHOWS: Final = frozenset({"case_id", "case_number", "case_ids", "case_numbers"})
"""The fields by which a row of a list does."""
METHODS: Final[Mapping[str, tuple[str, MethodDescriptor]]] = {
    (method.name if method.name not in ("ListActs", "GetOfficeEnd") else f"{method.name} ({service})"): (
        service,
        method,
    )
    for service, contracts in CONTRACTS.items()
    for contract in contracts
    for method in contract.methods
}
"""All of them; what each service is asked alike, with its name."""
POLICIES: Final = policies_of(contract for contracts in CONTRACTS.values() for contract in contracts)


def names_a_case(method: MethodDescriptor) -> bool:
    """Whether a request of it names a case, or is a list in which one stands."""
    asked, told = set(_fields(method.input_type)), set(_fields(method.output_type))
    return bool(asked & NAMES) or (is_list(method) and bool(told & SHOWS))


def is_list(method: MethodDescriptor) -> bool:
    """Whether it answers about all cases at once."""
    return "page_size" in method.input_type.fields_by_name


def is_read(method: MethodDescriptor) -> bool:
    """Whether it changes nothing."""
    return "request_id" not in method.input_type.fields_by_name


def is_asked(service: str, method: MethodDescriptor, story: Story) -> bool:
    """Whether a method has anything to ask about a story: that has what it names, and is told for its sake."""
    fields = set(method.input_type.fields_by_name)
    if story.only and story.only.isdisjoint({*fields, service, method.name}):
        return False
    return is_list(method) or all(name in story.ids for name in _needed(fields))


def _needed(fields: set[str]) -> set[str]:
    """By what a request must name a case, besides its id. A case that is named can be read without breaking glass."""
    return fields.intersection(IDS) - ({"break_glass_id"} if "case" in fields else set())


def _fields(message: Descriptor) -> Iterator[str]:
    """Those of a message, and of its rows."""
    for each in message.fields:
        yield each.name
        if each.message_type is not None and each.is_repeated:
            yield from (field.name for field in each.message_type.fields)


# What is asked.

_OF_METHOD: Final[Mapping[str, Mapping[str, Any]]] = {
    "CorrectEntry": {"reason": types.ENTRY_REASON_WRONG_DAY, "entry_number": 1, "kind": 0, "outcome": 0},
    "TakeBackEntry": {"entry_number": 1},
    "RecordFollowUp": {"kind": types.FOLLOW_UP_KIND_MONTHS_3, "outcome": types.FOLLOW_UP_OUTCOME_SETTLED},
    "RescheduleFollowUp": {"kind": types.FOLLOW_UP_KIND_MONTHS_3, "reason": "PERSON_ASKED"},
    "TakeUpFollowUp": {"kind": types.FOLLOW_UP_KIND_MONTHS_6},
    "DropFollowUp": {"kind": types.FOLLOW_UP_KIND_MONTHS_6, "reason": types.STEP_DROP_REASON_NOT_NEEDED},
    "ResolveSearch": {"resolution": types.SEARCH_RESOLUTION_RETURNED_TO_SENDER},
    "DischargePerson": {"destination": types.DISCHARGE_DESTINATION_PLANNED_TRANSFER},
    "DecideIdentification": {"status": types.IDENTIFICATION_STATUS_IDENTIFIED, "grounds": ["FORCED_MARRIAGE"]},
    "LinkFamily": {"relation": "CHILD"},
    "ReassignCase": {"office_id": POST_AGENCY},
    "CloseCase": {"reason": types.CLOSE_REASON_DIED},
    "RecordLegalStep": {"step": "COMMUNE_NOTIFY"},
    "TakeBackLegalStep": {"step": "COMMUNE_NOTIFY"},
    "SetReplyLimit": {"rule": "POLICE_VERIFY_REPLY_COMPLEX"},
    "AssignVerifier": {"office_id": "VF-01"},
    "ReviewBreakGlass": {"verdict": types.BREAK_GLASS_VERDICT_JUSTIFIED},
    "RecordConsent": {"purpose": "STAY", "state": types.CONSENT_STATE_GIVEN, "text_version": 1},
    "GetGuardian": {"number": 1},
    "AdmitPerson": {"cannot_be_asked": True},
    "SetWishes": {"wishes": wishes()},
    "RecordVisit": {"outcome": types.FOLLOW_UP_OUTCOME_NEEDS_SUPPORT, "content": content()},
    "CorrectVisit": {"entry_number": 1, "revision": 1, "content": content()},
    "GetVisit": {"entry_number": 1},
    "ConfirmSafetyAct": {"measures": ["SHELTER"]},
    "RecordHomeSafety": {
        "answers": home_answers(),
        "verdict": types.HOME_SAFETY_SAFE,
        "questionnaire_version": questionnaire().version,
        "guardian": GUARDIAN,
    },
    "ConfirmHomeSafety": {"number": 1},
    "ListWorkload": {"filter": oversight_pb2.WorkloadFilter(province="20@2025")},
}
"""What one method asks for in its own way. A new one that is answered INVALID_INPUT gets its line here."""


def asked_about(method: MethodDescriptor, story: Story, today: str) -> Message:
    """A request about a case with which nothing is wrong but who asks, and when; a list of all cases."""
    values: dict[str, Any] = {
        "request_id": str(uuid.uuid4()),
        "case": "" if is_list(method) else story.case,
        "to_office_id": ASKED_TO,
        "purpose": "FOLLOW_UP",
        "include_identity": True,
        "include_decided": True,
        "include_read": True,
        "page_size": 200,
        "supersede": True,
        "another_person": True,
        "person": person(),
        "rows": [_row_of(method, story.case, today)],
        **({} if is_list(method) else story.ids),
        **_OF_METHOD.get(method.name, {}),
    }
    request: Any = GetMessageClass(method.input_type)()
    for each in method.input_type.fields:
        value = values.get(each.name)
        if value is None and each.name.endswith("_on") and "request_id" in method.input_type.fields_by_name:
            value = today
        if value is None and each.name in ("reason", "kind", "outcome", "togetherness"):
            value = 1 if each.enum_type is not None else "Invented reason"
        if value is None or (each.name == "person" and method.name != "CorrectCase"):
            continue
        if each.name in IDS and each.name not in _needed(set(method.input_type.fields_by_name)):
            continue
        _set(request, each, value)
    return request  # type: ignore[no-any-return]


def _row_of(method: MethodDescriptor, case: str, today: str) -> Mapping[str, str]:
    """One person of a list."""
    if method.name == "RecordShortChecks":
        return {"case": case, "to_office_id": ASKED_TO, "wants_to_go": "YES", "afraid": "NO"}
    return {"case": case, "to_office_id": ASKED_TO, "expected_arrival_on": today}


def _set(request: Any, each: FieldDescriptor, value: Any) -> None:
    if each.is_repeated and each.message_type is not None:
        for row in value:
            if isinstance(row, Message):
                getattr(request, each.name).append(row)
            else:
                getattr(request, each.name).add(**row)
    elif each.is_repeated:
        getattr(request, each.name).extend(value)
    elif each.message_type is not None:
        getattr(request, each.name).CopyFrom(value)
    else:
        setattr(request, each.name, value)


# Asking.


class Rehearsing(Units):
    """Units of work that, when told to, do everything and keep nothing."""

    rehearses = False

    async def _run(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        if not self.rehearses:
            return await super()._run(work)
        async with self.engine.connect() as connection:
            uow = UnitOfWork(fast_rows(connection), self.clock.now(), self.signer)
            result = await work(uow)
            await uow.flush()
        return result


class Asking:
    """Asks, in a country in which the stories were told."""

    def __init__(self, country: Country) -> None:
        self.country = country

    def from_now_on_nothing_stays(self) -> None:
        """All stories are told."""
        for service in self.country.services.values():
            units = service.chassis.units
            assert isinstance(units, Rehearsing)
            units.rehearses = True

    def may_ever_call(self, name: str, office_id: str) -> bool:
        """Whether a method is there for the role of an office."""
        return POLICIES[full_name(METHODS[name][1])].permits(caller_for(office_id))

    async def answer(self, name: str, request: Message, office_id: str) -> Message | str:
        """What somebody at an office gets: an answer, or the reason of a refusal."""
        service, method = METHODS[name]
        caller = replace(caller_for(office_id), grades=frozenset(Grade))
        room = self.country.services[service]
        served = {one.service.full_name: one.servicer for one in room.rooms.services}
        behaviour = getattr(served[method.containing_service.full_name], method.name)
        set_call(CallContext(caller, str(uuid.uuid4()), "", full_name(method), "en"))
        try:
            authorise(POLICIES, full_name(method), caller)
            room.chassis.admission(caller)
            answer: Message = await behaviour(request, None)
        except InvalidInput as refused:
            return f"{refused.reason} ({', '.join(sorted({each.code for each in refused.violations}))})"
        except HomewardError as refused:
            return refused.reason
        return answer


def asking(service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock) -> Asking:
    """A country without anybody in it."""

    def rehearsing(service: str, database_url: str, clock: Clock, *, directory: Directory | None = None) -> Chassis:
        chassis = chassis_for(service, database_url, clock, directory=directory)
        units = chassis.units
        return replace(chassis, units=Rehearsing(units.engine, units.clock, units.signer, units._outbox_written))

    return Asking(country_of(service_database, rehearsing, clock))
