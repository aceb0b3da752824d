"""What somebody agrees to, for each purpose: the text to read, what was said, and who said it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import click

from services.chassis.country.consent_texts import consent_texts, read_today
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_one
from services.cli.options import MAX_NUMBER, Day, DefaultGroup, Number, Word, case_argument, help_text, verb
from services.client import plain, words
from services.client.session import Session
from services.client.shown import consents as shown
from services.terminal import output

MAX_VERSION: Final = 1_000
_CASE: Final = "HW-999-999-957"


def consent(_: Texts) -> click.Command:
    """`homeward consent`, `… text`, `… give`, `… refuse`, `… withdraw` and `… guardian`."""
    group = DefaultGroup(
        "consent",
        "list",
        help=help_text(
            _,
            _(
                "What a person agreed to, refused or withdrew, for each purpose by itself. Read her the text of the "
                "purpose first. Refusing one thing changes nothing about another; what is withdrawn is not done from "
                "that day on, and what was done stays."
            ),
            lists=(purposes(_),),
            examples=(
                (f"homeward consent {_CASE}", _("what was said")),
                ("homeward consent text stay", _("the text to read to her")),
                (f"homeward consent give {_CASE} stay", _("she agreed today")),
            ),
        ),
    )
    for build in (_list, _text, _give, _refuse, _withdraw, _guardian):
        group.add_command(build(_))
    return group


def purposes(_: Texts) -> str:
    """The purposes with their meaning, for a help text."""
    longest = max(24, *map(len, consent_texts()))
    lines = (f"  {words.slug(code):<{longest}} {words.purpose_word(_, code)}" for code in consent_texts())
    return _("Purposes:") + "\n" + "\n".join(lines)


class Purpose(click.ParamType):
    """A purpose by its code; other ways to write it are not guessed."""

    name = "purpose"

    def __init__(self, _: Texts) -> None:
        self._texts = _

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The code; fails for no purpose."""
        _, code = self._texts, str(value).upper().replace("-", "_")
        if code not in consent_texts():
            self.fail(_("There is no such purpose; see them with: homeward consent --help"), param, ctx)
        return code


def _purpose(_: Texts) -> Callable[[Any], Any]:
    return click.argument("purpose", type=Purpose(_), metavar=_("PURPOSE"))


def _list(_: Texts) -> click.Command:
    @verb(
        _,
        "list",
        _("Lists everything that was said, and what of it stands; without who a guardian is."),
        examples=((f"homeward consent {_CASE}", _("what was said")),),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.intake.v1 import consents_pb2

        answer = session.ask(session.calls.consents.GetConsents, consents_pb2.GetConsentsRequest(case=case))
        if session.as_json:
            output.document({"consents": [plain.as_dict(each) for each in answer.consents]})
        elif answer.consents:
            output.table(shown.titles(_), [shown.row(each, _) for each in answer.consents])
        else:
            output.say(_("Nothing was said yet; read her the text of a purpose first: homeward consent text PURPOSE"))

    return command


def _text(_: Texts) -> click.Command:
    @verb(
        _,
        "text",
        _("Prints the text to be read to her, with its version."),
        lists=(purposes(_),),
        examples=(("homeward consent text follow-up", _("before you ask her")),),
    )
    @_purpose(_)
    @click.pass_obj
    def command(session: Session, purpose: str) -> None:
        text = read_today(purpose)
        if session.as_json:
            output.document({"purpose": purpose, "version": text.version, "vi": text.vi, "en": text.en})
            return
        output.say(text.vi if _.language == "vi" else text.en)
        output.say(_("(version {version})", version=text.version))

    return command


def _day_option(_: Texts) -> Callable[[Any], Any]:
    return click.option("--on", type=Day(_), help=_("Day on which it was said (today)."))


def _guardian_option(_: Texts) -> Callable[[Any], Any]:
    return click.option(
        "--guardian",
        type=Word(_, words.GUARDIAN_RELATIONS),
        metavar=_("RELATION"),
        help=_("A guardian says it, for a child; the name is asked for, so that it stands in no list of commands."),
    )


def _read_options(_: Texts) -> Callable[[Any], Any]:
    version = click.option(
        "--version",
        type=Number(_, 1, MAX_VERSION),
        help=_("The version of the text that was read (the present one)."),
    )
    language = click.option(
        "--language",
        metavar=_("LANGUAGE"),
        default="",
        help=_("The language in which it was read to her, such as vi, en or hmn (vi)."),
    )
    return lambda command: version(language(command))


def _give(_: Texts) -> click.Command:
    @verb(
        _,
        "give",
        _("Records that she agrees, after the text was read to her. For somebody below 18 a guardian agrees."),
        lists=(purposes(_), _relations(_)),
        examples=(
            (f"homeward consent give {_CASE} stay", _("she agreed today")),
            (f"homeward consent give {_CASE} stay --guardian appointed", _("for a child; the name is asked for")),
            (f"homeward consent give {_CASE} services --language hmn", _("it was read to her in Hmong")),
        ),
    )
    @case_argument(_)
    @_purpose(_)
    @_guardian_option(_)
    @_read_options(_)
    @_day_option(_)
    @click.pass_obj
    def command(session: Session, /, **said: Any) -> None:
        _record(session, "GIVEN", **said)

    return command


def _refuse(_: Texts) -> click.Command:
    @verb(
        _,
        "refuse",
        _("Records that she does not agree. Nothing else depends on it; she may be asked again when she wishes."),
        lists=(purposes(_), _relations(_)),
        examples=((f"homeward consent refuse {_CASE} home-look", _("nobody is sent to look at her home")),),
    )
    @case_argument(_)
    @_purpose(_)
    @_guardian_option(_)
    @_read_options(_)
    @_day_option(_)
    @click.pass_obj
    def command(session: Session, /, **said: Any) -> None:
        _record(session, "REFUSED", **said)

    return command


def _withdraw(_: Texts) -> click.Command:
    @verb(
        _,
        "withdraw",
        _("Records that she no longer agrees: what is to come is not done, what was done stays."),
        lists=(purposes(_), _relations(_)),
        examples=((f"homeward consent withdraw {_CASE} collaborator", _("no collaborator goes any more")),),
    )
    @case_argument(_)
    @_purpose(_)
    @_guardian_option(_)
    @_day_option(_)
    @click.pass_obj
    def command(session: Session, /, **said: Any) -> None:
        _record(session, "WITHDRAWN", **said)

    return command


def _guardian(_: Texts) -> click.Command:
    @verb(
        _,
        "guardian",
        _("Shows the guardian who gave a consent, by name and relation. It is recorded who read it."),
        examples=((f"homeward consent guardian {_CASE} 3", _("who gave consent 3")),),
    )
    @case_argument(_)
    @click.argument("number", type=Number(_, 1, MAX_NUMBER), metavar=_("NUMBER"))
    @click.pass_obj
    def command(session: Session, case: str, number: int) -> None:
        from homeward.intake.v1 import consents_pb2

        request = consents_pb2.GetGuardianRequest(case=case, number=number)
        found = session.ask(session.calls.consents.GetGuardian, request).guardian
        if session.as_json:
            output.document({"guardian": plain.as_dict(found)})
        else:
            output.facts(shown.guardian_facts(found, _))

    return command


def _relations(_: Texts) -> str:
    return _("Guardians:") + "\n" + words.explained(_, words.GUARDIAN_RELATIONS)


def _record(
    session: Session,
    state: str,
    *,
    case: str,
    purpose: str,
    guardian: str | None,
    on: date | None,
    version: int | None = None,
    language: str = "",
) -> None:
    from homeward.intake.v1 import consents_pb2
    from homeward.type.v1 import types_pb2

    _ = session.texts
    read = 0 if state == "WITHDRAWN" else version or read_today(purpose).version
    request = consents_pb2.RecordConsentRequest(
        request_id=str(uuid.uuid4()),
        case=case,
        purpose=purpose,
        state=types_pb2.ConsentState.Value(f"CONSENT_STATE_{state}"),
        language=language,
        text_version=read,
        said_on=on.isoformat() if on else "",
    )
    if guardian is not None:
        request.giver = types_pb2.CONSENT_GIVER_GUARDIAN
        request.guardian.relation = types_pb2.GuardianRelation.Value(f"GUARDIAN_RELATION_{guardian}")
        request.guardian.name = click.prompt(_("Name of the guardian"), err=True)
    answer = session.ask(session.calls.consents.RecordConsent, request)
    show_one(session, "consent", answer.consent, shown.facts(answer.consent, _), _("Recorded."))
