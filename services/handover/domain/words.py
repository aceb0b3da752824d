"""The words of handover: phases, states, causes, codes. Each is the name of a value of `homeward.type.v1`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.chassis.kernel.roles import FacilityKind
from services.chassis.kernel.words import CloseReason as CloseReason
from services.chassis.kernel.words import CustodyCause
from services.chassis.kernel.words import Identification as Identification
from services.chassis.kernel.words import Phase as Phase
from services.chassis.kernel.words import RuleCode as RuleCode
from services.chassis.kernel.words import SearchEffect as SearchEffect
from services.chassis.kernel.words import WithdrawReason as WithdrawReason

Cause = CustodyCause


WATCHED_RULES: Final = frozenset(
    {
        RuleCode.DISPATCH_DUE,
        RuleCode.TRANSFER_ACKNOWLEDGE,
        RuleCode.TRANSFER_LOST,
        RuleCode.REDISPATCH_AFTER_REJECT,
        RuleCode.SEARCH_ESCALATE,
        RuleCode.OBLIGATIONS_CONFIRM,
        RuleCode.FACILITY_STAY_ASSESSMENT_CENTRE,
        RuleCode.FACILITY_STAY_SOCIAL_PROTECTION_CENTRE,
        RuleCode.FACILITY_STAY_SHELTER,
        RuleCode.FACILITY_STAY_ESCALATE,
        RuleCode.DISPATCH_AFTER_DISCHARGE,
    }
)
"""The rules whose deadlines handover watches."""

STAY_RULES: Final[Mapping[FacilityKind, RuleCode]] = MappingProxyType(
    {
        FacilityKind.ASSESSMENT_CENTRE: RuleCode.FACILITY_STAY_ASSESSMENT_CENTRE,
        FacilityKind.SOCIAL_PROTECTION_CENTRE: RuleCode.FACILITY_STAY_SOCIAL_PROTECTION_CENTRE,
        FacilityKind.SHELTER: RuleCode.FACILITY_STAY_SHELTER,
    }
)
"""The limit of a stay, by kind of facility."""


ENDED: Final = frozenset({Phase.CLOSED, Phase.WITHDRAWN})


class TransferState(StrEnum):
    """Where a transfer stands; meanings in `homeward.type.v1.TransferState`."""

    PLANNED = "PLANNED"
    DISPATCHED = "DISPATCHED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REJECTED = "REJECTED"
    RECALLED = "RECALLED"
    NOT_ARRIVED = "NOT_ARRIVED"
    REDIRECTED = "REDIRECTED"
    SUPERSEDED = "SUPERSEDED"


OPEN_STATES: Final = frozenset({TransferState.PLANNED, TransferState.DISPATCHED})


class RejectReason(StrEnum):
    """Why an addressed office rejects."""

    WRONG_PROVINCE = "WRONG_PROVINCE"
    NOT_RESIDENT = "NOT_RESIDENT"
    NOT_SAFE = "NOT_SAFE"
    PERSON_CHOSE_ELSEWHERE = "PERSON_CHOSE_ELSEWHERE"
    OTHER = "OTHER"
    OFFICE_ENDED = "OFFICE_ENDED"


class CustodyKind(StrEnum):
    """Where a person is during a stretch of custody."""

    BORDER_POST = "BORDER_POST"
    RECEPTION_CENTRE = "RECEPTION_CENTRE"
    SHELTER = "SHELTER"
    HOME_OFFICE = "HOME_OFFICE"
    COMMUNE = "COMMUNE"
    IN_TRANSIT = "IN_TRANSIT"
    NOT_KNOWN = "NOT_KNOWN"


class LostReason(StrEnum):
    """Why somebody is called lost."""

    NOT_ACKNOWLEDGED = "NOT_ACKNOWLEDGED"
    REJECTED_NOT_REDISPATCHED = "REJECTED_NOT_REDISPATCHED"
    DISCHARGED_WITHOUT_TRANSFER = "DISCHARGED_WITHOUT_TRANSFER"
    ARRIVED_ELSEWHERE = "ARRIVED_ELSEWHERE"
    NOT_AT_ADDRESS = "NOT_AT_ADDRESS"
    LEFT_PROVINCE = "LEFT_PROVINCE"
    REAPPEARED = "REAPPEARED"
    OFFICE_ENDED = "OFFICE_ENDED"
    NOT_SENT_ON = "NOT_SENT_ON"


class ReassignReason(StrEnum):
    """Why a supervisor makes another office accountable."""

    PERSON_IS_THERE = "PERSON_IS_THERE"
    HOME_IS_THERE = "HOME_IS_THERE"
    OFFICE_CANNOT = "OFFICE_CANNOT"
    SAFETY = "SAFETY"
    PERSON_ASKED = "PERSON_ASKED"
    WRONG_OFFICE = "WRONG_OFFICE"
    OTHER = "OTHER"


class RevokeReason(StrEnum):
    """Why sign-ins are ended before their time."""

    LEFT_OFFICE = "LEFT_OFFICE"
    DEVICE_LOST = "DEVICE_LOST"
    MISUSED = "MISUSED"
    WRONG_RIGHTS = "WRONG_RIGHTS"


class ArrivalCorrectionReason(StrEnum):
    """Why the day of an arrival is corrected."""

    MISTYPED = "MISTYPED"
    DAY_OF_RECORDING = "DAY_OF_RECORDING"
    WRONG_NEWS = "WRONG_NEWS"
    OTHER = "OTHER"


class Resolution(StrEnum):
    """How a search ended."""

    FOUND = "FOUND"
    REDIRECTED = "REDIRECTED"
    RETURNED_TO_SENDER = "RETURNED_TO_SENDER"
    CLOSED = "CLOSED"
    RE_IDENTIFIED = "RE_IDENTIFIED"
    MISTAKEN = "MISTAKEN"


BY_ENTRIES: Final = frozenset({LostReason.NOT_AT_ADDRESS, LostReason.LEFT_PROVINCE})
"""Searches that what an agency records opens, and what it records later ends."""


class StepKind(StrEnum):
    """What was done to find somebody. The family is not asked without the person's consent."""

    ADDRESSEE_ASKED = "ADDRESSEE_ASKED"
    COMMUNE_ASKED = "COMMUNE_ASKED"
    POLICE_ASKED = "POLICE_ASKED"
    PERSON_CALLED = "PERSON_CALLED"
    ADDRESS_VISITED = "ADDRESS_VISITED"
    ESCORT_ASKED = "ESCORT_ASKED"


class ReopenReason(StrEnum):
    """Why a case that ended is open again. NOT_TRUE: what the closing says is not so, e.g. she lives."""

    MISTAKE = "MISTAKE"
    NOT_TRUE = "NOT_TRUE"
    CAME_BACK = "CAME_BACK"
    ASKS_AGAIN = "ASKS_AGAIN"
    NOT_SAME_PERSON = "NOT_SAME_PERSON"


class LeftFor(StrEnum):
    """Where a person went who left on her own."""

    PROVINCE = "PROVINCE"
    ABROAD = "ABROAD"
    UNKNOWN = "UNKNOWN"


class Escort(StrEnum):
    """Who travels with a person."""

    NONE = "NONE"
    OFFICER = "OFFICER"
    SOCIAL_WORKER = "SOCIAL_WORKER"
    COLLABORATOR = "COLLABORATOR"
    FAMILY = "FAMILY"


class TravelMeans(StrEnum):
    """How a person travels."""

    OFFICE_VEHICLE = "OFFICE_VEHICLE"
    BUS = "BUS"
    TRAIN = "TRAIN"
    PLANE = "PLANE"
    OTHER = "OTHER"


class Consent(StrEnum):
    """Whether the person agrees to be sent there."""

    GIVEN = "GIVEN"
    GIVEN_BY_GUARDIAN = "GIVEN_BY_GUARDIAN"
    REFUSED = "REFUSED"


class HomeSafety(StrEnum):
    """What the check of the home's safety said. WARNING_SIGNS: they stand, and nobody has decided."""

    SAFE = "SAFE"
    WARNING_SIGNS = "WARNING_SIGNS"
    WARNING_SIGNS_DECIDED = "WARNING_SIGNS_DECIDED"
    NOT_SAFE = "NOT_SAFE"


class Document(StrEnum):
    """A paper that travels with a person."""

    DECLARATION = "DECLARATION"
    CERTIFICATE_OF_RETURN = "CERTIFICATE_OF_RETURN"
    HANDOVER_CERTIFICATE = "HANDOVER_CERTIFICATE"
    IDENTIFICATION_CERTIFICATE = "IDENTIFICATION_CERTIFICATE"
    MEDICAL_FILE = "MEDICAL_FILE"
    REINTEGRATION_PLAN = "REINTEGRATION_PLAN"


class DestinationChoice(StrEnum):
    """Why a person is sent where she is sent."""

    HOME = "HOME"
    PERSON = "PERSON"
    FACILITY = "FACILITY"


class DischargeDestination(StrEnum):
    """Where a person goes who leaves a facility."""

    PLANNED_TRANSFER = "PLANNED_TRANSFER"
    OWN_CHOICE = "OWN_CHOICE"


class TransferWarning(StrEnum):
    """What an office should think about; nothing was refused."""

    HOME_SAFETY_NOT_CHECKED = "HOME_SAFETY_NOT_CHECKED"
    CONSENT_NOT_RECORDED = "CONSENT_NOT_RECORDED"
    DESTINATION_NOT_HOME = "DESTINATION_NOT_HOME"
    CENTRE_FULL = "CENTRE_FULL"
    CHILD_WITHOUT_ESCORT = "CHILD_WITHOUT_ESCORT"
    RELATIVE_STAYS_BEHIND = "RELATIVE_STAYS_BEHIND"
    RELATIVE_ELSEWHERE = "RELATIVE_ELSEWHERE"
    RELATIVE_LOST = "RELATIVE_LOST"
    STAY_CONSENT_MISSING = "STAY_CONSENT_MISSING"
