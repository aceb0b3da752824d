"""Who is accountable for a person, is she on the way, did she arrive, is she lost.

`CaseCustody` is one case as handover sees it; every verb takes it as it stands and gives an
`Outcome`: the case as it stands afterwards, and what is to be told. Nothing here reads a clock, a
database or a directory: the caller says which instant it is, and has checked whose office may.

One rule holds after every verb: an open case has one accountable office, one watched deadline and
at most one open transfer. The deadline is handover's (`watch`, primary) or followup's.
`followup_watches` is what followup said last, and nothing else: its obligations exist, it cancelled
them, it closed, it reopened. While it watches, a further journey, a stay or a search has deadlines
of handover besides, which are not primary; they fire all the same.

Decisions of this project where law and reports are silent:

- A plan changes no phase and no deadline, and neither does the recall or the rejection of a plan:
  the person has not left.
- Reading a message, accepting the duty and the person's arrival are three facts. None is needed for
  another, and an office that accepted may still reject.
- A recalled journey: the sender states that it has the person, so DISPATCH_DUE runs anew from the
  day of the recall, or the stay in the facility goes on with the limit that it had. While a search is
  open it stays open: recalling finds nobody, and neither does the report that she did not arrive.
- An acknowledgement is taken back on the local day it was given, by the office that gave it, and
  not after a visit was recorded: then she did arrive. The deadlines go on where they stood; those
  that have passed meanwhile fire at the next look.
- Who arrives at a centre is admitted by the acknowledgement. A discharge leaves the facility
  accountable; leaving on a transfer is a discharge, and coming back goes on with the stay that was.
- Consent and the check of the home are asked about one place: they do not pass to another when a
  person is redirected.
- A closing that comes from an office which is no longer accountable changes nothing: it crossed
  the change of custody, and the office accountable now has not closed.
- A search keeps its first reason, except that who was handed over again at a border is searched for
  because of that.
"""

from services.chassis.kernel.record import TRAVEL_DAYS_MAX
from services.handover.domain.case import CaseCustody, Outcome, register
from services.handover.domain.checks import MAX_PLAN_AHEAD_DAYS
from services.handover.domain.custody import Link, PastSegment, Segment, chain
from services.handover.domain.errors import (
    AddresseeCannotReceive,
    AddresseeIsSender,
    AlreadyAccountable,
    AlreadyAdmitted,
    AlreadyAtHome,
    CannotBeAccountable,
    CaseHasEnded,
    ConsentRefused,
    HomeNotSafe,
    HomeSafetyUndecided,
    NoOpenSearch,
    NoOpenTransfer,
    NotAccountable,
    NotAddressed,
    NotAdmitted,
    NotDispatched,
    NotExpectedYet,
    NothingPlanned,
    NothingToRetract,
    PersonHasLeft,
    PlannedElsewhere,
    ReassignInTransit,
    SameCase,
    SearchIsOpen,
    SearchStepsExhausted,
    SenderCannotAnswer,
    TooLateToRetract,
    TransferAlreadyOpen,
    VisitAlreadyRecorded,
)
from services.handover.domain.events import (
    AcknowledgementRetracted,
    CustodyChanged,
    Event,
    FollowUpsUnconfirmed,
    PersonAdmitted,
    PersonDischarged,
    PersonLost,
    SearchEscalated,
    SearchEvent,
    SearchResolved,
    StayEnding,
    StayEvent,
    TransferAccepted,
    TransferAcknowledged,
    TransferDispatched,
    TransferEvent,
    TransferNotArrived,
    TransferOverdue,
    TransferPlanned,
    TransferRecalled,
    TransferRedirected,
    TransferRejected,
    TransferSuperseded,
    WithdrawalRefused,
)
from services.handover.domain.moment import Missed, Moment, Watch
from services.handover.domain.search import MAX_STEPS, Search, Step
from services.handover.domain.state import Decided, Person
from services.handover.domain.stay import STAY_WARNING_DAYS, Stay
from services.handover.domain.transfer import (
    MAX_REASON_CHARS,
    NOTHING_RECORDED,
    Destination,
    Transfer,
    TravelPlan,
    warnings_of,
)
from services.handover.domain.words import (
    ENDED,
    OPEN_STATES,
    STAY_RULES,
    Cause,
    CloseReason,
    Consent,
    CustodyKind,
    DestinationChoice,
    DischargeDestination,
    Document,
    Escort,
    HomeSafety,
    LostReason,
    Phase,
    RejectReason,
    Resolution,
    Rule,
    StepKind,
    TransferState,
    TransferWarning,
    TravelMeans,
)

__all__ = [
    "ENDED",
    "MAX_PLAN_AHEAD_DAYS",
    "MAX_REASON_CHARS",
    "MAX_STEPS",
    "NOTHING_RECORDED",
    "OPEN_STATES",
    "STAY_RULES",
    "STAY_WARNING_DAYS",
    "TRAVEL_DAYS_MAX",
    "AcknowledgementRetracted",
    "AddresseeCannotReceive",
    "AddresseeIsSender",
    "AlreadyAccountable",
    "AlreadyAdmitted",
    "AlreadyAtHome",
    "CannotBeAccountable",
    "CaseCustody",
    "CaseHasEnded",
    "Cause",
    "CloseReason",
    "Consent",
    "ConsentRefused",
    "CustodyChanged",
    "CustodyKind",
    "Decided",
    "Destination",
    "DestinationChoice",
    "DischargeDestination",
    "Document",
    "Escort",
    "Event",
    "FollowUpsUnconfirmed",
    "HomeNotSafe",
    "HomeSafety",
    "HomeSafetyUndecided",
    "Link",
    "LostReason",
    "Missed",
    "Moment",
    "NoOpenSearch",
    "NoOpenTransfer",
    "NotAccountable",
    "NotAddressed",
    "NotAdmitted",
    "NotDispatched",
    "NotExpectedYet",
    "NothingPlanned",
    "NothingToRetract",
    "Outcome",
    "PastSegment",
    "Person",
    "PersonAdmitted",
    "PersonDischarged",
    "PersonHasLeft",
    "PersonLost",
    "Phase",
    "PlannedElsewhere",
    "ReassignInTransit",
    "RejectReason",
    "Resolution",
    "Rule",
    "SameCase",
    "Search",
    "SearchEscalated",
    "SearchEvent",
    "SearchIsOpen",
    "SearchResolved",
    "SearchStepsExhausted",
    "Segment",
    "SenderCannotAnswer",
    "Stay",
    "StayEnding",
    "StayEvent",
    "Step",
    "StepKind",
    "TooLateToRetract",
    "Transfer",
    "TransferAccepted",
    "TransferAcknowledged",
    "TransferAlreadyOpen",
    "TransferDispatched",
    "TransferEvent",
    "TransferNotArrived",
    "TransferOverdue",
    "TransferPlanned",
    "TransferRecalled",
    "TransferRedirected",
    "TransferRejected",
    "TransferState",
    "TransferSuperseded",
    "TransferWarning",
    "TravelMeans",
    "TravelPlan",
    "VisitAlreadyRecorded",
    "Watch",
    "WithdrawalRefused",
    "chain",
    "register",
    "warnings_of",
]
