"""What is heard: the events of the other services, and our own that come back, as values of the domain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from google.protobuf.message import Message

from homeward.events.v1 import followup_pb2, handover_pb2, identification_pb2
from homeward.events.v1 import transfer_pb2 as events
from homeward.followup.v1 import home_safety_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import member_of
from services.chassis.kernel.errors import ProvinceNotFound
from services.chassis.kernel.places import ProvinceRef
from services.handover.domain.case import Person
from services.handover.domain.custody import EarlierReturn, Registration
from services.handover.domain.families import Relative
from services.handover.domain.home import HomeVerdict
from services.handover.domain.reading import Decision
from services.handover.domain.reappearance import Match
from services.handover.domain.words import HomeSafety, Identification, SearchEffect


def registration_of(heard: handover_pb2.CaseRegistered, now: datetime) -> Registration:
    """A case as intake registered it; `now` stands for an instant that is not told."""
    registered_at = heard.register_time.ToDatetime(tzinfo=UTC) if heard.HasField("register_time") else now
    received_at = heard.handover_time.ToDatetime(tzinfo=UTC) if heard.HasField("handover_time") else registered_at
    return Registration(
        case_id=UUID(heard.case_id),
        case_number=heard.case_number,
        office_id=heard.receiving_office_id,
        person=person_of(heard),
        received_at=received_at,
        registered_at=registered_at,
        earlier=_earlier_of(heard),
        relatives=tuple(relative_of(each) for each in heard.relatives),
    )


def earlier_of(heard: handover_pb2.CaseCorrected) -> EarlierReturn | None:
    """How the earlier return stands named after a correction; None when that was not told, so it stands as before."""
    if not heard.earlier_case_told:
        return None
    return _earlier_of(heard)


def _earlier_of(heard: handover_pb2.CaseRegistered | handover_pb2.CaseCorrected) -> EarlierReturn:
    """Events of former versions do not say how alike the records are, nor who said it."""
    match = member_of(Match, types.EarlierCaseMatch, heard.earlier_case_match) or Match.UNKNOWN
    earlier_id = UUID(heard.earlier_case_id) if heard.earlier_case_id else None
    return EarlierReturn(earlier_id, match, heard.earlier_case_said_by)


def relative_of(heard: handover_pb2.Relative) -> Relative:
    """A relative with a case of her own."""
    return Relative(UUID(heard.case_id), heard.keep_together)


def person_of(heard: handover_pb2.CaseRegistered | handover_pb2.CaseCorrected) -> Person:
    """What handover keeps about the person."""
    return Person(_home(heard), types.AgeBand.Name(heard.age_band).removeprefix("AGE_BAND_"))


def _home(heard: handover_pb2.CaseRegistered | handover_pb2.CaseCorrected) -> ProvinceRef | None:
    if not heard.HasField("home_province"):
        return None
    try:
        return ProvinceRef(heard.home_province.code, heard.home_province.vintage)
    except ProvinceNotFound:
        return None


def decision_of(heard: identification_pb2.IdentificationDecided, at: datetime) -> Decision | None:
    """What a verifier decided; None for a status of a later version."""
    status = member_of(Identification, types.IdentificationStatus, heard.status)
    if status is None:
        return None
    decided_on = date.fromisoformat(heard.decided_on) if heard.decided_on else None
    return Decision(heard.revision, status, heard.deciding_office_id, decided_on, at)


def day_of(told: str) -> date | None:
    """A local day; None where none is told."""
    return date.fromisoformat(told) if told else None


def home_verdict_of(heard: followup_pb2.SafetyChecked | home_safety_pb2.HomeCheck) -> HomeVerdict:
    """What counts about a home, as it was told or answered; a verdict that only a later version knows is undecided."""
    verdict = member_of(HomeSafety, types.HomeSafety, heard.verdict)
    if verdict is None:
        return HomeVerdict(heard.office_id, heard.to_office_id, HomeSafety.WARNING_SIGNS, None)
    return HomeVerdict(
        heard.office_id, heard.to_office_id, verdict, day_of(heard.valid_until), against_advice=heard.against_advice
    )


def period_ended(heard: followup_pb2.FollowUpRecorded) -> bool:
    """Whether the last follow-up of the set is recorded; before it was told, it was the one after three years."""
    return heard.period_ended or heard.kind == types.FOLLOW_UP_KIND_YEARS_3


_OPENED_BY_CONTACT: Final = {
    types.CONTACT_OUTCOME_NOT_AT_ADDRESS: SearchEffect.OPENS_NOT_AT_ADDRESS,
    types.CONTACT_OUTCOME_MOVED_AWAY: SearchEffect.OPENS_LEFT_PROVINCE,
}


def effect_of(told: types.SearchEffect.ValueType) -> SearchEffect:
    """What an entry makes of the search; nothing where a version before did not tell."""
    return member_of(SearchEffect, types.SearchEffect, told) or SearchEffect.NONE


def effect_of_contact(event: followup_pb2.ContactRecorded) -> SearchEffect:
    """What an attempt to reach her makes of the search; by its outcome, where a version before did not tell."""
    if event.search:
        return effect_of(event.search)
    return _OPENED_BY_CONTACT.get(event.outcome, SearchEffect.NONE)


_TELLS_OF_TRANSFER: Final = {
    message.DESCRIPTOR.full_name: message
    for message in (events.TransferPlanned, events.TransferDispatched, events.TransferOverdue)
}
"""Events whose message tells the addressed office of an open transfer."""


def transfer_told(event_type: str, content: bytes) -> tuple[UUID, str] | None:
    """Transfer and addressed office, for an event of ours that tells that office of an open transfer."""
    told = _TELLS_OF_TRANSFER.get(event_type)
    if told is None:
        return None
    heard = told.FromString(content)
    return (UUID(heard.transfer_id), heard.to_office_id) if heard.transfer_id else None


def cases_of(events: Iterable[Message]) -> frozenset[UUID]:
    """All cases that the events name."""
    said: list[Any] = list(events)
    texts = {
        getattr(event, name)
        for event in said
        for name in ("case_id", "earlier_case_id")
        if name in event.DESCRIPTOR.fields_by_name
    }
    return frozenset(UUID(text) for text in texts if text)
