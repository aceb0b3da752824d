"""The story of a case: custody, transfers, searches and follow-ups, one line after the other, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from services.chassis.kernel.clock import VIET_NAM, local_date
from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written, written_moment
from services.client.people_file.columns import title_of
from services.client.shown import ends
from services.client.shown.custody import where
from services.client.shown.values import enum_word, province_text
from services.client.travel import travel_facts

if TYPE_CHECKING:
    from homeward.followup.v1 import visits_pb2
    from homeward.handover.v1 import custody_pb2


_LAST: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, or is due. `at` orders the lines; `whole_day`: only the day of it is known."""

    at: datetime
    code: str
    text: str
    office_id: str = ""
    whole_day: bool = False

    @property
    def when(self) -> str:
        """As officers write it."""
        return written(local_date(self.at)) if self.whole_day else written_moment(self.at)

    def document(self) -> dict[str, Any]:
        """For programs."""
        at = local_date(self.at).isoformat() if self.whole_day else self.at.isoformat().replace("+00:00", "Z")
        return {"at": at, "event": self.code, "office_id": self.office_id, "text": self.text}


def in_charge(segments: Sequence[Any], at: datetime, _: Texts) -> tuple[str, str]:
    """Where she was after an instant, and who was accountable."""
    for segment in reversed(segments):
        if plain.instant(segment.start_time) <= at:
            return where(segment, _), segment.office_id
    return "", ""


def story(custody: custody_pb2.Custody, follow_ups: Iterable[visits_pb2.FollowUp], _: Texts) -> list[Line]:
    """All that is known of a case as lines, oldest first."""
    lines = [
        *(line for each in custody.stays for line in _of_stay(each, custody.transfers, _)),
        *(_of_correction(each, _) for each in custody.corrections),
        *(_of_corrected_day(each, _) for each in custody.arrival_corrections),
        *(line for each in custody.partings for line in _of_parting(each, _)),
        *(Line(*told) for told in ends.of_decisions(custody.decisions, _)),
        *(Line(*told) for told in ends.of_deadlines(custody.passed_deadlines, _)),
        *_of_transfers(custody.transfers, ends.ended_transfers(custody.closings), _),
        *(line for each in custody.returns for line in _of_return(each, _)),
        *(line for search in custody.searches for line in _of_search(search, custody.segments, _)),
        *(line for each in follow_ups for line in _of_follow_up(each, _)),
        *(Line(*told) for told in ends.of_closings(custody.closings, _)),
    ]
    told = {line.at for line in lines}
    lines += _of_segments(custody.segments, told, _)
    # Sorting is stable: within one instant the order above stands, the cause before what follows from it.
    return sorted(lines, key=lambda line: line.at)


def _of_segments(segments: Iterable[Any], told: set[datetime], _: Texts) -> Iterator[Line]:
    """Accountability that passed without anything else that tells of it; journeys within it are told by transfers."""
    number = 0
    for segment in segments:
        if segment.segment == number:
            continue
        number = segment.segment
        at = plain.instant(segment.start_time)
        cause = plain.short_name(segment.DESCRIPTOR.fields_by_name["cause"].enum_type, segment.cause)
        if at in told and cause != "REGISTERED":
            continue
        text = _("{office} is accountable: {cause}.", office=segment.office_id, cause=_cause(cause, _))
        if cause == "REGISTERED":
            text = _("{office} received and registered her.", office=segment.office_id)
        elif cause == "ADMITTED":
            text = _("{office} admitted her.", office=segment.office_id)
        elif cause == "REASSIGNED":
            text = _reassigned(segment, _)
        elif cause in ("CLOSED", "WITHDRAWN", "RE_IDENTIFIED"):
            text = _("The case ended: {cause}.", cause=_cause(cause, _))
        yield Line(at, cause or "CUSTODY", text, segment.office_id)


def _reassigned(segment: Any, _: Texts) -> str:
    reason = enum_word(_, segment, "reassign_reason", words.REASSIGN_REASONS) or _("not known")
    text = _("A supervisor made {office} accountable: {reason}.", office=segment.office_id, reason=reason)
    if segment.arrived_on:
        text += " " + _("She is there since {day}.", day=written(segment.arrived_on))
    return text


def _cause(cause: str, _: Texts) -> str:
    return words.word(_, words.CUSTODY_CAUSES, cause) if cause else _("not known")


def _of_transfers(transfers: Sequence[Any], ended: Mapping[str, datetime], _: Texts) -> Iterator[Line]:
    replaced = {each.replaces_transfer_id: each for each in transfers if each.replaces_transfer_id}
    redirected = {each.transfer_id for each in transfers if _state(each) == "REDIRECTED"}
    for each in transfers:
        yield from _beginning(each, each.replaces_transfer_id in redirected, _)
        if each.HasField("see_time"):
            text = _("{office} read the message about her.", office=each.to_office_id)
            yield Line(plain.instant(each.see_time), "SEEN", text, each.to_office_id)
        over = each.transfer_id in ended
        for answer in each.answers:
            if not (over and _kind(answer) == "RECALLED"):
                yield from _of_answer(answer, each, _)
        answered = {_kind(answer) for answer in each.answers if not answer.HasField("take_back_time")}
        if each.HasField("end_time") and each.transfer_id not in replaced and (over or _state(each) not in answered):
            yield _ended_with_case(each, _) if over else _overtaken(each, _)


def _state(transfer: Any) -> str:
    return plain.short_name(transfer.DESCRIPTOR.fields_by_name["state"].enum_type, transfer.state)


def _beginning(each: Any, redirected: bool, _: Texts) -> Iterator[Line]:
    offices = {"sender": each.from_office_id, "office": each.to_office_id}
    expected = written(each.expected_arrival_on)
    left = plain.instant(each.dispatch_time) if each.HasField("dispatch_time") else None
    if redirected:
        at = left or plain.instant(each.create_time)
        text = _("On the way, {sender} sent her on to {office}; expected on {day}.", day=expected, **offices)
        yield Line(at, "REDIRECTED", text, each.from_office_id)
        return
    if each.HasField("create_time") and plain.instant(each.create_time) != left:
        text = _(
            "{sender} planned to send her to {office}: to leave on {leaves}, expected on {day}.",
            leaves=written(each.expected_departure_on),
            day=expected,
            **offices,
        )
        if each.replaces_transfer_id:
            text = _("Another plan took the place of the first.") + " " + text
        yield Line(plain.instant(each.create_time), "PLANNED", text, each.from_office_id)
    if left is not None:
        text = _("She left {sender} for {office}; expected on {day}.", day=expected, **offices)
        if each.departed_on and date.fromisoformat(each.departed_on) != local_date(left):
            text += " " + _("She had left on {day}.", day=written(each.departed_on))
        travel = "; ".join(f"{name}: {value}" for name, value in travel_facts(each.travel, _) if value)
        yield Line(left, "DISPATCHED", f"{text} {travel}".strip(), each.from_office_id)


def _ended_with_case(each: Any, _: Texts) -> Line:
    text = _("The transfer to {office} ended with the case.", office=each.to_office_id)
    return Line(plain.instant(each.end_time), "ENDED", text, each.from_office_id)


def _kind(answer: Any) -> str:
    return plain.short_name(answer.DESCRIPTOR.fields_by_name["kind"].enum_type, answer.kind)


def _of_answer(answer: Any, transfer: Any, _: Texts) -> Iterator[Line]:
    """An answer, and that it was taken back: both stand in the story."""
    kind = _kind(answer)
    yield Line(
        plain.instant(answer.answer_time), kind or "ANSWERED", _answered(kind, answer, transfer, _), answer.office_id
    )
    if answer.HasField("take_back_time"):
        text = _(
            "{office} took back “{answer}”: {reason}. The transfer stands as before.",
            office=answer.taken_back_by_office_id,
            answer=enum_word(_, answer, "kind", words.ANSWERS),
            reason=enum_word(_, answer, "take_back_reason", words.TAKE_BACK_REASONS),
        )
        yield Line(plain.instant(answer.take_back_time), "TAKEN_BACK", text, answer.taken_back_by_office_id)


def _answered(kind: str, answer: Any, transfer: Any, _: Texts) -> str:
    offices = {"sender": transfer.from_office_id, "office": answer.office_id}
    match kind:
        case "ACCEPTED":
            return _("{office} accepted: she is expected there.", office=answer.office_id)
        case "ACKNOWLEDGED":
            text = _("{office} acknowledged that she arrived on {day}.", day=written(answer.arrived_on), **offices)
            late = transfer.overdue and not answer.HasField("take_back_time")
            return text + " " + _("The acknowledgement was late.") if late else text
        case "REJECTED":
            reason = enum_word(_, answer, "reject_reason", words.REJECT_REASONS)
            return _("{office} rejected: {reason}. The duty is with {sender}.", reason=reason, **offices)
        case "NOT_ARRIVED":
            return _("{office} reported that she did not arrive. The duty is with {sender}.", **offices)
        case _:
            return _(
                "{sender} recalled the transfer to {office}.", sender=answer.office_id, office=transfer.to_office_id
            )


def _overtaken(each: Any, _: Texts) -> Line:
    text = _("The transfer to {office} ended, since she turned up elsewhere.", office=each.to_office_id)
    return Line(plain.instant(each.end_time), _state(each) or "ENDED", text, each.from_office_id)


def _of_search(search: Any, segments: Sequence[Any], _: Texts) -> Iterator[Line]:
    opened = plain.instant(search.open_time)
    ended = plain.instant(search.resolve_time) if search.HasField("resolve_time") else None
    # Whoever was accountable then: a search that ended may name the office that has her since.
    office = in_charge(segments, opened, _)[1] or search.responsible_office_id or search.accountable_office_id
    reason = enum_word(_, search, "reason", words.LOST_REASONS)
    text = _("She is searched for: {reason}. {office} answers for it.", reason=reason, office=office)
    yield Line(opened, "SEARCH_OPENED", text, office)
    for step in search.steps:
        kind = enum_word(_, step, "kind", words.SEARCH_STEPS)
        text = _("Step {number} of the search: {step}.", number=step.number, step=kind)
        if step.successful:
            text += " " + _("It led to her.")
        # Only the day of a step is known; it was taken while the search was open.
        at = min(max(_end_of(step.taken_on), opened), ended or _LAST)
        yield Line(at, "SEARCH_STEP", text, step.office_id, whole_day=True)
    for claim in search.claims:
        yield from _of_claim(claim, _)
    if ended is not None:
        how = enum_word(_, search, "resolution", words.SEARCH_RESOLUTIONS)
        text = _("The search ended: {how}.", how=how)
        if search.close_reason:
            why = enum_word(_, search, "close_reason", words.CLOSE_REASONS)
            text += " " + _("The case was closed because: {why}.", why=why)
        yield Line(ended, "SEARCH_RESOLVED", text, office)


def _of_claim(claim: Any, _: Texts) -> Iterator[Line]:
    text = _(
        "{claimant} said that she was at {office} since {day}.",
        claimant=claim.claimed_by_office_id,
        office=claim.office_id,
        day=written(claim.since_on),
    )
    yield Line(plain.instant(claim.claim_time), "CLAIMED_FOUND", text, claim.claimed_by_office_id)
    if claim.HasField("settle_time"):
        state = enum_word(_, claim, "state", words.CLAIM_STATES)
        text = _("That she was at {office}: {state}.", office=claim.office_id, state=state)
        yield Line(plain.instant(claim.settle_time), "CLAIM_SETTLED", text, claim.settled_by_office_id)


def _of_return(link: Any, _: Texts) -> Iterator[Line]:
    """Another registration of her, and what was decided about it."""
    number, office = link.other_case_number, link.claiming_office_id
    match = enum_word(_, link, "match", words.MATCHES)
    if link.other_is_later:
        text = _(
            "{office} registered her again under {number}, as it says; the two records: {match}.",
            office=office,
            number=number,
            match=match,
        )
    else:
        text = _("{office} said that {number} is her earlier case.", office=office, number=number)
    yield Line(plain.instant(link.claim_time), "RETURN_CLAIMED", text, office)
    if link.HasField("decide_time"):
        state = enum_word(_, link, "state", words.RETURN_STATES)
        text = _("The case {number}: {state}.", number=number, state=state)
        yield Line(plain.instant(link.decide_time), "RETURN_DECIDED", text, link.decided_by_office_id)


def _of_stay(stay: Any, transfers: Sequence[Any], _: Texts) -> Iterator[Line]:
    """Her discharge, before she leaves on that day; leaving without one is told by the transfer alone."""
    if not stay.destination:
        return
    day = date.fromisoformat(stay.discharged_on)
    leavings = [plain.instant(each.dispatch_time) for each in transfers if each.HasField("dispatch_time")]
    at = min([_end_of(stay.discharged_on), *(left for left in leavings if local_date(left) >= day)])
    text = _("{office} discharged her, to be sent on.", office=stay.office_id)
    if stay.HasField("province"):
        province = province_text(stay.province)
        text = _(
            "{office} discharged her to a place of her own choice in {province}.",
            office=stay.office_id,
            province=province,
        )
    yield Line(at, "DISCHARGED", text, stay.office_id, whole_day=True)


def _of_parting(parting: Any, _: Texts) -> Iterator[Line]:
    reason = enum_word(_, parting, "reason", words.PARTINGS)
    text = _("She is apart from a relative from whom she must not be parted: {reason}.", reason=reason)
    yield Line(plain.instant(parting.part_time), "FAMILY_PARTED", text)
    if parting.HasField("reunite_time"):
        text = _("She is no longer apart from that relative in this way.")
        yield Line(plain.instant(parting.reunite_time), "FAMILY_TOGETHER", text)


def _of_correction(correction: Any, _: Texts) -> Line:
    fields = ", ".join(title_of(each, _.language) for each in correction.fields)
    text = _("Her record was corrected: {fields}.", fields=fields)
    if correction.office_id:
        text = _("{office} corrected her record: {fields}.", office=correction.office_id, fields=fields)
    return Line(plain.instant(correction.correct_time), "CORRECTED", text)


def _of_corrected_day(correction: Any, _: Texts) -> Line:
    text = _(
        "{office} corrected the day of her arrival from {before} to {day}: {reason}.",
        office=correction.office_id,
        before=written(correction.before_on),
        day=written(correction.arrived_on),
        reason=enum_word(_, correction, "reason", words.ARRIVAL_CORRECTION_REASONS),
    )
    return Line(plain.instant(correction.correct_time), "ARRIVAL_CORRECTED", text, correction.office_id)


def _of_follow_up(each: Any, _: Texts) -> Iterator[Line]:
    kind = enum_word(_, each, "kind", words.FOLLOW_UP_KINDS)
    code = plain.short_name(each.DESCRIPTOR.fields_by_name["state"].enum_type, each.state)
    state = enum_word(_, each, "state", words.FOLLOW_UP_STATES)
    if each.visited_on:
        outcome = enum_word(_, each, "outcome", words.OUTCOMES)
        text = _("Follow-up after {kind}: {outcome}.", kind=kind, outcome=outcome)
        yield Line(_end_of(each.visited_on), "FOLLOW_UP_RECORDED", text, each.office_id, whole_day=True)
    elif code != "CANCELLED" and each.due_on:
        text = _("Follow-up after {kind} due: {state}.", kind=kind, state=state)
        if each.lost:
            text += " " + _("She could not be found for it.")
        yield Line(_end_of(each.due_on), "FOLLOW_UP_DUE", text, each.office_id, whole_day=True)


def _end_of(day: str) -> datetime:
    """The last instant of a local day: what is known by its day stands after what happened on it."""
    return datetime.combine(date.fromisoformat(day), time.max, tzinfo=VIET_NAM).astimezone(UTC)
