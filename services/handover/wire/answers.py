"""What callers are answered: the values of the domain as protos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from homeward.handover.v1 import (
    custody_pb2,
    directory_pb2,
    journeys_pb2,
    open_cases_pb2,
    returns_pb2,
    searches_pb2,
    sessions_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.enums import number_of
from services.chassis.calls.etags import etag_of
from services.chassis.country.offices import Office
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.deadlines import Rule
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.words import Whose
from services.handover.domain.answer import Answer
from services.handover.domain.case import CaseCustody
from services.handover.domain.claim import FoundClaim
from services.handover.domain.directory import Change
from services.handover.domain.families import Parting
from services.handover.domain.home import Awaiting
from services.handover.domain.reading import (
    ArrivalCorrection,
    Board,
    CasesCounted,
    Correction,
    Counted,
    Custody,
    Decision,
    Facility,
    ListedCase,
    ListedReturn,
    ListedSearch,
    ListedTransfer,
    LostCounted,
    Passed,
    PastClosing,
    ReturnToDecide,
    Revoked,
    TrendPoint,
)
from services.handover.domain.stay import Stay
from services.handover.domain.transfer import Transfer, TravelPlan
from services.handover.domain.whereabouts import Link
from services.handover.domain.words import (
    LostReason,
    Phase,
    TransferWarning,
)
from services.handover.wire.approvals import given_approval
from services.handover.wire.values import (
    age_band,
    cause,
    day,
    instant,
    instant_or_none,
    lost_reason,
    phase,
    province,
    reject_reason,
    resolution,
    text,
)

_DAY = timedelta(days=1)

# Transfers ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class About:
    """Whom a transfer is about, as far as handover knows."""

    case_id: UUID
    case_number: str
    home_province: ProvinceRef | None
    age_band: str

    @classmethod
    def case(cls, case: CaseCustody) -> About:
        """Of a case."""
        return cls(case.case_id, case.case_number, case.person.home_province, case.person.age_band)

    @classmethod
    def row(cls, row: ListedTransfer) -> About:
        """Of a row of a list."""
        home = ProvinceRef.parse(row.home_province) if row.home_province else None
        return cls(row.case_id, row.case_number, home, row.age_band)


def transfer(about: About, value: Transfer, today: date, answers: Iterable[Answer] = ()) -> transfers_pb2.Transfer:
    """A transfer as it stands today, with the answers that are shown."""
    return transfers_pb2.Transfer(
        transfer_id=str(value.id),
        case_id=str(about.case_id),
        case_number=about.case_number,
        etag=etag_of(value.version),
        state=number_of(types.TransferState, value.state),
        from_office_id=value.from_office_id,
        to_office_id=value.to_office_id,
        expected_departure_on=day(value.expected_departure_on),
        expected_arrival_on=day(value.expected_arrival_on),
        departed_on=day(value.departed_on),
        arrived_on=day(value.arrived_on),
        acknowledge_due_on=day(value.acknowledge_due_on),
        overdue=value.is_overdue(today),
        reject_reason=reject_reason(value.reject_reason),
        create_time=instant(value.planned_at),
        see_time=instant_or_none(value.seen_at),
        accept_time=instant_or_none(value.accepted_at),
        dispatch_time=instant_or_none(value.dispatched_at),
        end_time=instant_or_none(value.ended_at),
        travel=travel(value.travel),
        journey_id=text(value.journey_id),
        replaces_transfer_id=text(value.replaces_id),
        age_band=age_band(about.age_band),
        home_province=province(about.home_province),
        answers=[_answer(each) for each in answers],
    )


def _answer(value: Answer) -> transfers_pb2.TransferAnswer:
    back = value.taken_back
    return transfers_pb2.TransferAnswer(
        kind=number_of(types.TransferAnswerKind, value.kind),
        office_id=value.office_id,
        answer_time=instant(value.given_at),
        arrived_on=day(value.arrived_on),
        reject_reason=reject_reason(value.reject_reason),
        take_back_time=instant(back.at) if back else None,
        taken_back_by_office_id=back.office_id if back else "",
        take_back_reason=number_of(types.TakeBackReason, back.reason if back else None),
    )


def travel(value: TravelPlan) -> transfers_pb2.TravelPlan:
    """How a person travels."""
    return transfers_pb2.TravelPlan(
        escort=number_of(types.Escort, value.escort),
        means=number_of(types.TravelMeans, value.means),
        consent=number_of(types.TransferConsent, value.consent),
        home_safety=number_of(types.HomeSafety, value.home_safety),
        documents=[number_of(types.TransferDocument, one) for one in sorted(value.documents)],
        destination=number_of(types.DestinationChoice, value.destination),
    )


def listed_transfer(row: ListedTransfer, today: date) -> transfers_pb2.Transfer:
    """A transfer of a list."""
    return transfer(About.row(row), row.transfer, today)


def latest_transfer(case: CaseCustody, today: date) -> transfers_pb2.Transfer:
    """The transfer that a command was about."""
    assert case.transfer is not None
    return transfer(About.case(case), case.transfer, today)


def warnings(values: Iterable[TransferWarning]) -> list[types.TransferWarning.ValueType]:
    """Warnings on the wire."""
    return [number_of(types.TransferWarning, one) for one in values]


# Cases ----------------------------------------------------------------------------------------


def open_case(row: ListedCase, today: date) -> open_cases_pb2.OpenCase:
    """A case of a list."""
    return open_cases_pb2.OpenCase(
        case_id=str(row.case_id),
        case_number=row.case_number,
        phase=phase(row.phase),
        accountable_office_id=row.office_id,
        to_office_id=row.to_office_id,
        rule=row.rule,
        due_on=day(row.due_on),
        overdue_days=max(0, (today - row.due_on).days),
        transfer_state=number_of(types.TransferState, row.transfer_state),
        expected_arrival_on=day(row.expected_arrival_on),
        age_band=age_band(row.age_band),
        home_province=province(ProvinceRef.parse(row.home_province) if row.home_province else None),
    )


def awaiting_verdict(one: Awaiting) -> journeys_pb2.AwaitingVerdict:
    """Somebody who cannot be sent home yet."""
    return journeys_pb2.AwaitingVerdict(
        case_id=str(one.case_id),
        case_number=one.case_number,
        accountable_office_id=one.office_id,
        to_office_id=one.to_office_id,
        expected_departure_on=day(one.departure_on),
        age_band=age_band(one.age_band),
        missing=one.missing,
    )


def case_counts(rows: Iterable[tuple[str, CasesCounted]]) -> list[open_cases_pb2.CaseCount]:
    """Open cases, each with its province, added up by province, phase and rule, in that order."""
    merged: dict[tuple[str, Phase, str], open_cases_pb2.CaseCount] = {}
    for province_of_row, row in rows:
        key = province_of_row, row.phase, row.rule
        new = open_cases_pb2.CaseCount(province=province_of_row, phase=phase(row.phase), rule=row.rule)
        into = merged.setdefault(key, new)
        into.total += row.total
        into.overdue += row.overdue
        into.from_7_days += row.from_7_days
        into.from_30_days += row.from_30_days
        into.oldest_days = max(into.oldest_days, row.oldest_days)
    order = list(Phase)
    return [merged[key] for key in sorted(merged, key=lambda key: (key[0], order.index(key[1]), key[2]))]


def trend_point(point: TrendPoint) -> open_cases_pb2.TrendPoint:
    """What was counted on a day."""
    return open_cases_pb2.TrendPoint(
        day=day(point.day), on_the_way=point.on_the_way, overdue=point.overdue, lost=point.lost
    )


def search(row: ListedSearch, now: datetime) -> custody_pb2.Search:
    """A search with the steps that the row brings."""
    value, gone = row.search, row.search.departure
    return custody_pb2.Search(
        search_id=str(value.id),
        case_id=str(row.case_id),
        case_number=row.case_number,
        reason=lost_reason(value.reason),
        accountable_office_id=row.office_id,
        to_office_id=row.to_office_id,
        open_time=instant(value.opened_at),
        age_days=((value.resolved_at or now) - value.opened_at) // _DAY,
        escalation_level=value.level,
        escalate_on=day(row.escalate_on),
        etag=etag_of(value.version),
        steps=[
            custody_pb2.SearchStep(
                number=step.number,
                kind=number_of(types.SearchStepKind, step.kind),
                office_id=step.office_id,
                taken_on=day(step.taken_on),
                successful=step.successful,
            )
            for step in value.steps
        ],
        resolution=resolution(value.resolution),
        other_case_id=text(value.other_case_id),
        responsible_office_id=row.responsible_id,
        resolve_time=instant_or_none(value.resolved_at),
        close_reason=number_of(types.CloseReason, value.close_reason),
        left_for=number_of(types.LeftFor, gone.left_for if gone else None),
        left_for_province=province(gone.province) if gone else None,
        left_on=day(gone.on) if gone else "",
        claims=[_claim(each) for each in value.claims],
    )


def _claim(value: FoundClaim) -> custody_pb2.FoundClaim:
    return custody_pb2.FoundClaim(
        number=value.number,
        office_id=value.office_id,
        since_on=day(value.since_on),
        claimed_by_office_id=value.claimed_by_id,
        claim_time=instant(value.claimed_at),
        state=number_of(types.FoundClaimState, value.state),
        settled_by_office_id=value.settled_by_id,
        settle_time=instant_or_none(value.settled_at),
    )


def custody(shown: Custody) -> custody_pb2.Custody:
    """The custody of a case with so much of its history as is shown."""
    case, today = shown.case, local_date(shown.now)
    about = About.case(case) if shown.shows_person else About(case.case_id, case.case_number, None, "")
    message = custody_pb2.Custody(
        case_id=str(case.case_id),
        case_number=case.case_number,
        accountable_office_id=case.office_id if shown.shows_accountable else "",
        segments=[_segment(each, shown.history.arrival_days) for each in shown.history.links],
        transfers=[
            transfer(about, each, today, shown.history.answers.get(each.id, ())) for each in shown.history.transfers
        ],
        searches=[search(each, shown.now) for each in shown.history.searches],
        stays=[_stay(each, shown.history.links) for each in shown.history.stays],
        corrections=[_correction(each) for each in shown.history.corrections],
        arrival_corrections=[_arrival_correction(each) for each in shown.history.arrival_corrections],
        returns=[return_link(each) for each in shown.history.returns],
        closings=[_closing(each) for each in shown.history.closings],
        decisions=[_decision(each) for each in shown.history.decisions],
        passed_deadlines=[_passed(each) for each in shown.history.passed],
        linked_cases=[
            custody_pb2.LinkedCase(case_id=str(each.case_id), case_number=each.case_number)
            for each in shown.history.linked
        ],
        partings=[_parting(each) for each in shown.history.partings],
        arrival_still_taken=shown.ways_back.arrival_is_taken,
        take_back_until=day(shown.ways_back.taken_back_until),
    )
    if shown.shows_state:
        message.phase = phase(case.phase)
        if shown.shows_accountable and case.watch is not None and case.watch.is_primary:
            message.deadline_rule, message.deadline_on = case.watch.rule, day(case.watch.due.due_on)
    return message


def _segment(value: Link, arrival_days: Mapping[int, str]) -> custody_pb2.CustodySegment:
    return custody_pb2.CustodySegment(
        segment=value.number,
        office_id=value.office_id,
        cause=cause(value.cause),
        start_time=instant(value.started_at),
        end_time=instant_or_none(value.ended_at),
        kind=number_of(types.CustodyKind, value.place.kind),
        to_office_id=value.place.to_office_id,
        place_office_id=value.place.office_id,
        arrived_on=arrival_days.get(value.number, ""),
        reassign_reason=number_of(types.ReassignReason, value.reassigned_for),
    )


def _stay(value: Stay, links: Iterable[Link]) -> custody_pb2.Stay:
    return custody_pb2.Stay(
        segment=value.segment,
        office_id=next((each.office_id for each in links if each.number == value.segment), ""),
        admitted_on=day(value.admitted_on),
        discharged_on=day(value.discharged_on),
        destination=number_of(types.DischargeDestination, value.destination),
        province=province(value.province),
    )


def return_link(value: ListedReturn) -> custody_pb2.ReturnLink:
    """Another registration of the person."""
    link = value.link
    return custody_pb2.ReturnLink(
        other_case_id=str(link.later_id if value.other_is_later else link.earlier_id),
        other_case_number=value.other_number,
        other_is_later=value.other_is_later,
        match=number_of(types.EarlierCaseMatch, link.match),
        state=number_of(types.ReturnLinkState, link.state),
        at_border=link.at_border,
        claiming_office_id=link.claiming_id,
        claim_time=instant(link.claimed_at),
        decided_by_office_id=link.decided_by_id,
        decide_time=instant_or_none(link.decided_at),
    )


def return_to_decide(value: ReturnToDecide) -> returns_pb2.ReturnToDecide:
    """A later registration that waits for a decision."""
    return returns_pb2.ReturnToDecide(
        case_id=str(value.later.link.earlier_id),
        case_number=value.case_number,
        accountable_office_id=value.office_id,
        later=return_link(value.later),
    )


def _closing(past: PastClosing) -> custody_pb2.Closing:
    """An end; for who may not see why, that there was one."""
    value, again = past.closing, past.closing.reopened
    message = custody_pb2.Closing(
        close_time=instant(value.at), reopen_time=instant_or_none(again.at if again else None)
    )
    if not past.is_told:
        return message
    message.MergeFrom(
        custody_pb2.Closing(
            cause=cause(value.cause),
            reason=number_of(types.CloseReason, value.reason),
            withdraw_reason=number_of(types.WithdrawReason, value.withdraw_reason),
            closed_on=day(value.on),
            office_id=value.office_id,
            other_case_id=text(value.other_case_id),
            other_case_number=past.other_number,
            transfer_id=text(value.transfer_id),
            reopen_reason=number_of(types.ReopenReason, again.reason if again else None),
            reopened_by_office_id=again.office_id if again else "",
        )
    )
    return message


def _parting(value: Parting) -> custody_pb2.Parting:
    return custody_pb2.Parting(
        reason=number_of(types.PartingReason, value.reason),
        part_time=instant(value.parted_at),
        reunite_time=instant_or_none(value.reunited_at),
    )


def _decision(value: Decision) -> custody_pb2.Decision:
    return custody_pb2.Decision(
        revision=value.revision,
        status=number_of(types.IdentificationStatus, value.status),
        office_id=value.office_id,
        decided_on=day(value.decided_on),
        decide_time=instant(value.decided_at),
    )


def _passed(value: Passed) -> custody_pb2.PassedDeadline:
    return custody_pb2.PassedDeadline(
        rule=value.rule, due_on=day(value.due_on), level=value.level, pass_time=instant(value.told_at)
    )


def _correction(value: Correction) -> custody_pb2.Correction:
    return custody_pb2.Correction(
        correct_time=instant(value.corrected_at), fields=value.fields, office_id=value.office_id
    )


def _arrival_correction(value: ArrivalCorrection) -> custody_pb2.ArrivalCorrection:
    return custody_pb2.ArrivalCorrection(
        segment=value.segment,
        before_on=day(value.before_on),
        arrived_on=day(value.arrived_on),
        reason=number_of(types.ArrivalCorrectionReason, value.reason),
        office_id=value.office_id,
        correct_time=instant(value.corrected_at),
    )


# Boards ---------------------------------------------------------------------------------------


def board(shown: Board, today: date) -> transfers_pb2.GetTransferBoardResponse:
    """What offices expect, sent and have, and what presses most."""
    return transfers_pb2.GetTransferBoardResponse(
        incoming=counts(shown.incoming),
        outgoing=counts(shown.outgoing),
        own=counts(shown.own),
        pressing=[listed_transfer(row, today) for row in shown.pressing],
    )


def facility(shown: Facility) -> stays_pb2.Facility:
    """A facility and how full it is."""
    return stays_pb2.Facility(
        office_id=shown.office_id,
        facility_kind=shown.kind,
        capacity=shown.capacity,
        admitted=shown.counts.admitted,
        expected=shown.counts.expected,
        over_limit=shown.counts.over_limit,
    )


def counts(board: Mapping[str, Counted]) -> list[transfers_pb2.Count]:
    """What was counted, by name."""
    return [transfers_pb2.Count(name=name, count=one.count, more=one.more) for name, one in board.items()]


def lost_counts(rows: Iterable[tuple[str, LostCounted]]) -> list[searches_pb2.LostCount]:
    """Open searches, each with its province, added up by province and reason, in that order."""
    merged: dict[tuple[str, LostReason], searches_pb2.LostCount] = {}
    for province_of_row, row in rows:
        key = province_of_row, row.reason
        into = merged.setdefault(key, searches_pb2.LostCount(province=key[0], reason=lost_reason(row.reason)))
        into.total += row.total
        into.from_7_days += row.from_7_days
        into.from_30_days += row.from_30_days
        into.oldest_days = max(into.oldest_days, row.oldest_days)
    order = list(LostReason)
    return [merged[key] for key in sorted(merged, key=lambda key: (key[0], order.index(key[1])))]


# Rules, calendar, ends of offices --------------------------------------------------------------


def office(value: Office, ended: bool) -> directory_pb2.Office:
    """An office; `ended`: its end was carried out."""
    return directory_pb2.Office(
        office_id=value.id,
        role=value.role.value,
        province=province(value.province),
        name_en=value.name_en,
        name_vi=value.name_vi,
        valid_from=day(value.valid_from),
        valid_to=day(value.valid_to),
        successor_id=value.successor_id or "",
        facility_kind=value.facility_kind.value if value.facility_kind else "",
        capacity=value.capacity or 0,
        provenance=value.provenance.value,
        ended=ended,
    )


def rule(value: Rule) -> directory_pb2.DeadlineRule:
    """A version of a rule."""
    return directory_pb2.DeadlineRule(
        code=value.code,
        version=value.version,
        amount=value.amount,
        unit=value.unit.value,
        basis=value.basis.value,
        legal_source=value.legal_source,
        valid_from=day(value.valid_from),
        valid_to=day(value.valid_to),
    )


def changed_days(days: Mapping[date, bool]) -> list[directory_pb2.ChangedDay]:
    """The days that differ from the published calendar."""
    return [directory_pb2.ChangedDay(on=on.isoformat(), working=working) for on, working in sorted(days.items())]


def moved(counts: Mapping[str, int]) -> directory_pb2.OfficeEndCounts:
    """What moved, or would, when an office ends."""
    return directory_pb2.OfficeEndCounts(
        custodies=counts.get("custodies", 0),
        transfers=counts.get("transfers", 0),
        deadlines=counts.get("deadlines", 0),
        searches=counts.get("searches", 0),
    )


def revocation(value: Revoked) -> sessions_pb2.Revocation:
    """Sign-ins that were ended."""
    return sessions_pb2.Revocation(
        subject=value.named if value.whose is Whose.SUBJECT else "",
        office_id=value.named if value.whose is Whose.OFFICE else "",
        token_id=value.named if value.whose is Whose.TOKEN else "",
        reason=number_of(types.RevokeReason, value.reason),
        not_before=instant(value.not_before),
        by_office_id=value.by_office_id,
        by_subject=value.by_subject,
    )


def administrative_change(value: Change) -> directory_pb2.AdministrativeChange:
    """Something that administrators changed."""
    shown = directory_pb2.AdministrativeChange(
        change_id=str(value.id),
        method=value.method,
        object=value.about,
        details={name: str(one) for name, one in value.details.items() if one is not None},
        asked_by_office_id=value.office_id,
        asked_by_subject=value.subject,
        approved_by_office_id=value.approved_by_office_id or "",
        approved_by_subject=value.approved_by_subject or "",
        approvals=[given_approval(each) for each in value.approvals],
    )
    shown.change_time.FromDatetime(value.done_at)
    return shown
