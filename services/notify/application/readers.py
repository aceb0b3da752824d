"""Whom an addressee stands for, by the directory, on the day on which it was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from services.chassis.country.sight import Sight
from services.chassis.kernel.errors import OfficeNotFound
from services.chassis.kernel.roles import Role
from services.notify.domain.facts import Addressee


def readers(sight: Sight, addressee: Addressee, offices: Mapping[Addressee, str], on: date) -> Sequence[str]:
    """The offices that an addressee stands for on a local date; none when the event names none."""
    match addressee:
        case Addressee.PROVINCE_SUPERVISOR:
            return sight.supervisors(offices.get(Addressee.ACCOUNTABLE), on)
        case Addressee.RECEIVER_SUPERVISOR:
            receiver = offices.get(Addressee.RECEIVER)
            return sight.supervisors(receiver, on) if receiver else ()
        case Addressee.SEARCHING_SUPERVISOR:
            searching = offices.get(Addressee.SEARCHING)
            return sight.supervisors(searching, on) if searching else ()
        case Addressee.NATIONAL_SUPERVISOR:
            return sight.supervisors(offices.get(Addressee.ACCOUNTABLE), on, national=True)
        case Addressee.VERIFIER:
            if given_to := offices.get(Addressee.VERIFIER):
                return sight.holders(given_to, on)
            return _verifiers(sight, offices.get(Addressee.REGISTERING), on)
        case Addressee.REGISTERING_POST:
            holders = sight.holders(offices.get(Addressee.REGISTERING), on)
            return tuple(each for each in holders if _role(sight, each) is Role.BORDER_POST)
        case _:
            return sight.holders(offices.get(addressee), on)


def _verifiers(sight: Sight, office_id: str | None, on: date) -> Sequence[str]:
    """The verifiers of the office's province; without one, the supervisors of the province."""
    for holder in sight.holders(office_id, on):
        province = sight.directory.province_of(holder, on)
        if province is not None:
            found = sight.directory.offices(role=Role.VERIFIER, province=province, on=on)
            if found:
                return tuple(office.id for office in found)
    return sight.supervisors(office_id, on)


def _role(sight: Sight, office_id: str) -> Role:
    return sight.directory.office(office_id).role


def is_facility(sight: Sight, office_id: str) -> bool:
    """Whether people stay at this office on their way home."""
    try:
        return _role(sight, office_id) is Role.RECEPTION_CENTRE
    except OfficeNotFound:
        return False
