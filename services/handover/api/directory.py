"""Offices that end and open, rules and calendar. Proto in, command, proto out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from homeward.handover.v1 import directory_pb2, directory_pb2_grpc
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import current_call
from services.chassis.country.offices import MAX_CAPACITY, MAX_OFFICE_ID_LENGTH, OFFICE_ID, Office
from services.chassis.country.overlays import RuleChange
from services.chassis.country.provinces import provinces
from services.chassis.events.units import UnitOfWork, Units
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Basis, Unit
from services.chassis.kernel.roles import Caller, FacilityKind, Role
from services.handover.api.by_two import Act, ByTwo
from services.handover.api.requests import Context
from services.handover.application import directory
from services.handover.application.directory import Administration, Ending, EndOffice, WantedOffices
from services.handover.domain.reading import Page
from services.handover.wire import answers

EXAMPLE_OFFICE: Final = "SA-22-NEW"
OFFICE_NAME_CHARS_MAX: Final = 120
OFFICE_WORDS_CHARS_MAX: Final = 120
LEGAL_SOURCE_CHARS_MAX: Final = 200
RULE_AMOUNT_MAX: Final = 10_000
RULE_CODE: Final = re.compile(r"[A-Z0-9_]{1,40}")

_NATIONAL_ROLES: Final = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN, Role.NGO})
"""Offices of these roles may be national; every other one has a province."""


class DirectoryServicer(directory_pb2_grpc.DirectoryServiceServicer):
    """What administrators call; everybody may list the rules."""

    def __init__(self, units: Units, administration: Administration, by_two: ByTwo, digest_key: bytes) -> None:
        self._units = units
        self._administration = administration
        self._by_two = by_two
        by_two.add("EndOffice", directory_pb2.EndOfficeRequest, self._office_end)
        by_two.add("OpenOffice", directory_pb2.OpenOfficeRequest, self._office_opening)
        by_two.add("ChangeRule", directory_pb2.ChangeRuleRequest, self._rule_change)
        by_two.add("ChangeCalendar", directory_pb2.ChangeCalendarRequest, self._calendar_change)
        self._pages = Pages(digest_key)

    async def EndOffice(  # noqa: N802
        self, request: directory_pb2.EndOfficeRequest, context: Context
    ) -> directory_pb2.EndOfficeResponse:
        """See the contract."""
        if not request.validate_only:
            return await self._by_two.answer(request, directory_pb2.EndOfficeResponse)
        fields = Fields()
        fields.request_id(request)
        command = _end_of(fields, request)
        fields.done()
        return _ending(await self._units.read(lambda uow: directory.count_end(uow, self._administration, command)))

    def _office_end(self, fields: Fields, request: directory_pb2.EndOfficeRequest) -> Act[Any]:
        command, administration = _end_of(fields, request), self._administration

        async def work(uow: UnitOfWork, caller: Caller) -> directory_pb2.EndOfficeResponse:
            return _ending(await directory.end_office(uow, administration, caller, command))

        return Act(
            matter=lambda uow, _caller: directory.end_matter(uow, administration, command),
            work=work,
            rehearse=lambda uow, _caller: directory.count_end(uow, administration, command),
        )

    async def OpenOffice(  # noqa: N802
        self, request: directory_pb2.OpenOfficeRequest, context: Context
    ) -> directory_pb2.OpenOfficeResponse:
        """See the contract."""
        return await self._by_two.answer(request, directory_pb2.OpenOfficeResponse)

    def _office_opening(self, fields: Fields, request: directory_pb2.OpenOfficeRequest) -> Act[Any]:
        office = _office_of(fields, request, local_date(self._units.clock.now()))

        async def work(uow: UnitOfWork, caller: Caller) -> directory_pb2.OpenOfficeResponse:
            opened = await directory.open_office(uow, self._administration, caller, office)
            return directory_pb2.OpenOfficeResponse(office_id=opened.id)

        return Act(lambda _uow, _caller: directory.opening_matter(office), work)

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

    async def ListAdministration(  # noqa: N802
        self, request: directory_pb2.ListAdministrationRequest, context: Context
    ) -> directory_pb2.ListAdministrationResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        fields.done()
        page = self._pages.page(caller, "administration", size, request.page_token)
        wanted = Page(page.limit, page.start(datetime.fromisoformat, UUID))
        rows = await self._units.read(lambda uow: directory.list_changes(uow, caller, wanted))
        given, token = page.cut(rows, lambda row: (row.done_at, row.id))
        return directory_pb2.ListAdministrationResponse(
            changes=[answers.administrative_change(row) for row in given], next_page_token=token
        )

    async def ChangeRule(  # noqa: N802
        self, request: directory_pb2.ChangeRuleRequest, context: Context
    ) -> directory_pb2.ChangeRuleResponse:
        """See the contract."""
        return await self._by_two.answer(request, directory_pb2.ChangeRuleResponse)

    def _rule_change(self, fields: Fields, request: directory_pb2.ChangeRuleRequest) -> Act[Any]:
        if not RULE_CODE.fullmatch(request.code):
            fields.wrong("code", "BAD_FORMAT" if request.code else "REQUIRED", example="TRANSFER_ACKNOWLEDGE")
        change = RuleChange(
            code=request.code,
            version=0,
            amount=fields.number("amount", request.amount, least=1, most=RULE_AMOUNT_MAX),
            unit=fields.word("unit", Unit, request.unit),
            basis=fields.word("basis", Basis, request.basis),
            legal_source=fields.text("legal_source", request.legal_source, LEGAL_SOURCE_CHARS_MAX, required=True),
            valid_from=fields.day("valid_from", request.valid_from) or local_date(self._units.clock.now()),
        )

        async def work(uow: UnitOfWork, caller: Caller) -> directory_pb2.ChangeRuleResponse:
            added = await directory.change_rule(uow, caller, change)
            return directory_pb2.ChangeRuleResponse(rule=answers.rule(added))

        return Act(lambda uow, _caller: directory.rule_matter(uow, change.code), work)

    async def ChangeCalendar(  # noqa: N802
        self, request: directory_pb2.ChangeCalendarRequest, context: Context
    ) -> directory_pb2.ChangeCalendarResponse:
        """See the contract."""
        return await self._by_two.answer(request, directory_pb2.ChangeCalendarResponse)

    def _calendar_change(self, fields: Fields, request: directory_pb2.ChangeCalendarRequest) -> Act[Any]:
        off = _days(fields, "days_off", request.days_off)
        worked = _days(fields, "days_worked", request.days_worked)

        async def work(uow: UnitOfWork, caller: Caller) -> directory_pb2.ChangeCalendarResponse:
            version, moved = await directory.change_calendar(uow, self._administration, caller, off, worked)
            return directory_pb2.ChangeCalendarResponse(calendar_version=version, moved=moved)

        return Act(
            matter=lambda uow, _caller: directory.calendar_matter(uow),
            work=work,
            # Days that are shown in this process, and then not kept, would be counted with meanwhile.
            rehearse=lambda uow, _caller: directory.check_calendar(uow, off, worked),
        )


def _end_of(fields: Fields, request: directory_pb2.EndOfficeRequest) -> EndOffice:
    return EndOffice(
        office_id=fields.required_office("office_id", request.office_id),
        successor_id=fields.office("successor_id", request.successor_id),
        ended_on=fields.day("ended_on", request.ended_on),
    )


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
