"""How the work at home stands: each number leads to its very rows.

Officers stand by a pseudonym, the one of the log of acts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, Final

from starlette.responses import Response

from homeward.followup.v1 import oversight_pb2, steps_pb2, visits_pb2
from homeward.type.v1 import types_pb2
from services.chassis.kernel.roles import Role
from services.client import words
from services.client.dates import written
from services.client.shown import oversight as shown
from services.client.shown.acts import number_of
from services.client.shown.follow_ups import due_row, due_titles
from services.console.desk import Block, Desk
from services.console.pages import filters
from services.console.pages.lists import day_in_address, page_token, shown_list
from services.console.routes import Page

OFFICER_CHARS: Final = 16
WITHIN: Final = ("7", "30")
"""Within so many days, as the counts have it."""
Cell = tuple[str, str]
"""A text, and the address that it leads to; empty for none."""


async def overview(desk: Desk) -> Response:
    """What is overdue by office, who is lost, who has how much to do, and what became of each month."""
    _ = desk.texts
    province, office = filters.of_province(desk), filters.of_office(desk)
    overdue, lost, work, trend = await asyncio.gather(
        desk.block(_overdue(desk, province.value, office.value)),
        desk.block(_lost(desk, province.value, office.value)),
        desk.block(_workload(desk, province.value, office.value)),
        desk.block(_trend(desk, province.value, office.value)),
    )
    place = {"province": province.value, "office": office.value}
    return desk.page(
        "oversight.html",
        filters=[each.parts for each in (province, office)] if desk.office.role is Role.SUPERVISOR else (),
        overdue=overdue,
        overdue_titles=shown.overdue_titles(_),
        overdue_rows=[_overdue_cells(each, desk) for each in _rows(overdue, "counts")],
        lost=lost,
        lost_titles=shown.lost_titles(_),
        lost_rows=[_lost_cells(each, desk, office.value) for each in shown.lost_counts(_rows(lost, "counts"))],
        work=work,
        work_titles=shown.workload_titles(_),
        work_rows=[_work_cells(each, desk) for each in _rows(work, "officers")],
        province_titles=shown.province_titles(_),
        province_rows=_province_cells(_rows(overdue, "counts"), desk) if _is_whole(desk, *place.values()) else (),
        legend=shown.figures_legend(_),
        trend=trend,
        trend_titles=shown.trend_titles(_),
        as_of=written(trend.found.as_of) if trend.found else "",
        trend_rows=[_month_cells(each, desk, place) for each in _rows(trend, "months")],
    )


def _rows(block: Block[Any], name: str) -> Sequence[Any]:
    return getattr(block.found, name) if block.found is not None else ()


async def _overdue(desk: Desk, province: str, office: str) -> visits_pb2.CountOverdueFollowUpsResponse:
    wanted = visits_pb2.OverdueFilter(province=province, office_id=office)
    request = visits_pb2.CountOverdueFollowUpsRequest(filter=wanted, by_office=True)
    return await desk.ask(desk.stubs.visits.CountOverdueFollowUps, request)


async def _lost(desk: Desk, province: str, office: str) -> visits_pb2.CountFollowUpsResponse:
    wanted = visits_pb2.FollowUpFilter(province=province, office_id=office, result=types_pb2.FOLLOW_UP_RESULT_LOST)
    return await desk.ask(desk.stubs.visits.CountFollowUps, visits_pb2.CountFollowUpsRequest(filter=wanted))


async def _workload(desk: Desk, province: str, office: str) -> oversight_pb2.CountWorkloadResponse | None:
    """None of the whole country: that is told by province."""
    if _is_whole(desk, province, office):
        return None
    wanted = oversight_pb2.WorkloadFilter(province=province, office_id=office)
    return await desk.ask(desk.stubs.oversight.CountWorkload, oversight_pb2.CountWorkloadRequest(filter=wanted))


def _is_whole(desk: Desk, province: str, office: str) -> bool:
    """Whether whoever watches over the whole country has chosen neither a province nor an office."""
    return desk.office.role is Role.SUPERVISOR and desk.office.province is None and not (province or office)


async def _trend(desk: Desk, province: str, office: str) -> oversight_pb2.ListFollowUpTrendResponse:
    request = oversight_pb2.ListFollowUpTrendRequest(province=province, office_id=office)
    return await desk.ask(desk.stubs.oversight.ListFollowUpTrend, request)


def _overdue_cells(each: Any, desk: Desk) -> list[Cell]:
    place, office, what, total, week, month, oldest = shown.overdue_row(each, desk.texts)
    rows = {"office": each.office_id, "rule": each.rule}
    return [
        (place, ""),
        (desk.with_id(office), ""),
        (what, ""),
        (total, filters.address("/follow-ups/overdue", **rows)),
        (week, filters.address("/follow-ups/overdue", **rows, days="7")),
        (month, filters.address("/follow-ups/overdue", **rows, days="30")),
        (oldest, ""),
    ]


def _province_cells(counts: Iterable[Any], desk: Desk) -> list[list[Cell]]:
    """Each province of today with what is overdue in it, most first; its name leads to who has how much to do there."""
    found, cells = shown.late_by_province(counts), []
    late = {name: found.get(name, shown.LateCount()) for name, _name in filters.of_province(desk).options}
    for province, count in sorted(late.items(), key=lambda each: -each[1].total):
        place, total, week, month = shown.province_row(province, count, desk.texts)
        rows = {"province": province}
        cells.append(
            [
                (place, f"{filters.address('/follow-ups/overview', **rows)}#work"),
                (total, filters.address("/follow-ups/overdue", **rows)),
                (week, filters.address("/follow-ups/overdue", **rows, days="7")),
                (month, filters.address("/follow-ups/overdue", **rows, days="30")),
            ]
        )
    return cells


def _lost_cells(each: shown.LostCount, desk: Desk, office: str) -> list[Cell]:
    place, kind, total = shown.lost_row(each, desk.texts)
    code = types_pb2.FollowUpKind.Name(each.kind).removeprefix("FOLLOW_UP_KIND_")
    rows = filters.address("/follow-ups", result="LOST", kind=code, province=each.province, office=office)
    return [(place, ""), (kind, ""), (total, rows)]


def _work_cells(each: Any, desk: Desk) -> list[Cell]:
    office, who, cases, week, month, overdue, visits = shown.workload_row(each, desk.texts)
    rows = {"office": each.office_id, "officer": each.officer}
    return [
        (desk.with_id(office), ""),
        (_officer(each.officer, who, desk), ""),
        (cases, filters.address("/follow-ups/workload", **rows)),
        (week, filters.address("/follow-ups/workload", **rows, days="7")),
        (month, filters.address("/follow-ups/workload", **rows, days="30")),
        (overdue, filters.address("/follow-ups/workload", **rows, overdue="1")),
        (visits, ""),
    ]


def _officer(code: str, told: str, desk: Desk) -> str:
    """An officer as “Who did what” tells one from others; `told` of a case that nobody began."""
    return told if code == shown.NOBODY else desk.texts("officer {number}", number=number_of(code))


def _work_row(each: Any, desk: Desk) -> Sequence[str]:
    number, *what, who, office = shown.work_row(each, desk.texts)
    return (number, *what, _officer(each.officer, who, desk), office)


def _month_cells(each: Any, desk: Desk, place: dict[str, str]) -> list[Cell]:
    month, *numbers = shown.trend_row(each, desk.texts)
    span = {"from": each.month, "until": shown.month_end(each.month), **place}
    return [
        (month, ""),
        *(
            (number, "" if getattr(each, name).hidden else filters.address("/follow-ups", result=result, **span))
            for number, (name, result) in zip(numbers, shown.RESULT_FIELDS, strict=True)
        ),
    ]


async def workload(desk: Desk) -> Response:
    """The cases of an officer, or of an office: the very rows that were counted."""
    _ = desk.texts
    chosen = (
        filters.of_office(desk),
        filters.Filter("officer", _("Officer"), (), desk.request.query_params.get("officer", "")[:OFFICER_CHARS]),
        filters.of_options(
            desk, "days", _("When"), [(each, _("due within {days} days", days=each)) for each in WITHIN]
        ),
        filters.of_options(desk, "overdue", _("State"), [("1", words.word(_, words.FOLLOW_UP_STATES, "OVERDUE"))]),
    )
    office, officer, days, overdue = (each.value for each in chosen)
    wanted = oversight_pb2.WorkloadFilter(
        office_id=office, officer=officer, due_within_days=int(days or 0), overdue_only=bool(overdue)
    )
    request = oversight_pb2.ListWorkloadRequest(page_token=page_token(desk), filter=wanted)
    return await shown_list(
        desk,
        _("Cases by officer"),
        shown.work_titles(_),
        lambda: desk.ask(desk.stubs.oversight.ListWorkload, request),
        lambda answer: [_work_row(each, desk) for each in answer.cases],
        filters=[each.parts for each in chosen],
        beside=[("/follow-ups/overview", _("How follow-ups stand"))],
    )


async def due(desk: Desk) -> Response:
    """What was due in a period and what of it was made, as everything stood at the end of a day."""
    _ = desk.texts
    days = [
        ("from", _("Due from"), day_in_address(desk, "from")),
        ("until", _("Due until"), day_in_address(desk, "until")),
        ("as-of", _("As it stood on"), day_in_address(desk, "as-of")),
    ]
    since, until, stood_on = (day for _name, _title, day in days)
    request = steps_pb2.CountDueFollowUpsRequest(due_from=since, due_until=until, stood_on=stood_on)
    return await shown_list(
        desk,
        _("What was due, and made"),
        due_titles(_),
        lambda: desk.ask(desk.stubs.steps.CountDueFollowUps, request),
        lambda answer: [_due_cells(each, desk) for each in answer.counts],
        filters=[(name, title, (), written(day)) for name, title, day in days],
        link="",
        beside=[("/follow-ups/overview", _("How follow-ups stand"))],
        note=_("Asked for the same day later, the numbers are the same: what is recorded afterwards changes none."),
    )


def _due_cells(each: Any, desk: Desk) -> Sequence[str]:
    office, *numbers = due_row(each, desk.texts)
    return desk.with_id(office), *numbers


PAGES: Final = (
    Page("/follow-ups/due", due, calls=("CountDueFollowUps",)),
    Page("/follow-ups/overview", overview, calls=("CountWorkload",)),
    Page("/follow-ups/workload", workload, calls=("ListWorkload",)),
)
