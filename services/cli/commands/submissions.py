"""Receiving people: the form, looking for mistakes, submitting, and what becomes of a submission later."""

from __future__ import annotations

import uuid
from pathlib import Path

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.texts import Texts
from services.cli.checked_file import require_looked_at, require_valid, show_checked, sure_option
from services.cli.letters_options import letters_options, require_letters_known, with_letters_asked_for
from services.cli.options import PeopleFile, Word, case_argument, verb
from services.cli.people_file import again_option, handover_options, read, understand
from services.cli.people_sending import Wishes, registered, send, submitted
from services.client import words
from services.client.refusals import Kind, Refusal, bad_input
from services.client.session import Session
from services.terminal import output
from services.terminal.exits import Exit


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
    @handover_options(_)
    @letters_options(_)
    @again_option(_)
    @click.option("--alone", is_flag=True, help=_("The file is for “register”: one person who came back alone."))
    @click.option("--journey", is_flag=True, help=_("The file is for “dispatch --journey”."))
    @click.pass_obj
    def command(
        session: Session,
        /,
        file: Path,
        alone: bool,
        journey: bool,
        again: tuple[int, ...],
        convert_letters: bool,
        encoding: str | None,
        **given: str | None,
    ) -> int:
        from services.chassis.kernel.record import PEOPLE_MAX

        if journey:
            from services.cli.commands.journey import read_and_check

            return show_checked(session, read_and_check(session, file)[1])
        draft = with_letters_asked_for(session, read(file, _, encoding), convert=convert_letters)
        checked = understand(session, draft, given, alone=alone, again=again)
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
        _(
            "Whom your office has registered is not registered again, whatever the file is called: each row is told "
            "with its case number, and nobody of the file is registered then."
        ),
        examples=(
            ("homeward --as BP-CN-MONG-CAI submit handover.csv", _("submits; shows the case number of each row")),
            (
                'homeward submit handover.csv --time "today 14:30" --gate "Móng Cái"',
                _("gives what the table leaves out"),
            ),
            ("homeward submit month.csv --split", _("sends a long file as several submissions")),
            ("homeward submit handover.csv --rest", _("sends only those who are not registered yet")),
        ),
    )
    @click.argument("file", type=PeopleFile(_), metavar=_("FILE"))
    @handover_options(_)
    @letters_options(_)
    @again_option(_)
    @sure_option(_)
    @click.option("--split", is_flag=True, help=_("Send a file of more than 30 people as several submissions."))
    @click.option("--rest", is_flag=True, help=_("Send only those who are not registered yet."))
    @click.option("--new", is_flag=True, help=_("The file holds other people than the ones sent before."))
    @click.pass_obj
    def command(
        session: Session,
        /,
        file: Path,
        split: bool,
        rest: bool,
        new: bool,
        again: tuple[int, ...],
        sure: bool,
        convert_letters: bool,
        encoding: str | None,
        **given: str | None,
    ) -> int:
        draft = with_letters_asked_for(session, read(file, _, encoding), convert=convert_letters)
        checked = understand(session, draft, given, alone=False, again=again)
        require_valid(session, checked)
        require_letters_known(session, draft, convert=convert_letters)
        require_looked_at(session, checked, sure=sure)
        wishes = Wishes("submit", split=split, new=new, rest=rest, again=frozenset(again))
        return send(session, file, draft, checked, submitted, wishes)

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
    @again_option(_)
    @sure_option(_)
    @click.option("--new", is_flag=True, help=_("The file holds another person than the one sent before."))
    @click.pass_obj
    def command(
        session: Session,
        /,
        file: Path,
        new: bool,
        again: tuple[int, ...],
        sure: bool,
        convert_letters: bool,
        encoding: str | None,
        **given: str | None,
    ) -> int:
        draft = with_letters_asked_for(session, read(file, _, encoding), convert=convert_letters)
        checked = understand(session, draft, given, alone=True, again=again)
        require_valid(session, checked)
        require_letters_known(session, draft, convert=convert_letters)
        require_looked_at(session, checked, sure=sure)
        if len(checked.rows) != 1:
            text = _("The file has {count} people; this command registers one.", count=len(checked.rows))
            advice = (_("Give each person a file of her own. People handed over together: homeward submit FILE"),)
            raise bad_input("NOT_ONE_PERSON", text, advice=advice)
        wishes = Wishes("register", new=new, again=frozenset(again))
        return send(session, file, draft, checked, registered, wishes)

    return command


def withdraw(_: Texts) -> click.Command:
    """`homeward withdraw CASE`."""

    @verb(
        _,
        "withdraw",
        _(
            "Withdraws a case that should not exist. The office that registered may do so while the person has never "
            "left it: who left or is searched for is withdrawn by two people, see withdraw-under-way. It is no way to "
            "close a case."
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
