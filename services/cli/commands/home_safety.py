"""Whether somebody may be sent home: asked, decided, confirmed by a second person, shown."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from services.chassis.country.questionnaires import support_codes
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list
from services.cli.commands.care import lines_of, write_form
from services.cli.options import (
    MAX_NUMBER,
    DefaultGroup,
    Number,
    PeopleFile,
    Word,
    case_argument,
    help_text,
    page_options,
    province_option,
)
from services.client import home_check, plain, visit_file, words
from services.client.addressee import addressee, counted_province
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown.home_safety import check_facts, next_steps, said_facts, waiting_row, waiting_titles
from services.terminal import output

if TYPE_CHECKING:
    from homeward.followup.v1 import home_safety_pb2


def home_safety(_: Texts) -> click.Command:
    """`homeward home-safety CASE` with `form`, `record`, `short`, `confirm`, `waiting` and `show`."""
    group = DefaultGroup(
        "home-safety",
        "show",
        help=help_text(
            _,
            _("Asks whether a home is safe, before anybody is sent there: without a verdict nobody is."),
            _("A border post and a commune ask two questions (short), a centre and an agency all of them (record)."),
            examples=(
                ("homeward home-safety short HW-999-999-957 --to home", _("at the border: two questions")),
                ("homeward dispatch --journey bus.csv", _("of a whole bus: two columns of its list")),
                ("homeward home-safety form HW-999-999-957 --file home.toml", _("all questions, to be filled in")),
                ("homeward home-safety confirm HW-999-999-957 --check 1", _("a second person agrees")),
            ),
        ),
    )
    for build in (_show, _form, _record, _short, _confirm, _waiting):
        group.add_command(build(_))
    return group


def _show(_: Texts) -> click.Command:
    @click.command(
        "show",
        help=help_text(
            _,
            _("Shows what counts about her home, and what was said. Each reading is logged."),
            examples=(("homeward home-safety HW-999-999-957", _("before she is sent")),),
        ),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.followup.v1 import home_safety_pb2

        request = home_safety_pb2.GetHomeSafetyRequest(case=case)
        answer = session.ask(session.calls.home_safety.GetHomeSafety, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        if not answer.HasField("check"):
            output.say(_("Nothing is recorded about her home; nobody is sent there without it."))
            return
        output.facts([*check_facts(answer.check, _), *said_facts(answer, _)])
        if answer.withheld:
            output.say(_("What was told in confidence is shown to care staff alone."))
        if answer.family_suspected:
            output.warn(_of_family(_))

    return command


def _form(_: Texts) -> click.Command:
    @click.command(
        "form",
        help=help_text(
            _,
            _(
                "Prints a sheet with the number of the case and the ids of the questions alone; or writes a file with "
                "the questions and their codes, to be filled in at the office."
            ),
            examples=(
                ("homeward home-safety form HW-999-999-957", _("a sheet, which tells nobody anything")),
                ("homeward home-safety form HW-999-999-957 --file home.toml", _("a file to be filled in")),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--file", type=PeopleFile(_, missing_ok=True), metavar=_("FILE"), help=_("Write a file."))
    @click.pass_obj
    def command(session: Session, case: str, file: Path | None) -> None:
        if file is None:
            output.say(visit_file.sheet(case, home_check.SET), drawn=True)
            return
        write_form(file, home_check.template(_), _)

    return command


def _record(_: Texts) -> click.Command:
    measures = support_codes()["safety_measure"]

    @click.command(
        "record",
        help=help_text(
            _,
            _("Records what she said about her home, alone with you, and what is decided together with her."),
            _(
                "A second person confirms where a family, trafficker or debt question was answered with yes, and for "
                "everybody under 18, who also needs a guardian that took no part. It holds for thirty days."
            ),
            lists=(
                _("Verdicts:") + "\n" + words.explained(_, words.HOME_SAFETIES),
                _("Measures:") + "\n" + lines_of(measures.values(), _),
            ),
            examples=(
                ("homeward home-safety record HW-999-999-957 --to home --file home.toml", _("her home province")),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--to", metavar=_("OFFICE"), help=_("Where to: office, province, or home; as planned without it."))
    @click.option("--file", type=PeopleFile(_), metavar=_("FILE"), required=True, help=_("The filled-in file."))
    @click.pass_obj
    def command(session: Session, case: str, to: str | None, file: Path) -> None:
        request = home_check.read(file.read_bytes(), _)
        request.request_id, request.case = str(uuid.uuid4()), case
        request.to_office_id = addressee(session, to, case, session.today()) if to else ""
        answer = session.ask(session.calls.home_safety.RecordHomeSafety, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        _say(answer.check, _)
        if answer.suggested_signs:
            output.say(_("The answers may point to {codes}. You decide.", codes=", ".join(answer.suggested_signs)))
        if answer.family_suspected:
            output.warn(_of_family(_))

    return command


def _short(_: Texts) -> click.Command:
    @click.command(
        "short",
        help=help_text(
            _,
            _(
                "Asks for the two questions of the border, put to her alone: whether she wants to go there, and "
                "whether she is afraid of anyone there. With any other answer than yes and no she goes to a centre."
            ),
            _("Of a whole bus: the columns of its list, with homeward dispatch --journey FILE."),
            lists=(_("Answers:") + "\n" + words.explained(_, words.HOME_ANSWERS),),
            examples=(("homeward home-safety short HW-999-999-957 --to home", _("her home province")),),
        ),
    )
    @case_argument(_)
    @click.option("--to", metavar=_("OFFICE"), help=_("Where to: office, province, or home; as planned without it."))
    @click.option("--child", is_flag=True, help=_("She is under 18: ask for the guardian as well."))
    @click.pass_obj
    def command(session: Session, case: str, to: str | None, child: bool) -> None:
        from homeward.followup.v1 import home_safety_pb2

        to_office_id = addressee(session, to, case, session.today()) if to else ""
        answers = {
            name: click.prompt(home_check.question_text(name, _), type=Word(_, words.HOME_ANSWERS))
            for name in home_check.HOME_QUESTIONS
        }
        guardian = click.prompt(_("Guardian who took no part"), default="", show_default=False) if child else ""
        row = home_safety_pb2.ShortCheck(case=case, to_office_id=to_office_id, guardian=guardian, **answers)
        request = home_safety_pb2.RecordShortChecksRequest(request_id=str(uuid.uuid4()), rows=[row])
        answer = session.ask(session.calls.home_safety.RecordShortChecks, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        for check in answer.checks:
            _say(check, _)

    return command


def _confirm(_: Texts) -> click.Command:
    @click.command(
        "confirm",
        help=help_text(
            _,
            _("Confirms, as a second person, what somebody else of your office decided; look at it first."),
            examples=(
                ("homeward home-safety confirm HW-999-999-957 --check 1", _("you agree")),
                ("homeward home-safety confirm HW-999-999-957 --check 1 --disagree", _("it stays undecided")),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--check", type=Number(_, 1, MAX_NUMBER), required=True, help=_("The check that you read."))
    @click.option("--disagree", is_flag=True, help=_("You do not agree: it stays undecided."))
    @click.pass_obj
    def command(session: Session, case: str, check: int, disagree: bool) -> None:
        from homeward.followup.v1 import home_safety_pb2

        request = home_safety_pb2.ConfirmHomeSafetyRequest(
            request_id=str(uuid.uuid4()), case=case, number=check, agrees=not disagree
        )
        answer = session.ask(session.calls.home_safety.ConfirmHomeSafety, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        _say(answer.check, _)

    return command


def _waiting(_: Texts) -> click.Command:
    @click.command(
        "waiting",
        help=help_text(
            _,
            _(
                "Lists whose journey waits for a verdict about the home, the earliest planned departure first, and "
                "what is missing; and of whom nobody has decided, though she was asked."
            ),
            lists=(_("What may be missing:") + "\n" + words.explained(_, words.HOME_WAITS),),
            examples=(
                ("homeward home-safety waiting", _("of your office")),
                ("homeward --as SV-24 home-safety waiting --office RC-PEACE-HOUSE", _("of one office")),
            ),
        ),
    )
    @click.option("--office", metavar=_("OFFICE"), help=_("Only those for which this office answers."))
    @province_option(_)
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, office: str | None, province: str | None, **page: Any) -> None:
        from homeward.handover.v1 import journeys_pb2

        request = journeys_pb2.ListAwaitingVerdictRequest(
            office_id=office or "", province=counted_province(session, province)
        )
        ask = session.calls.journeys.ListAwaitingVerdict
        found = every_page(session, ask, request, lambda answer: answer.people, **page)
        show_list(session, found, "people", waiting_titles(_), lambda each: waiting_row(each, _))

    return command


def _say(check: home_safety_pb2.HomeCheck, _: Texts) -> None:
    output.facts(check_facts(check, _))
    for step in next_steps(check, _):
        output.say(step)


def _of_family(_: Texts) -> str:
    return _("Somebody of the family may have taken part: do not tell the family, and do not ask it to consent.")
