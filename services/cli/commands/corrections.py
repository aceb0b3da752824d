"""Setting the record of a person right by a file: what is written there, and of that person alone."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from services.chassis.kernel.texts import Texts
from services.cli.checked_file import refused, require_valid
from services.cli.letters_options import letters_options, require_letters_known, with_letters_asked_for
from services.cli.options import Number, PeopleFile, case_argument, verb
from services.cli.people_file import MAX_ROW, read, understand
from services.cli.people_sending import column_of
from services.client.refusals import Kind, Refusal, bad_input
from services.client.session import Session
from services.terminal import output

if TYPE_CHECKING:
    from homeward.intake.v1 import cases_pb2, submissions_pb2
    from services.client.people_file.check import Checked
    from services.client.people_file.content import PersonContent
    from services.client.people_file.correcting import Difference
    from services.client.people_file.draft import Draft, DraftPerson
    from services.client.people_file.standing import Standing
    from services.client.sidecar import Sidecar

PURPOSE = "correct"
"""Why the record is read, for the access log."""


def correct(_: Texts) -> click.Command:
    """`homeward correct CASE FILE`."""

    @verb(
        _,
        "correct",
        _(
            "Sets the record of a person right by what the file says of her. The border post that registered may do "
            "so, until the person has arrived elsewhere. The old record is kept in the history."
        ),
        _(
            "A column that is not in the file is left as it is; so is an empty cell, unless --empty says otherwise. "
            "Which fields change is shown before it is sent."
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
    @click.option("--empty", is_flag=True, help=_("Empty the fields whose cells are empty in the file."))
    @click.option("--another-name", is_flag=True, help=_("It is she, although name and birth date or sex all differ."))
    @click.option("--yes", is_flag=True, help=_("Do not ask before it is sent."))
    @letters_options(_)
    @click.pass_obj
    def command(
        session: Session,
        case: str,
        file: Path,
        reason: str,
        row: int | None,
        empty: bool,
        another_name: bool,
        yes: bool,
        convert_letters: bool,
        encoding: str | None,
    ) -> None:
        draft = with_letters_asked_for(session, read(file, _, encoding), convert=convert_letters)
        correcting = _Correcting.of(session, file, draft, case, row)
        correcting.require_this_case()
        stands = _record_of(session, case)
        person = correcting.person(stands)
        require_letters_known(session, draft, convert=convert_letters)
        found = correcting.difference(person, stands, empty=empty)
        if not found.changed:
            _tell_nothing(session, draft, stands, found)
            return
        _ask(session, draft, stands, found, yes=yes)
        correcting.send(person, stands, found, reason, another_name=another_name)

    return command


def _record_of(session: Session, case: str) -> cases_pb2.Case:
    """The record as it stands. Raises Refusal, also when the office may not see it any more."""
    from homeward.intake.v1 import cases_pb2, reading_pb2

    request = reading_pb2.GetCaseRequest(case=case, include_identity=True, purpose=PURPOSE)
    found = session.ask(session.calls.reading.GetCase, request).case
    if found.identity_view != cases_pb2.IDENTITY_VIEW_FULL:
        text = session.texts("This record is with another office by now, or withdrawn: you cannot correct it.")
        raise Refusal(Kind.REFUSED, "RECORD_WITH_ANOTHER_OFFICE", text)
    return found


@dataclass(frozen=True)
class _Correcting:
    """One row of a file that is to correct one case."""

    session: Session
    file: Path
    draft: Draft
    checked: Checked
    case: str
    row: int
    known: Sidecar | None
    standing: Standing

    @classmethod
    def of(cls, session: Session, file: Path, draft: Draft, case: str, row: int | None) -> _Correcting:
        """Raises Refusal when nobody can tell which row is meant."""
        from services.cli.commands.receipts import with_marks
        from services.client.people_file.standing import delivered_of, has_marks, standing_of
        from services.client.submission import load

        known = load(file, session.texts)
        checked = understand(session, draft, {}, alone=known is not None and known.command == "register")
        sent = with_marks(delivered_of(known.batches), checked) if known else ()
        standing = standing_of(sent if has_marks(sent) else (), checked.rows, checked.people)
        row = _row_to_correct(draft, row, case, standing, session.texts)
        return cls(session, file, draft, checked, case, row, known, standing)

    def require_this_case(self) -> None:
        """Who stands in the row must be nobody else: another person's record would be overwritten. Raises Refusal."""
        stands = self.standing.in_row(self.row)
        if stands is not None:
            numbers = {stands.entry.case_number: stands.entry.case_id}
        else:
            numbers = {each.case_number: each.case_id for each in self._registered((self.row,)).get(self.row, ())}
        if not numbers or self.case in {*numbers, *numbers.values()}:
            return
        _ = self.session.texts
        number = next(iter(numbers))
        text = _("The person in row {row} was registered as {number}.", row=self.row, number=number)
        advice = (_("Look at the number and the row again; who has which number: homeward receipt FILE"),)
        raise Refusal(Kind.REFUSED, "ROW_IS_OTHER_CASE", text, advice=advice)

    def person(self, stands: cases_pb2.Case) -> PersonContent:
        """What the row says. Raises Refusal with all that is wrong with it."""
        from services.client.people_file.check import check_person

        positions = None
        if len(self.draft.people) > 1 and "family_links" in self._row.cells:
            rows = self._positions(stands)
            positions = {each.label: rows[each.row] for each in self.draft.people if each.row in rows}
        person, checked = check_person(self.draft, self.session.now(), self.row, positions)
        require_valid(self.session, checked)
        assert person is not None, "a row without mistakes is understood"
        return person

    def difference(self, person: PersonContent, stands: cases_pb2.Case, *, empty: bool) -> Difference:
        """What differs from the record."""
        from services.client.people_file.correcting import content_of, difference

        return difference(self._row, person, content_of(stands.person), empty=empty)

    def send(
        self, person: PersonContent, stands: cases_pb2.Case, found: Difference, reason: str, *, another_name: bool
    ) -> None:
        """Correct the fields that differ. Raises Refusal."""
        from google.protobuf.field_mask_pb2 import FieldMask

        from homeward.intake.v1 import submissions_pb2
        from services.chassis.calls.client import RpcFailure
        from services.cli.answers import show_case

        _ = self.session.texts
        request = submissions_pb2.CorrectCaseRequest(
            request_id=str(uuid.uuid4()),
            case=self.case,
            etag=stands.etag,
            reason=reason,
            person=person.to_proto(),
            update_mask=FieldMask(paths=found.changed),
            another_person=another_name,
        )
        try:
            corrected = self.session.attempt(self.session.calls.submissions.CorrectCase, request).case
        except RpcFailure as failure:
            told = refused(failure, (self.row,), self.draft, column_of, _)
            if told.reason not in ("ANOTHER_PERSON", "ALREADY_REGISTERED"):
                raise told from None
            advice = (
                _("Look at the number and the row again; who has which number: homeward receipt FILE"),
                _("Only if it is she all the same: repeat with --another-name"),
            )
            raise Refusal(Kind.REFUSED, told.reason, told.message, advice=advice, details=told.details) from None
        self._keep_marks()
        show_case(self.session, corrected, _("Corrected."))

    @property
    def _row(self) -> DraftPerson:
        return next(each for each in self.draft.people if each.row == self.row)

    def _registered(self, rows: tuple[int, ...]) -> Mapping[int, list[submissions_pb2.RegisteredPerson]]:
        from services.client.people_file.sending import find_registered

        of_row = dict(zip(self.checked.rows, self.checked.people, strict=True))
        ask = partial(self.session.ask, self.session.calls.submissions.FindRegistered)
        return find_registered(ask, rows, None, [of_row[row] for row in rows])

    def _positions(self, stands: cases_pb2.Case) -> Mapping[int, int]:
        """The positions in the submission of the case, by the rows of now."""
        of_batch = {
            each.row: each.position
            for each in self.standing.registered
            if stands.case_id in {entry.case_id for entry in each.batch.entries}
        }
        if of_batch:
            return of_batch
        return {
            row: each.handover_row
            for row, several in self._registered(self.checked.rows).items()
            for each in several
            if each.handover_id == stands.handover_id
        }

    def _keep_marks(self) -> None:
        """She stands in the file as she is registered now."""
        from services.client.people_file.standing import marks_of_people
        from services.client.submission import keep_receipt

        place = self.checked.rows.index(self.row)
        for batch in self.known.batches if self.known else ():
            rows = {entry.row for entry in batch.entries if self.case in (entry.case_number, entry.case_id)}
            if self.known is not None and rows and len(batch.marks) == len(batch.rows):
                mark = marks_of_people(self.checked.people, batch.request_id)[place]
                marks = tuple(mark if row in rows else old for row, old in zip(batch.rows, batch.marks, strict=True))
                known = self.known.with_batch(replace(batch, marks=marks))
                keep_receipt(self.file, known, self.session.texts, self.session.tell)


def _row_to_correct(draft: Draft, row: int | None, case: str, standing: Standing, _: Texts) -> int:
    rows = [person.row for person in draft.people]
    if row is None and len(rows) == 1:
        return rows[0]
    if row is None:
        of_case = [each.row for each in standing.registered if case in (each.entry.case_number, each.entry.case_id)]
        if of_case:
            return of_case[0]
        text = _("The file has {count} people; name the row of the person with --row.", count=len(rows))
        raise bad_input("ROW_MISSING", text)
    if row not in rows:
        raise bad_input("NO_SUCH_ROW", _("There is no person in row {row} of the file.", row=row))
    return row


def _titles(draft: Draft, names: tuple[str, ...], _: Texts) -> str:
    from services.client.people_file.columns import title_of

    return ", ".join(draft.titles.get(name) or title_of(name, _.language) for name in names)


def _tell_left(session: Session, draft: Draft, found: Difference) -> None:
    _ = session.texts
    if found.left:
        fields = _titles(draft, found.left, _)
        text = _("empty in the file, and left as it is registered: {fields} (--empty empties it)", fields=fields)
        output.warn(_("Note: {text}", text=text))


def _tell_nothing(session: Session, draft: Draft, stands: cases_pb2.Case, found: Difference) -> None:
    from services.cli.answers import show_case

    _ = session.texts
    _tell_left(session, draft, found)
    shown = type(stands)()
    shown.CopyFrom(stands)
    shown.ClearField("person")
    show_case(session, shown, _("Nothing was corrected: the record says the same already."))


def _ask(session: Session, draft: Draft, stands: cases_pb2.Case, found: Difference, *, yes: bool) -> None:
    """Show which fields change, never their contents, and ask where somebody sits. Raises Refusal."""
    _ = session.texts
    _tell_left(session, draft, found)
    if session.as_json:
        return
    fields = _titles(draft, found.changed, _)
    output.say(_("To be corrected in {number}: {fields}.", number=stands.case_number, fields=fields))
    if not yes and sys.stdin.isatty() and not click.confirm(_("Correct this?")):
        raise Refusal(Kind.REFUSED, "NOT_CONFIRMED", _("Nothing was sent."))
