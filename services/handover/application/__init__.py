"""One function per command, event and deadline: load, ask the domain, save, tell.

The policy table has turned away whoever could never be entitled; what needs the state of the
case is decided here: the accountable office plans, sends and recalls, the addressed one answers,
a supervisor of either puts right what was lost, and whoever has nothing to do with a case is told
that there is none.
"""

from services.handover.application.desk import Asked, commit, whole_history
from services.handover.application.journeys import MAX_ROWS, DispatchJourney, JourneyCommands, JourneyRow
from services.handover.application.news import News
from services.handover.application.reception import AdmitPerson, DischargePerson, ReceptionCommands
from services.handover.application.searches import (
    Found,
    GivenUp,
    ReassignCase,
    RecordSearchStep,
    Redirected,
    ReIdentified,
    ResolveSearch,
    Returned,
    SearchCommands,
)
from services.handover.application.transfers import (
    AcceptTransfer,
    AcknowledgeTransfer,
    DispatchTransfer,
    PlanTransfer,
    RecallTransfer,
    RecordHome,
    RedirectTransfer,
    RejectTransfer,
    ReportNotArrived,
    RetractAcknowledgement,
    TransferCommands,
)


class Handover(TransferCommands, JourneyCommands, ReceptionCommands, SearchCommands, News):
    """The commands and events of handover."""


__all__ = [
    "MAX_ROWS",
    "AcceptTransfer",
    "AcknowledgeTransfer",
    "AdmitPerson",
    "Asked",
    "DischargePerson",
    "DispatchJourney",
    "DispatchTransfer",
    "Found",
    "GivenUp",
    "Handover",
    "JourneyRow",
    "PlanTransfer",
    "ReIdentified",
    "ReassignCase",
    "RecallTransfer",
    "RecordHome",
    "RecordSearchStep",
    "RedirectTransfer",
    "Redirected",
    "RejectTransfer",
    "ReportNotArrived",
    "ResolveSearch",
    "RetractAcknowledgement",
    "Returned",
    "commit",
    "whole_history",
]
