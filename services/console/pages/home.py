"""The first page of the day: the board of an office, or of a supervisor's whole scope."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from homeward.handover.v1 import claims_pb2, journeys_pb2, open_cases_pb2, returns_pb2, stays_pb2, transfers_pb2
from homeward.intake.v1 import handovers_pb2, legal_steps_pb2
from homeward.notify.v1 import inbox_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import number_of
from services.chassis.kernel.roles import Role
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown import facilities, legal_steps
from services.client.shown.home_safety import waiting_row
from services.client.shown.returns import decide_row
from services.client.shown.searches import claim_row
from services.client.shown.values import day_of, enum_word, province_text
from services.console.desk import Block, Desk
from services.console.notes import notes
from services.console.pages.inbox import address_of
from services.console.pages.lists import place_row
from services.console.pages.minutes import registered
from services.console.pages.overview import overview
from services.console.pages.supervising import HERE
from services.console.routes import Page
from services.console.verbs import BY_NAME, state_of

PRESSING: Final = 50
FIRST_MESSAGES: Final = 5
HERE_MAX: Final = 20
PLACES_MAX: Final = 20
WAITING_MAX: Final = 20
LAW_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class Coming:
    """A line of the board."""

    case_number: str
    incoming: bool
    other_office: str
    state: str
    age: str
    home: str
    means: str
    expected: str
    due: str
    known: tuple[str, ...]
    overdue: bool
    late: bool
    accepted: bool
    on_the_way: bool


def coming(each: Any, own: frozenset[str], today: date, _: Texts) -> Coming:
    """A transfer as a line of the board."""
    incoming = each.to_office_id in own
    known = []
    if each.HasField("see_time"):
        known.append(_("seen {day}", day=day_of(each.see_time)))
    if each.HasField("accept_time"):
        known.append(_("accepted {day}", day=day_of(each.accept_time)))
    state = state_of(each)
    return Coming(
        case_number=each.case_number,
        incoming=incoming,
        other_office=each.from_office_id if incoming else each.to_office_id,
        state=enum_word(_, each, "state", words.TRANSFER_STATES),
        age=enum_word(_, each, "age_band", words.AGE_BANDS),
        home=province_text(each.home_province).partition(" (")[0],
        means=enum_word(_, each.travel, "means", words.MEANS),
        expected=written(each.expected_arrival_on),
        due=written(each.acknowledge_due_on),
        known=tuple(known),
        overdue=each.overdue,
        late=each.expected_arrival_on < today.isoformat(),
        accepted=each.HasField("accept_time"),
        on_the_way=state == "DISPATCHED",
    )


async def home(desk: Desk) -> Response:
    """The page; each block has its own call."""
    (board, inbox, watched, places), (claims, returns, handovers, here, waiting, law) = await asyncio.gather(
        asyncio.gather(
            desk.block(_board(desk)), desk.block(_messages(desk)), overview(desk), desk.block(_places(desk))
        ),
        asyncio.gather(
            desk.block(_claims(desk)),
            desk.block(_returns(desk)),
            desk.block(_handovers(desk)),
            desk.block(_here(desk)),
            desk.block(_waiting(desk)),
            desk.block(_law(desk)),
        ),
    )
    own = desk.own
    today = desk.console.today()
    rows = [coming(each, own, today, desk.texts) for each in board.found.pressing] if board.found else []
    done = BY_NAME.get(desk.request.query_params.get("done", ""))
    return desk.page(
        "home.html",
        board=board,
        counts=_counts(board.found, desk) if board.found else [],
        incoming=[each for each in rows if each.incoming],
        outgoing=[each for each in rows if not each.incoming],
        inbox=inbox,
        news=[(each, address_of(each)) for each in inbox.found.messages] if inbox.found else [],
        watched=watched,
        places=places,
        place_titles=facilities.titles(desk.texts),
        place_rows=[place_row(each, desk) for each in places.found.facilities] if places.found else [],
        quiet=not any((board.found, watched, here.found, handovers.found, inbox.missing, _lines(inbox))),
        handovers=handovers,
        handed=[registered(each, desk) for each in handovers.found.handovers] if handovers.found else [],
        here=here,
        staying=[_staying(each, desk) for each in here.found.cases] if here.found else [],
        law=law,
        law_rows=[legal_steps.row(each, desk.texts) for each in law.found.deadlines] if law.found else [],
        waiting=waiting,
        waiting_rows=[waiting_row(each, desk.texts) for each in waiting.found.people] if waiting.found else [],
        returns=[decide_row(each, desk.texts) for each in returns.found.returns] if returns.found else [],
        claims=[claim_row(each, desk.texts) for each in claims.found.searches] if claims.found else [],
        done=done,
        notes=notes(desk),
        done_case=desk.request.query_params.get("case", ""),
        now=desk.console.now(),
    )


def _lines(inbox: Block[Any]) -> bool:
    return bool(inbox.found is not None and inbox.found.messages)


async def _board(desk: Desk) -> transfers_pb2.GetTransferBoardResponse | None:
    if not desk.may("GetTransferBoard"):
        return None
    request = transfers_pb2.GetTransferBoardRequest(pressing_max=PRESSING)
    return await desk.ask(desk.stubs.transfers.GetTransferBoard, request)


async def _handovers(desk: Desk) -> handovers_pb2.ListHandoversResponse | None:
    """Those of today, for who registers handovers."""
    if not desk.may("ListHandovers"):
        return None
    today = desk.console.today().isoformat()
    request = handovers_pb2.ListHandoversRequest(from_on=today, until_on=today)
    return await desk.ask(desk.stubs.handovers.ListHandovers, request)


async def _here(desk: Desk) -> open_cases_pb2.ListCustodiesResponse | None:
    """Who is with this office, the earliest due first."""
    if not desk.may("ListCustodies") or desk.office.role is Role.SUPERVISOR:
        return None
    phases = [number_of(types_pb2.CasePhase, each) for each in HERE]
    request = open_cases_pb2.ListCustodiesRequest(page_size=HERE_MAX, filter=open_cases_pb2.CaseFilter(phases=phases))
    return await desk.ask(desk.stubs.open_cases.ListCustodies, request)


async def _law(desk: Desk) -> legal_steps_pb2.ListLegalDeadlinesResponse | None:
    """What the law wants from this office, the earliest due first: before it is overdue, and told by a message."""
    if not desk.may("ListLegalDeadlines") or desk.office.role is Role.SUPERVISOR:
        return None
    request = legal_steps_pb2.ListLegalDeadlinesRequest(page_size=LAW_MAX)
    return await desk.ask(desk.stubs.legal_steps.ListLegalDeadlines, request)


async def _waiting(desk: Desk) -> journeys_pb2.ListAwaitingVerdictResponse | None:
    """Whose journey from here waits for a verdict about the home."""
    if not desk.may("ListAwaitingVerdict") or desk.office.role is Role.SUPERVISOR:
        return None
    request = journeys_pb2.ListAwaitingVerdictRequest(page_size=WAITING_MAX)
    return await desk.ask(desk.stubs.journeys.ListAwaitingVerdict, request)


@dataclass(frozen=True, slots=True)
class Staying:
    """Somebody who is here, and until when what is to be done."""

    case_number: str
    phase: str
    person: str
    what: str
    due: str
    overdue_days: int
    planned_for: str


def _staying(each: Any, desk: Desk) -> Staying:
    _ = desk.texts
    age, home = enum_word(_, each, "age_band", words.AGE_BANDS), province_text(each.home_province).partition(" (")[0]
    return Staying(
        each.case_number,
        enum_word(_, each, "phase", words.PHASES),
        " · ".join(text for text in (age, home) if text),
        words.word(_, words.RULES, each.rule),
        written(each.due_on),
        each.overdue_days,
        each.to_office_id,
    )


async def _places(desk: Desk) -> stays_pb2.ListFacilitiesResponse | None:
    """How full the facilities are, for the centres and whoever watches over them."""
    if not desk.may("ListFacilities"):
        return None
    request = stays_pb2.ListFacilitiesRequest(page_size=PLACES_MAX)
    return await desk.ask(desk.stubs.stays.ListFacilities, request)


async def _claims(desk: Desk) -> claims_pb2.ListClaimsResponse | None:
    """Who is said to be with this office, which is asked to answer."""
    if not desk.may("ConfirmFound"):
        return None
    return await desk.ask(desk.stubs.claims.ListClaims, claims_pb2.ListClaimsRequest())


async def _returns(desk: Desk) -> returns_pb2.ListReturnsResponse | None:
    """Later registrations of which this office decides whether it is the same person."""
    if not (desk.may("ListReturns") and desk.may("ConfirmReappearance")):
        return None
    return await desk.ask(desk.stubs.returns.ListReturns, returns_pb2.ListReturnsRequest())


async def _messages(desk: Desk) -> inbox_pb2.ListMessagesResponse | None:
    if not desk.may("ListMessages"):
        return None
    request = inbox_pb2.ListMessagesRequest(page_size=FIRST_MESSAGES, language=desk.texts.language)
    return await desk.ask(desk.stubs.inbox.ListMessages, request)


@dataclass(frozen=True, slots=True)
class Group:
    """Counts that belong together."""

    title: str
    counts: tuple[tuple[str, str, str], ...]


_LINKS: Final = {
    **{
        (way, name): f"/transfers?direction={way}&{which}"
        for way in ("incoming", "outgoing")
        for name, which in (
            ("PLANNED", "state=PLANNED"),
            ("ON_THE_WAY", "state=DISPATCHED"),
            ("TO_ACCEPT", "accept=1"),
            ("OVERDUE", "overdue=1"),
        )
    },
    ("own", "TO_SEND_ON"): "/custodies?phase=to-send-on",
    ("own", "SENT_BACK"): "/custodies?phase=REJECTED",
    ("own", "IN_FACILITY"): "/custodies?phase=ADMITTED",
    ("own", "LOST"): "/lost",
}
"""Each count leads to the very rows that it counted."""


def _counts(board: transfers_pb2.GetTransferBoardResponse, desk: Desk) -> list[Group]:
    _ = desk.texts
    titles = _("Coming to you"), _("Sent by you"), _("With you")
    if desk.office.role is Role.SUPERVISOR:
        titles = _("On the way to offices"), _("Sent by offices"), _("With offices")
    counted: tuple[Iterable[Any], ...] = board.incoming, board.outgoing, board.own
    groups = zip(("incoming", "outgoing", "own"), titles, counted, strict=True)
    return [Group(title, tuple(_count(kind, each, _) for each in counts)) for kind, title, counts in groups]


def _count(kind: str, each: Any, _: Texts) -> tuple[str, str, str]:
    return _name(each.name, _), f"{each.count}{'+' if each.more else ''}", _link(kind, each.name)


def _name(name: str, _: Texts) -> str:
    code = words.find(words.BOARD, name)
    return words.word(_, words.BOARD, code) if code else name


def _link(kind: str, name: str) -> str:
    return _LINKS[kind, words.find(words.BOARD, name) or ""]


PAGES: Final = (Page("/", home),)
