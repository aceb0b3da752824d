"""Lists of cases and follow-ups; no list says who anybody is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import stays_pb2
from homeward.intake.v1 import identification_pb2, reading_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import number_of
from services.client import words
from services.client.dates import DateProblem, parse_day, written
from services.client.shown import cases, facilities, follow_ups
from services.console.desk import Desk
from services.console.pages import filters as in_address
from services.console.routes import Page

PERIODS: Final = (7, 31, 92)
"""How far ahead follow-ups are looked for, in days."""


async def shown_list(
    desk: Desk,
    title: str,
    titles: Sequence[str],
    answer: Callable[[], Awaitable[Any]],
    rows: Callable[[Any], Sequence[Sequence[str]]],
    *,
    filters: Sequence[tuple[str, str, Sequence[tuple[str, str]], str]] = (),
    link: str = "/cases/",
    called: str = "",
    beside: Sequence[tuple[str, str]] = (),
    under: Callable[[Any], Sequence[str]] | None = None,
    note: str = "",
) -> Response:
    """A list of any kind: filters stand in the address, so a page can be handed on. A filter: name, title, options,
    the value chosen. `called`: what leads to each row, in place of an id that nobody reads. `beside`: addresses and
    texts of what belongs to it. `under`: the heading that each row stands under, where the list has headings. `note`:
    how it is to be read."""
    found = await desk.block(answer())
    chosen = urlencode([(name, value) for name, _title, _options, value in filters if value])
    return desk.page(
        "list.html",
        title=title,
        titles=titles,
        found=found,
        rows=rows_named(rows(found.found), desk) if found.found is not None else (),
        under=under(found.found) if found.found is not None and under is not None else (),
        filters=filters,
        query=f"{chosen}&" if chosen else "",
        link=link,
        called=called,
        beside=beside,
        note=note,
        next=getattr(found.found, "next_page_token", ""),
    )


def rows_named(rows: Sequence[Sequence[str]], desk: Desk) -> list[list[str]]:
    """Rows with offices by their names; what stands first is what the row is found by, and stays."""
    return [[row[0], *(desk.named(cell) for cell in row[1:])] for row in rows]


def heading(due_on: str, desk: Desk) -> str:
    """Of a list by due dates: what has passed, this week and the next, then month by month."""
    _, today = desk.texts, desk.console.today()
    due = date.fromisoformat(due_on) if due_on else None
    if due is None:
        return _("Without a day")
    next_monday = today + timedelta(days=7 - today.weekday())
    if due < today:
        return _("Due before today")
    if due < next_monday:
        return _("This week")
    if due < next_monday + timedelta(days=7):
        return _("Next week")
    return _("In {month}", month=f"{due:%m/%Y}")


def chosen(desk: Desk, name: str, known: words.Words) -> str:
    """A code of a list in the address; empty when there is none."""
    value = desk.request.query_params.get(name, "")
    return value if value in known.codes else ""


def choices(desk: Desk, known: words.Words) -> list[tuple[str, str]]:
    """The codes of a list with their words."""
    return [(code, words.word(desk.texts, known, code)) for code in known]


def page_token(desk: Desk) -> str:
    """Of the page asked for."""
    return desk.request.query_params.get("page", "")[:500]


async def of_cases(desk: Desk) -> Response:
    """Cases of the office or in its scope, newest first."""
    _ = desk.texts
    phase, status = chosen(desk, "phase", words.PHASES), chosen(desk, "identification", words.IDENTIFICATIONS)
    request = reading_pb2.ListCasesRequest(
        page_token=page_token(desk),
        phase=number_of(types_pb2.CasePhase, phase or None),
        identification=number_of(types_pb2.IdentificationStatus, status or None),
        received_from=day_in_address(desk, "from"),
        received_until=day_in_address(desk, "until"),
    )
    titles = (_("Case number"), _("Received"), _("Phase"), _("Victim"), _("Age"), _("Home"), _("Office"))
    return await shown_list(
        desk,
        _("Cases"),
        titles,
        lambda: desk.ask(desk.stubs.reading.ListCases, request),
        lambda answer: [cases.row(each, _) for each in answer.cases],
        filters=(
            ("phase", _("Phase"), choices(desk, words.PHASES), phase),
            ("identification", _("Victim"), choices(desk, words.IDENTIFICATIONS), status),
            ("from", _("Received from"), (), written(request.received_from)),
            ("until", _("Received until"), (), written(request.received_until)),
        ),
        beside=[("/legal-deadlines", _("Due by law"))] if desk.may("ListLegalDeadlines") else (),
    )


def day_in_address(desk: Desk, name: str) -> str:
    """A day in the address as services take it; empty when there is none. What is no day is said."""
    given = desk.request.query_params.get(name, "").strip()[:40]
    try:
        return parse_day(given, desk.console.today()).isoformat() if given else ""
    except DateProblem:
        desk.no_day = given
        return ""


async def of_follow_ups(desk: Desk) -> Response:
    """Follow-ups, the earliest due first: those late and overdue, and those of the coming week or month."""
    _, today = desk.texts, desk.console.today()
    periods = [("late", _("late and overdue"))]
    periods += [(str(each), _("due within {days} days", days=each)) for each in PERIODS] + [("all", _("all"))]
    when = in_address.of_options(desk, "days", _("When"), periods)
    kind = in_address.of_words(desk, "kind", _("Follow-up"), words.FOLLOW_UP_KINDS)
    state = in_address.of_words(desk, "state", _("State"), words.FOLLOW_UP_STATES)
    result = in_address.of_words(desk, "result", _("What became of it"), words.FOLLOW_UP_RESULTS)
    province, office = in_address.of_province(desk), in_address.of_office(desk)
    due_from, due_until = day_in_address(desk, "from"), day_in_address(desk, "until")
    period = when.value or ("all" if due_from or due_until or result.value else str(PERIODS[1]))
    ends = {"late": (today - timedelta(days=1)).isoformat(), "all": due_until}
    wanted = visits_pb2.FollowUpFilter(
        due_from=due_from,
        due_until=ends[period] if period in ends else (today + timedelta(days=int(period))).isoformat(),
        kind=number_of(types_pb2.FollowUpKind, kind.value or None),
        state=number_of(types_pb2.FollowUpState, None if result.value else state.value or None),
        result=number_of(types_pb2.FollowUpResult, result.value or None),
        province=province.value,
        office_id=office.value,
    )
    request = visits_pb2.ListFollowUpsRequest(page_token=page_token(desk), filter=wanted)
    titles = (_("Case number"), _("Follow-up"), _("Due"), _("State"), _("Found"), _("Attempts"), _("Office"))
    return await shown_list(
        desk,
        _("Follow-ups"),
        titles,
        lambda: desk.ask(desk.stubs.visits.ListFollowUps, request),
        lambda answer: [follow_ups.row(each, _) for each in answer.follow_ups],
        under=lambda answer: [heading(each.due_on, desk) for each in answer.follow_ups],
        filters=(
            kind.parts,
            state.parts,
            result.parts,
            ("days", _("When"), periods, period),
            ("from", _("Due from"), (), written(due_from)),
            ("until", _("Due until"), (), written(due_until)),
            province.parts,
            office.parts,
        ),
        beside=[("/follow-ups/overview", _("How follow-ups stand"))],
    )


async def of_facilities(desk: Desk) -> Response:
    """How full the facilities are."""
    _ = desk.texts
    request = stays_pb2.ListFacilitiesRequest(page_token=page_token(desk))
    return await shown_list(
        desk,
        _("Facilities"),
        facilities.titles(_),
        lambda: desk.ask(desk.stubs.stays.ListFacilities, request),
        lambda answer: [place_row(each, desk) for each in answer.facilities],
        link="",
        beside=[("/custodies?phase=ADMITTED", _("Who stays there, and until when"))],
    )


def place_row(each: Any, desk: Desk) -> Sequence[str]:
    """A facility by its name."""
    office_id, *rest = facilities.row(each, desk.texts)
    return desk.with_id(office_id), *rest


async def of_undecided(desk: Desk) -> Response:
    """Cases of which nobody has decided yet whether she is a victim."""
    _ = desk.texts
    request = identification_pb2.ListUndecidedRequest(page_token=page_token(desk))
    return await shown_list(
        desk,
        _("Not decided yet"),
        cases.undecided_titles(_),
        lambda: desk.ask(desk.stubs.identification.ListUndecided, request),
        lambda answer: [cases.undecided_row(each, _) for each in answer.cases],
    )


PAGES: Final = (
    Page("/undecided", of_undecided, calls=("ListUndecided",)),
    Page("/cases", of_cases, calls=("ListCases",)),
    Page("/follow-ups", of_follow_ups, calls=("ListFollowUps",)),
    Page("/facilities", of_facilities, calls=("ListFacilities",)),
)
