"""Receiving people: the form, looking for mistakes, submitting, and what becomes of a submission later."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.checked_file import draft_of, refused, require_looked_at, require_valid, show_checked, sure_option
from services.cli.letters_options import letters_options, require_letters_known, with_letters_asked_for
from services.cli.options import Number, PeopleFile, Word, case_argument, verb
from services.client import words
from services.client.dates import written_moment
from services.client.refusals import Kind, Refusal, bad_input, kind_of
from services.client.session import Session
from services.terminal import output
from services.terminal.exits import Exit

if TYPE_CHECKING:
    from homeward.intake.v1 import submissions_pb2
    from services.client.journey_file.check import Checked as CheckedJourney
    from services.client.people_file.batches import Batch
    from services.client.people_file.check import Checked, Defaults
    from services.client.people_file.draft import Draft
    from services.client.sidecar import SentBatch, Sidecar
    from services.client.submission import Delivered

    CheckedFile = Checked | CheckedJourney

MAX_ROW: Final = 1_048_576
"""Rows of a sheet in Excel."""
_PLACE_FIELDS: Final = {
    "place": "gate",
    "place.gate_id": "gate",
    "place.marker": "marker",
    "place.other": "other_place",
    "report_time": "handover_time",
}
"""Our names of the contract's fields."""


def _handover_options(_: Texts) -> Callable[[Any], Any]:
    """Options for what a file may leave out about the handover."""

    def decorate(function: Any) -> Any:
        for option in (
            click.option(
                "--minutes", "joint_minutes_number", metavar=_("NUMBER"), help=_("Number of the joint minutes.")
            ),
            click.option("--handing-body", metavar=_("TEXT"), help=_("The foreign body that handed over.")),
            click.option("--route", metavar=_("ROUTE"), help=_("How they came back (homeward codes routes).")),
            click.option("--other-place", metavar=_("TEXT"), help=_("Another place, such as an airport.")),
            click.option("--marker", metavar=_("MARKER"), help=_("Border marker, such as 1116/2.")),
            click.option("--gate", metavar=_("GATE"), help=_("Border gate, by name or id.")),
            click.option("--time", metavar=_("TIME"), help=_("When, such as 22/11/2026 14:30 or “today 14:30”.")),
        ):
            function = option(function)
        return function

    return decorate


def template(_: Texts) -> click.Command:
    """`homeward template FILE`."""

    @verb(
        _,
        "template",
        _("Writes an empty form with all columns and one example row, ready for Excel."),
        _(
            "Fill in one row per person below the example; a row that begins with # is never read. What concerns the "
            "whole handover (time, gate, minutes) is needed in one row only. Save it as “CSV UTF-8”."
        ),
        examples=(
            ("homeward template handover.xlsx", _("a workbook for Excel, with lists to choose from")),
            ("homeward template handover.csv", _("a plain table")),
            ("homeward template handover.json", _("the same as JSON, for programs")),
            ("homeward template bus.csv --journey", _("a form for people who leave together")),
        ),
    )
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar=_("FILE"))
    @click.option(
        "--form", type=click.Choice(["csv", "xlsx", "json"]), help=_("The form, if the name of the file does not tell.")
    )
    @click.option("--journey", is_flag=True, help=_("The form for “dispatch --journey”: who leaves together."))
    @click.option("--force", is_flag=True, help=_("Overwrite a file that exists."))
    @click.pass_obj
    def command(session: Session, file: Path, form: str | None, journey: bool, force: bool) -> None:
        from services.client.causes import cause_of
        from services.client.files import write_new

        form = form or _form_by_name(file, _)
        content = _form_content(form, journey, _)
        try:
            write_new(file, content, overwrite=force)
        except FileExistsError:
            advice = (_("Choose another name, or overwrite it with --force."),)
            text = _("The file {name} exists already.", name=file.name)
            raise Refusal(Kind.REFUSED, "FILE_EXISTS", text, advice=advice) from None
        except OSError as error:
            raise bad_input(
                "FILE_NOT_WRITABLE", _("The file cannot be written."), details=(cause_of(error, _),)
            ) from None
        if session.as_json:
            output.document({"file": str(file), "form": form})
        else:
            check = f"{file} --journey" if journey else str(file)
            output.say(_("Written: {name}. Fill it in, then: homeward validate {check}", name=file, check=check))

    return command


def _form_by_name(file: Path, _: Texts) -> str:
    ending = file.suffix.lower()
    if ending in (".xls", ".xlsb", ".xlsm", ".ods"):
        text = _("Forms are written as .xlsx, .csv or .json; Excel and LibreOffice open .xlsx.")
        raise bad_input("NO_SUCH_FORM", text)
    return {".json": "json", ".xlsx": "xlsx"}.get(ending, "csv")


def _form_content(form: str, journey: bool, _: Texts) -> bytes:
    from services.client.journey_file import template as journeys
    from services.client.people_file import template as people

    if form == "xlsx":
        return journeys.xlsx_template(_) if journey else people.xlsx_template(_)
    if journey:
        return (journeys.json_template() if form == "json" else journeys.csv_template(_.language)).encode()
    return (people.json_template if form == "json" else people.csv_template)(_.language).encode()


def validate(_: Texts) -> click.Command:
    """`homeward validate FILE`."""

    @verb(
        _,
        "validate",
        _("Looks for mistakes in a file and names each by row and column. Nothing is sent; no network is needed."),
        examples=(
            ("homeward validate handover.csv", _("says what “submit” would object to")),
            ("homeward validate bus.csv --journey", _("says what “dispatch --journey” would object to")),
        ),
    )
    @click.argument("file", type=PeopleFile(_), metavar=_("FILE"))
    @_handover_options(_)
    @letters_options(_)
    @click.option("--alone", is_flag=True, help=_("The file is for “register”: one person who came back alone."))
    @click.option("--journey", is_flag=True, help=_("The file is for “dispatch --journey”."))
    @click.pass_obj
    def command(
        session: Session,
        /,
        file: Path,
        alone: bool,
        journey: bool,
        convert_letters: bool,
        encoding: str | None,
        **given: str | None,
    ) -> int:
        from services.chassis.kernel.record import PEOPLE_MAX

        if journey:
            from services.cli.commands.journey import read_and_check

            return show_checked(session, read_and_check(session, file)[1])
        draft = with_letters_asked_for(session, _read(file, _, encoding), convert=convert_letters)
        checked = _understand(session, draft, given, alone=alone)
        code = show_checked(session, checked)
        if code is Exit.DONE and not session.as_json and len(checked.rows) > PEOPLE_MAX:
            text = _("One submission takes at most {limit} people: submit this file with --split.", limit=PEOPLE_MAX)
            output.say(text)
        return code

    return command


def submit(_: Texts) -> click.Command:
    """`homeward submit FILE`."""

    @verb(
        _,
        "submit",
        _("Submits the people of one handover: a table as Excel saves it (CSV), or JSON. All of them or none."),
        _(
            "Before sending, the id of the request is kept beside the file, in FILE.homeward.json. So the same command "
            "may be run again after whatever happened: nobody is registered twice. If the service is away, the command "
            "goes on trying for two minutes (--wait); nothing is lost when it gives up."
        ),
        examples=(
            ("homeward --as BP-CN-MONG-CAI submit handover.csv", _("submits; shows the case number of each row")),
            (
                'homeward submit handover.csv --time "today 14:30" --gate "Móng Cái"',
                _("gives what the table leaves out"),
            ),
            ("homeward submit month.csv --split", _("sends a long file as several submissions")),
        ),
    )
    @click.argument("file", type=PeopleFile(_), metavar=_("FILE"))
    @_handover_options(_)
    @letters_options(_)
    @sure_option(_)
    @click.option("--split", is_flag=True, help=_("Send a file of more than 30 people as several submissions."))
    @click.option("--new", is_flag=True, help=_("The file holds other people than the ones sent before."))
    @click.pass_obj
    def command(
        session: Session,
        /,
        file: Path,
        split: bool,
        new: bool,
        sure: bool,
        convert_letters: bool,
        encoding: str | None,
        **given: str | None,
    ) -> int:
        draft = with_letters_asked_for(session, _read(file, _, encoding), convert=convert_letters)
        checked = _understand(session, draft, given, alone=False)
        require_valid(session, checked)
        require_letters_known(session, draft, convert=convert_letters)
        require_looked_at(session, checked, sure=sure)
        batches = _batches(checked, split=split, _=_)
        return _send(session, file, "submit", draft, batches, _submitted, new=new)

    return command


def register(_: Texts) -> click.Command:
    """`homeward register FILE`."""

    @verb(
        _,
        "register",
        _("Registers one person who came back alone and reported to your office, or was found by it."),
        _("The file is the same form as for “submit”, with one person; of the handover only the time is needed."),
        examples=(
            ("homeward --as SA-22 register one.csv --time today", _("somebody reported today")),
            ("homeward register one.csv --time today --route hotline", _("referred by hotline 111")),
        ),
    )
    @click.argument("file", type=PeopleFile(_), metavar=_("FILE"))
    @click.option("--time", metavar=_("TIME"), help=_("When she reported, such as 22/11/2026 or “today 14:30”."))
    @click.option("--route", metavar=_("ROUTE"), help=_("self-return, hotline-referral or detected-in-community."))
    @letters_options(_)
    @sure_option(_)
    @click.option("--new", is_flag=True, help=_("The file holds another person than the one sent before."))
    @click.pass_obj
    def command(
        session: Session,
        /,
        file: Path,
        new: bool,
        sure: bool,
        convert_letters: bool,
        encoding: str | None,
        **given: str | None,
    ) -> int:
        draft = with_letters_asked_for(session, _read(file, _, encoding), convert=convert_letters)
        checked = _understand(session, draft, given, alone=True)
        require_valid(session, checked)
        require_letters_known(session, draft, convert=convert_letters)
        require_looked_at(session, checked, sure=sure)
        if len(checked.rows) != 1:
            text = _("The file has {count} people; this command registers one.", count=len(checked.rows))
            advice = (_("Give each person a file of her own. People handed over together: homeward submit FILE"),)
            raise bad_input("NOT_ONE_PERSON", text, advice=advice)
        batches = _batches(checked, split=False, _=_)
        return _send(session, file, "register", draft, batches, _registered, new=new)

    return command


def receipt(_: Texts) -> click.Command:
    """`homeward receipt FILE`."""

    @verb(
        _,
        "receipt",
        _("Shows which case numbers the people of a file became. It asks the service where the outcome is not known."),
        examples=(("homeward receipt handover.csv", _("row and case number of each person")),),
    )
    @click.argument("file", type=PeopleFile(_, missing_ok=True), metavar=_("FILE"))
    @click.pass_obj
    def command(session: Session, file: Path) -> int:
        from services.client import sidecar
        from services.client.submission import load

        known = load(file, _)
        if known is None or not known.batches:
            text = _("Nothing was sent from this file, at least not from this folder.")
            raise Refusal(Kind.NOT_FOUND, "NEVER_SENT", text, advice=(_("Send it with: homeward submit FILE"),))
        if known.command not in ("submit", "register"):
            from services.cli.commands.journey import show_receipt

            return show_receipt(session, known)
        known = _ask_for_receipts(session, file, known)
        delivered = [batch for batch in known.batches if batch.state is sidecar.BatchState.DELIVERED]
        _show_receipts(session, file, delivered)
        waiting = len(known.batches) - len(delivered)
        if waiting:
            output.warn(
                _("Not delivered yet: {count}. Run the same “{command}” again.", count=waiting, command=known.command)
            )
        return Exit.UNREACHABLE if waiting and not delivered else Exit.PARTLY_DONE if waiting else Exit.DONE

    return command


def correct(_: Texts) -> click.Command:
    """`homeward correct CASE FILE`."""

    @verb(
        _,
        "correct",
        _(
            "Replaces the record of a person by the one in the file. The border post that registered may do so, until "
            "the person has arrived elsewhere. The old record is kept in the history."
        ),
        _("The file may be the one that was submitted, corrected; then --row names the row of the person."),
        examples=(
            (
                'homeward correct HW-999-999-957 handover.csv --row 3 --reason "birth year was wrong"',
                _("row 3 as Excel numbers it"),
            ),
        ),
    )
    @case_argument(_)
    @click.argument("file", type=PeopleFile(_), metavar=_("FILE"))
    @click.option("--reason", required=True, metavar=_("TEXT"), help=_("Why, in a few words."))
    @click.option("--row", type=Number(_, 1, MAX_ROW), help=_("Row of the person in the file."))
    @letters_options(_)
    @click.pass_obj
    def command(
        session: Session,
        case: str,
        file: Path,
        reason: str,
        row: int | None,
        convert_letters: bool,
        encoding: str | None,
    ) -> None:
        from homeward.intake.v1 import submissions_pb2
        from services.cli.answers import show_case

        draft = with_letters_asked_for(session, _read(file, _, encoding), convert=convert_letters)
        known = _sidecar_of(file, _)
        row = _row_to_correct(draft, row, _)
        _check_row_is_case(known, row, case, _)
        person = _person_to_correct(session, draft, row, known)
        require_letters_known(session, draft, convert=convert_letters)
        request = submissions_pb2.CorrectCaseRequest(
            request_id=str(uuid.uuid4()), case=case, reason=reason, person=person.to_proto()
        )
        corrected = session.ask(session.calls.submissions.CorrectCase, request).case
        show_case(session, corrected, _("Corrected."))

    return command


def withdraw(_: Texts) -> click.Command:
    """`homeward withdraw CASE`."""

    @verb(
        _,
        "withdraw",
        _(
            "Withdraws a case that should not exist. The border post that registered may do so, until the person has "
            "arrived elsewhere. It is no way to close a case."
        ),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.WITHDRAW_REASONS),),
        examples=(
            ("homeward withdraw HW-999-999-957 --reason registered-twice", _("the same person was there already")),
        ),
    )
    @case_argument(_)
    @click.option("--reason", type=Word(_, words.WITHDRAW_REASONS), required=True, help=_("Why."))
    @click.pass_obj
    def command(session: Session, case: str, reason: str) -> None:
        from homeward.intake.v1 import submissions_pb2
        from homeward.type.v1 import types_pb2
        from services.cli.answers import show_case

        request = submissions_pb2.WithdrawCaseRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            reason=number_of(types_pb2.WithdrawReason, reason),
        )
        show_case(session, session.ask(session.calls.submissions.WithdrawCase, request).case, _("Withdrawn."))

    return command


# Reading and understanding ----------------------------------------------------------------------


def _read(file: Path, _: Texts, encoding: str | None = None) -> Draft:
    from services.client.people_file.read import read_people_file

    return draft_of(file, lambda path: read_people_file(path, encoding or ""), _)


def _understand(session: Session, draft: Draft, given: Mapping[str, str | None], *, alone: bool) -> Checked:
    from services.client.people_file.check import check_handover

    return check_handover(draft, _defaults(session, given), session.now(), self_return=alone)


def _defaults(session: Session, given: Mapping[str, str | None]) -> Defaults:
    from services.client.people_file.check import Defaults

    values = {name: value for name, value in given.items() if value}
    if "time" in values:
        values["handover_time"] = values.pop("time")
    return Defaults(values, _gate_of(session.office_id), office_unknown=not session.office_id)


def _gate_of(office_id: str) -> str:
    """The gate that a border post stands at, when its id says so."""
    from services.chassis.country.reference_lists import gates

    gate = office_id.removeprefix("BP-")
    return gate if gate != office_id and gate in gates() else ""


def _batches(checked: Checked, *, split: bool, _: Texts) -> tuple[Batch, ...]:
    from services.chassis.kernel.record import PEOPLE_MAX
    from services.client.people_file.batches import FamilyTooLarge
    from services.client.people_file.batches import split as split_content

    assert checked.content is not None, "a file without problems has content"
    if len(checked.rows) > PEOPLE_MAX and not split:
        raise bad_input(
            "TOO_MANY_PEOPLE",
            _(
                "The file has {count} people, and one submission takes at most {limit}.",
                count=len(checked.rows),
                limit=PEOPLE_MAX,
            ),
            advice=(_("Send it as several submissions, families kept together, with --split."),),
        )
    try:
        return split_content(checked.content, checked.rows)
    except FamilyTooLarge:
        text = _("More than {limit} people of the file are linked as one family.", limit=PEOPLE_MAX)
        raise bad_input("FAMILY_TOO_LARGE", text) from None


def _row_to_correct(draft: Draft, row: int | None, _: Texts) -> int:
    rows = [person.row for person in draft.people]
    if row is None and len(rows) == 1:
        return rows[0]
    if row is None:
        text = _("The file has {count} people; name the row of the person with --row.", count=len(rows))
        raise bad_input("ROW_MISSING", text)
    if row not in rows:
        raise bad_input("NO_SUCH_ROW", _("There is no person in row {row} of the file.", row=row))
    return row


def _check_row_is_case(known: Sidecar | None, row: int, case: str, _: Texts) -> None:
    """What was sent from this row must be the case to correct: another person's record would be overwritten."""
    for batch in known.batches if known else ():
        for entry in batch.entries:
            if entry.row == row and case not in (entry.case_number, entry.case_id):
                text = _("Row {row} was registered as {number}.", row=row, number=entry.case_number)
                advice = (
                    _("Look at the number and the row again; if rows were moved, use a file with this person alone."),
                )
                raise Refusal(Kind.REFUSED, "ROW_IS_OTHER_CASE", text, advice=advice)


def _person_to_correct(session: Session, draft: Draft, row: int, known: Sidecar | None) -> Any:
    from services.client.people_file.check import check_person

    rows = next((batch.rows for batch in (known.batches if known else ()) if row in batch.rows), ())
    person, checked = check_person(draft, session.now(), row, rows)
    require_valid(session, checked)
    return person


def _sidecar_of(file: Path, _: Texts) -> Sidecar | None:
    from services.client.submission import load

    return load(file, _)


# Sending ----------------------------------------------------------------------------------------


def _submitted(session: Session, request_id: str, batch: Batch) -> submissions_pb2.Receipt:
    from homeward.intake.v1 import submissions_pb2
    from services.chassis.kernel.record import ASKED
    from services.client.patience import SUBMIT_WAIT_S

    # What the file made us ask was answered before.
    request = submissions_pb2.SubmitHandoverRequest(
        request_id=request_id, handover=batch.content.to_proto(), confirmed=sorted(ASKED)
    )
    return session.attempt(session.calls.submissions.SubmitHandover, request, wait_s=SUBMIT_WAIT_S).receipt


def _registered(session: Session, request_id: str, batch: Batch) -> submissions_pb2.Receipt:
    from homeward.intake.v1 import submissions_pb2
    from services.chassis.kernel.record import ASKED
    from services.client.patience import SUBMIT_WAIT_S

    whole = batch.content.to_proto()
    request = submissions_pb2.RegisterSelfReturnRequest(
        request_id=request_id,
        person=whole.people[0],
        route=whole.route,
        report_time=whole.handover_time,
        confirmed=sorted(ASKED),
    )
    return session.attempt(session.calls.submissions.RegisterSelfReturn, request, wait_s=SUBMIT_WAIT_S).receipt


def _found(session: Session, sent: SentBatch) -> SentBatch | None:
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


def _send(
    session: Session,
    file: Path,
    command: str,
    draft: Draft,
    batches: Sequence[Batch],
    sent_by: Callable[[Session, str, Batch], submissions_pb2.Receipt],
    *,
    new: bool,
) -> int:
    from services.client.people_file.sending import changed, delivered
    from services.client.submission import Manner, Parcel, ParcelRefused, Submission

    _ = session.texts

    def tell(number: int, of: int) -> None:
        if of > 1:
            output.warn(_("Sending {number} of {of} …", number=number, of=of))

    def send(batch: Batch, sent: SentBatch) -> SentBatch:
        return delivered(sent, sent_by(session, sent.request_id, batch))

    parcels = [Parcel(each.content.digest(), each.rows, partial(send, each)) for each in batches]
    manner = Manner(command, changed(_), partial(_found, session))
    try:
        done = Submission(file, session.office_id, manner, _, session.tell).run(parcels, new=new, tell=tell)
    except ParcelRefused as stopped:
        if stopped.done:
            _show_deliveries(session, file, stopped.done)
        rows = stopped.parcel.rows
        raise refused(stopped.failure, rows, draft, _column_of, _, partly=bool(stopped.done)) from None
    _show_deliveries(session, file, done)
    return Exit.DONE


def _column_of(field: str) -> str:
    name = field.removeprefix("person.").removeprefix("handover.").partition("[")[0]
    return _PLACE_FIELDS.get(name, name)


def _ask_for_receipts(session: Session, file: Path, known: Sidecar) -> Sidecar:
    from services.client import sidecar
    from services.client.submission import keep_receipt

    for batch in known.batches:
        if batch.state is sidecar.BatchState.PREPARED and (found := _found(session, batch)) is not None:
            known = known.with_batch(found)
            keep_receipt(file, known, session.texts, session.tell)
    return known


# Showing ----------------------------------------------------------------------------------------


def _show_deliveries(session: Session, file: Path, done: Sequence[Delivered]) -> None:
    _ = session.texts
    if not session.as_json and done and all(each.again for each in done):
        output.say(_("This file was submitted before; nothing was sent again."))
    _show_receipts(session, file, [each.batch for each in done], again=[each.again for each in done])


def _show_receipts(
    session: Session, file: Path, batches: Sequence[SentBatch], again: Sequence[bool] | None = None
) -> None:
    from datetime import datetime

    _ = session.texts
    entries = [entry for batch in batches for entry in batch.entries]
    if session.as_json:
        output.document(
            {
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
        )
        return
    if not batches:
        return
    received = written_moment(datetime.fromisoformat(batches[-1].receive_time))
    output.table(
        (_("Row"), _("Case number")),
        [(str(entry.row), entry.case_number) for entry in entries],
        caption=_.plural(
            "{count} person registered, {time}.", "{count} people registered, {time}.", len(entries), time=received
        ),
    )
