"""Reads the fields of requests, and remembers everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from google.protobuf.message import Message

from homeward.handover.v1 import handover_pb2 as api
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.case_ref import CaseRef, parse_case_ref
from services.chassis.calls.security import current_call
from services.chassis.kernel.errors import FieldViolation, InvalidInput, ProvinceNotFound
from services.chassis.kernel.places import ProvinceRef
from services.handover.application import Asked
from services.handover.domain import (
    MAX_REASON_CHARS,
    Consent,
    DestinationChoice,
    Document,
    Escort,
    HomeSafety,
    TravelMeans,
    TravelPlan,
)

EXAMPLE_UUID: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
EXAMPLE_DATE: Final = "2026-03-31"
MAX_OFFICE_CHARS: Final = 64

Context = Any
"""grpc.aio.ServicerContext; its stubs differ between the packages that bring them."""

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def wire_values(proto: Any, prefix: str, words: type[E]) -> Mapping[int, E]:
    """The words of the domain by the numbers of an enum of the contract."""
    return {proto.Value(f"{prefix}_{word.value}"): word for word in words}


_ESCORTS: Final = wire_values(types.Escort, "ESCORT", Escort)
_MEANS: Final = wire_values(types.TravelMeans, "TRAVEL_MEANS", TravelMeans)
_CONSENTS: Final = wire_values(types.TransferConsent, "TRANSFER_CONSENT", Consent)
_SAFETIES: Final = wire_values(types.HomeSafety, "HOME_SAFETY", HomeSafety)
_DOCUMENTS: Final = wire_values(types.TransferDocument, "TRANSFER_DOCUMENT", Document)
_DESTINATIONS: Final = wire_values(types.DestinationChoice, "DESTINATION_CHOICE", DestinationChoice)


class Fields:
    """Reads the fields of a request and remembers everything that is wrong with them.

    A field that is wrong reads as a harmless value: call `done` before anything is used.
    """

    def __init__(self) -> None:
        self._violations: list[FieldViolation] = []

    def wrong(self, field: str, code: str, **params: str) -> None:
        """Remember a violation."""
        self._violations.append(FieldViolation(None, field, code, params))

    def done(self) -> None:
        """Raise InvalidInput with everything that was wrong."""
        if self._violations:
            raise InvalidInput(self._violations)

    def uuid(self, field: str, text: str) -> UUID:
        """A UUID; required."""
        if not text:
            self.wrong(field, "REQUIRED")
            return UUID(int=0)
        try:
            return UUID(text)
        except ValueError:
            self.wrong(field, "BAD_FORMAT", example=EXAMPLE_UUID)
            return UUID(int=0)

    def case(self, text: str) -> CaseRef:
        """A case id or number; required."""
        try:
            return parse_case_ref(text)
        except InvalidInput as invalid:
            self._violations.extend(invalid.violations)
            return UUID(int=0)

    def day(self, field: str, text: str) -> date | None:
        """A local date; None when empty."""
        if not text:
            return None
        try:
            parsed = date.fromisoformat(text)
        except ValueError:
            parsed = None
        if parsed is None or parsed.isoformat() != text:
            self.wrong(field, "BAD_FORMAT", example=EXAMPLE_DATE)
            return None
        return parsed

    def required_day(self, field: str, text: str) -> date:
        """A local date that must be given."""
        if not text:
            self.wrong(field, "REQUIRED")
        return self.day(field, text) or date.min

    def office(self, field: str, text: str) -> str | None:
        """An office id; None when empty. Whether there is such an office is not asked here."""
        if len(text) > MAX_OFFICE_CHARS:
            self.wrong(field, "UNKNOWN_OFFICE")
        return text or None

    def choice(self, field: str, values: Mapping[int, T], value: int, name: str, fallback: T) -> T:
        """One of the values of an enum."""
        if value not in values:
            self.wrong(field, "NOT_IN_LIST" if value else "REQUIRED", list=name)
        return values.get(value, fallback)

    def reason(self, text: str) -> str:
        """A reason in the user's words; required."""
        plain = text.strip()
        if not plain:
            self.wrong("reason", "REQUIRED")
        elif len(plain) > MAX_REASON_CHARS:
            self.wrong("reason", "TOO_LONG", limit=str(MAX_REASON_CHARS))
        elif not plain.isprintable():
            self.wrong("reason", "BAD_CHARACTERS")
        return plain

    def optional(self, field: str, values: Mapping[int, T], value: int, name: str) -> T | None:
        """One of the values of an enum; None when unspecified."""
        if not value:
            return None
        if value not in values:
            self.wrong(field, "NOT_IN_LIST", list=name)
        return values.get(value)

    def case_of(self, field: str, text: str) -> CaseRef:
        """A case id or number in another field than `case`; required."""
        try:
            return parse_case_ref(text, field)
        except InvalidInput as invalid:
            self._violations.extend(invalid.violations)
            return UUID(int=0)

    def required_office(self, field: str, text: str) -> str:
        """An office id that must be given."""
        if not text:
            self.wrong(field, "REQUIRED")
        return self.office(field, text) or ""

    def province(self, field: str, given: types.ProvinceRef | None) -> ProvinceRef | None:
        """A province; None when absent. Whether there is one of that code is not asked here."""
        if given is None:
            return None
        try:
            return ProvinceRef(given.code, given.vintage)
        except ProvinceNotFound:
            self.wrong(field, "UNKNOWN_PROVINCE")
            return None

    def travel(self, field: str, given: api.TravelPlan) -> TravelPlan:
        """How a person travels; what is unspecified is not recorded."""
        return TravelPlan(
            escort=self.optional(f"{field}.escort", _ESCORTS, given.escort, "Escort"),
            means=self.optional(f"{field}.means", _MEANS, given.means, "TravelMeans"),
            consent=self.optional(f"{field}.consent", _CONSENTS, given.consent, "TransferConsent"),
            home_safety=self.optional(f"{field}.home_safety", _SAFETIES, given.home_safety, "HomeSafety"),
            documents=self._documents(f"{field}.documents", given.documents),
            destination=self.optional(f"{field}.destination", _DESTINATIONS, given.destination, "DestinationChoice"),
        )

    def _documents(self, field: str, given: Iterable[int]) -> frozenset[Document]:
        found = {_DOCUMENTS.get(value) for value in given}
        if None in found:
            self.wrong(field, "NOT_IN_LIST", list="TransferDocument")
        return frozenset(document for document in found if document is not None)

    def for_row(self, row: int, inner: Fields) -> None:
        """Remember what was wrong with a row, which counts from 1."""
        self._violations += [FieldViolation(row, each.field, each.code, each.params) for each in inner._violations]


def begin(request: Message) -> tuple[Fields, Asked]:
    """What every mutation begins with: the fields, and who asks under which request id."""
    fields, call = Fields(), current_call()
    request_id = fields.uuid("request_id", getattr(request, "request_id", ""))
    return fields, Asked(call.caller, request_id, call.method, request)
