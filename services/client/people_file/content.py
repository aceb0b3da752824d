"""What a file says once it is understood: plain values, ready to send, with a digest of their own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from homeward.intake.v1 import people_pb2, submissions_pb2


@dataclass(frozen=True, slots=True)
class FamilyLink:
    """The other person, by position in the submission from 1, and what that person is to this one."""

    row: int
    relation: str


@dataclass(frozen=True, slots=True)
class PersonContent:
    """One person, with the values that the contract knows (intake.proto)."""

    full_name: str
    sex: str
    birth_date: str = ""
    nationality: str = ""
    ethnicity: str = ""
    language: str = ""
    home_province: str = ""
    home_address: str = ""
    returned_from_country: str = ""
    health_remarks: str = ""
    documents: tuple[str, ...] = ()
    belongings: tuple[str, ...] = ()
    victim_declaration: bool = False
    return_certificate_number: str = ""
    handover_certificate_number: str = ""
    family_links: tuple[FamilyLink, ...] = ()
    earlier_case: str = ""
    remarks: str = ""

    def to_proto(self) -> people_pb2.Person:
        """As it is sent."""
        from homeward.intake.v1 import people_pb2
        from homeward.type.v1 import types_pb2

        fields = {name: value for name, value in asdict(self).items() if value}
        fields.pop("family_links", None)
        fields.pop("home_province", None)
        person = people_pb2.Person(**fields)
        if self.home_province:
            code, _, vintage = self.home_province.partition("@")
            person.home_province.CopyFrom(types_pb2.ProvinceRef(code=code, vintage=vintage))
        for link in self.family_links:
            person.family_links.add(row=link.row, relation=link.relation)
        return person


@dataclass(frozen=True, slots=True)
class HandoverContent:
    """A handover. `handover_time` is aware; exactly one of gate, marker and other_place is set, none for a
    self-return."""

    route: str
    handover_time: datetime
    gate: str
    marker: str
    other_place: str
    handing_body: str
    joint_minutes_number: str
    people: tuple[PersonContent, ...]

    def to_proto(self) -> submissions_pb2.Handover:
        """As it is sent."""
        from homeward.intake.v1 import submissions_pb2
        from homeward.type.v1 import types_pb2

        place = submissions_pb2.Place()
        if self.gate:
            place.gate_id = self.gate
        elif self.marker:
            place.marker = self.marker
        elif self.other_place:
            place.other = self.other_place
        handover = submissions_pb2.Handover(
            route=types_pb2.RouteOfReturn.Value(f"ROUTE_OF_RETURN_{self.route}"),
            place=place,
            handing_body=self.handing_body,
            joint_minutes_number=self.joint_minutes_number,
            people=[person.to_proto() for person in self.people],
        )
        handover.handover_time.FromDatetime(self.handover_time.astimezone(UTC).replace(tzinfo=None))
        return handover

    def with_people(self, people: tuple[PersonContent, ...]) -> HandoverContent:
        """The same handover with other people."""
        return replace(self, people=people)

    def digest(self) -> str:
        """SHA-256, in hex, of the content; the same however the file writes it. Never of protobuf bytes: their
        order is not promised from one version to the next."""
        document = asdict(self) | {"handover_time": self.handover_time.astimezone(UTC).isoformat()}
        for person in document["people"]:
            # What was sent before there were remarks keeps its digest.
            if not person["remarks"]:
                del person["remarks"]
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
