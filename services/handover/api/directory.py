"""Offices that end and open, rules and calendar. Proto in, command, proto out."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from typing import Final, TypeVar

from google.protobuf.message import Message

from homeward.handover.v1 import directory_pb2, directory_pb2_grpc
from services.chassis.calls.answers import Answers, Asked
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import current_call
from services.chassis.country.offices import MAX_CAPACITY, MAX_OFFICE_ID_LENGTH, OFFICE_ID, Office
from services.chassis.country.overlays import RuleChange
from services.chassis.country.provinces import provinces
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Basis, Unit
from services.chassis.kernel.roles import FacilityKind, Role
from services.handover.api.requests import Context
from services.handover.application import directory
from services.handover.application.directory import Administration, Ending, EndOffice, WantedOffices
from services.handover.wire import answers

EXAMPLE_OFFICE: Final = "SA-22-NEW"
OFFICE_NAME_CHARS_MAX: Final = 120
OFFICE_WORDS_CHARS_MAX: Final = 120
LEGAL_SOURCE_CHARS_MAX: Final = 200
RULE_AMOUNT_MAX: Final = 10_000
RULE_CODE: Final = re.compile(r"[A-Z0-9_]{1,40}")
M = TypeVar("M", bound=Message)

_NATIONAL_ROLES: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN, Role.NGO})
"""Offices of these roles may be national; every other one has a province."""


class DirectoryServicer(directory_pb2_grpc.DirectoryServiceServicer):
    """What administrators call; everybody may list the rules."""

    def __init__(self, units: Units, administration: Administration, digest_key: bytes) -> None:
        self._units = units
        self._administration = administration
        self._answers = Answers(units, digest_key)
        self._pages = Pages(digest_key)

    async def EndOffice(  # noqa: N802
        self, request: directory_pb2.EndOfficeRequest, context: Context
    ) -> directory_pb2.EndOfficeResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = EndOffice(
            office_id=fields.required_office("office_id", request.office_id),
            successor_id=fields.office("successor_id", request.successor_id),
            ended_on=fields.day("ended_on", request.ended_on),
        )
        fields.done()
        if request.validate_only:
            return _ending(await self._units.read(lambda uow: directory.count_end(uow, self._administration, command)))

        async def work(uow: UnitOfWork) -> directory_pb2.EndOfficeResponse:
            return _ending(await directory.end_office(uow, self._administration, asked.caller, command))

        return await self._changed(asked, directory_pb2.EndOfficeResponse, work)

    async def OpenOffice(  # noqa: N802
        self, request: directory_pb2.OpenOfficeRequest, context: Context
    ) -> directory_pb2.OpenOfficeResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        office = _office_of(fields, request, local_date(self._units.clock.now()))
        fields.done()

        async def work(uow: UnitOfWork) -> directory_pb2.OpenOfficeResponse:
            opened = await directory.open_office(uow, self._administration, asked.caller, office)
            return directory_pb2.OpenOfficeResponse(office_id=opened.id)

        return await self._changed(asked, directory_pb2.OpenOfficeResponse, work)

    async def ListOffices(  # noqa: N802
        self, request: directory_pb2.ListOfficesRequest, context: Context
    ) -> directory_pb2.ListOfficesResponse:
        """See the contract."""
        fields, caller, edition = Fields(), current_call().caller, directory.offices_edition(self._administration)
        size = fields.page_size(request.page_size)
        wanted = WantedOffices(
            role=fields.word("role", Role, request.role) if request.role else None,
            province=fields.province("province", request.province if request.HasField("province") else None),
            words=fields.text("words", request.words, OFFICE_WORDS_CHARS_MAX),
            on=fields.day("on", request.on),
        )
        fields.done()
        if request.edition == edition and not request.page_token:
            return directory_pb2.ListOfficesResponse(edition=edition, unchanged=True)
        filters = {"role": wanted.role, "province": request.province.code, "vintage": request.province.vintage}
        page = self._pages.page(
            caller, "offices", size, request.page_token, words=wanted.words, on=wanted.on, **filters
        )
        start = page.start(int)
        numbered = list(enumerate(directory.list_offices(self._administration, wanted)))
        given, token = page.cut(numbered[start[0] + 1 if start else 0 :][: page.limit], lambda row: (row[0],))
        return directory_pb2.ListOfficesResponse(
            offices=[answers.office(each, directory.was_ended(self._administration, each)) for _, each in given],
            next_page_token=token,
            edition=edition,
        )

    async def ListRules(  # noqa: N802
        self, request: directory_pb2.ListRulesRequest, context: Context
    ) -> directory_pb2.ListRulesResponse:
        """See the contract."""
        fields = Fields()
        # Of what is not written as a code nothing comes back.
        if request.code and not RULE_CODE.fullmatch(request.code):
            fields.wrong("code", "BAD_FORMAT", example="TRANSFER_ACKNOWLEDGE")
        fields.done()
        rules = directory.list_rules(self._administration, request.code)
        return directory_pb2.ListRulesResponse(
            rules=[answers.rule(each) for each in rules.versions],
            calendar_version=rules.calendar_version,
            changed_days=answers.changed_days(rules.changed_days),
        )

    async def ChangeRule(  # noqa: N802
        self, request: directory_pb2.ChangeRuleRequest, context: Context
    ) -> directory_pb2.ChangeRuleResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        change = RuleChange(
            code=request.code,
            version=0,
            amount=fields.number("amount", request.amount, least=1, most=RULE_AMOUNT_MAX),
            unit=fields.word("unit", Unit, request.unit),
            basis=fields.word("basis", Basis, request.basis),
            legal_source=fields.text("legal_source", request.legal_source, LEGAL_SOURCE_CHARS_MAX, required=True),
            valid_from=fields.day("valid_from", request.valid_from) or local_date(self._units.clock.now()),
        )
        if not RULE_CODE.fullmatch(request.code):
            fields.wrong("code", "BAD_FORMAT" if request.code else "REQUIRED", example="TRANSFER_ACKNOWLEDGE")
        fields.done()

        async def work(uow: UnitOfWork) -> directory_pb2.ChangeRuleResponse:
            added = await directory.change_rule(uow, asked.caller, change)
            return directory_pb2.ChangeRuleResponse(rule=answers.rule(added))

        return await self._changed(asked, directory_pb2.ChangeRuleResponse, work)

    async def ChangeCalendar(  # noqa: N802
        self, request: directory_pb2.ChangeCalendarRequest, context: Context
    ) -> directory_pb2.ChangeCalendarResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        off = _days(fields, "days_off", request.days_off)
        worked = _days(fields, "days_worked", request.days_worked)
        fields.done()

        async def work(uow: UnitOfWork) -> directory_pb2.ChangeCalendarResponse:
            version, moved = await directory.change_calendar(uow, self._administration, asked.caller, off, worked)
            return directory_pb2.ChangeCalendarResponse(calendar_version=version, moved=moved)

        return await self._changed(asked, directory_pb2.ChangeCalendarResponse, work)

    async def _changed(self, asked: Asked, response_type: type[M], work: Callable[[UnitOfWork], Awaitable[M]]) -> M:
        """Answer once, and show in this process what was committed, or where nothing was what stood before."""
        try:
            return await self._answers.once(asked, response_type, work)
        finally:
            await self._administration.overlays.refresh()


def _ending(ending: Ending) -> directory_pb2.EndOfficeResponse:
    return directory_pb2.EndOfficeResponse(counts=answers.moved(ending.moved), successor_id=ending.heir_id)


def _days(fields: Fields, field: str, given: Iterable[str]) -> list[date]:
    return [fields.required_day(f"{field}[{number}]", text) for number, text in enumerate(given, start=1)]


def _office_of(fields: Fields, request: directory_pb2.OpenOfficeRequest, today: date) -> Office:
    role = fields.word("role", Role, request.role, Role.NGO)
    province = fields.province("province", request.province if request.HasField("province") else None)
    if province is None and not request.HasField("province") and role not in _NATIONAL_ROLES:
        fields.wrong("province", "REQUIRED_WITH", other="role")
    if province is not None and province not in provinces():
        fields.wrong("province", "UNKNOWN_PROVINCE")
    kind = fields.word("facility_kind", FacilityKind, request.facility_kind) if request.facility_kind else None
    if kind is not None and role is not Role.RECEPTION_CENTRE:
        fields.wrong("facility_kind", "NOT_ALLOWED_WITH", other="role")
    if request.capacity and kind is None:
        fields.wrong("capacity", "NOT_ALLOWED")
    if not re.fullmatch(OFFICE_ID, request.office_id) or len(request.office_id) > MAX_OFFICE_ID_LENGTH:
        fields.wrong("office_id", "BAD_FORMAT" if request.office_id else "REQUIRED", example=EXAMPLE_OFFICE)
    return Office(
        id=request.office_id,
        role=role,
        province=province,
        name_en=fields.text("name_en", request.name_en, OFFICE_NAME_CHARS_MAX, required=True),
        name_vi=fields.text("name_vi", request.name_vi, OFFICE_NAME_CHARS_MAX, required=True),
        valid_from=fields.day("valid_from", request.valid_from) or today,
        facility_kind=kind,
        capacity=fields.number("capacity", request.capacity, least=1, most=MAX_CAPACITY) if request.capacity else None,
    )
