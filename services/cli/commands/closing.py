"""The end of a story: a case is closed with a reason, in every phase and by every office, and opened again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import click

from services.chassis.calls.enums import number_of
from services.chassis.kernel.fold import fold
from services.chassis.kernel.texts import Texts
from services.cli.answers import show_custody
from services.cli.options import CaseName, Day, Word, case_argument, verb
from services.client import words
from services.client.addressee import named_province
from services.client.lag import once_known
from services.client.session import Session

if TYPE_CHECKING:
    from homeward.handover.v1 import closing_pb2

_LEFT: Final = frozenset({"LEFT_AREA", "LEFT_ON_HER_OWN"})
_NOT_YET_KNOWN: Final = frozenset({"FOLLOW_UP_PERIOD_NOT_ENDED", "IDENTIFICATION_SAYS_OTHERWISE", "CASE_NOT_FOUND"})
"""What a visit, a decision or a registration of a moment ago mends."""
_NO_PROVINCE: Final[Mapping[str, str]] = MappingProxyType(
    {"abroad": "ABROAD", "nuoc ngoai": "ABROAD", "unknown": "UNKNOWN", "khong ro": "UNKNOWN"}
)


def close(_: Texts) -> click.Command:
    """`homeward close CASE`."""

    @verb(
        _,
        "close",
        _("Closes a case with a reason that fits it as it stands; nobody looks again after that. It can be re-opened."),
        _(
            "Who is on the way, to be sent or searched for is not closed, unless she died: her story goes on "
            "elsewhere. Who left on her own is searched for where she went, and the case stays open."
        ),
        _(
            "That somebody who is on the way or searched for died, a supervisor approves first; so does one whatever "
            "is said of somebody who left and was received by nobody since."
        ),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.CLOSE_REASONS),),
        examples=(
            ("homeward close HW-999-999-957 --reason period-ended", _("after the last follow-up is recorded")),
            ("homeward close HW-999-999-957 --reason died --on 01/12/2026", _("wherever she was, and on which day")),
            (
                "homeward close HW-999-999-957 --reason registered-twice --other-case HW-999-999-923",
                _("the other case is the same person, and goes on"),
            ),
            (
                'homeward close HW-999-999-957 --reason left-area --to-province "Quảng Ninh"',
                _("the offices there are told; also: abroad, unknown"),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--reason", type=Word(_, words.CLOSE_REASONS), metavar=_("REASON"), required=True, help=_("Why."))
    @click.option("--on", type=Day(_), help=_("The day on which it happened; today unless said."))
    @click.option(
        "--other-case", type=CaseName(_), metavar=_("CASE"), help=_("The case of the same person that goes on.")
    )
    @click.option(
        "--to-province", metavar=_("PROVINCE"), help=_("Where she went, when she left: a province, abroad or unknown.")
    )
    @click.pass_obj
    def command(
        session: Session, case: str, reason: str, on: date | None, other_case: str | None, to_province: str | None
    ) -> None:
        from homeward.handover.v1 import closing_pb2
        from homeward.type.v1 import types_pb2

        request = closing_pb2.CloseCaseRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            reason=number_of(types_pb2.CloseReason, reason),
            on=on.isoformat() if on else "",
            other_case=other_case or "",
        )
        if to_province is not None:
            _say_where(session, request, to_province)
        answer = once_known(session, lambda: session.ask(session.calls.closing.CloseCase, request), _NOT_YET_KNOWN)
        done = _("Not closed: she is searched for from now on.") if reason in _LEFT else _("Closed.")
        show_custody(session, answer.custody, done)

    return command


def _say_where(session: Session, request: closing_pb2.CloseCaseRequest, to_province: str) -> None:
    from homeward.type.v1 import types_pb2

    no_province = _NO_PROVINCE.get(fold(to_province))
    request.left_for = number_of(types_pb2.LeftFor, no_province or "PROVINCE")
    if no_province is None:
        ref = named_province(session, to_province, session.today(), "--to-province")
        request.to_province.CopyFrom(types_pb2.ProvinceRef(code=ref.code, vintage=ref.vintage))


def withdraw_under_way(_: Texts) -> click.Command:
    """`homeward withdraw-under-way CASE`."""

    @verb(
        _,
        "withdraw-under-way",
        _(
            "Withdraws a case that should not exist, of somebody who left or is searched for: for the office that "
            "registered her, or its supervisor. Somebody else, a supervisor, approves first. The transfer is recalled, "
            "and who awaited her is told and may open the case again."
        ),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.WITHDRAW_REASONS),),
        examples=(
            (
                "homeward withdraw-under-way HW-999-999-957 --reason registered-twice",
                _("the same person was there already"),
            ),
        ),
    )
    @case_argument(_)
    @click.option("--reason", type=Word(_, words.WITHDRAW_REASONS), required=True, help=_("Why."))
    @click.pass_obj
    def command(session: Session, case: str, reason: str) -> None:
        from homeward.handover.v1 import closing_pb2
        from homeward.type.v1 import types_pb2

        request = closing_pb2.WithdrawUnderWayRequest(
            request_id=str(uuid.uuid4()), case=case, reason=number_of(types_pb2.WithdrawReason, reason)
        )
        answer = session.ask(session.calls.closing.WithdrawUnderWay, request)
        show_custody(session, answer.custody, _("Withdrawn."))

    return command


def reopen(_: Texts) -> click.Command:
    """`homeward reopen CASE`."""

    @verb(
        _,
        "reopen",
        _(
            "Re-opens a case that was closed or withdrawn: for whoever ended it, the office that was accountable, the "
            "office that awaited her then, and their supervisors. What was left of its follow-ups is watched again."
        ),
        _(
            "What was closed by mistake, or for what is not so, goes on as it stood, with a transfer or search that "
            "ended with it. Otherwise she is with the accountable office."
        ),
        lists=(_("Reasons:") + "\n" + words.explained(_, words.REOPEN_REASONS),),
        examples=(
            ("homeward reopen HW-999-999-957 --reason asks-again", _("she asks for help again")),
            ("homeward --as SA-24 reopen HW-999-999-957 --reason not-true", _("she lives, and is expected here")),
        ),
    )
    @case_argument(_)
    @click.option("--reason", type=Word(_, words.REOPEN_REASONS), metavar=_("REASON"), required=True, help=_("Why."))
    @click.pass_obj
    def command(session: Session, case: str, reason: str) -> None:
        from homeward.handover.v1 import closing_pb2
        from homeward.type.v1 import types_pb2

        request = closing_pb2.ReopenCaseRequest(
            request_id=str(uuid.uuid4()), case=case, reason=number_of(types_pb2.ReopenReason, reason)
        )
        answer = session.ask(session.calls.closing.ReopenCase, request)
        show_custody(session, answer.custody, _("Re-opened."))

    return command
