"""What handover refuses: each class is a sentence for the user (see `kernel.errors`)."""

from __future__ import annotations

from services.chassis.kernel.errors import ErrorKind, HomewardError


class NotAccountable(HomewardError):
    """Only the office that is accountable for this person now may do this."""

    kind = ErrorKind.PERMISSION_DENIED


class NotAddressed(HomewardError):
    """Only the office to which this person is sent may do this, never the sender."""

    kind = ErrorKind.PERMISSION_DENIED


class SenderCannotAnswer(HomewardError):
    """Your office is sender and addressee of this transfer; say that she arrived or did not, or recall it."""

    kind = ErrorKind.PERMISSION_DENIED


class SamePersonOnBothSides(HomewardError):
    """You sent this person, or said where she is; somebody else of the receiving office must answer.

    Nobody moves a person alone, with the tokens of two offices either.
    """

    kind = ErrorKind.PERMISSION_DENIED


class TransferAlreadyOpen(HomewardError):
    """A transfer of this person is open already; recall it first."""


class PersonHasLeft(HomewardError):
    """This person has left already; redirect the transfer instead of planning another."""


class NoOpenTransfer(HomewardError):
    """No transfer of this person is open: none was made, or it was answered or recalled."""


class NotDispatched(HomewardError):
    """The sender has not recorded that this person left; ask the sender to record it."""


class NotExpectedYet(HomewardError):
    """This person is expected on {expected_on}; only from that day on can it be said that she did not arrive."""


class PlannedElsewhere(HomewardError):
    """The transfer is planned to another office; recall that plan before sending her elsewhere."""


class AddresseeIsSender(HomewardError):
    """A person cannot be sent to the office that sends her."""


class AddresseeCannotReceive(HomewardError):
    """The office {office_id} cannot receive people; choose a support agency or a centre."""


class ConsentRefused(HomewardError):
    """This person does not agree to be sent there; choose another place together with the person."""


class HomeSafetyUndecided(HomewardError):
    """Whether this home is safe is not decided: warning signs stand, or a second person is awaited (home-safety)."""


class HomeNotSafe(HomewardError):
    """This home is not safe; choose another place, or a centre."""


class HomeNotChecked(HomewardError):
    """Nothing is decided about the safety of this home: record it (home-safety), or choose a centre."""


class HomeVerdictUnknown(HomewardError):
    """What is decided about this home cannot be asked at the moment, and what is known here may be late; try again in a
    minute, or choose a centre.
    """

    kind = ErrorKind.UNAVAILABLE


class HomeCheckedElsewhere(HomewardError):
    """The check was about another place, that of {office_id}; ask her about this one, and record it (home-safety)."""


class HomeCheckExpired(HomewardError):
    """The check of this home held until {valid_until}; ask her again, and record it (home-safety)."""


class AlreadyAtHome(HomewardError):
    """It is recorded already that this person is home."""


class CaseHasEnded(HomewardError):
    """This case has ended; nothing can be changed until it is reopened."""


class CaseNotClosed(HomewardError):
    """This case is not closed; only a closed case can be re-opened."""


class CannotReopen(HomewardError):
    """Only who ended this case, answered for it, awaited the person, or a supervisor of one of them may re-open it."""

    kind = ErrorKind.PERMISSION_DENIED


class CaseGoesOnElsewhere(HomewardError):
    """This person goes on as the case {case_number}, which is open; re-open this one only if it is another person."""


class RegistrationStands(HomewardError):
    """Something came of this registration: another office has received the person, or she is home; close the case with
    the reason that is true.
    """


class NothingToApprove(HomewardError):
    """This person never left the office that registered her: it withdraws the registration by itself."""


class PersonIsAwaited(HomewardError):
    """This person is on the way or to be sent to {office_id}: recall or redirect her, or let that office answer first.

    Her story goes on there. That she died can be said at any time.
    """


class ReasonDoesNotFit(HomewardError):
    """That is no reason to close this case as it stands; reasons that fit: {reasons}."""


class FollowUpPeriodNotEnded(HomewardError):
    """The follow-up period has not ended: record the last follow-up, or give another reason."""


class IdentificationSaysOtherwise(HomewardError):
    """No verifier decided that this person is not identified as a victim; ask for that, or give another reason."""


class OtherCaseHasEnded(HomewardError):
    """The other case has ended, so nothing would go on; re-open that one first, or close it instead."""


class NoAnswerToTakeBack(HomewardError):
    """There is no answer to a transfer of this person that could be taken back."""


class NotYourAnswer(HomewardError):
    """Another office gave the last answer; only that office can take it back, or its supervisor."""

    kind = ErrorKind.PERMISSION_DENIED


class TooLateToTakeBack(HomewardError):
    """The answer was given on {given_on}, more than {days} days ago; ask your supervisor to take it back."""


class SomethingFollowed(HomewardError):
    """Something else was recorded after that answer, so it can no longer be taken back; record how things stand now."""


class NoArrivalStands(HomewardError):
    """No arrival of this person stands whose day could be corrected."""


class VisitBeforeArrival(HomewardError):
    """A visit on {visited_on} is on record, so she was there by then; correct it first, or name an earlier day."""


class TooLateToCorrect(HomewardError):
    """The arrival was recorded on {said_on}, more than {days} days ago; ask your supervisor to correct its day."""


class ReceivedSince(HomewardError):
    """Another office has received this person since; if she is with you, ask your supervisor to reassign the case."""


class AlreadyAcknowledged(HomewardError):
    """Your office acknowledged her arrival already, on {answered_on}: she arrived on {arrived_on}."""


class AlreadyRejected(HomewardError):
    """Your office rejected this transfer already, on {answered_on}."""


class AlreadyReportedMissing(HomewardError):
    """Your office reported already, on {answered_on}, that she did not arrive; if she has come, acknowledge it."""


class AlreadyRecalled(HomewardError):
    """Your office recalled this transfer already, on {answered_on}."""


class AlreadySent(HomewardError):
    """Your office sent her to {office_id} already, on {answered_on}; that transfer is still open."""


class EndedBySender(HomewardError):
    """The sender ended this transfer on {answered_on}: she is not to be expected with it any more."""


class VisitAlreadyRecorded(HomewardError):
    """A visit was recorded since this arrival, so the arrival can no longer be taken back."""


class AlreadyAdmitted(HomewardError):
    """This person is admitted already."""


class NotAdmitted(HomewardError):
    """This person is not staying in your facility: not admitted yet, or left already."""


class NothingPlanned(HomewardError):
    """No transfer of this person is planned; plan one first, or record the place that the person chose."""


class SearchIsOpen(HomewardError):
    """A search for this person is open; resolve the search instead."""


class NoOpenSearch(HomewardError):
    """No search for this person is open."""


class NoSuchReturn(HomewardError):
    """Nobody says that this person was registered again under that case, or it was decided already."""


class OwnReturnClaim(HomewardError):
    """Your office registered that case itself and the two records differ; ask your supervisor to decide."""

    kind = ErrorKind.PERMISSION_DENIED


class LaterCaseEnded(HomewardError):
    """The later case has ended, so this one cannot go on as that; deny it, or have the later case re-opened first."""


class LaterCaseOnTheWay(HomewardError):
    """Under the later case this person is on the way to another office; confirm when she has arrived there."""


class CannotLookAfter(HomewardError):
    """The office {office_id} cannot take over her follow-ups; have her sent on to an agency or a centre first."""


class NothingToUndo(HomewardError):
    """There is no confirmed return under that case, or something else has become of the cases since."""


class NotLinked(HomewardError):
    """Nothing on record says that she goes on under that case; its office has to name this one, or ask a supervisor."""


class NoClaim(HomewardError):
    """Nobody says any more that this person is with an office: the claim was answered, withdrawn or replaced."""


class NotClaimed(HomewardError):
    """Only the office that is said to have this person may answer that."""

    kind = ErrorKind.PERMISSION_DENIED


class ClaimsExhausted(HomewardError):
    """A search can hold {limit} claims; resolve it in another way, or speak to the national supervisor."""


class SearchStepsExhausted(HomewardError):
    """A search can hold {limit} steps; resolve it, or speak to the national supervisor."""


class CannotBeAccountable(HomewardError):
    """The office {office_id} cannot be made accountable for people."""


class NobodyIsThere(HomewardError):
    """Nobody can be with {office_id}, nor leave from it: it only answers for the search; say which office has her."""


class AlreadyAccountable(HomewardError):
    """That office is accountable for this person already."""


class ReassignInTransit(HomewardError):
    """This person is on the way; have the transfer recalled or redirected, or resolve the search."""


class StaysInFacility(HomewardError):
    """This person stays in {office_id}, which answers for her; send her on, or say since when she is elsewhere."""


class MakesNoFollowUps(HomewardError):
    """This person is followed up at home, and {office_id} makes no follow-ups: choose the agency of her province.

    If she goes to {office_id}, have her sent there: her follow-ups stay with the agency meanwhile.
    """


class SameCase(HomewardError):
    """A case cannot go on as itself; name the other case of this person."""


class OfficeHasEnded(HomewardError):
    """The office {office_id} has ended already, on {ended_on}; its successor is {successor_id}."""


class OfficeExists(HomewardError):
    """There is an office {office_id} already; choose another id."""

    kind = ErrorKind.ALREADY_EXISTS


class SuccessorOfOtherRole(HomewardError):
    """The office {successor_id} has another role than {office_id}, so it cannot take over its duty."""


class SuccessorIsItself(HomewardError):
    """The duty of {office_id} would come back to it; name another successor."""


class SuccessorNeeded(HomewardError):
    """The office {office_id} watches over others; it can end only with a successor."""


class RuleNotFound(HomewardError):
    """There is no rule {rule}."""

    kind = ErrorKind.NOT_FOUND


class RuleUnitStands(HomewardError):
    """The rule {rule} is counted in {unit}, and everything that uses it relies on that."""


class ApprovalNeeded(HomewardError):
    """This takes {people} people: it waits until {expires_on} for somebody else of {offices}, as request {approval_id}.

    With three people `offices` are those of both others.
    """


class AskedForAlready(HomewardError):
    """Somebody has asked for that already: request {approval_id} waits; have it decided, or taken back, first."""

    kind = ErrorKind.ALREADY_EXISTS


class TooManyWait(HomewardError):
    """Your office has {limit} requests that wait for approval; have some of them decided, or take them back."""

    kind = ErrorKind.RESOURCE_EXHAUSTED


class ApprovalNotFound(HomewardError):
    """There is no such request that you may see."""

    kind = ErrorKind.NOT_FOUND


class SamePerson(HomewardError):
    """You asked for this yourself; somebody else has to decide it."""

    kind = ErrorKind.PERMISSION_DENIED


class ApprovalNotYours(HomewardError):
    """Your office does not decide that; the request names those who may."""

    kind = ErrorKind.PERMISSION_DENIED


class ApprovalExpired(HomewardError):
    """Nobody decided that by {expires_on}, so it waits no longer; ask for it again."""


class ApprovalWithdrawn(HomewardError):
    """That was taken back by the office that had asked; ask for it again if it is needed."""


class ApprovalRefused(HomewardError):
    """Somebody else refused that; the request says why. Ask for it again when the cause is gone."""


class ApprovalGiven(HomewardError):
    """That was approved already, and has taken effect."""


class ApprovedByYou(HomewardError):
    """You have approved this already; it still waits for somebody else of {offices}."""


class ApprovedAlready(HomewardError):
    """Somebody in your role has approved this already; it still waits for somebody of {offices}."""


class ChangedSinceAsked(HomewardError):
    """What this is about has changed since it was asked for; refuse it, and have it asked for again."""

    kind = ErrorKind.ABORTED


class AskerIsGone(HomewardError):
    """Whoever asked may not ask for that any more: the office, or the sign-in, was ended meanwhile; refuse it."""


class ApproverIsGone(HomewardError):
    """Somebody approved this who may do so no more; refuse it, and have it asked for again.

    The office, or the sign-in, was ended meanwhile.
    """


class RequestAltered(HomewardError):
    """What is stored is not what was asked for; nothing was done. Tell the operator of the system."""
