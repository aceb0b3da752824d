"""Sends a file of people and shows what became of it, whatever was sent of it before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from services.chassis.kernel.texts import Texts
from services.cli.checked_file import refused
from services.cli.people_file import batches_of
from services.client.dates import written_moment
from services.client.refusals import Kind, Refusal, kind_of
from services.client.session import Session
from services.terminal import output
from services.terminal.exits import Exit

if TYPE_CHECKING:
    from homeward.intake.v1 import submissions_pb2
    from services.client.people_file.batches import Batch
    from services.client.people_file.check import Checked
    from services.client.people_file.draft import Draft
    from services.client.people_file.standing import Standing
    from services.client.sidecar import Entry, SentBatch, Sidecar
    from services.client.submission import Delivered, ParcelRefused

_PLACE_FIELDS: Final = {
    "place": "gate",
    "place.gate_id": "gate",
    "place.marker": "marker",
    "place.other": "other_place",
    "report_time": "handover_time",
}
"""Our names of the contract's fields."""
UNDER_OTHER_NAME: Final = "UNDER_OTHER_NAME"
"""All but the name is as it was registered."""


@dataclass(frozen=True)
class Wishes:
    """How a file is to be sent.

    Attributes:
        command: submit or register.
        split: as several submissions where it is long.
        new: it holds other people than those sent before.
        rest: only those who are not registered yet.
        again: rows of people who are others than those of the same name, sex and birth.
    """

    command: str
    split: bool = False
    new: bool = False
    rest: bool = False
    again: frozenset[int] = frozenset()


Send: TypeAlias = "Callable[[Session, str, Batch, frozenset[int]], submissions_pb2.Receipt]"


def submitted(session: Session, request_id: str, batch: Batch, again: frozenset[int]) -> submissions_pb2.Receipt:
    """Send people who were handed over. Raises RpcFailure."""
    from homeward.intake.v1 import submissions_pb2
    from services.chassis.kernel.record import ASKED
    from services.client.patience import SUBMIT_WAIT_S

    request = submissions_pb2.SubmitHandoverRequest(
        request_id=request_id,
        handover=batch.content.to_proto(),
        also_register_again=[position for position, row in enumerate(batch.rows, start=1) if row in again],
        # What the file made us ask was answered before.
        confirmed=sorted(ASKED),
    )
    return session.attempt(session.calls.submissions.SubmitHandover, request, wait_s=SUBMIT_WAIT_S).receipt


def registered(session: Session, request_id: str, batch: Batch, again: frozenset[int]) -> submissions_pb2.Receipt:
    """Send one person who came back alone. Raises RpcFailure."""
    from homeward.intake.v1 import submissions_pb2
    from services.chassis.kernel.record import ASKED
    from services.client.patience import SUBMIT_WAIT_S

    whole = batch.content.to_proto()
    request = submissions_pb2.RegisterSelfReturnRequest(
        request_id=request_id,
        person=whole.people[0],
        route=whole.route,
        report_time=whole.handover_time,
        also_register_again=bool(again),
        confirmed=sorted(ASKED),
    )
    return session.attempt(session.calls.submissions.RegisterSelfReturn, request, wait_s=SUBMIT_WAIT_S).receipt


def found(session: Session, sent: SentBatch) -> SentBatch | None:
    """A batch as the service knows it; None when it never arrived. Raises RpcFailure."""
    from homeward.intake.v1 import submissions_pb2
    from services.chassis.calls.client import RpcFailure
    from services.client.people_file.sending import delivered

    request = submissions_pb2.GetReceiptRequest(request_id=sent.request_id)
    try:
        return delivered(sent, session.attempt(session.calls.submissions.GetReceipt, request).receipt)
    except RpcFailure as failure:
        if kind_of(failure) is Kind.NOT_FOUND:
            return None
        raise


def send(session: Session, file: Path, draft: Draft, checked: Checked, sent_by: Send, wishes: Wishes) -> int:
    """Send what of a file is not registered, once. Raises Refusal with what stands in the way."""
    from services.client.people_file.sending import rest_of

    assert checked.content is not None, "a file without problems has content"
    _ = session.texts
    content, rows = checked.content, checked.rows
    standing = None if wishes.new else _standing(session, file, checked, wishes)
    part = rest_of(content, rows, standing) if standing is not None and wishes.rest else None
    if part is not None:
        content, rows, cut = part
        if cut:
            text = _("rows {rows}: ties to people who are registered already are not sent", rows=ranges(cut))
            output.warn(_("Note: {text}", text=text))
    elif standing is not None and standing.registered:
        return _show_known(session, file, checked, standing)
    return _send(session, file, draft, batches_of(content, rows, split=wishes.split, _=_), sent_by, wishes)


def _standing(session: Session, file: Path, checked: Checked, wishes: Wishes) -> Standing | None:
    """Who of the file is registered; None while nothing is known but what stands there."""
    from services.client.people_file.standing import delivered_of, has_marks, standing_of
    from services.client.submission import load

    assert checked.content is not None, "a file without problems has content"
    known = load(file, session.texts)
    if known is not None and (known.command, known.office_id or session.office_id) != (
        wishes.command,
        session.office_id,
    ):
        # Told when it is sent.
        return None
    sent = delivered_of(known.batches) if known else ()
    batches = batches_of(checked.content, checked.rows, split=True, _=session.texts)
    wanted = {batch.content.digest() for batch in batches}
    delivered = {batch.sha256 for batch in sent}
    if wanted <= delivered or not has_marks(sent):
        return None
    if wishes.rest:
        sent += _ask_about_the_rest(session, file, known, checked, wishes)
    elif delivered <= wanted:
        return None
    return standing_of(sent, checked.rows, checked.people)


def _ask_about_the_rest(
    session: Session, file: Path, known: Sidecar | None, checked: Checked, wishes: Wishes
) -> tuple[SentBatch, ...]:
    """Whom of the file the service has registered from another one; kept beside it as if it had been this."""
    from services.client.people_file.batches import part_of
    from services.client.people_file.sending import find_registered, rebuilt
    from services.client.people_file.standing import delivered_of, standing_of
    from services.client.sidecar import Sidecar
    from services.client.submission import keep

    assert checked.content is not None, "a file without problems has content"
    known = known or Sidecar(wishes.command, session.office_id)
    standing = standing_of(delivered_of(known.batches), checked.rows, checked.people)
    wanted = [row for row in standing.new if row not in wishes.again]
    if not wanted:
        return ()
    content, rows, _cut = part_of(checked.content, checked.rows, wanted)
    of_service = find_registered(partial(session.ask, session.calls.submissions.FindRegistered), rows, content, ())
    more = rebuilt(checked.rows, None, checked.people, of_service)
    for batch in more:
        known = known.with_batch(batch)
    if more:
        keep(file, known, session.texts)
    return more


def _show_known(session: Session, file: Path, checked: Checked, standing: Standing) -> int:
    """A file whose people are registered, in whatever order. Raises Refusal when it says anything else of them."""
    from services.client.people_file.sending import changed, what_changed

    assert checked.content is not None, "a file without problems has content"
    _ = session.texts
    if details := what_changed(checked.content, standing, _):
        raise changed(_, details)
    if not session.as_json:
        output.say(_("These people were submitted before; nothing was sent again."))
    show_standing(session, file, standing)
    return Exit.DONE


def _send(session: Session, file: Path, draft: Draft, batches: Sequence[Batch], sent_by: Send, wishes: Wishes) -> int:
    from services.chassis.calls.client import RpcFailure
    from services.client.people_file.sending import changed, delivered, parcel_of
    from services.client.submission import Manner, ParcelRefused, Submission

    _ = session.texts

    def tell(number: int, of: int) -> None:
        if of > 1:
            output.warn(_("Sending {number} of {of} …", number=number, of=of))

    def send_one(batch: Batch, sent: SentBatch) -> SentBatch:
        try:
            return delivered(sent, sent_by(session, sent.request_id, batch, wishes.again))
        except RpcFailure as failure:
            # It arrived before, and said otherwise who is another person.
            if failure.reason == "REQUEST_ID_REUSED" and (arrived := found(session, sent)) is not None:
                return arrived
            raise

    parcels = [parcel_of(each, partial(send_one, each)) for each in batches]
    manner = Manner(wishes.command, changed(_), partial(found, session), wishes.rest)
    try:
        done = Submission(file, session.office_id, manner, _, session.tell).run(parcels, new=wishes.new, tell=tell)
    except ParcelRefused as stopped:
        if stopped.done:
            _show_deliveries(session, file, stopped.done)
        raise _refusal(stopped, draft, wishes, _) from None
    _show_deliveries(session, file, done)
    return Exit.DONE


def _refusal(stopped: ParcelRefused, draft: Draft, wishes: Wishes, _: Texts) -> Refusal:
    told = refused(stopped.failure, stopped.parcel.rows, draft, column_of, _, partly=bool(stopped.done))
    if told.reason != "ALREADY_REGISTERED":
        return told
    advice = [_("What they became, row by row: homeward receipt FILE")]
    if wishes.command == "submit":
        advice.append(_("To send only those who are not registered yet: repeat with --rest"))
    codes = {each.code for each in stopped.failure.violations}
    if UNDER_OTHER_NAME in codes:
        advice.append(_("If only a name was mended: homeward correct CASE FILE --row NUMBER --reason TEXT"))
    if codes == {UNDER_OTHER_NAME}:
        advice.append(_("If somebody is another person all the same: repeat with --again ROW"))
    else:
        advice.append(_("If somebody is another person of the same name: repeat with --again ROW"))
    advice.append(_("If she came back once more: write that number into the column of the earlier case."))
    return Refusal(told.kind, told.reason, told.message, advice=advice, details=told.details)


def column_of(field: str) -> str:
    """Our name of a field of the contract."""
    name = field.removeprefix("person.").removeprefix("handover.").partition("[")[0]
    return _PLACE_FIELDS.get(name, name)


# Showing ----------------------------------------------------------------------------------------


def ranges(rows: Sequence[int]) -> str:
    """Row numbers as they are told."""
    from services.client.people_file.table import ranges as told

    return told(rows)


def _show_deliveries(session: Session, file: Path, done: Sequence[Delivered]) -> None:
    _ = session.texts
    if not session.as_json and done and all(each.again for each in done):
        output.say(_("This file was submitted before; nothing was sent again."))
    show_receipts(session, file, [each.batch for each in done], again=[each.again for each in done])


def show_receipts(
    session: Session, file: Path, batches: Sequence[SentBatch], again: Sequence[bool] | None = None
) -> None:
    """What batches became, in the rows that they have beside the file."""
    entries = [entry for batch in batches for entry in batch.entries]
    if session.as_json:
        output.document(_document(file, batches, entries, again))
    elif batches:
        _show_table(session, entries, batches[-1])


def show_standing(session: Session, file: Path, standing: Standing) -> None:
    """What the people of a file became, in the rows where they stand now, and what is not as it was sent."""
    _ = session.texts
    entries = [replace(each.entry, row=each.row) for each in standing.registered]
    batches = list({each.batch.request_id: each.batch for each in standing.registered}.values())
    if session.as_json:
        output.document(
            _document(file, batches, entries, None)
            | {
                "moved": standing.has_moved,
                "changed_rows": list(standing.changed),
                "not_registered_rows": list(standing.new),
                "not_in_file": [asdict(each) for each in standing.gone],
            }
        )
        return
    if batches:
        _show_table(session, entries, batches[-1])
    for text in _notes(standing, _):
        output.warn(_("Note: {text}", text=text))


def _notes(standing: Standing, _: Texts) -> list[str]:
    notes = []
    if standing.has_moved:
        notes.append(_("rows have moved since this was sent; these are the rows of now"))
    if standing.changed:
        text = _.plural(
            "{count} person stands otherwise in the file than was sent (row {rows}): homeward correct",
            "{count} people stand otherwise in the file than was sent (rows {rows}): homeward correct",
            len(standing.changed),
            rows=ranges(standing.changed),
        )
        notes.append(text)
    if standing.new:
        notes.append(
            _.plural(
                "{count} person is not registered (row {rows})",
                "{count} people are not registered (rows {rows})",
                len(standing.new),
                rows=ranges(standing.new),
            )
        )
    for each in standing.gone:
        text = _("{number}: stood in row {row}, and is not in the file any more", number=each.case_number, row=each.row)
        notes.append(text)
    return notes


def _document(
    file: Path, batches: Sequence[SentBatch], entries: Sequence[Entry], again: Sequence[bool] | None
) -> dict[str, Any]:
    return {
        "file": file.name,
        "submissions": [
            {
                "request_id": batch.request_id,
                "handover_id": batch.handover_id,
                "receive_time": batch.receive_time.replace("+00:00", "Z"),
                "submitted_before": again[position] if again else True,
            }
            for position, batch in enumerate(batches)
        ],
        "entries": [
            {"row": entry.row, "case_number": entry.case_number, "case_id": entry.case_id} for entry in entries
        ],
    }


def _show_table(session: Session, entries: Sequence[Entry], last: SentBatch) -> None:
    from datetime import datetime

    _ = session.texts
    received = written_moment(datetime.fromisoformat(last.receive_time))
    output.table(
        (_("Row"), _("Case number")),
        [(str(entry.row), entry.case_number) for entry in entries],
        caption=_.plural(
            "{count} person registered, {time}.", "{count} people registered, {time}.", len(entries), time=received
        ),
    )
