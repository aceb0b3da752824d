"""How she wishes to be contacted, what was said at a visit, and what was done for her safety."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from services.chassis.country.questionnaires import FULL, Choice, questionnaire, support_codes
from services.chassis.kernel.texts import Texts
from services.cli.options import MAX_NUMBER, DefaultGroup, Number, PeopleFile, case_argument, help_text
from services.client import plain, visit_file
from services.client.files import write_file
from services.client.refusals import bad_input
from services.client.session import Session
from services.client.shown.care import suggested_signs, visit_facts, wishes_version_facts
from services.client.shown.consents import contact_facts
from services.terminal import output


def wishes(_: Texts) -> click.Command:
    """`homeward wishes CASE` and `… set`."""
    group = DefaultGroup(
        "wishes",
        "show",
        help=help_text(
            _,
            _("Shows how she wishes to be contacted; read it before anybody goes. Each reading is logged."),
            examples=(("homeward --as SA-24 wishes HW-999-999-957", _("before a visit or a call")),),
        ),
    )
    for build in (_show_wishes, _set_wishes):
        group.add_command(build(_))
    return group


def _show_wishes(_: Texts) -> click.Command:
    @click.command(
        "show",
        help=help_text(
            _,
            _("Shows how she wishes to be contacted. Each reading is logged."),
            examples=(("homeward --as SA-24 wishes show HW-999-999-957", _("before a visit or a call")),),
        ),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.followup.v1 import care_pb2

        answer = session.ask(session.calls.care.GetWishes, care_pb2.GetWishesRequest(case=case))
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        if not answer.version:
            output.say(_("No wishes are recorded; ask her at the next contact."))
        output.facts([*contact_facts(answer, _), *(wishes_version_facts(answer, _) if answer.version else [])])

    return command


def _set_wishes(_: Texts) -> click.Command:
    @click.command(
        "set",
        help=help_text(
            _,
            _(
                "Records how she wishes to be contacted, in place of what she wished before. The file (TOML) has the "
                "lines how, who, hours and reason."
            ),
            lists=(_("How:") + "\n" + listed("contact_wishes", _),),
            examples=(("homeward wishes set HW-999-999-957 --file wishes.toml --replaces 1", _("version 1 stands")),),
        ),
    )
    @case_argument(_)
    @click.option("--file", type=PeopleFile(_), metavar=_("FILE"), required=True, help=_("The wishes."))
    @click.option(
        "--replaces", type=Number(_, 0, MAX_NUMBER), default=0, help=_("The version that stands; 0 for none (0).")
    )
    @click.pass_obj
    def command(session: Session, case: str, file: Path, replaces: int) -> None:
        from homeward.followup.v1 import care_pb2

        try:
            given = tomllib.loads(file.read_bytes().decode())
        except (UnicodeDecodeError, tomllib.TOMLDecodeError):
            raise bad_input("BAD_VISIT_FILE", _("The file cannot be read.")) from None
        request = care_pb2.SetWishesRequest(
            request_id=str(uuid.uuid4()), case=case, wishes=visit_file.wishes_of(given, _), replaces=replaces
        )
        answer = session.ask(session.calls.care.SetWishes, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        output.say(_("Recorded, as version {version}.", version=answer.version))

    return command


def visit(_: Texts) -> click.Command:
    """`homeward visit CASE` with `form`, `record`, `show`, `correct` and `safe`."""
    group = DefaultGroup(
        "visit",
        "show",
        help=help_text(
            _,
            _("Shows a visit with what was said, and takes one down. Each reading is logged."),
            examples=(
                ("homeward visit form HW-999-999-957", _("a sheet for the road, which tells nobody anything")),
                ("homeward visit form HW-999-999-957 --file visit.toml", _("a file to be filled in at the office")),
                ("homeward visit record HW-999-999-957 --file visit.toml", _("takes the visit down")),
            ),
        ),
    )
    for build in (_form, _record, _show, _correct, _safe):
        group.add_command(build(_))
    return group


def _set_option(_: Texts) -> Callable[[Any], Any]:
    return click.option(
        "--set",
        "set_code",
        type=click.Choice(list(questionnaire().sets), case_sensitive=False),
        metavar=_("SET"),
        default=FULL,
        help=_("The set of questions (FULL)."),
    )


def _form(_: Texts) -> click.Command:
    @click.command(
        "form",
        help=help_text(
            _,
            _(
                "Prints a sheet with the number of the case and the ids of the questions alone; or writes a file with "
                "the questions and their codes, to be filled in at the office."
            ),
            lists=(_("Sets:") + "\n" + lines_of(questionnaire().sets.values(), _),),
            examples=(
                ("homeward visit form HW-999-999-957", _("a sheet for the road, which tells nobody anything")),
                ("homeward visit form HW-999-999-957 --file visit.toml", _("a file to be filled in at the office")),
            ),
        ),
    )
    @case_argument(_)
    @_set_option(_)
    @click.option("--file", type=PeopleFile(_, missing_ok=True), metavar=_("FILE"), help=_("Write a file."))
    @click.pass_obj
    def command(session: Session, case: str, set_code: str, file: Path | None) -> None:
        if file is None:
            output.say(visit_file.sheet(case, set_code), drawn=True)
            return
        from homeward.followup.v1 import care_pb2

        answer = session.ask(session.calls.care.GetWishes, care_pb2.GetWishesRequest(case=case))
        if answer.version:
            output.facts(wishes_version_facts(answer, _))
        write_form(file, visit_file.template(set_code, answer.version, _), _)

    return command


def _record(_: Texts) -> click.Command:
    @click.command(
        "record",
        help=help_text(
            _,
            _(
                "Takes a visit down. The risk is your own judgement. Where it is immediate, the supervisor is told at "
                "once, and a second person confirms within a day what was done: homeward visit safe."
            ),
            examples=(("homeward visit record HW-999-999-957 --file visit.toml", _("takes the visit down")),),
        ),
    )
    @case_argument(_)
    @click.option("--file", type=PeopleFile(_), metavar=_("FILE"), required=True, help=_("The filled-in file."))
    @click.pass_obj
    def command(session: Session, case: str, file: Path) -> None:
        request = visit_file.read(file.read_bytes(), _)
        request.request_id, request.case = str(uuid.uuid4()), case
        answer = session.ask(session.calls.care.RecordVisit, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        output.say(_("Recorded, as entry {number}.", number=answer.entry_number))
        for code, text in suggested_signs(request.content, _):
            if code not in request.content.warning_signs:
                output.say(_("The answers may point to {code}: {text}. You decide.", code=code, text=text))
        if answer.next_look_on:
            output.say(_("An extra visit is proposed by {day}.", day=answer.next_look_on))
        if answer.safety_act:
            output.say(_("The supervisor is told. A second person confirms within a day: homeward visit safe."))

    return command


def _show(_: Texts) -> click.Command:
    @click.command(
        "show",
        help=help_text(
            _,
            _("Shows a visit with what was said. Each reading is logged."),
            examples=(("homeward visit show HW-999-999-957 --entry 3", _("the visit of entry 3")),),
        ),
    )
    @case_argument(_)
    @click.option("--entry", type=Number(_, 0, MAX_NUMBER), default=0, help=_("Which visit (the latest)."))
    @click.pass_obj
    def command(session: Session, case: str, entry: int) -> None:
        from homeward.followup.v1 import care_pb2

        request = care_pb2.GetVisitRequest(case=case, entry_number=entry)
        answer = session.ask(session.calls.care.GetVisit, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        stands = answer.revisions[-1]
        output.facts(
            [
                (_("Entry"), str(answer.entry_number)),
                (_("Day"), answer.visited_on),
                (_("Revision"), str(stands.revision)),
                (_("Corrected because"), stands.reason),
                *visit_facts(stands.content, _),
            ]
        )
        if answer.withheld:
            output.say(_("What was told in confidence is shown to care staff alone."))

    return command


def _correct(_: Texts) -> click.Command:
    @click.command(
        "correct",
        help=help_text(
            _,
            _("Puts right what was said, by a further revision. Day and outcome: followups correct."),
            _("With --revision 0 it writes down what was said at a visit that was recorded in short."),
            examples=(
                (
                    "homeward visit correct HW-999-999-957 --entry 3 --revision 1 --file visit.toml --reason misheard",
                    _("the first revision was wrong"),
                ),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--entry", type=Number(_, 1, MAX_NUMBER), required=True, help=_("Which visit."))
    @click.option("--revision", type=Number(_, 0, MAX_NUMBER), required=True, help=_("The revision that it corrects."))
    @click.option("--file", type=PeopleFile(_), metavar=_("FILE"), required=True, help=_("All of it, as it is right."))
    @click.option("--reason", metavar=_("TEXT"), required=True, help=_("Why, without names."))
    @click.pass_obj
    def command(session: Session, case: str, entry: int, revision: int, file: Path, reason: str) -> None:
        from homeward.followup.v1 import care_pb2

        request = care_pb2.CorrectVisitRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            entry_number=entry,
            revision=revision,
            content=visit_file.read(file.read_bytes(), _).content,
            reason=reason,
        )
        answer = session.ask(session.calls.care.CorrectVisit, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        output.say(_("Recorded, as revision {revision}.", revision=answer.revision))

    return command


def _safe(_: Texts) -> click.Command:
    measures = support_codes()["safety_measure"]

    @click.command(
        "safe",
        help=help_text(
            _,
            _(
                "Confirms, as a second person, what was done for somebody in immediate danger; or waives it, with a "
                "reason. Who waits for it: homeward week."
            ),
            lists=(_("Measures:") + "\n" + lines_of(measures.values(), _),),
            examples=(
                ("homeward visit safe HW-999-999-957 --measure SHELTER", _("she is in a shelter now")),
                (
                    'homeward visit safe HW-999-999-957 --waive --note "entered for the wrong case"',
                    _("nothing is to be done any more"),
                ),
            ),
        ),
    )
    @case_argument(_)
    @click.option(
        "--measure",
        "done",
        type=click.Choice(list(measures), case_sensitive=False),
        metavar=_("CODE"),
        multiple=True,
        help=_("What was done; may be repeated."),
    )
    @click.option("--waive", is_flag=True, help=_("Nothing is to be done any more; say why with --note."))
    @click.option("--note", metavar=_("TEXT"), default="", help=_("What else is to be said of it, without names."))
    @click.pass_obj
    def command(session: Session, case: str, done: tuple[str, ...], waive: bool, note: str) -> None:
        from homeward.followup.v1 import care_pb2

        request = care_pb2.ConfirmSafetyActRequest(
            request_id=str(uuid.uuid4()), case=case, measures=done, note=note, waived=waive
        )
        answer = session.ask(session.calls.care.ConfirmSafetyAct, request)
        if session.as_json:
            output.document(plain.as_dict(answer))
            return
        output.say(_("Confirmed, for entry {number}.", number=answer.entry_number))

    return command


def listed(name: str, _: Texts) -> str:
    """The codes of a list of a visit, with their words."""
    return lines_of(questionnaire().visit[name].values(), _)


def lines_of(choices: Iterable[Choice], _: Texts) -> str:
    """Codes with their words, one a line."""
    return "\n".join(f"  {each.code}  {visit_file.words_of(each, _)}" for each in choices)


def write_form(file: Path, content: str, _: Texts) -> None:
    """Write a file to be filled in, in the place of no other. Raises Refusal."""
    if file.exists():
        raise bad_input("FILE_EXISTS", _("There is a file {name} already.", name=file.name))
    write_file(file, content)
    output.say(_("Fill in {name}, and delete it when it is recorded.", name=file.name))
