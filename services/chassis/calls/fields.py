"""Reads the fields of requests: every fault of a request is told at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.case_ref import CaseRef, parse_case_ref
from services.chassis.calls.enums import list_name, member_of
from services.chassis.calls.etags import version_of
from services.chassis.calls.pages import DEFAULT_PAGE_SIZE, page_size_of
from services.chassis.country.provinces import provinces
from services.chassis.kernel.errors import InvalidInput, ProvinceNotFound
from services.chassis.kernel.findings import E, Findings
from services.chassis.kernel.places import ProvinceRef

if TYPE_CHECKING:
    from services.chassis.calls.enums import Wire

MAX_OFFICE_CHARS: Final = 64


class Fields(Findings):
    """Reads the fields of a request and gathers everything that is wrong with them.

    A field that is wrong reads as a harmless value: call `done` before anything is used.
    """

    __slots__ = ()

    def request_id(self, request: Any) -> UUID:
        """The id under which a mutation is answered once; required."""
        return self.uuid("request_id", request.request_id)

    def case(self, text: str, name: str = "case") -> CaseRef:
        """A case id or number; required."""
        try:
            return parse_case_ref(text, name)
        except InvalidInput as invalid:
            self.gather(invalid)
            return UUID(int=0)

    def version(self, etag: str) -> int | None:
        """The version that an etag names; None when empty. Compare it with the present one: `EtagMismatch`."""
        return version_of(etag)

    def page_size(self, requested: int) -> int:
        """How many rows to give: 0 means the default, more than the maximum means the maximum."""
        try:
            return page_size_of(requested)
        except InvalidInput as invalid:
            self.gather(invalid)
            return DEFAULT_PAGE_SIZE

    def office(self, name: str, text: str) -> str | None:
        """An office id; None when empty. Whether there is such an office is not asked here."""
        if len(text) > MAX_OFFICE_CHARS:
            self.wrong(name, "UNKNOWN_OFFICE")
        return text or None

    def required_office(self, name: str, text: str) -> str:
        """An office id that must be given."""
        if not text:
            self.wrong(name, "REQUIRED")
        return self.office(name, text) or ""

    def province(self, name: str, given: types.ProvinceRef | None) -> ProvinceRef | None:
        """A province; None when absent. Whether there is one of that code is not asked here."""
        if given is None:
            return None
        try:
            return ProvinceRef(given.code, given.vintage)
        except ProvinceNotFound:
            self.wrong(name, "UNKNOWN_PROVINCE")
            return None

    def counted_province(self, name: str, text: str) -> ProvinceRef | None:
        """A province as counts name it, such as "22@2025"; None when empty."""
        if not text:
            return None
        try:
            found = ProvinceRef.parse(text)
            if found in provinces():
                return found
        except ProvinceNotFound:
            pass
        self.wrong(name, "UNKNOWN_PROVINCE")
        return None

    def member(self, name: str, words: type[E], wire: Wire[Any], number: int) -> E | None:
        """The word of an enum's number; None when unspecified."""
        found = member_of(words, wire, number)
        if found is None and number:
            self.wrong(name, "NOT_IN_LIST", list=list_name(wire))
        return found

    def required_member(self, name: str, words: type[E], wire: Wire[Any], number: int, otherwise: E | None = None) -> E:
        """The word of an enum's number, which must be given; a wrong one reads as `otherwise`, or the first word."""
        if not number:
            self.wrong(name, "REQUIRED")
        return self.member(name, words, wire, number) or otherwise or next(iter(words))

    def members(self, name: str, words: type[E], wire: Wire[Any], numbers: Iterable[int]) -> frozenset[E]:
        """The words of a list of an enum's numbers."""
        found = {member_of(words, wire, number) for number in numbers}
        if None in found:
            self.wrong(name, "NOT_IN_LIST", list=list_name(wire))
        return frozenset(word for word in found if word is not None)
