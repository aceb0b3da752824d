"""Relatives: linked, unlinked and shown by their case numbers."""

from __future__ import annotations

import uuid
from typing import Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.options import CaseName, DefaultGroup, Word, case_argument, help_text
from services.client import plain, words
from services.client.session import Session
from services.client.shown import family as shown
from services.terminal import output


def family(_: Texts) -> click.Command:
    """`homeward family show CASE`, `homeward family link CASE RELATIVE`, `homeward family unlink CASE RELATIVE`."""
    text = _("Shows who belongs together, across files and offices; links relatives and takes links back.")
    group = DefaultGroup("family", "show", help=help_text(_, text))
    group.add_command(_show(_))
    group.add_command(_link(_))
    group.add_command(_unlink(_))
    return group


def _show(_: Texts) -> click.Command:
    @click.command(
        "show",
        help=help_text(
            _,
            _(
                "Shows the relatives of a person who have cases, now and before, with who said so. What they are to "
                "her is shown to an office that has her. A case that is not yours to see is “a relative, elsewhere”."
            ),
            examples=(("homeward family HW-999-999-957", _("who belongs to her")),),
        ),
    )
    @case_argument(_)
    @click.pass_obj
    def command(session: Session, case: str) -> None:
        from homeward.intake.v1 import family_pb2

        ties = session.ask(session.calls.family.GetFamily, family_pb2.GetFamilyRequest(case=case)).ties
        if session.as_json:
            output.document({"ties": [plain.as_dict(each) for each in ties]})
        elif not ties:
            output.say(_("No relative of hers is known."))
        else:
            output.table(shown.tie_titles(_), [shown.tie_row(each, _) for each in ties])

    return command


def _link(_: Texts) -> click.Command:
    @click.command(
        "link",
        help=help_text(
            _,
            _(
                "Says that the people of two cases are relatives, also when they came back by different handovers. "
                "RELATION is what the second one is to the first. Said again, it takes the place of what was said "
                "before."
            ),
            _(
                "A child below 16 must not be parted from a parent, nor from sisters and brothers: whoever sends, "
                "rejects or loses one of them is warned, and so are the other office and the supervisor. Decide "
                "otherwise with --keep-together or --may-part, for one when the relative is a danger."
            ),
            lists=(_("Relations:") + "\n" + words.explained(_, words.RELATIONS),),
            examples=(
                ("homeward family link HW-999-999-957 HW-440-200-331 --is child", _("the second is her child")),
                (
                    "homeward family link HW-999-999-957 HW-440-200-331 --is other --keep-together",
                    _("a grandchild who has nobody else"),
                ),
            ),
        ),
    )
    @case_argument(_)
    @click.argument("relative", type=CaseName(_), metavar=_("RELATIVE"))
    @click.option(
        "--is",
        "relation",
        type=Word(_, words.RELATIONS),
        metavar=_("RELATION"),
        required=True,
        help=_("What RELATIVE is to the person of CASE."),
    )
    @click.option("--keep-together", "together", flag_value="KEEP_TOGETHER", help=_("They must not be parted."))
    @click.option("--may-part", "together", flag_value="MAY_PART", help=_("They may be parted, or should be."))
    @click.pass_obj
    def command(session: Session, case: str, relative: str, relation: str, together: str | None) -> None:
        from homeward.intake.v1 import family_pb2
        from services.chassis.calls.enums import number_of

        request = family_pb2.LinkFamilyRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            other_case=relative,
            relation=relation,
            togetherness=number_of(family_pb2.Togetherness, together),
        )
        _answered(session, session.ask(session.calls.family.LinkFamily, request), _("Linked."))

    return command


def _unlink(_: Texts) -> click.Command:
    @click.command(
        "unlink",
        help=help_text(
            _,
            _("Says that the people of two cases are no relatives. What was said stays in the history."),
            examples=(("homeward family unlink HW-999-999-957 HW-440-200-331", _("they are no relatives")),),
        ),
    )
    @case_argument(_)
    @click.argument("relative", type=CaseName(_), metavar=_("RELATIVE"))
    @click.pass_obj
    def command(session: Session, case: str, relative: str) -> None:
        from homeward.intake.v1 import family_pb2

        request = family_pb2.UnlinkFamilyRequest(request_id=str(uuid.uuid4()), case=case, other_case=relative)
        _answered(session, session.ask(session.calls.family.UnlinkFamily, request), _("Taken back."))

    return command


def _answered(session: Session, answer: Any, done: str) -> None:
    """What was done, and her relatives now."""
    relatives = answer.relatives
    if session.as_json:
        output.document({"relatives": [plain.as_dict(each) for each in relatives]})
        return
    _ = session.texts
    output.say(done)
    output.facts([(_("Family"), shown.relatives_text(relatives, _))])
