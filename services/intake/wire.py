"""Between protobuf messages and the domain. Nothing is judged here: odd input stays odd."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final, TypeAlias
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from homeward.events.v1 import consent_pb2, followup_pb2, handover_pb2, identification_pb2, transfer_pb2
from homeward.intake.v1 import (
    break_glass_pb2,
    cases_pb2,
    consents_pb2,
    family_pb2,
    handovers_pb2,
    legal_steps_pb2,
    people_pb2,
    reading_pb2,
    submissions_pb2,
)
from homeward.intake.v1 import identification_pb2 as identification_calls
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import code_of, member_of, number_of
from services.chassis.calls.etags import etag_of
from services.chassis.country.revocations import account_digest
from services.chassis.kernel.deadlines import DueDate
from services.chassis.kernel.roles import Caller
from services.chassis.kernel.words import ConsentGiver
from services.intake.domain.access import Detail, IdentityView, LoggedRead, SeenCase
from services.intake.domain.break_glass import BreakGlass, Review, SeenBreakGlass
from services.intake.domain.case import Case, WithdrawReason
from services.intake.domain.consents import Consent, Guardian, GuardianRelation, Told, standing
from services.intake.domain.corrections import Correction
from services.intake.domain.family import SeenRelative, SeenTie, Tie
from services.intake.domain.handovers import Handover
from services.intake.domain.identification import Decision
from services.intake.domain.legal_steps import Deadlines, DeadlinesCounted, LegalStep, ListedDeadline
from services.intake.domain.likeness import EarlierReturn, Match
from services.intake.domain.people import FamilyLink, Person
from services.intake.domain.registered import Registered
from services.intake.domain.submissions import Place, PlaceKind, Receipt, ReceiptEntry, Route, Submission
from services.intake.domain.undecided import ListedUndecided, Undecided, is_awaited

_FAR_FUTURE: Final = datetime.max.replace(tzinfo=UTC)
_FAR_PAST: Final = datetime.min.replace(tzinfo=UTC)
_ReceiptAnswer: TypeAlias = submissions_pb2.SubmitHandoverResponse | submissions_pb2.RegisterSelfReturnResponse
_RECEIPT_ANSWERS: Final[Mapping[str, type[_ReceiptAnswer]]] = {
    "SubmitHandover": submissions_pb2.SubmitHandoverResponse,
    "RegisterSelfReturn": submissions_pb2.RegisterSelfReturnResponse,
}
"""What the methods that register people answer with: a receipt each."""
RECEIPT_METHODS: Final = frozenset(_RECEIPT_ANSWERS)


def instant_of(
    message: submissions_pb2.Handover | submissions_pb2.RegisterSelfReturnRequest, name: str
) -> datetime | None:
    """A timestamp field as an aware instant; None when absent, clamped when out of range."""
    if not message.HasField(name):  # type: ignore[arg-type]
        return None
    stamp: Timestamp = getattr(message, name)
    try:
        return stamp.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError):
        return _FAR_FUTURE if stamp.seconds > 0 else _FAR_PAST


def timestamp(instant: datetime) -> Timestamp:
    """An aware instant as a message."""
    stamp = Timestamp()
    stamp.FromDatetime(instant)
    return stamp


def province_text(message: types_pb2.ProvinceRef) -> str:
    """ "22@2004", whatever stands in the two fields."""
    return f"{message.code}@{message.vintage}"


def province_message(text: str) -> types_pb2.ProvinceRef | None:
    """The two fields of "22@2004"; None for an empty text."""
    code, _, vintage = text.partition("@")
    return types_pb2.ProvinceRef(code=code, vintage=vintage) if text else None


def person_of(message: people_pb2.Person) -> Person:
    """A person as it came in."""
    return Person(
        full_name=message.full_name,
        sex=message.sex,
        birth_date=message.birth_date,
        nationality=message.nationality,
        ethnicity=message.ethnicity,
        language=message.language,
        home_province=(province_text(message.home_province) if message.HasField("home_province") else ""),
        home_address=message.home_address,
        returned_from_country=message.returned_from_country,
        health_remarks=message.health_remarks,
        documents=tuple(message.documents),
        belongings=tuple(message.belongings),
        victim_declaration=message.victim_declaration,
        return_certificate_number=message.return_certificate_number,
        handover_certificate_number=message.handover_certificate_number,
        family_links=tuple(FamilyLink(link.row, link.relation) for link in message.family_links),
        earlier_case=message.earlier_case,
        remarks=message.remarks,
    )


def person_message(person: Person) -> people_pb2.Person:
    """A person to send or to seal."""
    return people_pb2.Person(
        full_name=person.full_name,
        sex=person.sex,
        birth_date=person.birth_date,
        nationality=person.nationality,
        ethnicity=person.ethnicity,
        language=person.language,
        home_province=province_message(person.home_province),
        home_address=person.home_address,
        returned_from_country=person.returned_from_country,
        health_remarks=person.health_remarks,
        documents=person.documents,
        belongings=person.belongings,
        victim_declaration=person.victim_declaration,
        return_certificate_number=person.return_certificate_number,
        handover_certificate_number=person.handover_certificate_number,
        family_links=[people_pb2.FamilyLink(row=link.row, relation=link.relation) for link in person.family_links],
        earlier_case=person.earlier_case,
        remarks=person.remarks,
    )


def person_bytes(person: Person) -> bytes:
    """A person as it is sealed."""
    return person_message(person).SerializeToString()


def person_from_bytes(content: bytes) -> Person:
    """A person as it was sealed."""
    return person_of(people_pb2.Person.FromString(content))


def _place_of(message: submissions_pb2.Place) -> Place | None:
    match message.WhichOneof("place"):
        case "gate_id":
            return Place(PlaceKind.GATE, message.gate_id)
        case "marker":
            return Place(PlaceKind.MARKER, message.marker)
        case "other":
            return Place(PlaceKind.OTHER, message.other)
        case _:
            return None


def handover_of(
    message: submissions_pb2.Handover, again: Sequence[int] = (), confirmed: Sequence[str] = ()
) -> Submission:
    """A handover as it came in, the rows of people who are others than those registered, and what was confirmed."""
    return Submission(
        route=member_of(Route, types_pb2.RouteOfReturn, message.route),
        handover_time=instant_of(message, "handover_time"),
        place=_place_of(message.place),
        handing_body=message.handing_body,
        joint_minutes_number=message.joint_minutes_number,
        people=tuple(person_of(person) for person in message.people),
        again=tuple(again),
        confirmed=tuple(confirmed),
    )


def self_return_of(message: submissions_pb2.RegisterSelfReturnRequest) -> Submission:
    """A self-return as a handover of one person without a place."""
    return Submission(
        route=member_of(Route, types_pb2.RouteOfReturn, message.route),
        handover_time=instant_of(message, "report_time"),
        people=(person_of(message.person),) if message.HasField("person") else (),
        again=(1,) if message.also_register_again else (),
        confirmed=tuple(message.confirmed),
    )


def submission_details_bytes(submission: Submission) -> bytes:
    """What of a submission may name people, as it is sealed: all but moment, route and people."""
    return submissions_pb2.Handover(
        place=_place_message(submission.place) if submission.place else None,
        handing_body=submission.handing_body,
        joint_minutes_number=submission.joint_minutes_number,
    ).SerializeToString()


def handover_message(one: Handover) -> handovers_pb2.HandoverSummary:
    """A handover of a list."""
    return handovers_pb2.HandoverSummary(
        handover_id=str(one.id),
        route=number_of(types_pb2.RouteOfReturn, one.route),
        gate_id=one.gate_id,
        handover_time=timestamp(one.handed_over_at),
        create_time=timestamp(one.registered_at),
        case_numbers=one.case_numbers,
    )


def handover_answer(one: Handover, details: bytes, seen: Iterable[SeenCase]) -> handovers_pb2.GetHandoverResponse:
    """A handover with its people; `details` as they were sealed."""
    opened = submissions_pb2.Handover.FromString(details)
    return handovers_pb2.GetHandoverResponse(
        handover=handover_message(one),
        place=opened.place if opened.HasField("place") else None,
        handing_body=opened.handing_body,
        joint_minutes_number=opened.joint_minutes_number,
        cases=map(case_message, seen),
    )


def _place_message(place: Place) -> submissions_pb2.Place:
    match place.kind:
        case PlaceKind.GATE:
            return submissions_pb2.Place(gate_id=place.text)
        case PlaceKind.MARKER:
            return submissions_pb2.Place(marker=place.text)
        case PlaceKind.OTHER:
            return submissions_pb2.Place(other=place.text)


def decision_details_bytes(decision: Decision) -> bytes:
    """What of a decision may name people, as it is sealed."""
    return identification_calls.DecideIdentificationRequest(
        evidence=decision.evidence,
        reason=decision.reason,
        certificate_number=decision.certificate_number,
    ).SerializeToString()


def registered_event(
    case: Case, gate_id: str, match: Match | None, ties: Iterable[Tie] = (), *, said_by: str
) -> handover_pb2.CaseRegistered:
    """The event of a new case; `match`: whether the record resembles that of the earlier one, which `said_by` named."""
    return handover_pb2.CaseRegistered(
        case_id=str(case.id),
        case_number=case.number,
        handover_id=str(case.handover_id),
        receiving_office_id=case.receiving_office_id,
        route=number_of(types_pb2.RouteOfReturn, case.route),
        gate_id=gate_id,
        home_province=province_message(case.home_province),
        age_band=number_of(types_pb2.AgeBand, case.age_band),
        handover_time=timestamp(case.handover_time),
        register_time=timestamp(case.created_at),
        earlier_case_id=str(case.earlier_case_id or ""),
        earlier_case_match=number_of(types_pb2.EarlierCaseMatch, match),
        earlier_case_said_by=account_digest(said_by) if case.earlier_case_id is not None else "",
        relatives=[_relative(tie, case.id) for tie in ties if case.id in (tie.case_id, tie.other_case_id)],
    )


def _relative(tie: Tie, case_id: UUID) -> handover_pb2.Relative:
    """A relative without what she is."""
    return handover_pb2.Relative(case_id=str(tie.other_than(case_id)), keep_together=tie.keep_together)


def linked_event(tie: Tie, case_id: UUID, office_id: str) -> handover_pb2.FamilyLinked:
    """The event of a tie, for one of its two cases."""
    return handover_pb2.FamilyLinked(case_id=str(case_id), relative=_relative(tie, case_id), office_id=office_id)


def unlinked_event(tie: Tie, case_id: UUID, office_id: str) -> handover_pb2.FamilyUnlinked:
    """The event of a tie taken back, for one of its two cases."""
    return handover_pb2.FamilyUnlinked(
        case_id=str(case_id), other_case_id=str(tie.other_than(case_id)), office_id=office_id
    )


def correction_of(message: submissions_pb2.CorrectCaseRequest) -> Correction:
    """A correction as it came in."""
    return Correction(
        reason=message.reason,
        given=person_of(message.person),
        named=tuple(message.update_mask.paths) if message.HasField("update_mask") else None,
        another_person=message.another_person,
    )


def corrected_event(
    case: Case, fields: tuple[str, ...], caller: Caller, earlier: EarlierReturn | None
) -> handover_pb2.CaseCorrected:
    """The event of a correction: names of fields, never their contents; `earlier` None: as it was."""
    names_one = earlier is not None and earlier.case_id is not None
    return handover_pb2.CaseCorrected(
        case_id=str(case.id),
        home_province=province_message(case.home_province),
        age_band=number_of(types_pb2.AgeBand, case.age_band),
        fields=fields,
        correcting_office_id=caller.office_id,
        earlier_case_told=earlier is not None,
        earlier_case_id=str(earlier.case_id or "") if earlier is not None else "",
        earlier_case_match=number_of(types_pb2.EarlierCaseMatch, earlier.match if earlier is not None else None),
        earlier_case_said_by=account_digest(caller.subject) if names_one else "",
    )


def withdrawn_event(case: Case, reason: WithdrawReason) -> handover_pb2.CaseWithdrawn:
    """The event of a withdrawal."""
    return handover_pb2.CaseWithdrawn(
        case_id=str(case.id),
        reason=number_of(types_pb2.WithdrawReason, reason),
    )


def decided_event(
    case: Case, office_id: str, decided_on: str, former_id: str
) -> identification_pb2.IdentificationDecided:
    """The event of a decision: no grounds, they tell the form of exploitation."""
    return identification_pb2.IdentificationDecided(
        case_id=str(case.id),
        status=number_of(types_pb2.IdentificationStatus, case.identification),
        deciding_office_id=office_id,
        decided_on=decided_on,
        revision=case.decisions,
        former_office_id=former_id,
        verifier_office_id=case.verifier_office_id,
    )


def verifier_assigned(
    case: Case, former_ids: Sequence[str], assigning_office_id: str
) -> identification_pb2.VerifierAssigned:
    """The event that another office of the police decides."""
    return identification_pb2.VerifierAssigned(
        case_id=str(case.id),
        office_id=case.verifier_office_id,
        former_office_ids=former_ids,
        assigning_office_id=assigning_office_id,
        accountable_office_id=case.accountable_office_id,
        undecided=is_awaited(case),
    )


def identification_overdue(
    case: Case, undecided: Undecided, rule: str, *, late: bool
) -> identification_pb2.IdentificationOverdue:
    """The event that nobody has decided in time."""
    return identification_pb2.IdentificationOverdue(
        case_id=str(case.id),
        receiving_office_id=case.receiving_office_id,
        rule=rule,
        due_on=undecided.due_on.isoformat(),
        level=undecided.level,
        late=late,
        verifier_office_id=case.verifier_office_id,
    )


def identification_due_soon(
    case: Case, undecided: Undecided, due_on: date, *, late: bool
) -> identification_pb2.IdentificationDueSoon:
    """The event that it is to be decided soon."""
    return identification_pb2.IdentificationDueSoon(
        case_id=str(case.id),
        receiving_office_id=case.receiving_office_id,
        rule=undecided.next_limit.value,
        due_on=due_on.isoformat(),
        late=late,
        verifier_office_id=case.verifier_office_id,
    )


def undecided_message(one: ListedUndecided, today: date) -> identification_calls.UndecidedCase:
    """A case of which nobody has decided yet, as a list shows it."""
    return identification_calls.UndecidedCase(
        case_id=str(one.case_id),
        case_number=one.case_number,
        receiving_office_id=one.receiving_office_id,
        accountable_office_id=one.accountable_office_id,
        rule=one.rule.value,
        due_on=one.due_on.isoformat(),
        overdue_days=one.overdue_days(today),
        escalation_level=one.level,
    )


def break_glass_message(seen: SeenBreakGlass) -> break_glass_pb2.BreakGlass:
    """What was opened by break-glass, as a caller sees it."""
    one, review = seen.one, seen.one.review
    message = break_glass_pb2.BreakGlass(
        break_glass_id=str(one.id),
        case_id=str(one.case_id),
        case_number=seen.case_number,
        reason=number_of(types_pb2.BreakGlassReason, one.reason),
        identity_view=number_of(cases_pb2.IdentityView, one.view),
        office_id=one.office_id,
        subject=one.subject,
        role=one.role.value,
        open_time=timestamp(one.opened_at),
        expire_time=timestamp(one.expires_at),
        reads=seen.reads,
        review_due_on=one.review_due_on.isoformat(),
        for_you=seen.for_caller,
        yours=seen.of_caller,
    )
    if review is not None:
        message.verdict = number_of(types_pb2.BreakGlassVerdict, review.verdict)
        message.reviewed_by_office_id, message.reviewed_by_subject = review.office_id, review.subject
        message.review_time.CopyFrom(timestamp(review.at))
    return message


def break_glass_opened(one: BreakGlass, case: Case) -> identification_pb2.BreakGlassOpened:
    """The event that a record was opened: who and why, in codes."""
    return identification_pb2.BreakGlassOpened(
        case_id=str(one.case_id),
        break_glass_id=str(one.id),
        office_id=one.office_id,
        reason=number_of(types_pb2.BreakGlassReason, one.reason),
        accountable_office_id=case.accountable_office_id,
        review_due_on=one.review_due_on.isoformat(),
    )


def break_glass_reviewed(one: BreakGlass, said: Review, case: Case) -> identification_pb2.BreakGlassReviewed:
    """The event of its review."""
    return identification_pb2.BreakGlassReviewed(
        case_id=str(one.case_id),
        break_glass_id=str(one.id),
        office_id=one.office_id,
        verdict=number_of(types_pb2.BreakGlassVerdict, said.verdict),
        reviewing_office_id=said.office_id,
        accountable_office_id=case.accountable_office_id,
    )


def break_glass_unreviewed(
    one: BreakGlass, case: Case, level: int, *, late: bool
) -> identification_pb2.BreakGlassUnreviewed:
    """The event that nobody has reviewed it in time."""
    return identification_pb2.BreakGlassUnreviewed(
        case_id=str(one.case_id),
        break_glass_id=str(one.id),
        office_id=one.office_id,
        accountable_office_id=case.accountable_office_id,
        review_due_on=one.review_due_on.isoformat(),
        level=level,
        late=late,
    )


def legal_step_overdue(case: Case, step: LegalStep, *, late: bool) -> handover_pb2.LegalStepOverdue:
    """The event that a step was not taken in time."""
    return handover_pb2.LegalStepOverdue(
        case_id=str(case.id),
        accountable_office_id=case.accountable_office_id,
        step=step.rule.value,
        due_on=step.due_on.isoformat(),
        level=step.level,
        late=late,
    )


def legal_step_due_soon(case: Case, step: LegalStep, *, late: bool) -> handover_pb2.LegalStepDueSoon:
    """The event that a step is to be taken soon."""
    return handover_pb2.LegalStepDueSoon(
        case_id=str(case.id),
        accountable_office_id=case.accountable_office_id,
        step=step.rule.value,
        due_on=step.due_on.isoformat(),
        late=late,
    )


def legal_step_settled(step: LegalStep) -> handover_pb2.LegalStepSettled:
    """The event that nobody, or somebody else, is asked for a step."""
    return handover_pb2.LegalStepSettled(case_id=str(step.case_id), step=step.rule.value)


def legal_step(one: LegalStep) -> cases_pb2.LegalStep:
    """A step with what became of it."""
    return cases_pb2.LegalStep(
        step=one.rule.value,
        state=number_of(cases_pb2.LegalStepState, one.state),
        ask_time=timestamp(one.asked_at),
        due_time=timestamp(one.due_at),
        due_on=one.due_on.isoformat(),
        escalation_level=one.level,
        done_on=one.done_on.isoformat() if one.done_on else "",
        record_time=timestamp(one.recorded_at) if one.recorded_at else None,
        recording_office_id=one.recorded_by,
    )


def verification(one: Undecided, reply: DueDate) -> cases_pb2.Verification:
    """Until when the police is to decide."""
    return cases_pb2.Verification(
        due_on=one.due_on.isoformat(),
        reply_rule=one.reply_rule.value,
        reply_due_on=reply.due_on.isoformat(),
        escalation_level=one.level,
    )


def legal_deadline(one: ListedDeadline, today: date) -> legal_steps_pb2.LegalDeadline:
    """A legal deadline, as a list shows it."""
    return legal_steps_pb2.LegalDeadline(
        case_id=str(one.case_id),
        case_number=one.case_number,
        receiving_office_id=one.receiving_office_id,
        accountable_office_id=one.accountable_office_id,
        rule=one.rule,
        due_on=one.due_on.isoformat(),
        overdue_days=one.overdue_days(today),
        escalation_level=one.level,
    )


def deadline_counts(rows: Iterable[tuple[str, DeadlinesCounted]]) -> list[legal_steps_pb2.LegalDeadlineCount]:
    """Counts of offices as counts of provinces."""
    found: dict[tuple[str, str], legal_steps_pb2.LegalDeadlineCount] = {}
    for province, row in rows:
        count = found.setdefault(
            (province, row.rule), legal_steps_pb2.LegalDeadlineCount(province=province, rule=row.rule)
        )
        count.total += row.total
        count.overdue += row.overdue
        count.from_7_days += row.from_7_days
        count.from_30_days += row.from_30_days
        count.oldest_days = max(count.oldest_days, row.oldest_days)
    return [found[key] for key in sorted(found)]


def preview_read_then_rejected(
    rejected: transfer_pb2.TransferRejected, case: Case, reads: int
) -> identification_pb2.PreviewReadThenRejected:
    """The event that an office looked who comes, and then rejected."""
    return identification_pb2.PreviewReadThenRejected(
        case_id=str(case.id),
        transfer_id=rejected.transfer_id,
        office_id=rejected.to_office_id,
        accountable_office_id=case.accountable_office_id,
        reads=reads,
    )


def receipt_message(receipt: Receipt) -> submissions_pb2.Receipt:
    """What a submission became."""
    return submissions_pb2.Receipt(
        handover_id=str(receipt.handover_id),
        entries=[
            submissions_pb2.ReceiptEntry(row=one.row, case_id=str(one.case_id), case_number=one.case_number)
            for one in receipt.entries
        ],
        receive_time=timestamp(receipt.received_at),
    )


def receipt_of(message: submissions_pb2.Receipt) -> Receipt:
    """What a submission became, as it was told once."""
    return Receipt(
        handover_id=UUID(message.handover_id),
        entries=tuple(ReceiptEntry(one.row, UUID(one.case_id), one.case_number) for one in message.entries),
        received_at=message.receive_time.ToDatetime(tzinfo=UTC),
    )


def receipt_answer(method: str, receipt: Receipt) -> bytes:
    """The answer to a submission by one of its methods, as the request log keeps it."""
    return _RECEIPT_ANSWERS[method](receipt=receipt_message(receipt)).SerializeToString()


def receipt_of_answer(method: str, answer: bytes) -> Receipt:
    """The receipt in an answer that the request log kept."""
    return receipt_of(_RECEIPT_ANSWERS[method].FromString(answer).receipt)


def registered_message(one: Registered) -> submissions_pb2.RegisteredPerson:
    """Somebody who is registered."""
    return submissions_pb2.RegisteredPerson(
        row=one.row,
        case_id=str(one.case_id),
        case_number=one.case_number,
        handover_id=str(one.handover_id),
        handover_row=one.handover_row,
        handover_people=one.handover_people,
        register_time=timestamp(one.registered_at),
        same_content=one.same_content,
        other_name=one.other_name,
    )


def case_message(seen: SeenCase) -> cases_pb2.Case:
    """A case as far as it may be seen."""
    case, access, person = seen.case, seen.access, seen.person
    message = cases_pb2.Case(
        case_id=str(case.id),
        case_number=case.number,
        status_word=number_of(cases_pb2.StatusWord, case.status_word),
        identity_view=number_of(cases_pb2.IdentityView, access.identity if person else IdentityView.NONE),
        person=person_message(person) if person else None,
        erased=seen.is_erased,
        relatives=[relative_message(each) for each in seen.relatives],
    )
    if access.detail >= Detail.ON_THE_WAY:
        message.phase = number_of(types_pb2.CasePhase, case.shown_phase)
    if access.detail >= Detail.CASE:
        message.MergeFrom(_whole_case(case))
    return message


def case_with_deadlines(seen: SeenCase, deadlines: Deadlines) -> cases_pb2.Case:
    """One case, with what runs for it by law."""
    message = case_message(seen)
    message.legal_steps.extend(map(legal_step, deadlines.steps))
    if deadlines.awaited is not None and deadlines.reply is not None:
        message.verification.CopyFrom(verification(deadlines.awaited, deadlines.reply))
    return message


def relative_message(seen: SeenRelative) -> cases_pb2.Relative:
    """A relative as far as somebody may know of her."""
    return cases_pb2.Relative(case_number=seen.case_number, keep_together=seen.keep_together, relation=seen.relation)


def tie_message(seen: SeenTie) -> family_pb2.FamilyTie:
    """A tie with its history."""
    return family_pb2.FamilyTie(
        relative=relative_message(seen.relative),
        link_time=timestamp(seen.linked_at),
        link_office_id=seen.linked_by,
        unlink_time=timestamp(seen.unlinked_at) if seen.unlinked_at else None,
        unlink_office_id=seen.unlinked_by,
    )


def log_entry_message(read: LoggedRead) -> reading_pb2.AccessLogEntry:
    """An entry of the access log for the auditor."""
    return reading_pb2.AccessLogEntry(
        read_time=timestamp(read.read_at),
        subject=read.subject,
        office_id=read.office_id,
        role=read.role,
        case_id=str(read.case_id),
        identity_view=number_of(cases_pb2.IdentityView, read.identity_view),
        purpose=read.purpose.value,
        sequence=read.sequence,
        hash=read.hash.hex(),
        break_glass_id=str(read.break_glass_id or ""),
        case_number=read.case_number,
    )


def _whole_case(case: Case) -> cases_pb2.Case:
    return cases_pb2.Case(
        handover_id=str(case.handover_id),
        etag=etag_of(case.version),
        identification=number_of(types_pb2.IdentificationStatus, case.identification),
        receiving_office_id=case.receiving_office_id,
        accountable_office_id=case.accountable_office_id,
        route=number_of(types_pb2.RouteOfReturn, case.route),
        home_province=province_message(case.home_province),
        age_band=number_of(types_pb2.AgeBand, case.age_band),
        handover_time=timestamp(case.handover_time),
        create_time=timestamp(case.created_at),
        verifier_office_id=case.verifier_office_id,
    )


def consent_changed(one: Consent) -> consent_pb2.ConsentChanged:
    """What was said to a purpose; by whom and in which words stays here."""
    return consent_pb2.ConsentChanged(
        case_id=str(one.case_id),
        purpose=one.purpose,
        state=number_of(types_pb2.ConsentState, one.state),
        text_version=one.text_version,
        said_on=one.said_on.isoformat(),
    )


def told_at_visit(event: followup_pb2.ConsentTold) -> Told:
    """What was said at a visit."""
    return Told(
        purpose=event.purpose,
        agreed=event.state == types_pb2.CONSENT_STATE_GIVEN,
        on=date.fromisoformat(event.said_on),
        giver=member_of(ConsentGiver, types_pb2.ConsentGiver, event.giver) or ConsentGiver.PERSON,
        text_version=event.text_version,
        entry_number=event.entry_number,
        office_id=event.office_id,
    )


def consents(found: Sequence[Consent]) -> list[consents_pb2.Consent]:
    """Everything that was said, and what of it stands."""
    return [consent(one, stands=standing(found, one.purpose) is one) for one in found]


def consent(one: Consent, *, stands: bool) -> consents_pb2.Consent:
    """What was said to a purpose; of a guardian only that there is one."""
    return consents_pb2.Consent(
        number=one.number,
        purpose=one.purpose,
        state=number_of(types_pb2.ConsentState, one.state),
        giver=number_of(types_pb2.ConsentGiver, one.giver),
        guardian_named=one.guardian_named,
        language=one.language,
        text_version=one.text_version,
        entry_number=one.entry_number,
        said_on=one.said_on.isoformat(),
        office_id=one.office_id,
        subject=one.subject,
        record_time=timestamp(one.recorded_at),
        stands=stands,
    )


def said_to_purpose(one: Consent) -> consents_pb2.SaidToPurpose:
    """What was said to a purpose, as another service needs it."""
    return consents_pb2.SaidToPurpose(
        purpose=one.purpose, state=number_of(types_pb2.ConsentState, one.state), said_on=one.said_on.isoformat()
    )


def guardian(one: Guardian) -> consents_pb2.Guardian:
    """Who gave a consent for a child."""
    return consents_pb2.Guardian(name=one.name, relation=number_of(types_pb2.GuardianRelation, one.relation))


def guardian_bytes(one: Guardian) -> bytes:
    """A guardian as sealed. The relation is a number of one byte: the length of what is sealed does not tell it."""
    return guardian(one).SerializeToString()


def guardian_from_bytes(content: bytes) -> Guardian:
    """A guardian as it was sealed."""
    found = consents_pb2.Guardian.FromString(content)
    return Guardian(found.name, GuardianRelation(code_of(types_pb2.GuardianRelation, found.relation)))
