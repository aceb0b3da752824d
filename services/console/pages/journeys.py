"""Several people leave together: who, where each goes, and how they travel; all of them or none."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.responses import Response

from homeward.followup.v1 import home_safety_pb2
from homeward.handover.v1 import journeys_pb2
from homeward.intake.v1 import cases_pb2, reading_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.places import ProvinceRef
from services.client import plain, words
from services.client.dates import DateProblem, parse_day
from services.client.home_check import (
    GUARDIAN,
    HOME_QUESTIONS,
    id_beside,
    question_text,
)
from services.client.shown.values import enum_word, province_text
from services.client.travel import warning_codes
from services.console.desk import Desk
from services.console.forms import Option, fill, options, prefilled, typed
from services.console.kept import kept
from services.console.refusals import FieldProblem, Refused
from services.console.routes import Page
from services.console.texts import N_
from services.console.verbs import TO, TRAVEL, Field, Kind

LEAVING: Final = frozenset({"REGISTERED", "REJECTED", "DISCHARGED", "ADMITTED"})
"""Phases of people who are here and may leave."""
LINE_CHARS: Final = 200
SHOWN_MAX: Final = 60
"""Two buses: so many leave together at most."""
LEFT: Final = Field("departed_on", Kind.DAY, N_("Left on"), required=True, today=True)
ARRIVE: Final = Field("expected_arrival_on", Kind.DAY, N_("Expected to arrive on"), required=True)
COMMON: Final = (LEFT, *TRAVEL)


@dataclass(frozen=True, slots=True)
class Passenger:
    """Somebody who is here: what is shown of her, and where she would go."""

    case_number: str
    phase: str
    age: str
    home: str
    offices: Sequence[Option]
    agency: str


async def new(desk: Desk) -> Response:
    """Give the form an id of its own."""
    return desk.go(f"/journeys/{uuid.uuid4()}")


async def show(desk: Desk) -> Response:
    """The form."""
    desk.request_id()
    if (form := desk.unsent) is not None:
        given = typed(form, (*COMMON, ARRIVE))
        return await _page(desk, given, chosen=_chosen(form), said=_said(desk, form), again=True)
    values = prefilled((*COMMON, ARRIVE), desk.console.today())
    return await _page(desk, values, chosen={})


async def send(desk: Desk) -> Response:
    """Record that they left."""
    form = await desk.form()
    values = typed(form, (*COMMON, ARRIVE))
    chosen, said = _chosen(form), _said(desk, form)
    cases = list(chosen)
    request = journeys_pb2.DispatchJourneyRequest(request_id=desk.request_id())
    today, _ = desk.console.today(), desk.texts
    problems = fill(request, COMMON, values, today, _)
    arrival = journeys_pb2.JourneyRow()
    problems += fill(arrival, (ARRIVE,), values, today, _)
    if not cases:
        problems.append(FieldProblem("", _("Nobody was chosen. Tick the people first.")))
    for case, (to, arrives) in chosen.items():
        row = request.rows.add(case=case, to_office_id=to, expected_arrival_on=arrival.expected_arrival_on)
        if not to:
            problems.append(FieldProblem(f"to.{case}", _("{number}: choose an office.", number=case)))
        if arrives:
            try:
                row.expected_arrival_on = parse_day(arrives, today).isoformat()
            except DateProblem as problem:
                text = _("{number}: {problem}", number=case, problem=_(problem.text, **problem.params))
                problems.append(FieldProblem(f"arrives.{case}", text))
    if problems:
        return await _page(desk, values, chosen=chosen, said=said, problems=problems, status=422)
    checks = _checks(request, said)
    try:
        if checks.rows:
            await desk.ask(desk.stubs.home_safety.RecordShortChecks, checks)
        answer = await desk.ask(desk.stubs.journeys.DispatchJourney, request)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        asked = [row.case for row in checks.rows] if failure.method.endswith("RecordShortChecks") else cases
        problems = [_of_service(each, asked, _) for each in failure.violations]
        status = 503 if refused.away else 422
        return await _page(desk, values, chosen=chosen, said=said, problems=problems, refused=refused, status=status)
    notes = dict.fromkeys(warning_codes(each.warning for each in answer.warnings))
    return desk.go("/?done=dispatch" + "".join(f"&note={code}" for code in notes))


def _cases_in(form: FormData) -> list[str]:
    return [str(each) for each in form.getlist("case")][:SHOWN_MAX]


def _chosen(form: FormData) -> dict[str, tuple[str, str]]:
    """Where each of those ticked goes, and on which other day she arrives."""
    return {
        case: (str(form.get(f"to.{case}", "")), str(form.get(f"arrives.{case}", "")).strip())
        for case in _cases_in(form)
    }


def _said(desk: Desk, form: FormData) -> dict[str, dict[str, str]]:
    """What those ticked said of their homes, at an office that asks in short."""
    return {case: _home_said(form, case) for case in _cases_in(form)} if desk.may("RecordShortChecks") else {}


def _home_said(form: FormData, case: str) -> dict[str, str]:
    """What somebody was asked about her home at the border; empty where nothing was."""
    given = {name: str(form.get(f"{name}.{case}", "")).strip()[:LINE_CHARS] for name in (*HOME_QUESTIONS, GUARDIAN)}
    return {name: value for name, value in given.items() if value}


def _checks(
    request: journeys_pb2.DispatchJourneyRequest, said: Mapping[str, Mapping[str, str]]
) -> home_safety_pb2.RecordShortChecksRequest:
    """What those who were asked said; its id follows from that of the journey, and from what was said."""
    checks = home_safety_pb2.RecordShortChecksRequest()
    for row in request.rows:
        if said.get(row.case):
            checks.rows.add(case=row.case, to_office_id=row.to_office_id, **said[row.case])
    content = hashlib.sha256(checks.SerializeToString(deterministic=True)).hexdigest()
    checks.request_id = id_beside(request.request_id, content)
    return checks


def _asked(desk: Desk) -> list[tuple[str, str, list[Option]]]:
    """The two questions of the border, with their answers; none for an office that asks all of them."""
    if not desk.may("RecordShortChecks"):
        return []
    answers = [(code, words.word(desk.texts, words.HOME_ANSWERS, code)) for code in words.HOME_ANSWERS]
    return [(name, question_text(name, desk.texts), answers) for name in HOME_QUESTIONS]


def _of_service(each: Any, cases: Sequence[str], _: Any) -> FieldProblem:
    if each.row is None or not 1 <= each.row <= len(cases):
        return FieldProblem("", each.message)
    case = cases[each.row - 1]
    name = each.field.rpartition(".")[2]
    asked = name if name in (*HOME_QUESTIONS, GUARDIAN) else "to"
    field = "arrives" if name == "expected_arrival_on" else asked
    return FieldProblem(f"{field}.{case}", _("{number}: {problem}", number=case, problem=each.message))


async def _page(
    desk: Desk,
    values: Mapping[str, Sequence[str]],
    *,
    chosen: Mapping[str, tuple[str, str]],
    said: Mapping[str, Mapping[str, str]] | None = None,
    problems: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    again: bool = False,
    status: int = 200,
) -> Response:
    found = await desk.block(_here(desk))
    if found.found is None:
        # There are no rows to stand in: what was typed is kept beside what went wrong.
        page = kept(desk, 503, desk.texts("This did not work"), refused or found.missing)
        if page is not None:
            return page
    return desk.page(
        "journey.html",
        status,
        found=found,
        people=found.found or [],
        chosen=chosen,
        said=said or {},
        asked_home=_asked(desk),
        fields=[(field, options(desk, field), values.get(field.name, ())) for field in (LEFT, ARRIVE, *TRAVEL)],
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        again=again,
        Kind=Kind,
    )


async def _here(desk: Desk) -> list[Passenger]:
    """The people for whom this office is accountable and who may leave."""
    answer = await desk.ask(desk.stubs.reading.ListCases, reading_pb2.ListCasesRequest(page_size=200))
    here = [each for each in answer.cases if each.accountable_office_id in desk.own and _phase(each) in LEAVING]
    return [_passenger(each, desk) for each in here[:SHOWN_MAX]]


def _phase(each: cases_pb2.Case) -> str:
    return plain.short_name(each.DESCRIPTOR.fields_by_name["phase"].enum_type, each.phase)


def _passenger(each: cases_pb2.Case, desk: Desk) -> Passenger:
    home = ProvinceRef(each.home_province.code, each.home_province.vintage) if each.home_province.code else None
    agency = ""
    if home is not None:
        try:
            agency = desk.directory.support_agency_for(home, desk.console.today()).id
        except HomewardError:
            agency = ""
    return Passenger(
        case_number=each.case_number,
        phase=enum_word(desk.texts, each, "phase", words.PHASES),
        age=enum_word(desk.texts, each, "age_band", words.AGE_BANDS),
        home=province_text(each.home_province).partition(" (")[0],
        offices=options(desk, TO, home),
        agency=agency,
    )


PAGES: Final = (
    Page("/journeys/new", new, calls=("DispatchJourney",)),
    Page("/journeys/{request_id}", show, calls=("DispatchJourney",)),
    Page("/journeys/{request_id}", send, ("POST",), calls=("DispatchJourney",), keeps=True),
)
