"""Several people who left together: `homeward dispatch --journey FILE`.

Before anything is sent the id of the request stands beside the file, so that the same file sent again is the same
request. A file that was changed after an attempt whose outcome is not known may be sent as it is now: the services
let nobody leave twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from services.chassis.kernel.texts import Texts
from services.cli.checked_file import not_delivered_yet, require_valid
from services.client import plain, sidecar, words
from services.client.addressee import HOME, addressee
from services.client.dates import written
from services.client.refusals import Kind, Refusal, bad_input, of_rpc
from services.client.session import Session
from services.client.sidecar import BatchState, Entry, SentBatch, Sidecar
from services.client.travel import Said, travel_plan, warning_codes, warning_text
from services.terminal import output
from services.terminal.exits import Exit

if TYPE_CHECKING:
    from homeward.handover.v1 import journeys_pb2
    from services.chassis.calls.client import RpcFailure
    from services.client.journey_file.check import Checked, Journey
    from services.client.people_file.draft import Draft

COMMAND: Final = "dispatch --journey"
"""As the file beside the journey calls it."""
_FIELDS: Final[Mapping[str, str]] = {
    "to_office_id": "to",
    "expected_arrival_on": "arrives",
    "departed_on": "left",
    "destination": "choice",
}
"""Our names of the contract's fields."""


def dispatch_journey(
    session: Session,
    file: Path,
    *,
    to: str | None = None,
    left: date | None = None,
    arrives: date | None = None,
    said: Said,
    new: bool,
) -> int:
    """Send the journey of a file, once. Raises Refusal."""
    from services.client.submission import only_sender

    draft, checked = read_and_check(session, file, to=to, left=left, arrives=arrives, said=said)
    _ = session.texts
    require_valid(session, checked)
    assert checked.journey is not None, "a file without problems has a journey"
    journey = _with_offices(session, checked.journey)
    with only_sender(file, _):
        return _send(session, file, draft, journey, new=new)


def read_and_check(
    session: Session,
    file: Path,
    *,
    to: str | None = None,
    left: date | None = None,
    arrives: date | None = None,
    said: Said | None = None,
) -> tuple[Draft, Checked]:
    """A file of a journey as read and understood; needs no network. Raises Refusal when it cannot be read."""
    from services.client.journey_file.check import Wide, check_journey
    from services.client.journey_file.form import read_journey_file
    from services.client.people_file.draft import UnreadableFile

    _ = session.texts
    try:
        draft = read_journey_file(file)
    except UnreadableFile as problem:
        raise bad_input(problem.reason, _(problem.text, **problem.params)) from None
    except OSError as error:
        raise bad_input("FILE_NOT_READABLE", _("The file cannot be read."), details=(str(error.strerror),)) from None
    given = {name: value for name, value in (said or {}).items() if value}
    wide = Wide(to or "", left, arrives, given)
    return draft, check_journey(draft, wide, session.today(), session.directory)


def _with_offices(session: Session, journey: Journey) -> Journey:
    """With the agency of the home province where a row says "home"; intake is asked for it, row by row."""
    on = date.fromisoformat(journey.left) if journey.left else session.today()
    travellers = []
    for each in journey.travellers:
        if each.to == HOME:
            day = date.fromisoformat(each.arrives) if each.arrives else on
            try:
                each = replace(each, to=addressee(session, HOME, each.case, day))
            except Refusal as failure:
                if failure.kind is Kind.UNREACHABLE:
                    raise
                text = session.texts("row {row}: {problem}", row=each.row, problem=failure.message)
                raise Refusal(failure.kind, failure.reason, text, advice=failure.advice) from None
        travellers.append(each)
    return replace(journey, travellers=tuple(travellers))


def _request(journey: Journey, request_id: str) -> journeys_pb2.DispatchJourneyRequest:
    from homeward.handover.v1 import journeys_pb2

    request = journeys_pb2.DispatchJourneyRequest(request_id=request_id, departed_on=journey.left)
    for each in journey.travellers:
        # Each row says the whole plan of its person: what holds for everybody was added when the file was understood.
        request.rows.add(
            case=each.case, to_office_id=each.to, expected_arrival_on=each.arrives, travel=travel_plan(each.said)
        )
    return request


def _send(session: Session, file: Path, draft: Draft, journey: Journey, *, new: bool) -> int:
    from services.chassis.calls.client import RpcFailure
    from services.client.patience import SUBMIT_WAIT_S
    from services.client.submission import keep

    _ = session.texts
    known = _prepare(session, file, journey, new=new)
    sent = known.batch_of(journey.digest())
    assert sent is not None, "it was prepared"
    if sent.state is BatchState.DELIVERED:
        if not session.as_json:
            output.say(_("This journey was recorded before; nothing was sent again."))
        _show_again(session, sent)
        return Exit.DONE
    try:
        request = _request(journey, sent.request_id)
        answer = session.attempt(session.calls.journeys.DispatchJourney, request, wait_s=SUBMIT_WAIT_S)
    except RpcFailure as failure:
        raise _told(failure, draft, journey, _) from None
    except KeyboardInterrupt:
        text = _("Stopped before the service confirmed.")
        advice = (_("Nothing is lost and nothing is done twice: run the same command again."),)
        raise Refusal(Kind.UNREACHABLE, "INTERRUPTED", text, advice=advice) from None
    keep(file, known.with_batch(_delivered(sent, answer)), _)
    _show(session, journey, answer)
    return Exit.DONE


def _prepare(session: Session, file: Path, journey: Journey, *, new: bool) -> Sidecar:
    """The sidecar with a request id for this journey, kept on the disk. Raises Refusal."""
    from services.client.submission import keep, load

    _ = session.texts
    known = load(file, _) or Sidecar(COMMAND, session.office_id)
    if new:
        known = replace(known.started_anew(), command=COMMAND, office_id=session.office_id)
    if known.batches and (known.command != COMMAND or known.office_id != session.office_id):
        raise Refusal(
            Kind.REFUSED,
            "FILE_SENT_OTHERWISE",
            _(
                "This file was sent for the office {office} with: homeward {command}",
                office=known.office_id,
                command=known.command,
            ),
            advice=(_("Make a copy of the file under another name."),),
        )
    digest = journey.digest()
    for other in [each for each in known.batches if each.sha256 != digest]:
        if other.state is BatchState.DELIVERED:
            raise Refusal(
                Kind.REFUSED,
                "FILE_CHANGED_AFTER_DISPATCH",
                _("The people of this file are on the way already, and the file was changed since."),
                advice=(
                    _("To send one of them elsewhere: homeward redirect CASE"),
                    _("Only if the file now holds another journey altogether: repeat with --new"),
                ),
            )
        known = known.without(other)
    if known.batch_of(digest) is None:
        known = known.with_batch(sidecar.new_batch(digest, [each.row for each in journey.travellers]))
    return keep(file, known, _)


def _delivered(sent: SentBatch, answer: journeys_pb2.DispatchJourneyResponse) -> SentBatch:
    """The journey as delivered; its transfers come in the order of the rows."""
    entries = tuple(
        Entry(row, each.case_id, each.case_number) for row, each in zip(sent.rows, answer.transfers, strict=True)
    )
    stamps = [each.dispatch_time for each in answer.transfers if each.HasField("dispatch_time")]
    moment = plain.instant(stamps[0]).isoformat() if stamps else ""
    return replace(
        sent, state=BatchState.DELIVERED, handover_id=answer.journey_id, receive_time=moment, entries=entries
    )


def _told(failure: RpcFailure, draft: Draft, journey: Journey, _: Texts) -> Refusal:
    """The refusal with the rows and titles of the file; network trouble as "not delivered yet"."""
    told = of_rpc(failure, _)
    if told.kind is Kind.UNREACHABLE:
        return not_delivered_yet(told, _)
    rows = [each.row for each in journey.travellers]
    details = []
    for each in failure.violations:
        name = each.field.rpartition(".")[2].partition("[")[0]
        title = draft.titles.get(_FIELDS.get(name, name), _FIELDS.get(name, name))
        if each.row is not None and 1 <= each.row <= len(rows):
            details.append(
                _("row {row}, {title}: {problem}", row=rows[each.row - 1], title=title, problem=each.message)
            )
        else:
            details.append(_("{title}: {problem}", title=title, problem=each.message))
    return Refusal(told.kind, told.reason, told.message, advice=told.advice, details=details)


# Showing ----------------------------------------------------------------------------------------


def _show(session: Session, journey: Journey, answer: journeys_pb2.DispatchJourneyResponse) -> None:
    _ = session.texts
    warnings = [
        {"row": journey.travellers[each.row - 1].row, "warning": code}
        for each in answer.warnings
        if 1 <= each.row <= len(journey.travellers)
        for code in warning_codes([each.warning])
    ]
    if session.as_json:
        transfers = [plain.as_dict(each) for each in answer.transfers]
        output.document(
            {"journey_id": answer.journey_id, "sent_before": False, "transfers": transfers, "warnings": warnings}
        )
        return
    rows = [
        (
            str(traveller.row),
            each.case_number,
            each.to_office_id,
            written(each.expected_arrival_on),
            written(each.acknowledge_due_on),
        )
        for traveller, each in zip(journey.travellers, answer.transfers, strict=True)
    ]
    caption = _.plural("{count} person is on the way.", "{count} people are on the way.", len(rows))
    output.table((_("Row"), _("Case number"), _("To"), _("Expected"), _("Acknowledge by")), rows, caption=caption)
    for code in words.TRANSFER_WARNINGS:
        concerned = [str(each["row"]) for each in warnings if each["warning"] == code]
        if concerned:
            text = _("rows {rows}: {warning}", rows=", ".join(concerned), warning=warning_text(code, _))
            output.warn(_("Note: {text}", text=text))


def _show_again(session: Session, sent: SentBatch) -> None:
    _ = session.texts
    if session.as_json:
        entries = [{"row": each.row, "case_number": each.case_number, "case_id": each.case_id} for each in sent.entries]
        output.document({"journey_id": sent.handover_id, "sent_before": True, "entries": entries})
        return
    output.table((_("Row"), _("Case number")), [(str(each.row), each.case_number) for each in sent.entries])


def show_receipt(session: Session, known: Sidecar) -> int:
    """What became of a file of a journey, for `homeward receipt FILE`."""
    _ = session.texts
    for sent in known.batches:
        if sent.state is BatchState.DELIVERED:
            _show_again(session, sent)
            return Exit.DONE
    text = _("Not delivered yet: {count}. Run the same “{command}” again.", count=1, command=COMMAND)
    raise Refusal(Kind.UNREACHABLE, "NOT_DELIVERED_YET", text)
