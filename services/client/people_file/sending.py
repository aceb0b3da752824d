"""What the sending of a file of people is: what stands beside the file once it is delivered, and when it is refused."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from services.chassis.kernel.record import PEOPLE_MAX
from services.chassis.kernel.texts import Texts
from services.client.people_file.batches import part_of, split
from services.client.people_file.content import HandoverContent, PersonContent
from services.client.people_file.standing import Standing, marks_of, marks_of_people
from services.client.plain import instant
from services.client.refusals import Kind, Refusal
from services.client.sidecar import BatchState, Entry, SentBatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeward.intake.v1 import submissions_pb2
    from services.client.people_file.batches import Batch
    from services.client.submission import Parcel

    Ask = Callable[[submissions_pb2.FindRegisteredRequest], submissions_pb2.FindRegisteredResponse]


def parcel_of(batch: Batch, send: Callable[[SentBatch], SentBatch]) -> Parcel:
    """A batch as it is sent."""
    from services.client.submission import Parcel

    return Parcel(batch.content.digest(), batch.rows, send, partial(marks_of, batch.content))


def delivered(sent: SentBatch, receipt: submissions_pb2.Receipt) -> SentBatch:
    """The batch as delivered; the rows of the receipt are those of the submission, ours those of the file."""
    return replace(
        sent,
        state=BatchState.DELIVERED,
        handover_id=receipt.handover_id,
        receive_time=instant(receipt.receive_time).isoformat(),
        entries=tuple(Entry(sent.rows[entry.row - 1], entry.case_id, entry.case_number) for entry in receipt.entries),
    )


def changed(_: Texts, details: Sequence[str] = ()) -> Refusal:
    """The file was changed after its people were registered."""
    return Refusal(
        Kind.REFUSED,
        "FILE_CHANGED_AFTER_SUBMISSION",
        _("The people of this file are registered already, and the file was changed since."),
        advice=(
            _("To correct a person: homeward correct CASE FILE --row NUMBER --reason TEXT"),
            _("To send only those who are not registered yet: repeat with --rest"),
            _("The case numbers are shown by: homeward receipt FILE"),
            _("Only if the file now holds other people altogether: repeat with --new"),
        ),
        details=details,
    )


# What the service knows -------------------------------------------------------------------------


def find_registered(
    ask: Ask, rows: Sequence[int], content: HandoverContent | None, people: Sequence[PersonContent]
) -> Mapping[int, list[submissions_pb2.RegisteredPerson]]:
    """Whom the own office registered of the people of a file, by row, the newest first. Raises what `ask` does.

    `content` None: the handover is not understood, so registrations of any time are found.
    """
    from homeward.intake.v1 import submissions_pb2

    found: dict[int, list[submissions_pb2.RegisteredPerson]] = {}
    for start in range(0, len(rows), PEOPLE_MAX):
        wanted = rows[start : start + PEOPLE_MAX]
        if content is not None:
            handover = part_of(content, rows, wanted)[0].to_proto()
        else:
            several = people[start : start + PEOPLE_MAX]
            handover = submissions_pb2.Handover(people=[replace(one, family_links=()).to_proto() for one in several])
        for each in ask(submissions_pb2.FindRegisteredRequest(handover=handover)).registered:
            found.setdefault(wanted[each.row - 1], []).append(each)
    return found


def rebuilt(
    rows: Sequence[int],
    content: HandoverContent | None,
    people: Sequence[PersonContent],
    found: Mapping[int, Sequence[submissions_pb2.RegisteredPerson]],
) -> tuple[SentBatch, ...]:
    """What stood beside a file before it was lost, as far as the service knows of its people."""
    if content is not None and set(rows) <= found.keys() and all(found[row][0].same_content for row in rows):
        batches: Sequence[tuple[tuple[int, ...], HandoverContent | None]] = [
            (each.rows, each.content) for each in split(content, rows)
        ]
    else:
        batches = [(tuple(row for row in rows if row in found), None)]
    return tuple(_rebuilt(each, sent, rows, people, found) for each, sent in batches if each)


def _rebuilt(
    of_batch: tuple[int, ...],
    content: HandoverContent | None,
    rows: Sequence[int],
    people: Sequence[PersonContent],
    found: Mapping[int, Sequence[submissions_pb2.RegisteredPerson]],
) -> SentBatch:
    request_id = str(uuid.uuid4())
    marks = dict(zip(rows, marks_of_people(people, request_id), strict=True))
    newest = {row: found[row][0] for row in of_batch}
    first = newest[of_batch[0]]
    return SentBatch(
        request_id,
        # What was sent otherwise is like no content of now.
        content.digest() if content is not None else "",
        of_batch,
        BatchState.DELIVERED,
        first.handover_id,
        instant(first.register_time).isoformat(),
        tuple(Entry(row, each.case_id, each.case_number) for row, each in newest.items()),
        tuple(marks[row] if each.same_content else replace(marks[row], record="") for row, each in newest.items()),
        marks_of(content, request_id)[1] if content is not None else "",
    )


def rest_of(
    content: HandoverContent, rows: Sequence[int], standing: Standing
) -> tuple[HandoverContent, tuple[int, ...], tuple[int, ...]] | None:
    """Those who are not registered yet as a handover, their rows, and the rows that lost ties; None when all are."""
    return part_of(content, rows, standing.new) if standing.new else None


def what_changed(content: HandoverContent, standing: Standing, _: Texts) -> list[str]:
    """What of a file is not as it was sent, a line for each; empty when people only moved, or were left out."""
    lines = [
        _("row {row}: of {number} something else was sent", row=each.row, number=each.entry.case_number)
        for each in standing.registered
        if each.changed
    ]
    lines += [_("row {row}: not registered", row=row) for row in standing.new]
    batches = {each.batch.request_id: each.batch for each in standing.registered}
    if any(batch.about and batch.about != marks_of(content, key)[1] for key, batch in batches.items()):
        lines.append(_("time, place, minutes or route: something else was sent"))
    if lines:
        lines += [
            _("{number}: stood in row {row}, and is not in the file any more", number=each.case_number, row=each.row)
            for each in standing.gone
        ]
    return lines
