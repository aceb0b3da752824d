"""What a supervisor watches: open cases, overdue, searched for, follow-ups overdue. Filters stand in the address."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.responses import Response

from homeward.followup.v1 import visits_pb2
from homeward.handover.v1 import open_cases_pb2, searches_pb2
from homeward.intake.v1 import legal_steps_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.enums import number_of
from services.chassis.kernel.roles import Role
from services.client import words
from services.client.dates import written
from services.client.shown import legal_steps as by_law
from services.client.shown import open_cases
from services.client.shown import overdue as shown
from services.client.shown.searches import level_text, search_facts
from services.client.shown.values import enum_word
from services.console.desk import Desk
from services.console.pages import filters
from services.console.pages.answers import case_of
from services.console.pages.filters import Filter
from services.console.pages.lists import day_in_address, heading, page_token, rows_named, shown_list
from services.console.pages.overview import tiles
from services.console.routes import Page
from services.console.texts import N_
from services.console.verbs import View, offered

HERE: Final = ("REGISTERED", "REJECTED", "DISCHARGED", "ADMITTED")
"""Phases of people who are with the office that answers for them."""
GROUPS: Final = (
    ("here", N_("with the office"), HERE),
    ("to-send-on", N_("to be sent on"), ("REGISTERED", "DISCHARGED")),
)


async def custodies(desk: Desk) -> Response:
    """Open cases, the earliest due first: who is where, and until when what must happen."""
    _ = desk.texts
    phases = [(name, _(title)) for name, title, _codes in GROUPS]
    phases += [
        (code, words.word(_, words.PHASES, code)) for code in words.PHASES if code not in ("CLOSED", "WITHDRAWN")
    ]
    phase = filters.of_options(desk, "phase", _("Phase"), phases)
    chosen, until = (phase, *_case_filters(desk)), day_in_address(desk, "until")
    request = open_cases_pb2.ListCustodiesRequest(page_token=page_token(desk), filter=_case_filter(chosen, until))
    codes = next((codes for name, _title, codes in GROUPS if name == phase.value), (phase.value,))
    request.filter.phases.extend(number_of(types_pb2.CasePhase, code) for code in codes if code)
    return await shown_list(
        desk,
        _("Open cases"),
        open_cases.titles(_),
        lambda: desk.ask(desk.stubs.open_cases.ListCustodies, request),
        lambda answer: [open_cases.row(each, _) for each in answer.cases],
        under=lambda answer: [heading(each.due_on, desk) for each in answer.cases],
        filters=[each.parts for each in chosen],
    )


async def overdue(desk: Desk) -> Response:
    """Open cases with a deadline passed, the longest overdue first."""
    _ = desk.texts
    chosen, until = _case_filters(desk), day_in_address(desk, "until")
    request = open_cases_pb2.ListOverdueRequest(page_token=page_token(desk), filter=_case_filter(chosen, until))
    return await shown_list(
        desk,
        _("Overdue"),
        _late_titles(desk),
        lambda: desk.ask(desk.stubs.open_cases.ListOverdue, request),
        lambda answer: [shown.late_row(shown.late_case(each), _) for each in answer.cases],
        filters=[each.parts for each in chosen],
        beside=[
            (address, text)
            for address, text, method in (
                ("/follow-ups/overdue", _("Follow-ups overdue"), "ListOverdueFollowUps"),
                ("/legal-deadlines?passed=overdue", _("Due by law"), "ListLegalDeadlines"),
            )
            if desk.may(method)
        ],
    )


def _late_titles(desk: Desk) -> tuple[str, ...]:
    _ = desk.texts
    return (_("Case number"), _("What is overdue"), _("Due"), _("Days"), _("Accountable"), _("To"))


def _case_filters(desk: Desk) -> tuple[Filter, ...]:
    _ = desk.texts
    return (
        filters.of_province(desk),
        filters.of_words(desk, "rule", _("What is due"), words.RULES, shown.CASE_RULES),
        filters.of_days(desk, "days", _("Overdue for")),
        Filter("until", _("Due until"), (), written(day_in_address(desk, "until"))),
        *((filters.of_office(desk),) if desk.office.role is Role.SUPERVISOR else ()),
    )


def _case_filter(chosen: tuple[Filter, ...], due_until: str) -> open_cases_pb2.CaseFilter:
    given = {each.name: each.value for each in chosen}
    return open_cases_pb2.CaseFilter(
        province=given["province"],
        rule=given["rule"],
        overdue_days_min=int(given["days"] or 0),
        office_id=given.get("office", ""),
        due_until=due_until,
    )


async def legal_deadlines(desk: Desk) -> Response:
    """What is due by law, the earliest first: steps of offices, and decisions of the police."""
    _ = desk.texts
    passed = [("overdue", _("only those overdue"))]
    chosen = (
        filters.of_province(desk),
        filters.of_words(desk, "rule", _("What is due"), words.RULES, words.LEGAL_DEADLINES),
        filters.of_options(desk, "passed", _("When"), passed),
        filters.of_days(desk, "days", _("Overdue for")),
    )
    province, rule, when, days = (each.value for each in chosen)
    wanted = legal_steps_pb2.LegalDeadlineFilter(
        province=province, rule=rule, overdue_only=bool(when), overdue_days_min=int(days or 0)
    )
    request = legal_steps_pb2.ListLegalDeadlinesRequest(page_token=page_token(desk), filter=wanted)
    found, counted = await asyncio.gather(
        desk.block(desk.ask(desk.stubs.legal_steps.ListLegalDeadlines, request)),
        desk.block(
            desk.ask(
                desk.stubs.legal_steps.CountLegalDeadlines, legal_steps_pb2.CountLegalDeadlinesRequest(filter=wanted)
            )
        ),
    )
    counts = list(counted.found.counts) if counted.found else []
    return desk.page(
        "legal_deadlines.html",
        found=found,
        counted=counted,
        titles=by_law.titles(_),
        rows=rows_named([by_law.row(each, _) for each in found.found.deadlines], desk) if found.found else [],
        filters=[each.parts for each in chosen],
        query=filters.query_of(chosen),
        count_titles=by_law.count_titles(_),
        count_rows=[
            (
                filters.address(
                    "/legal-deadlines", province=each.province, rule=each.rule, passed="overdue" if when else ""
                ),
                by_law.count_row(each, _),
            )
            for each in counts
        ],
        next=found.found.next_page_token if found.found else "",
    )


async def overdue_follow_ups(desk: Desk) -> Response:
    """Follow-ups overdue, in the same form."""
    _ = desk.texts
    chosen = (
        filters.of_province(desk),
        filters.of_words(desk, "rule", _("What is due"), words.RULES, shown.FOLLOW_UP_RULES),
        filters.of_days(desk, "days", _("Overdue for")),
        filters.of_options(desk, "level", _("Told to"), _levels(desk)),
        filters.of_office(desk),
    )
    province, rule, days, level, office_id = (each.value for each in chosen)
    request = visits_pb2.ListOverdueFollowUpsRequest(
        page_token=page_token(desk),
        filter=visits_pb2.OverdueFilter(
            province=province,
            rule=rule,
            overdue_days_min=int(days or 0),
            escalation_level_min=int(level or 0),
            office_id=office_id,
        ),
    )
    return await shown_list(
        desk,
        _("Follow-ups overdue"),
        _late_titles(desk),
        lambda: desk.ask(desk.stubs.visits.ListOverdueFollowUps, request),
        lambda answer: [shown.late_row(shown.late_follow_up(each), _) for each in answer.follow_ups],
        filters=[each.parts for each in chosen],
        beside=[
            (address, text)
            for address, text, method in (
                ("/overdue", _("All that is overdue"), "ListOverdue"),
                ("/follow-ups/overview", _("How follow-ups stand"), "CountWorkload"),
            )
            if desk.may(method)
        ],
    )


def _levels(desk: Desk) -> list[tuple[str, str]]:
    return [(str(each), level_text(each, desk.texts)) for each in (1, 2, 3)]


async def lost(desk: Desk) -> Response:
    """People searched for: the counts with the map, and the very rows that were counted."""
    _ = desk.texts
    chosen = (
        filters.of_province(desk),
        filters.of_words(desk, "reason", _("Why"), words.LOST_REASONS),
        filters.of_days(desk, "days", _("Searched for since")),
        filters.of_options(desk, "level", _("Told to"), _levels(desk)),
    )
    province, reason, days, level = (each.value for each in chosen)
    wanted = searches_pb2.LostFilter(
        province=province,
        reason=number_of(types_pb2.LostReason, reason or None),
        age_days_min=int(days or 0),
        escalation_level_min=int(level or 0),
    )
    request = searches_pb2.ListLostRequest(page_token=page_token(desk), filter=wanted)
    found, counted = await asyncio.gather(desk.block(_lost(desk, request)), desk.block(_count(desk, wanted)))
    counts = list(counted.found.counts) if counted.found else []
    return desk.page(
        "lost.html",
        found=found,
        counted=counted,
        titles=(_("Case number"), _("Why"), _("Days"), _("Accountable"), _("To"), _("Told to")),
        rows=rows_named([shown.lost_row(shown.lost_case(each), _) for each in found.found.searches], desk)
        if found.found
        else [],
        filters=[each.parts for each in chosen],
        query=filters.query_of(chosen),
        count_titles=shown.count_titles(_),
        count_rows=[shown.count_row(_plain_count(each), _) for each in counts],
        tiles=tiles(((each.province, each.total) for each in counts), desk, "/lost"),
        total=sum(each.total for each in counts),
    )


def _plain_count(each: Any) -> dict[str, Any]:
    code = types_pb2.LostReason.Name(each.reason).removeprefix("LOST_REASON_")
    return {
        "province": each.province,
        "reason": "" if code == "UNSPECIFIED" else code,
        "total": each.total,
        "from_7_days": each.from_7_days,
        "from_30_days": each.from_30_days,
        "oldest_days": each.oldest_days,
    }


async def _lost(desk: Desk, request: Any) -> searches_pb2.ListLostResponse:
    return await desk.ask(desk.stubs.searches.ListLost, request)


async def _count(desk: Desk, wanted: searches_pb2.LostFilter) -> searches_pb2.CountLostResponse:
    return await desk.ask(desk.stubs.searches.CountLost, searches_pb2.CountLostRequest(filter=wanted))


async def search(desk: Desk) -> Response:
    """One search: why, how long, who answers for it, what was done, and what can be done now."""
    number, _ = case_of(desk), desk.texts
    found = (await desk.ask(desk.stubs.searches.GetSearch, searches_pb2.GetSearchRequest(case=number))).search
    view = View(None, desk.own)
    view.search = None if found.HasField("resolve_time") else found
    steps = [
        (
            written(each.taken_on),
            enum_word(_, each, "kind", words.SEARCH_STEPS),
            desk.name_of(each.office_id),
            _("it led to her") if each.successful else "",
        )
        for each in found.steps
    ]
    return desk.page(
        "search.html",
        case=number,
        facts=[(name, desk.named(value)) for name, value in search_facts(found, _) if value],
        titles=(_("Day"), _("What was done"), _("Office"), _("Result")),
        steps=steps,
        view=view,
        verbs=[each for each in offered(view, desk.methods) if each.name in SEARCHING],
    )


SEARCHING: Final = frozenset({"search-step", "resolve", "withdraw-claim", "reassign"})


PAGES: Final = (
    Page("/custodies", custodies, calls=("ListCustodies",)),
    Page("/overdue", overdue, calls=("ListOverdue",)),
    Page("/follow-ups/overdue", overdue_follow_ups, calls=("ListOverdueFollowUps",)),
    Page("/legal-deadlines", legal_deadlines, calls=("ListLegalDeadlines",)),
    Page("/lost", lost, calls=("ListLost",)),
    Page("/searches/{case}", search, calls=("GetSearch",)),
)
