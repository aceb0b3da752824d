"""What can be done with a case: one entry for a verb, its fields, and when its button is offered.

The services decide; `offered` only keeps a page from offering what cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from homeward.followup.v1 import contacts_pb2, entries_pb2, steps_pb2, visits_pb2
from homeward.handover.v1 import (
    claims_pb2,
    closing_pb2,
    custody_pb2,
    returns_pb2,
    searches_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.intake.v1 import cases_pb2, family_pb2, identification_pb2, legal_steps_pb2, submissions_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.policy import CUSTODIANS, RECEIVERS
from services.chassis.kernel.roles import Role
from services.client import plain, travel, words
from services.client.stubs import Stubs
from services.console.texts import N_

if TYPE_CHECKING:
    from google.protobuf.message import Message

ANYBODY: Final = frozenset(Role)
OPEN_TRANSFER: Final = frozenset({"PLANNED", "DISPATCHED"})
PUT_OFF: Final = (types_pb2.FOLLOW_UP_STATE_SCHEDULED, types_pb2.FOLLOW_UP_STATE_DUE, types_pb2.FOLLOW_UP_STATE_LATE)


class Kind(StrEnum):
    """How a field is asked for."""

    DAY = "day"
    DAYS = "days"
    CODE = "code"
    CODES = "codes"
    SIGNS = "signs"
    TEXT = "text"
    FLAG = "flag"
    OFFICE = "office"
    PROVINCE = "province"
    CASE = "case"
    ENTRY = "entry"
    NUMBER = "number"
    OFFICE_ID = "office_id"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a request. `name` is its path there, such as `travel.escort`; `label` an English sentence."""

    name: str
    kind: Kind
    label: str
    words: words.Words | None = None
    hint: str = ""
    required: bool = False
    today: bool = False
    """Filled with today's date."""
    roles: frozenset[Role] = ANYBODY
    """Of the offices that may be named."""
    choices: tuple[tuple[str, str], ...] = ()
    """Codes and English sentences, where no list of words stands for them."""
    listed: str = ""
    """The list of the questionnaire's words of a visit whose codes may be chosen."""
    folded: bool = False
    """Shown when it is asked for: what is seldom needed."""
    of_case: Callable[[View], frozenset[str]] | None = None
    """Of `words`, the codes that mean something in a case as it stands."""


class View:
    """What is known of a case when buttons are chosen."""

    def __init__(self, custody: custody_pb2.Custody | None, own: frozenset[str]) -> None:
        """`own`: the office, and those that ended and left it their duty."""
        self.custody = custody
        self.own = own
        self.legal_steps: Sequence[cases_pb2.LegalStep] = ()
        self.verified = True
        """Whether no decision of the police is awaited."""
        self.away = False
        """Whether handover did not answer, so that nothing is known of her."""
        self.follow_ups: Sequence[visits_pb2.FollowUp] | None = None
        """All of them; None when they are not known."""
        self.entries: Sequence[entries_pb2.Entry] | None = None
        """What was recorded at home; None when it is not known."""
        self.related = False
        """Whether a relative of hers has a case."""

    @cached_property
    def phase(self) -> str:
        """Code of the phase; empty when it is not known."""
        if self.custody is None:
            return ""
        return plain.short_name(self.custody.DESCRIPTOR.fields_by_name["phase"].enum_type, self.custody.phase)

    def has_step(self, *states: cases_pb2.LegalStepState.ValueType) -> bool:
        """Whether a step that the law asks for stands so."""
        return any(each.state in states for each in self.legal_steps)

    @property
    def to_put_off(self) -> frozenset[str]:
        """The follow-ups that may be put on another day: once, and before they are overdue."""
        open_ = (each for each in self.follow_ups or () if each.state in PUT_OFF)
        return frozenset(_kind_of(each) for each in open_ if each.first_due_on in ("", each.due_on))

    @property
    def to_drop(self) -> frozenset[str]:
        """The follow-ups that are not made for everybody, and are ahead."""
        open_ = (each for each in self.follow_ups or () if each.state in (*PUT_OFF, types_pb2.FOLLOW_UP_STATE_OVERDUE))
        return frozenset(_kind_of(each) for each in open_ if not each.always)

    @property
    def at_home(self) -> bool:
        """Whether this office makes her follow-ups."""
        return self.accountable and self.phase in ("ARRIVED", "FOLLOW_UP")

    @property
    def recorded(self) -> bool:
        """Whether something is on record of her at home, or may be."""
        if self.entries is None:
            return self.phase in ("ARRIVED", "FOLLOW_UP", "CLOSED", "SEARCH")
        return bool(self.entries)

    @property
    def accountable(self) -> bool:
        """Whether this office is."""
        return self.custody is not None and self.custody.accountable_office_id in self.own

    @cached_property
    def transfer(self) -> transfers_pb2.Transfer | None:
        """The latest one."""
        return self.custody.transfers[-1] if self.custody is not None and self.custody.transfers else None

    @cached_property
    def transfer_state(self) -> str:
        """Of the latest transfer; empty when there is none."""
        return state_of(self.transfer) if self.transfer is not None else ""

    @property
    def left(self) -> bool:
        """Whether she left, or is searched for, and no office has received her."""
        if self.custody is None or self.phase in ("", "CLOSED", "WITHDRAWN") or self.has_arrived:
            return False
        return self.phase == "SEARCH" or any(each.departed_on for each in self.custody.transfers)

    @property
    def addressed(self) -> bool:
        """Whether an open transfer comes to this office."""
        open_ = self.transfer_state in OPEN_TRANSFER
        return open_ and self.transfer is not None and self.transfer.to_office_id in self.own

    @property
    def answered(self) -> bool:
        """Whether the latest transfer has an answer that stands; of an office without a part any more, one that it may
        take back."""
        if self.custody is not None and not self.phase:
            return bool(self.custody.take_back_until)
        return self.transfer is not None and any(not one.HasField("take_back_time") for one in self.transfer.answers)

    @property
    def comes_late(self) -> bool:
        """Whether she may still arrive with a transfer to this office that ended without her."""
        return self.custody is not None and self.custody.arrival_still_taken

    @property
    def has_arrived(self) -> bool:
        """Whether she is, or was last, with an office that said since when."""
        return self.phase not in ("", "CLOSED", "WITHDRAWN") and any(one.arrived_on for one in self.segments)

    @property
    def segments(self) -> Sequence[custody_pb2.CustodySegment]:
        """The stretches of custody, oldest first."""
        return self.custody.segments if self.custody is not None else ()

    @property
    def searched(self) -> bool:
        """Whether she is searched for."""
        return self.search is not None

    @cached_property
    def search(self) -> custody_pb2.Search | None:
        """The open search."""
        searches = self.custody.searches if self.custody is not None else ()
        return next((each for each in searches if not each.HasField("resolve_time")), None)

    @property
    def again(self) -> bool:
        """Whether somebody was registered later of whom it is to be decided whether it is she."""
        return self.custody is not None and any(map(_is_pending, self.custody.returns))

    @property
    def registered_again(self) -> bool:
        """Whether it was decided that she was registered again."""
        return self.custody is not None and any(
            each.other_is_later and each.HasField("decide_time") for each in self.custody.returns
        )

    @property
    def claimed(self) -> frozenset[str]:
        """The offices that she is said to be with, and that have not answered."""
        claims = self.search.claims if self.search is not None else ()
        return frozenset(each.office_id for each in claims if claim_stands(each))

    @property
    def is_asked_for(self) -> bool:
        """Whether this office is to say that she is with it; where it may not see her yet, it may be asked."""
        return not self.away and (self.custody is None or bool(self.own & self.claimed))


def claim_stands(claim: Any) -> bool:
    """Whether a claim waits for an answer."""
    return not claim.HasField("settle_time")


def _kind_of(follow_up: visits_pb2.FollowUp) -> str:
    return plain.short_name(follow_up.DESCRIPTOR.fields_by_name["kind"].enum_type, follow_up.kind)


def _is_pending(link: custody_pb2.ReturnLink) -> bool:
    return link.other_is_later and not link.HasField("decide_time")


def state_of(transfer: transfers_pb2.Transfer) -> str:
    """Code of the state of a transfer."""
    return plain.short_name(transfer.DESCRIPTOR.fields_by_name["state"].enum_type, transfer.state)


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that can be done with a case.

    Attributes:
        name: in the address.
        method: of the contract, without its service.
        call: the method of the stubs.
        request: its message; has `request_id` and `case`.
        button, title, submit, done: English sentences.
        offered: whether its button stands on a case page.
        etag: which etag goes along: that of the transfer, the search or the case; empty: none.
        main: whether its button is meant most often, in this case as it stands.
        seldom: put right, given back or ended: its button stands below the others.
        undo: the verb by which it is taken back.
    """

    name: str
    method: str
    call: Callable[[Stubs], Callable[[Any], Any]]
    request: type[Message]
    button: str
    title: str
    submit: str
    done: str
    fields: tuple[Field, ...] = ()
    offered: Callable[[View], bool] = lambda view: True
    explain: str = ""
    etag: str = ""
    main: Callable[[View], bool] = lambda view: False
    seldom: bool = False
    undo: str = ""


_TITLES: Final = {
    "escort": N_("Who travels along"),
    "means": N_("How she travels"),
    "consent": N_("Does she agree?"),
    "documents": N_("Papers that travel along"),
    "choice": N_("Why there"),
}
TRAVEL: Final = tuple(
    Field(
        f"travel.{travel.FIELD_OF.get(name, name)}",
        Kind.CODES if name == travel.DOCUMENTS else Kind.CODE,
        _TITLES[name],
        known,
        folded=name in (travel.DOCUMENTS, "choice"),
    )
    for name, (_enum, known) in travel.CODES.items()
)
POLICE: Final = frozenset({Role.VERIFIER})
TO: Final = Field("to_office_id", Kind.OFFICE, N_("Office that is to receive her"), required=True, roles=RECEIVERS)
ARRIVES: Final = Field("expected_arrival_on", Kind.DAY, N_("Expected to arrive on"), required=True)
LATER_CASE: Final = Field("later_case", Kind.CASE, N_("Case number of the later registration"), required=True)
CLOSE_REASON: Final = Field("reason", Kind.CODE, N_("Why"), words.CLOSE_REASONS, required=True)

WISHES_READ: Final = Field(
    "wishes_read", Kind.NUMBER, N_("The version of her wishes that whoever went has read"), folded=True
)

VERBS: Final[tuple[Verb, ...]] = (
    Verb(
        "arrived",
        "AcknowledgeTransfer",
        lambda stubs: stubs.transfers.AcknowledgeTransfer,
        transfers_pb2.AcknowledgeTransferRequest,
        N_("Arrived"),
        N_("Did she arrive at your office?"),
        N_("Yes, she arrived"),
        N_("The arrival is acknowledged: your office is accountable now."),
        (Field("arrived_on", Kind.DAY, N_("Arrived on"), required=True, today=True),),
        lambda view: view.addressed or view.comes_late or (view.searched and view.transfer_state == "DISPATCHED"),
        etag="transfer",
        main=lambda view: True,
        undo="take-back",
    ),
    Verb(
        "accept",
        "AcceptTransfer",
        lambda stubs: stubs.transfers.AcceptTransfer,
        transfers_pb2.AcceptTransferRequest,
        N_("Accept"),
        N_("Accept the duty to receive her?"),
        N_("Accept"),
        N_("Accepted: she is expected. When she is there, acknowledge the arrival."),
        offered=lambda view: view.addressed and view.transfer is not None and not view.transfer.HasField("accept_time"),
        explain=N_(
            "Your office may then read name, sex and birth year. The sender stays accountable until she arrives."
        ),
        etag="transfer",
        undo="take-back",
    ),
    Verb(
        "not-arrived",
        "ReportNotArrived",
        lambda stubs: stubs.transfers.ReportNotArrived,
        transfers_pb2.ReportNotArrivedRequest,
        N_("She did not come"),
        N_("Report that she did not come?"),
        N_("She did not come"),
        N_("Reported: the sender is told, and has to look for her."),
        offered=lambda view: view.addressed and view.transfer_state == "DISPATCHED",
        explain=N_("The sooner it is said, the sooner somebody looks for her."),
        etag="transfer",
        undo="take-back",
    ),
    Verb(
        "reject",
        "RejectTransfer",
        lambda stubs: stubs.transfers.RejectTransfer,
        transfers_pb2.RejectTransferRequest,
        N_("Reject"),
        N_("Reject this transfer?"),
        N_("Reject"),
        N_("Rejected: the sender is told, and has to send her elsewhere."),
        (Field("reason", Kind.CODE, N_("Why"), words.REASONS_TO_REJECT, required=True),),
        lambda view: view.addressed,
        etag="transfer",
        undo="take-back",
    ),
    Verb(
        "take-back",
        "TakeBackAnswer",
        lambda stubs: stubs.transfers.TakeBackAnswer,
        transfers_pb2.TakeBackAnswerRequest,
        N_("Take an answer back"),
        N_("Take the last answer of your office back?"),
        N_("Take it back"),
        N_("Taken back: the transfer stands as before."),
        (Field("reason", Kind.CODE, N_("Why"), words.TAKE_BACK_REASONS, required=True),),
        lambda view: view.answered,
        explain=N_("The transfer stands again as before, with the deadlines of then, and those concerned are told."),
        seldom=True,
    ),
    Verb(
        "correct-arrival",
        "CorrectArrival",
        lambda stubs: stubs.custody.CorrectArrival,
        custody_pb2.CorrectArrivalRequest,
        N_("Correct the day of the arrival"),
        N_("On which day did she arrive?"),
        N_("Correct it"),
        N_("Corrected: what counts from that day is counted anew."),
        (
            Field("arrived_on", Kind.DAY, N_("Arrived on"), required=True),
            Field("reason", Kind.CODE, N_("Why"), words.ARRIVAL_CORRECTION_REASONS, required=True),
        ),
        lambda view: view.has_arrived,
        seldom=True,
    ),
    Verb(
        "dispatch",
        "DispatchTransfer",
        lambda stubs: stubs.transfers.DispatchTransfer,
        transfers_pb2.DispatchTransferRequest,
        N_("Send her on"),
        N_("Record that she left for another office"),
        N_("She has left"),
        N_("She is on the way. Your office stays accountable until the other one acknowledges the arrival."),
        (
            TO,
            Field("departed_on", Kind.DAY, N_("Left on"), required=True, today=True),
            ARRIVES,
            *TRAVEL,
        ),
        lambda view: view.accountable and view.phase not in ("CLOSED", "WITHDRAWN", "IN_TRANSIT"),
        main=lambda view: not view.at_home,
        undo="recall",
    ),
    Verb(
        "plan",
        "PlanTransfer",
        lambda stubs: stubs.transfers.PlanTransfer,
        transfers_pb2.PlanTransferRequest,
        N_("Plan a transfer"),
        N_("Plan to send her to another office"),
        N_("Plan it"),
        N_("Planned. Record it when she leaves."),
        (
            TO,
            Field("expected_departure_on", Kind.DAY, N_("Expected to leave on"), required=True),
            ARRIVES,
            *TRAVEL,
            Field("supersede", Kind.FLAG, N_("Take the place of the plan that stands"), folded=True),
        ),
        lambda view: view.accountable and view.phase not in ("CLOSED", "WITHDRAWN", "IN_TRANSIT"),
    ),
    Verb(
        "redirect",
        "RedirectTransfer",
        lambda stubs: stubs.transfers.RedirectTransfer,
        transfers_pb2.RedirectTransferRequest,
        N_("Send her elsewhere"),
        N_("Send her to another office while she is on the way"),
        N_("Send her there"),
        N_("Redirected: both offices are told."),
        (TO, ARRIVES, *TRAVEL),
        lambda view: view.accountable and view.transfer_state == "DISPATCHED",
    ),
    Verb(
        "recall",
        "RecallTransfer",
        lambda stubs: stubs.transfers.RecallTransfer,
        transfers_pb2.RecallTransferRequest,
        N_("Recall the transfer"),
        N_("Recall this transfer?"),
        N_("Recall"),
        N_("Recalled: she stays with your office."),
        offered=lambda view: view.accountable and view.transfer_state in OPEN_TRANSFER,
        undo="take-back",
    ),
    Verb(
        "admit",
        "AdmitPerson",
        lambda stubs: stubs.stays.AdmitPerson,
        stays_pb2.AdmitPersonRequest,
        N_("Admit"),
        N_("Admit her to your facility?"),
        N_("Admit"),
        N_("Admitted."),
        (
            Field("admitted_on", Kind.DAY, N_("Admitted on"), required=True, today=True),
            Field(
                "cannot_be_asked",
                Kind.FLAG,
                N_("She cannot be asked yet whether she stays: ill, no interpreter, no guardian known"),
            ),
        ),
        lambda view: view.accountable and view.phase == "REGISTERED",
        explain=N_("She stays because she agrees to; record that first, under “What she agreed to” of the case."),
        main=lambda view: True,
    ),
    Verb(
        "discharge",
        "DischargePerson",
        lambda stubs: stubs.stays.DischargePerson,
        stays_pb2.DischargePersonRequest,
        N_("Discharge"),
        N_("Discharge her from your facility"),
        N_("Discharge"),
        N_("Discharged."),
        (
            Field(
                "destination",
                Kind.CODE,
                N_("Where to"),
                choices=(
                    ("PLANNED_TRANSFER", N_("to the office of the planned transfer")),
                    ("OWN_CHOICE", N_("to a place of her own choice")),
                ),
                required=True,
            ),
            Field("province", Kind.PROVINCE, N_("Province of her own choice, if that is where she goes")),
            Field("discharged_on", Kind.DAY, N_("Discharged on"), required=True, today=True),
        ),
        lambda view: view.accountable and view.phase == "ADMITTED",
    ),
    Verb(
        "visit",
        "RecordFollowUp",
        lambda stubs: stubs.visits.RecordFollowUp,
        visits_pb2.RecordFollowUpRequest,
        N_("Record a visit"),
        N_("Record a follow-up visit"),
        N_("Record"),
        N_("The visit is recorded."),
        (
            Field("visited_on", Kind.DAY, N_("Day of the visit"), required=True, today=True),
            Field("outcome", Kind.CODE, N_("What it found"), words.OUTCOMES, required=True),
            Field("then", Kind.CODE, N_("What follows, where she asked not to be visited again"), words.AFTER_DECLINED),
            Field(
                "kind",
                Kind.CODE,
                N_("Which follow-up; the one in whose time the day lies if not said"),
                words.FOLLOW_UP_KINDS,
            ),
            Field("warning_signs", Kind.SIGNS, N_("Warning signs"), folded=True),
            WISHES_READ,
        ),
        lambda view: view.at_home,
        main=lambda view: True,
    ),
    Verb(
        "contact",
        "RecordContact",
        lambda stubs: stubs.contacts.RecordContact,
        contacts_pb2.RecordContactRequest,
        N_("Record a contact"),
        N_("Record an attempt to reach her"),
        N_("Record"),
        N_("The contact is recorded."),
        (
            Field("contacted_on", Kind.DAY, N_("Day"), required=True, today=True),
            Field("outcome", Kind.CODE, N_("What came of it"), words.CONTACTS, required=True),
            WISHES_READ,
        ),
        lambda view: view.at_home,
    ),
    Verb(
        "reschedule",
        "RescheduleFollowUp",
        lambda stubs: stubs.steps.RescheduleFollowUp,
        steps_pb2.RescheduleFollowUpRequest,
        N_("Put a follow-up on another day"),
        N_("Put a follow-up on another day, once"),
        N_("Put it on that day"),
        N_("The follow-up is due on another day now; counts go by the first one."),
        (
            Field(
                "kind",
                Kind.CODE,
                N_("Which follow-up"),
                words.FOLLOW_UP_KINDS,
                required=True,
                of_case=lambda view: view.to_put_off,
            ),
            Field("due_on", Kind.DAY, N_("The day on which it is due from now on"), required=True),
            Field("reason", Kind.CODE, N_("Why"), listed="reschedule_reasons", required=True),
        ),
        lambda view: view.at_home and bool(view.to_put_off),
        seldom=True,
    ),
    Verb(
        "drop-step",
        "DropFollowUp",
        lambda stubs: stubs.steps.DropFollowUp,
        steps_pb2.DropFollowUpRequest,
        N_("Drop a follow-up"),
        N_("Drop a follow-up that not everybody gets"),
        N_("Drop it"),
        N_("The follow-up is not made any more."),
        (
            Field(
                "kind",
                Kind.CODE,
                N_("Which follow-up"),
                words.OPTIONAL_STEPS,
                required=True,
                of_case=lambda view: view.to_drop,
            ),
            Field("reason", Kind.CODE, N_("Why"), words.DROP_REASONS, required=True),
        ),
        lambda view: view.at_home and bool(view.to_drop),
        seldom=True,
    ),
    Verb(
        "take-up-step",
        "TakeUpFollowUp",
        lambda stubs: stubs.steps.TakeUpFollowUp,
        steps_pb2.TakeUpFollowUpRequest,
        N_("Take up a dropped follow-up"),
        N_("Take up a follow-up that was dropped"),
        N_("Take it up"),
        N_("The follow-up is made after all."),
        (Field("kind", Kind.CODE, N_("Which follow-up"), words.OPTIONAL_STEPS, required=True),),
        lambda view: view.accountable and view.phase == "FOLLOW_UP",
    ),
    Verb(
        "home",
        "RecordHome",
        lambda stubs: stubs.custody.RecordHome,
        custody_pb2.RecordHomeRequest,
        N_("She is home"),
        N_("Record that she is home without any transfer"),
        N_("She is home"),
        N_("Recorded: the follow-ups are counted from that day."),
        (Field("home_on", Kind.DAY, N_("First day at home"), required=True, today=True),),
        lambda view: view.accountable and view.phase == "REGISTERED",
    ),
    Verb(
        "close",
        "CloseCase",
        lambda stubs: stubs.closing.CloseCase,
        closing_pb2.CloseCaseRequest,
        N_("Close the case"),
        N_("Close this case?"),
        N_("Close"),
        N_("Recorded. Who left is searched for; otherwise the case is closed."),
        (
            CLOSE_REASON,
            Field("on", Kind.DAY, N_("The day on which it happened"), today=True),
            Field("other_case", Kind.CASE, N_("Registered twice: the case that goes on"), folded=True),
            Field("left_for", Kind.CODE, N_("She left: where to"), words.LEFT_FOR, folded=True),
            Field("to_province", Kind.PROVINCE, N_("She left: for which province"), folded=True),
        ),
        lambda view: view.accountable and view.phase not in ("CLOSED", "WITHDRAWN", ""),
        undo="reopen",
        seldom=True,
    ),
    Verb(
        "reopen",
        "ReopenCase",
        lambda stubs: stubs.closing.ReopenCase,
        closing_pb2.ReopenCaseRequest,
        N_("Open the case again"),
        N_("Open this case again?"),
        N_("Open it again"),
        N_("The case is open again."),
        (Field("reason", Kind.CODE, N_("Why"), words.REOPEN_REASONS, required=True),),
        lambda view: view.phase in ("CLOSED", "WITHDRAWN"),
        seldom=True,
    ),
    Verb(
        "withdraw",
        "WithdrawCase",
        lambda stubs: stubs.submissions.WithdrawCase,
        submissions_pb2.WithdrawCaseRequest,
        N_("Withdraw the registration"),
        N_("Withdraw this registration?"),
        N_("Withdraw"),
        N_("Withdrawn."),
        (Field("reason", Kind.CODE, N_("Why"), words.WITHDRAW_REASONS, required=True),),
        lambda view: view.accountable and view.phase == "REGISTERED" and not view.left,
        etag="case",
        seldom=True,
    ),
    Verb(
        "withdraw-under-way",
        "WithdrawUnderWay",
        lambda stubs: stubs.closing.WithdrawUnderWay,
        closing_pb2.WithdrawUnderWayRequest,
        N_("Withdraw the registration of somebody who left"),
        N_("Withdraw this registration, although she left?"),
        N_("Ask for it"),
        N_("Withdrawn: who awaited her is told."),
        (Field("reason", Kind.CODE, N_("Why"), words.WITHDRAW_REASONS, required=True),),
        lambda view: view.accountable and view.left,
        undo="reopen",
    ),
    Verb(
        "identify",
        "DecideIdentification",
        lambda stubs: stubs.identification.DecideIdentification,
        identification_pb2.DecideIdentificationRequest,
        N_("Decide the identification"),
        N_("Decide whether she is a victim of trafficking"),
        N_("Record the decision"),
        N_("The decision is recorded."),
        (
            Field("status", Kind.CODE, N_("Decision"), words.IDENTIFICATIONS, required=True),
            Field("decided_on", Kind.DAY, N_("Decided on"), required=True, today=True),
            Field("grounds", Kind.CODES, N_("Grounds; needed for “identified”"), words.GROUNDS),
            Field("reason", Kind.TEXT, N_("Reason, without names; needed for “not identified”")),
            Field("certificate_number", Kind.TEXT, N_("Number of the certificate"), folded=True),
        ),
        etag="case",
        main=lambda view: True,
    ),
    Verb(
        "assign-verifier",
        "AssignVerifier",
        lambda stubs: stubs.identification.AssignVerifier,
        identification_pb2.AssignVerifierRequest,
        N_("Let other police decide"),
        N_("Let another office of the police decide"),
        N_("Assign"),
        N_("Assigned: both offices are told."),
        (
            Field("office_id", Kind.OFFICE, N_("Office that is to decide"), required=True, roles=POLICE),
            Field("reason", Kind.CODE, N_("Why"), words.VERIFIER_REASONS, required=True),
        ),
        lambda view: view.phase not in ("", "WITHDRAWN"),
        etag="case",
        seldom=True,
    ),
    Verb(
        "reply-limit",
        "SetReplyLimit",
        lambda stubs: stubs.legal_steps.SetReplyLimit,
        legal_steps_pb2.SetReplyLimitRequest,
        N_("The verification is complex"),
        N_("How long has the police to answer?"),
        N_("Record"),
        N_("The time for the answer is set."),
        (Field("rule", Kind.CODE, N_("Time for the answer"), words.REPLY_LIMITS, required=True),),
        lambda view: not view.verified,
        explain=N_("A complex verification has longer. It can be said until the time for the answer has passed."),
        undo="reply-limit",
        seldom=True,
    ),
    Verb(
        "legal-step",
        "RecordLegalStep",
        lambda stubs: stubs.legal_steps.RecordLegalStep,
        legal_steps_pb2.RecordLegalStepRequest,
        N_("Record a step that the law asks for"),
        N_("Which step that the law asks for was taken?"),
        N_("Record"),
        N_("The step is recorded."),
        (
            Field("step", Kind.CODE, N_("Step"), words.LEGAL_STEPS, required=True),
            Field("done_on", Kind.DAY, N_("Done on"), required=True, today=True),
        ),
        lambda view: view.has_step(cases_pb2.LEGAL_STEP_STATE_ASKED, cases_pb2.LEGAL_STEP_STATE_RESTING),
        explain=N_("Sending her to the support agency tells it as well; then no step is asked."),
        undo="take-back-legal-step",
    ),
    Verb(
        "take-back-legal-step",
        "TakeBackLegalStep",
        lambda stubs: stubs.legal_steps.TakeBackLegalStep,
        legal_steps_pb2.TakeBackLegalStepRequest,
        N_("Take back a step that the law asks for"),
        N_("Which step had not been taken?"),
        N_("Take it back"),
        N_("Taken back: the step is asked as before."),
        (Field("step", Kind.CODE, N_("Step"), words.LEGAL_STEPS, required=True),),
        lambda view: view.has_step(cases_pb2.LEGAL_STEP_STATE_DONE),
        seldom=True,
    ),
    Verb(
        "search-step",
        "RecordSearchStep",
        lambda stubs: stubs.searches.RecordSearchStep,
        searches_pb2.RecordSearchStepRequest,
        N_("Record a step of the search"),
        N_("Record a step of the search"),
        N_("Record"),
        N_("The step is recorded."),
        (
            Field("kind", Kind.CODE, N_("What was done"), words.SEARCH_STEPS, required=True),
            Field("taken_on", Kind.DAY, N_("Done on"), required=True, today=True),
            Field("successful", Kind.FLAG, N_("It led to her")),
        ),
        lambda view: view.searched,
        main=lambda view: True,
    ),
    Verb(
        "resolve",
        "ResolveSearch",
        lambda stubs: stubs.searches.ResolveSearch,
        searches_pb2.ResolveSearchRequest,
        N_("End the search"),
        N_("How did the search end?"),
        N_("End the search"),
        N_("The search is ended."),
        (
            Field("resolution", Kind.CODE, N_("How it ended"), words.SEARCH_RESOLUTIONS, required=True),
            Field("office_id", Kind.OFFICE, N_("Office where she is, or to which she goes"), roles=CUSTODIANS),
            Field("on", Kind.DAY, N_("Day of it")),
            Field("other_case", Kind.CASE, N_("The case as which she goes on")),
            Field("close_reason", Kind.CODE, N_("Why the case is closed"), words.CLOSE_REASONS),
        ),
        lambda view: view.searched,
        etag="search",
    ),
    Verb(
        "found-here",
        "ConfirmFound",
        lambda stubs: stubs.claims.ConfirmFound,
        claims_pb2.ConfirmFoundRequest,
        N_("She is here"),
        N_("Is she with your office?"),
        N_("Yes, she is here"),
        N_("Confirmed: your office is accountable now, and the search ended."),
        (Field("on", Kind.DAY, N_("Here since; as it was said if left empty")),),
        lambda view: view.is_asked_for,
        etag="search",
        main=lambda view: True,
    ),
    Verb(
        "not-here",
        "DenyFound",
        lambda stubs: stubs.claims.DenyFound,
        claims_pb2.DenyFoundRequest,
        N_("She is not here"),
        N_("Is she not with your office?"),
        N_("No, she is not here"),
        N_("Recorded: she is not with your office, and the search goes on."),
        offered=lambda view: view.is_asked_for,
        etag="search",
    ),
    Verb(
        "withdraw-claim",
        "WithdrawClaim",
        lambda stubs: stubs.claims.WithdrawClaim,
        claims_pb2.WithdrawClaimRequest,
        N_("Take back that she was found"),
        N_("Take back that she was found there?"),
        N_("Take it back"),
        N_("Taken back: the search goes on."),
        offered=lambda view: bool(view.claimed),
        etag="search",
        seldom=True,
    ),
    Verb(
        "same-person",
        "ConfirmReappearance",
        lambda stubs: stubs.returns.ConfirmReappearance,
        returns_pb2.ConfirmReappearanceRequest,
        N_("It is the same person"),
        N_("Is she the person who was registered again?"),
        N_("Yes, the same person"),
        N_("Confirmed: the two cases go on as one."),
        (LATER_CASE,),
        lambda view: view.again,
    ),
    Verb(
        "other-person",
        "DenyReappearance",
        lambda stubs: stubs.returns.DenyReappearance,
        returns_pb2.DenyReappearanceRequest,
        N_("It is another person"),
        N_("Is the person who was registered again another one?"),
        N_("Yes, another person"),
        N_("Recorded: it is another person, and what stood before goes on."),
        (LATER_CASE,),
        lambda view: view.again,
    ),
    Verb(
        "undo-same-person",
        "UndoReappearance",
        lambda stubs: stubs.returns.UndoReappearance,
        returns_pb2.UndoReappearanceRequest,
        N_("They were not the same person"),
        N_("Take back that two cases are of the same person"),
        N_("Take it back"),
        N_("Taken back: the cases are two again."),
        (LATER_CASE,),
        lambda view: view.phase in ("CLOSED", "WITHDRAWN") and view.registered_again,
        seldom=True,
    ),
    Verb(
        "take-back-entry",
        "TakeBackEntry",
        lambda stubs: stubs.entries.TakeBackEntry,
        entries_pb2.TakeBackEntryRequest,
        N_("Take back a visit or contact"),
        N_("Take back what was recorded by mistake"),
        N_("Take it back"),
        N_("Taken back: all is as if it had never been recorded."),
        (
            Field("entry_number", Kind.ENTRY, N_("What was recorded"), required=True),
            Field("reason", Kind.CODE, N_("Why"), words.REASONS_TO_TAKE_BACK, required=True),
        ),
        lambda view: view.recorded,
        seldom=True,
    ),
    Verb(
        "correct-entry",
        "CorrectEntry",
        lambda stubs: stubs.entries.CorrectEntry,
        entries_pb2.CorrectEntryRequest,
        N_("Correct a visit or contact"),
        N_("Correct what was recorded; what is left empty stays"),
        N_("Correct it"),
        N_("Corrected; what was recorded first stays in the story."),
        (
            Field("entry_number", Kind.ENTRY, N_("What was recorded"), required=True),
            Field("reason", Kind.CODE, N_("What is wrong"), words.REASONS_TO_CORRECT, required=True),
            Field("on", Kind.DAY, N_("The right day")),
            Field("outcome", Kind.CODE, N_("What the visit found"), words.OUTCOMES),
            Field("kind", Kind.CODE, N_("The right follow-up"), words.FOLLOW_UP_KINDS),
        ),
        lambda view: view.recorded,
        seldom=True,
    ),
    Verb(
        "relative",
        "LinkFamily",
        lambda stubs: stubs.family.LinkFamily,
        family_pb2.LinkFamilyRequest,
        N_("She has a relative here"),
        N_("Link her with the case of a relative"),
        N_("Link them"),
        N_("Linked: the office of the other case is told."),
        (
            Field("other_case", Kind.CASE, N_("Case number of the relative"), required=True),
            Field("relation", Kind.CODE, N_("The relative is her …"), words.RELATIONS, required=True),
        ),
        lambda view: view.accountable,
        undo="no-relative",
        seldom=True,
    ),
    Verb(
        "no-relative",
        "UnlinkFamily",
        lambda stubs: stubs.family.UnlinkFamily,
        family_pb2.UnlinkFamilyRequest,
        N_("They are no relatives"),
        N_("Take back that they are relatives"),
        N_("Take it back"),
        N_("Taken back: they are not linked any more."),
        (Field("other_case", Kind.CASE, N_("Case number of the other"), required=True),),
        lambda view: view.accountable and view.related,
        seldom=True,
    ),
    Verb(
        "reassign",
        "ReassignCase",
        lambda stubs: stubs.custody.ReassignCase,
        custody_pb2.ReassignCaseRequest,
        N_("Reassign"),
        N_("Make another office accountable"),
        N_("Reassign"),
        N_("Reassigned: both offices are told."),
        (
            Field("office_id", Kind.OFFICE, N_("Office that is to be accountable"), required=True, roles=CUSTODIANS),
            Field("reason", Kind.CODE, N_("Why"), words.REASSIGN_REASONS, required=True),
            Field("with_office_since", Kind.DAY, N_("She is there since, if she is")),
        ),
        lambda view: view.phase not in ("", "CLOSED", "WITHDRAWN"),
    ),
)
BY_NAME: Final = {verb.name: verb for verb in VERBS}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of something that was done by a page of its own, as of a verb."""

    done: str
    undo: str = ""


DONE: Final[Mapping[str, Verb | Told]] = {
    **BY_NAME,
    "correct": Told(N_("The record is corrected; the one before is kept.")),
    "wishes": Told(N_("Her wishes are recorded; those before are kept.")),
    "consent": Told(N_("What she said is recorded.")),
    "home-visit": Told(N_("The visit is taken down with what was said.")),
    "urgent": Told(N_("The visit is taken down. The supervisor is told; a second person confirms within a day.")),
    "visit-corrected": Told(N_("What was said is put right; what was written first is kept.")),
    "home-safety": Told(N_("It is recorded what she said about her home; look whether a second person is awaited.")),
    "home-agreed": Told(N_("It is recorded what the second person says.")),
    "safe": Told(N_("It is confirmed what was done for her safety.")),
}


def offered(view: View, methods: frozenset[str]) -> list[Verb]:
    """The verbs whose buttons stand on a case page, those meant most often first."""
    found = [verb for verb in VERBS if verb.method in methods and verb.offered(view)]
    return sorted(found, key=lambda verb: not verb.main(view))
