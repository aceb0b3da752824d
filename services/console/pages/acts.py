"""What administrators do: change a rule, open an office, end one or sign-ins; an office's end is tried first, and
confirmed by its id."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message
from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.handover.v1 import directory_pb2, sessions_pb2
from services.chassis.calls.client import RpcFailure
from services.client import words
from services.client.shown.administration import counted
from services.client.stubs import Stubs
from services.console.desk import Desk
from services.console.forms import fill, options, prefilled, typed
from services.console.pages.approvals import waiting_page
from services.console.refusals import FieldProblem, Refused, at_field
from services.console.rights import approvers_of
from services.console.routes import Page
from services.console.texts import N_
from services.console.verbs import Field, Kind


@dataclass(frozen=True, slots=True)
class Act:
    """One act on no case. `tried`: it is asked first with `validate_only`, and done when the id is typed again."""

    name: str
    method: str
    call: Callable[[Stubs], Callable[[Any], Any]]
    request: type[Message]
    title: str
    submit: str
    done: str
    back: str
    fields: tuple[Field, ...]
    tried: bool = False


ACTS: Final = (
    Act(
        "change-rule",
        "ChangeRule",
        lambda stubs: stubs.directory.ChangeRule,
        directory_pb2.ChangeRuleRequest,
        N_("Change a rule"),
        N_("Change it"),
        N_("The rule is changed from that day on; deadlines that run already stay."),
        "/rules",
        (
            Field("code", Kind.CODE, N_("Rule"), words.RULES, required=True),
            Field("amount", Kind.NUMBER, N_("Amount"), required=True),
            Field("unit", Kind.CODE, N_("Unit"), words.UNITS, required=True),
            Field("basis", Kind.CODE, N_("Basis"), words.BASES, required=True),
            Field("legal_source", Kind.TEXT, N_("Source")),
            Field("valid_from", Kind.DAY, N_("Valid from"), required=True),
        ),
    ),
    Act(
        "change-calendar",
        "ChangeCalendar",
        lambda stubs: stubs.directory.ChangeCalendar,
        directory_pb2.ChangeCalendarRequest,
        N_("Change the calendar"),
        N_("Change it"),
        N_("The calendar is changed: open due dates in working days are counted anew; those that passed stand."),
        "/calendar",
        (
            Field("days_off", Kind.DAYS, N_("Weekdays that are off; several are divided by ;")),
            Field("days_worked", Kind.DAYS, N_("Weekend days that are worked; several are divided by ;")),
        ),
    ),
    Act(
        "open-office",
        "OpenOffice",
        lambda stubs: stubs.directory.OpenOffice,
        directory_pb2.OpenOfficeRequest,
        N_("Open an office"),
        N_("Open it"),
        N_("The office is opened."),
        "/offices",
        (
            Field("office_id", Kind.OFFICE_ID, N_("Id, of capitals, digits and dashes"), required=True),
            Field("role", Kind.CODE, N_("Role"), words.ROLES, required=True),
            Field("name_vi", Kind.TEXT, N_("Name in Vietnamese"), required=True),
            Field("name_en", Kind.TEXT, N_("Name in English"), required=True),
            Field("province", Kind.PROVINCE, N_("Province")),
            Field("facility_kind", Kind.CODE, N_("Kind of facility"), words.FACILITY_KINDS),
            Field("capacity", Kind.NUMBER, N_("Places")),
            Field("valid_from", Kind.DAY, N_("Valid from"), required=True, today=True),
        ),
    ),
    Act(
        "end-office",
        "EndOffice",
        lambda stubs: stubs.directory.EndOffice,
        directory_pb2.EndOfficeRequest,
        N_("End an office"),
        N_("End it"),
        N_("The office is ended: everything open passes to its successor."),
        "/offices",
        (
            Field("office_id", Kind.OFFICE_ID, N_("Office that ends"), required=True),
            Field("successor_id", Kind.OFFICE_ID, N_("Successor; empty: the supervisor of the province")),
            Field("ended_on", Kind.DAY, N_("Last day"), required=True),
        ),
        tried=True,
    ),
    Act(
        "revoke-sessions",
        "RevokeSessions",
        lambda stubs: stubs.sessions.RevokeSessions,
        sessions_pb2.RevokeSessionsRequest,
        N_("End sign-ins"),
        N_("End them"),
        N_("Ended: what was signed in until now counts no more. Whoever still may sign in signs in again."),
        "/sessions",
        (
            Field("subject", Kind.TEXT, N_("Account, as the sign-in names it")),
            Field("office_id", Kind.OFFICE_ID, N_("Or everybody at this office")),
            Field("token_id", Kind.TEXT, N_("Or one token, by its id")),
            Field("reason", Kind.CODE, N_("Why"), words.REVOKE_REASONS, required=True),
        ),
    ),
)
BY_NAME: Final = {act.name: act for act in ACTS}


async def new(desk: Desk) -> Response:
    """Give the form an id of its own."""
    return desk.go(f"/acts/{_meant(desk).name}/{uuid.uuid4()}")


async def show(desk: Desk) -> Response:
    """The form."""
    act = _meant(desk)
    desk.request_id()
    if (unsent := desk.unsent) is not None:
        return _page(desk, act, typed(unsent, act.fields), again=True)
    return _page(desk, act, prefilled(act.fields, desk.console.today()))


async def send(desk: Desk) -> Response:
    """Do it, or with an act that is tried first say what it would touch."""
    act, form = _meant(desk), await desk.form()
    values = typed(form, act.fields)
    request: Any = act.request(request_id=desk.request_id())
    problems = fill(request, act.fields, values, desk.console.today(), desk.texts)
    if problems:
        return _page(desk, act, values, problems=problems, status=422)
    confirmed = str(form.get("confirmed", "")).strip().upper()
    trying = act.tried and confirmed != request.office_id
    if trying:
        request.validate_only = True
        # Trying is no part of the request that is answered once.
        request.request_id = str(uuid.uuid4())
    try:
        answer = await desk.ask(act.call(desk.stubs), request)
    except RpcFailure as failure:
        if waits := waiting_page(failure):
            return desk.go(waits)
        refused = desk.refused(failure)
        called = {field.name: desk.texts(field.label) for field in act.fields}
        problems = [
            at_field(each.field if each.field in called else "", each.text, called.get(each.field, ""), desk.texts)
            for each in refused.problems
        ]
        return _page(desk, act, values, problems=problems, refused=refused, status=503 if refused.away else 422)
    if trying:
        return _page(desk, act, values, touched=counted(answer.counts, desk.texts), mistyped=bool(confirmed))
    ended = request.office_id if act.tried else ""
    desk.stands(())
    return desk.page("act_done.html", act=act, ended=ended)


def _page(
    desk: Desk,
    act: Act,
    values: Mapping[str, Sequence[str]],
    *,
    problems: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    touched: Sequence[tuple[str, str]] = (),
    mistyped: bool = False,
    again: bool = False,
    status: int = 200,
) -> Response:
    return desk.page(
        "act.html",
        status,
        act=act,
        fields=[(field, options(desk, field), values.get(field.name, ())) for field in act.fields],
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        touched=touched,
        mistyped=mistyped,
        again=again,
        Kind=Kind,
        approvers=[words.word(desk.texts, words.APPROVERS, each) for each in approvers_of(act.method)],
    )


def _meant(desk: Desk) -> Act:
    act = BY_NAME.get(desk.request.path_params["act"])
    if act is None or not desk.may(act.method):
        raise HTTPException(404)
    return act


def offered(desk: Desk, back: str) -> list[tuple[str, str]]:
    """Address and text of the acts that belong to a list and that this role may do."""
    found = [act for act in ACTS if act.back == back and desk.may(act.method)]
    return [(f"/acts/{act.name}", desk.texts(act.title)) for act in found]


_CALLS: Final = tuple(act.method for act in ACTS)
PAGES: Final = (
    Page("/acts/{act}", new, calls=_CALLS),
    Page("/acts/{act}/{request_id}", show, calls=_CALLS),
    Page("/acts/{act}/{request_id}", send, ("POST",), calls=_CALLS, keeps=True),
)
