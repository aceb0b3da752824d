"""Registering people, all of a submission or none.

A submission is prepared outside of any transaction (checked, numbered, sealed) and stored in one that it shares with
others; so whether its request id was answered before is known afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from services.chassis.calls.answers import Asked, earlier_answers
from services.chassis.events.outbox import PendingEvent, first_rows
from services.chassis.events.units import UnitOfWork, new_id
from services.chassis.kernel.errors import ErrorKind, HomewardError, StorageUnavailable
from services.chassis.kernel.findings import Findings
from services.chassis.kernel.record import CLOCK_SKEW, EARLIEST_RETURN
from services.chassis.kernel.roles import Caller
from services.chassis.telemetry.trace import Trace, current_trace
from services.intake import wire
from services.intake.application import earlier_cases
from services.intake.application.ports import Ports
from services.intake.application.reference import reference
from services.intake.domain import case as cases
from services.intake.domain import family
from services.intake.domain.case import Case
from services.intake.domain.family import Tie
from services.intake.domain.likeness import NONE_NAMED, EarlierReturn
from services.intake.domain.people import Reference
from services.intake.domain.registered import Registered, already_registered, nth_of_its_like
from services.intake.domain.submissions import Receipt, ReceiptEntry, Submission, read_handover, read_self_return
from services.intake.storage import cases as case_rows
from services.intake.storage import registered as found
from services.intake.storage import submissions as storage
from services.intake.storage.registered import Wanted
from services.intake.storage.submissions import SubmissionRows
from services.intake.storage.writer import PeopleKnown

Check: TypeAlias = Callable[[Submission, Reference, datetime], Submission]
"""`check_handover` or `check_self_return`."""
STORE_TRIES: Final = 4


class ReceiptNotFound(HomewardError):
    """Your office has sent no registration with this request number; it was not received."""

    kind = ErrorKind.NOT_FOUND


async def register(ports: Ports, asked: Asked, submission: Submission, check: Check) -> Receipt:
    """Register the people of a submission, unless the request was answered before: then its receipt.

    Raises InvalidInput with every violation; AlreadyRegistered with everybody whom the office registered before;
    RequestIdReused; StorageUnavailable, TooManyRequests, CaseNumbersExhausted.
    """
    now = ports.units.clock.now()
    try:
        checked = check(_at_own_gate(submission, asked.caller), reference(), now)
        earlier_returns = await _earlier_returns(ports, checked)
    except HomewardError:
        # What was answered once stays answered, though it could not be registered any more today.
        earlier = await _answered(ports, asked)
        if earlier is None:
            raise
        return earlier
    numbers = await ports.numbers.take(len(checked.people))
    handover_id = new_id()
    registered = [
        cases.registered(
            checked,
            row,
            case_id=new_id(),
            number=number,
            handover_id=handover_id,
            office_id=asked.caller.office_id,
            earlier_case_id=earlier_returns[row - 1].case_id,
            now=now,
        )
        for row, number in enumerate(numbers, start=1)
    ]
    ties = family.ties_of_submission(registered, checked.people, new_id, asked.caller.office_id, now)
    entries = tuple(ReceiptEntry(case.row, case.id, case.number) for case in registered)
    receipt = Receipt(handover_id, entries, received_at=now)
    rows = _rows(ports, asked, checked, registered, receipt, earlier_returns, ties)
    if await _store(ports, asked, checked, registered, rows):
        return receipt
    earlier = await _answered(ports, asked)
    assert earlier is not None, "the request id was taken by an answer"
    return earlier


def _at_own_gate(submission: Submission, caller: Caller) -> Submission:
    """The submission with the gate of the post that sends it, if it is one at a gate."""
    gate_id = caller.office_id.removeprefix("BP-")
    return replace(submission, own_gate=gate_id if gate_id in reference().gates else "")


async def find_registered(ports: Ports, caller: Caller, submission: Submission) -> Sequence[Registered]:
    """Whom the caller's office, or one that it succeeded, registered already of these people, by row."""
    now = ports.units.clock.now()
    viewer = ports.viewer(caller, now)
    at = submission.handover_time
    is_timed = at is not None and EARLIEST_RETURN <= at <= now + CLOCK_SKEW
    read = read_handover if submission.place else read_self_return
    # What is wrong with a record is no matter here: it is only compared.
    plain = read(Findings(), replace(submission, handover_time=at if is_timed else now), reference(), now)
    traces = ports.traces.of_submission(plain)
    return await ports.units.read(lambda uow: found.find(uow.connection, viewer.holds, traces, only_near=is_timed))


async def _store(
    ports: Ports, asked: Asked, checked: Submission, registered: Sequence[Case], rows: SubmissionRows
) -> bool:
    """Whether it was stored, and not answered before. Raises AlreadyRegistered, and what the writer does."""
    for _try in range(STORE_TRIES):
        try:
            return await ports.writer.store(rows)
        except PeopleKnown:
            known = await _known(ports, asked, checked, registered)
        if known:
            raise already_registered(known, checked.place is not None)
        # Somebody of the same name came at the same instant, or whoever was in the way was withdrawn.
    raise StorageUnavailable


async def _known(ports: Ports, asked: Asked, checked: Submission, registered: Sequence[Case]) -> Sequence[Registered]:
    """Who is registered already, of those who are not said to be others."""
    traces = ports.traces.of_submission(checked)
    known = await ports.units.read(
        lambda uow: found.find(
            uow.connection, [asked.caller.office_id], traces, earlier=[case.earlier_case_id for case in registered]
        )
    )
    return [one for one in known if one.row not in checked.again]


async def get_receipt(ports: Ports, caller: Caller, request_id: UUID) -> Receipt:
    """The receipt of an earlier submission of the caller's office; raises ReceiptNotFound."""
    viewer = ports.viewer(caller, ports.units.clock.now())
    answered = await ports.units.read(
        lambda uow: storage.answer_at(uow.connection, viewer.holds, request_id, wire.RECEIPT_METHODS)
    )
    if answered is None:
        raise ReceiptNotFound
    return wire.receipt_of_answer(*answered)


async def _earlier_returns(ports: Ports, checked: Submission) -> Sequence[EarlierReturn]:
    """What each record names; nothing is asked of the database where none names anything."""
    if not any(one.earlier_case for one in checked.people):
        return [NONE_NAMED] * len(checked.people)
    return await ports.units.read(lambda uow: earlier_cases.of_people(uow, ports.vault, checked.people))


async def _answered(ports: Ports, asked: Asked) -> Receipt | None:
    """The receipt given before for the same request; raises RequestIdReused when it was another one."""

    async def find(uow: UnitOfWork) -> bytes | None:
        earlier = (await earlier_answers(uow.connection, [asked.key])).get(asked.key)
        return None if earlier is None else earlier.answer_to(asked)

    answer = await ports.units.read(find)
    return None if answer is None else wire.receipt_of_answer(asked.method, answer)


def _rows(
    ports: Ports,
    asked: Asked,
    submission: Submission,
    registered: list[Case],
    receipt: Receipt,
    earlier_returns: Sequence[EarlierReturn],
    ties: Sequence[Tie],
) -> SubmissionRows:
    """All rows of it, with its answer."""
    trace = current_trace() or Trace(correlation_id=str(new_id()))
    events = [
        first_rows(
            ports.units.signer,
            PendingEvent(
                new_id(),
                case.id,
                wire.registered_event(case, submission.gate_id, earlier.match, ties, said_by=asked.caller.subject),
                receipt.received_at,
                trace,
            ),
        )
        for case, earlier in zip(registered, earlier_returns, strict=True)
    ]
    sealed = [
        ports.vault.new_identity(case.id, person, ties, asked.caller.subject)
        for case, person in zip(registered, submission.people, strict=True)
    ]
    return SubmissionRows(
        request=asked.row(receipt.received_at) | {"response": wire.receipt_answer(asked.method, receipt)},
        act=asked.act([case.id for case in registered], receipt.received_at),
        handover={
            **ports.vault.new_details(receipt.handover_id, submission),
            "id": receipt.handover_id,
            "office_id": asked.caller.office_id,
            "subject": asked.caller.subject,
            "route": submission.route,
            "gate_id": submission.gate_id,
            "handover_time": submission.handover_time,
            "people": len(submission.people),
            "created_at": receipt.received_at,
        },
        cases=[case_rows.row_of(case) for case in registered],
        identities=[identity for identity, _ in sealed],
        numbers=[number for number, _ in events],
        events=[event for _, event in events],
        people=[one.row for one in _wanted(ports, asked, submission, registered)],
        ties=[tie for _, of_case in sealed for tie in of_case],
    )


def _wanted(ports: Ports, asked: Asked, submission: Submission, registered: Sequence[Case]) -> list[Wanted]:
    """The people as they are to be found again."""
    traces = ports.traces.of_submission(submission)
    return [
        Wanted(case.id, asked.caller.office_id, trace, case.row in submission.again, nth, case.earlier_case_id)
        for case, trace, nth in zip(registered, traces, nth_of_its_like(traces), strict=True)
    ]
