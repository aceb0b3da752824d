"""Records that are opened by break-glass: opened, listed, shown, reviewed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list, show_one
from services.cli.options import CaseName, DefaultGroup, Word, case_argument, help_text, page_options, verb
from services.client import words
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown import break_glass as shown
from services.terminal import output

if TYPE_CHECKING:
    from homeward.intake.v1 import break_glass_pb2

_ONE = "01890a5d-ac96-774b-bcce-b302099a8057"


def break_glass(_: Texts) -> click.Command:
    """`homeward break-glass`, `… open`, `… show` and `… review`."""
    group = DefaultGroup(
        "break-glass",
        "list",
        help=help_text(
            _,
            _(
                "When somebody has to know who a person is although neither custody nor task entitles to it: a record "
                "is opened for two hours, with a reason. The office that answers for her and the supervisors learn it "
                "at once, and somebody of another office reviews it within three days."
            ),
        ),
    )
    for build in (_list, _open, _show, _review):
        group.add_command(build(_))
    return group


def _list(_: Texts) -> click.Command:
    @verb(
        _,
        "list",
        _("Lists what was opened: by your office, in your scope, or for an auditor. The newest first."),
        examples=(
            ("homeward --as SV-NATIONAL break-glass --waiting", _("what nobody has reviewed yet")),
            ("homeward --as AUDIT-NATIONAL break-glass", _("everything")),
        ),
    )
    @click.option("--waiting", is_flag=True, help=_("Only what nobody has reviewed yet."))
    @click.option("--case", "case", type=CaseName(_), metavar=_("CASE"), help=_("Only of this case."))
    @page_options(_)
    @click.pass_obj
    def command(session: Session, /, waiting: bool, case: str | None, **page: Any) -> None:
        from homeward.intake.v1 import break_glass_pb2

        request = break_glass_pb2.ListBreakGlassRequest(waiting_only=waiting, case=case or "")
        call = session.calls.break_glass.ListBreakGlass
        found = every_page(session, call, request, lambda answer: answer.break_glasses, **page)
        show_list(session, found, "break_glasses", shown.titles(_), lambda each: shown.row(each, _))

    return command


def _open(_: Texts) -> click.Command:
    @verb(
        _,
        "open",
        _(
            "Opens one record for you alone, for two hours; three a day. Do it when the danger is greater than that "
            "of one more person knowing who she is."
        ),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.BREAK_GLASS_REASONS),),
        examples=(
            ("homeward --as SV-04 break-glass open HW-999-999-957 --reason danger", _("and read it afterwards")),
            (
                'homeward --as SV-04 break-glass open HW-999-999-957 --reason legal-duty --words "…"',
                _("what is asked, by which court"),
            ),
        ),
    )
    @case_argument(_)
    @click.option(
        "--reason", type=Word(_, words.BREAK_GLASS_REASONS), required=True, metavar=_("REASON"), help=_("Why.")
    )
    @click.option(
        "--words",
        "said",
        default="",
        metavar=_("TEXT"),
        help=_("The same in words, for whoever reviews it; needed for legal-duty, complaint and other."),
    )
    @click.pass_obj
    def command(session: Session, case: str, reason: str, said: str) -> None:
        from homeward.intake.v1 import break_glass_pb2
        from homeward.type.v1 import types_pb2

        request = break_glass_pb2.OpenBreakGlassRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            reason=types_pb2.BreakGlassReason.Value(f"BREAK_GLASS_REASON_{reason}"),
            words=said,
        )
        answer = session.ask(session.calls.break_glass.OpenBreakGlass, request)
        done = _("Opened. Those concerned are told, and somebody of another office reviews it.")
        _show_one(session, answer.break_glass, "", done)

    return command


def _show(_: Texts) -> click.Command:
    @verb(
        _,
        "show",
        _("Shows one. Whoever may review it also reads the reason in words; that is recorded."),
        examples=((f"homeward --as SV-NATIONAL break-glass show {_ONE}", _("before you review it")),),
    )
    @click.argument("break_glass_id", metavar=_("BREAK-GLASS"))
    @click.pass_obj
    def command(session: Session, break_glass_id: str) -> None:
        from homeward.intake.v1 import break_glass_pb2

        request = break_glass_pb2.GetBreakGlassRequest(break_glass_id=break_glass_id)
        answer = session.ask(session.calls.break_glass.GetBreakGlass, request)
        _show_one(session, answer.break_glass, answer.words)

    return command


def _review(_: Texts) -> click.Command:
    @verb(
        _,
        "review",
        _("Says whether there was a reason. Without one it is closed at once, and everybody concerned is told."),
        lists=(_("Verdicts:") + "\n" + words.explained(_, words.BREAK_GLASS_VERDICTS),),
        examples=(
            (f"homeward --as SV-NATIONAL break-glass review {_ONE} --verdict justified", _("there was a reason")),
        ),
    )
    @click.argument("break_glass_id", metavar=_("BREAK-GLASS"))
    @click.option(
        "--verdict",
        type=Word(_, words.BREAK_GLASS_VERDICTS),
        required=True,
        metavar=_("VERDICT"),
        help=_("Whether there was a reason."),
    )
    @click.pass_obj
    def command(session: Session, break_glass_id: str, verdict: str) -> None:
        from homeward.intake.v1 import break_glass_pb2
        from homeward.type.v1 import types_pb2

        request = break_glass_pb2.ReviewBreakGlassRequest(
            request_id=str(uuid.uuid4()),
            break_glass_id=break_glass_id,
            verdict=types_pb2.BreakGlassVerdict.Value(f"BREAK_GLASS_VERDICT_{verdict}"),
        )
        answer = session.ask(session.calls.break_glass.ReviewBreakGlass, request)
        _show_one(session, answer.break_glass, "", _("Reviewed. Those concerned are told."))

    return command


def _show_one(session: Session, found: break_glass_pb2.BreakGlass, said: str, done: str = "") -> None:
    _ = session.texts
    words_too = {"words": said} if said else {}
    if not show_one(session, "break_glass", found, shown.facts(found, said, _), done, **words_too):
        return
    if found.yours:
        case, number = found.case_number, found.break_glass_id
        output.say(_("You read her by: homeward case {case} --break-glass {id}", case=case, id=number))
    if found.for_you:
        output.say(_("You may review it: homeward break-glass review {id}", id=found.break_glass_id))
