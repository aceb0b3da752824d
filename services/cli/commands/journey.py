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

from services.cli.checked_file import draft_of, refused, require_valid
from services.client import plain, words
from services.client.addressee import HOME, addressee
from services.client.dates import written
from services.client.refusals import Kind, Refusal
from services.client.session import Session
from services.client.sidecar import BatchState, SentBatch, Sidecar
from services.client.travel import Said, warning_codes, warning_text
from services.terminal import output
from services.terminal.exits import Exit

if TYPE_CHECKING:
    from homeward.handover.v1 import journeys_pb2
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
    draft, checked = read_and_check(session, file, to=to, left=left, arrives=arrives, said=said)
    require_valid(session, checked)
    assert checked.journey is not None, "a file without problems has a journey"
    journey = _with_offices(session, checked.journey)
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

    draft = draft_of(file, read_journey_file, session.texts)
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


def _send(session: Session, file: Path, draft: Draft, journey: Journey, *, new: bool) -> int:
    from services.client.journey_file.sending import changed, delivered, request_of
    from services.client.patience import SUBMIT_WAIT_S
    from services.client.submission import Manner, Parcel, ParcelRefused, Submission

    _ = session.texts
    answers: list[journeys_pb2.DispatchJourneyResponse] = []

    def send(sent: SentBatch) -> SentBatch:
        request = request_of(journey, sent.request_id)

        _ask_about_homes(session, journey, sent.request_id)
        answers.append(session.attempt(session.calls.journeys.DispatchJourney, request, wait_s=SUBMIT_WAIT_S))
        return delivered(sent, answers[-1])

    parcel = Parcel(journey.digest(), tuple(each.row for each in journey.travellers), send)
    # Nobody is asked what became of an attempt with other content: the services let nobody leave twice.
    manner = Manner(COMMAND, changed(_))
    try:
        (done,) = Submission(file, session.office_id, manner, _, session.tell).run([parcel], new=new)
    except ParcelRefused as stopped:
        raise refused(stopped.failure, parcel.rows, draft, _column_of, _) from None
    if answers:
        _show(session, journey, answers[-1])
        return Exit.DONE
    if not session.as_json:
        output.say(_("This journey was recorded before; nothing was sent again."))
    _show_again(session, done.batch)
    return Exit.DONE


def _ask_about_homes(session: Session, journey: Journey, request_id: str) -> None:
    """Record what the file says of their homes. Raises RpcFailure, with the rows of all."""
    from services.chassis.calls.client import RpcFailure
    from services.client.journey_file.sending import asked_about_home, checks_of
    from services.client.patience import SUBMIT_WAIT_S

    request = checks_of(journey, request_id)
    if request is None:
        return
    place = {number: journey.travellers.index(each) + 1 for number, each in enumerate(asked_about_home(journey), 1)}
    try:
        session.attempt(session.calls.home_safety.RecordShortChecks, request, wait_s=SUBMIT_WAIT_S)
    except RpcFailure as failure:
        failure.violations = tuple(replace(each, row=place.get(each.row or 0)) for each in failure.violations)
        raise


def _column_of(field: str) -> str:
    name = field.rpartition(".")[2].partition("[")[0]
    return _FIELDS.get(name, name)


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
