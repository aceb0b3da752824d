"""Several people leave together, out of a file: read, everything wrong told at once by its rows, sent once."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.intake.v1 import reading_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.errors import HomewardError
from services.chassis.kernel.places import ProvinceRef
from services.client.addressee import HOME
from services.client.dates import written
from services.client.journey_file.check import Journey, Traveller, Wide, check_journey
from services.client.journey_file.columns import ARRIVES, CASE, COLUMNS, LEFT, TO
from services.client.journey_file.form import read_journey
from services.client.journey_file.sending import asked_about_home, checks_of, request_of
from services.client.journey_file.template import csv_template, xlsx_template
from services.client.people_file.draft import Draft, Problem, UnreadableFile
from services.client.travel import warning_codes
from services.console.desk import Desk
from services.console.pages.handovers import FILE_BYTES_MAX, KB
from services.console.refusals import FieldProblem, Refused
from services.console.routes import Page
from services.console.said import on_pages, said
from services.console.texts import N_

AT_ONCE: Final = 4
START: Final = "/journeys/file"
TEMPLATES: Final = {
    "journey.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "journey.csv": "text/csv; charset=utf-8",
}
_ROW_OF: Final = {"to_office_id": TO, "expected_arrival_on": ARRIVES, "departed_on": LEFT, "destination": "choice"}
"""Our names of the contract's fields."""
_SHOWN: Final = tuple(column for column in COLUMNS if column.field not in (CASE, TO, ARRIVES, LEFT))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file as the page shows it, with what is wrong in it."""

    row: int
    case: str
    to: str
    arrives: str
    said: Sequence[tuple[str, str]]
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it is carried by the form: the server keeps nothing of it. `rows`: where its people stand in it."""

    draft: Draft
    rows: tuple[int, ...]

    @property
    def content(self) -> str:
        """The file as JSON, as it is read again when it is sent."""
        people = [
            {name: list(cell.parts) if cell.parts is not None else cell.text for name, cell in person.cells.items()}
            for person in self.draft.people
        ]
        cells = self.draft.shared.get(LEFT, ())
        return json.dumps({"journey": {LEFT: cells[0].text if cells else "", "people": people}}, ensure_ascii=False)


async def new(desk: Desk) -> Response:
    """Give the form an id of its own."""
    return desk.go(f"{START}/{uuid.uuid4()}")


async def template(desk: Desk) -> Response:
    """An empty form for a file, in the officer's language."""
    name = desk.request.path_params["name"]
    media = TEMPLATES.get(name)
    if media is None:
        raise HTTPException(404)
    _ = desk.texts
    content = csv_template(_.language).encode() if name.endswith(".csv") else await asyncio.to_thread(xlsx_template, _)
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def show(desk: Desk) -> Response:
    """The form; with the file that was read before, when it did not go through."""
    desk.request_id()
    if (form := desk.unsent) is not None and (given := _carried(form, desk)) is not None:
        return await _looked_at(desk, given, again=True)
    return _page(desk)


async def send(desk: Desk) -> Response:
    """Read a file, or record that those in it left."""
    request_id, form = desk.request_id(), await desk.form()
    if form.get("action") != "send":
        return await _of_file(desk, form.get("file"))
    given = _carried(form, desk)
    if given is None:
        return _page(desk, problems=[FieldProblem("file", desk.texts("Choose a file first."))], status=422)
    journey, problems = await _understood(desk, given)
    if journey is None:
        return _page(desk, given, problems, status=422)
    try:
        answer = await _dispatch(desk, journey, request_id)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        told = [_of_service(each, journey, failure, desk) for each in failure.violations]
        return _page(desk, given, told, journey=journey, refused=refused, status=503 if refused.away else 422)
    notes = dict.fromkeys(warning_codes(each.warning for each in answer.warnings))
    told_of = "".join(f"&note={code}" for code in notes)
    return desk.go(f"/transfers?journey={answer.journey_id}&done=dispatch{told_of}")


async def _of_file(desk: Desk, file: Any) -> Response:
    _ = desk.texts
    if not isinstance(file, UploadFile) or not file.size:
        return _page(desk, problems=[FieldProblem("file", _("Choose a file first."))], status=422)
    try:
        draft = await asyncio.to_thread(read_journey, await file.read())
    except UnreadableFile as problem:
        text = _(on_pages(problem.text), **problem.params)
        return _page(desk, problems=[FieldProblem("file", text)], status=422)
    return await _looked_at(desk, Given(draft, tuple(person.row for person in draft.people)))


def _carried(form: Any, desk: Desk) -> Given | None:
    """What a form carries of a file that was read; None where it carries nothing that can be read."""
    content, rows = str(form.get("content", "")), str(form.get("rows", "")).split(",")
    try:
        draft = read_journey(content.encode())
    except UnreadableFile:
        return None
    numbers = tuple(int(each) for each in rows if each.isascii() and each.isdigit() and len(each) < 8)
    if len(numbers) != len(draft.people):
        return None
    people = []
    for person, row in zip(draft.people, numbers, strict=True):
        cells = {name: replace(cell, row=row, title=_title(name, desk)) for name, cell in person.cells.items()}
        people.append(replace(person, row=row, cells=cells))
    titles = {column.field: _title(column.field, desk) for column in COLUMNS}
    return Given(replace(draft, people=tuple(people), titles=titles), numbers)


async def _looked_at(desk: Desk, given: Given, *, again: bool = False) -> Response:
    journey, problems = await _understood(desk, given)
    status = 200 if journey is not None or again else 422
    return _page(desk, given, problems, journey=journey, again=again, status=status)


async def _understood(desk: Desk, given: Given) -> tuple[Journey | None, list[FieldProblem]]:
    """The journey with the office of everybody, or all that is wrong with it."""
    checked = check_journey(given.draft, Wide(), desk.console.today(), desk.directory)
    if checked.journey is None:
        return None, [_told(each, desk) for each in checked.problems]
    on, limit = desk.console.today(), asyncio.Semaphore(AT_ONCE)

    async def addressed(each: Traveller) -> tuple[Traveller, str]:
        if each.to != HOME:
            return each, ""
        async with limit:
            office, problem = await _home_of(desk, each, on)
        return replace(each, to=office), problem

    found = await asyncio.gather(*(addressed(each) for each in checked.journey.travellers))
    problems = [_at_row(each.row, problem, desk) for each, problem in found if problem]
    journey = replace(checked.journey, travellers=tuple(each for each, _problem in found))
    return (None if problems else journey), problems


async def _home_of(desk: Desk, each: Traveller, on: date) -> tuple[str, str]:
    """The agency of her home province, or why there is none."""
    _ = desk.texts
    try:
        found = (await desk.ask(desk.stubs.reading.GetCase, reading_pb2.GetCaseRequest(case=each.case))).case
        if not found.home_province.code:
            return "", _("her home province is not known: name an office or a province")
        home = ProvinceRef(found.home_province.code, found.home_province.vintage)
        day = date.fromisoformat(each.arrives) if each.arrives else on
        return desk.directory.support_agency_for(home, day).id, ""
    except RpcFailure as failure:
        return "", desk.refused(failure).message
    except HomewardError:
        return "", _("no agency answers for her home province on that day: name an office")


async def _dispatch(desk: Desk, journey: Journey, request_id: str) -> Any:
    """Raises RpcFailure."""
    checks = checks_of(journey, request_id)
    if checks is not None:
        await desk.ask(desk.stubs.home_safety.RecordShortChecks, checks)
    return await desk.ask(desk.stubs.journeys.DispatchJourney, request_of(journey, request_id))


def _of_service(each: Any, journey: Journey, failure: RpcFailure, desk: Desk) -> FieldProblem:
    asked = failure.method.endswith("RecordShortChecks")
    people = asked_about_home(journey) if asked else journey.travellers
    if each.row is None or not 1 <= each.row <= len(people):
        return FieldProblem("", each.message)
    name = each.field.rpartition(".")[2].partition("[")[0]
    title = _title(_ROW_OF.get(name, name), desk)
    text = f"{title}: {each.message}" if title else each.message
    return _at_row(people[each.row - 1].row, text, desk)


def _told(each: Problem, desk: Desk) -> FieldProblem:
    """A mistake at its row; one of the file as a whole at the file."""
    text = said(each, desk.texts)
    text = f"{each.title}: {text}" if each.title else text
    return _at_row(each.row, text, desk) if each.row is not None else FieldProblem("file", text)


def _at_row(row: int, text: str, desk: Desk) -> FieldProblem:
    return FieldProblem(f"row{row}", desk.texts("Row {row}, {problem}", row=row, problem=text))


def _title(name: str, desk: Desk) -> str:
    known = {column.field: column for column in COLUMNS}.get(name)
    if known is None:
        return ""
    return known.title_vi if desk.texts.language == "vi" else known.title_en


def _page(
    desk: Desk,
    given: Given | None = None,
    problems: Sequence[FieldProblem] = (),
    *,
    journey: Journey | None = None,
    refused: Refused | None = None,
    again: bool = False,
    status: int = 200,
) -> Response:
    if given is not None:
        rows = ",".join(map(str, given.rows))
        desk.stands([("content", given.content), ("rows", rows)])
    else:
        rows = ""
        desk.stands(())
    return desk.page(
        "journey_file.html",
        status,
        given=given,
        rows=rows,
        lines=_lines(desk, given, problems, journey) if given is not None else [],
        left=_left(desk, given, journey),
        journey=journey,
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        again=again,
        start=START,
        templates=TEMPLATES,
        file_bytes_max=FILE_BYTES_MAX,
        file_kb_max=FILE_BYTES_MAX // KB,
    )


def _left(desk: Desk, given: Given | None, journey: Journey | None) -> str:
    if journey is not None and journey.left:
        return written(journey.left)
    cells = given.draft.shared.get(LEFT, ()) if given is not None else ()
    return cells[0].text if cells else written(desk.console.today().isoformat())


def _lines(desk: Desk, given: Given, problems: Sequence[FieldProblem], journey: Journey | None) -> list[Line]:
    _ = desk.texts
    travellers: Mapping[int, Traveller] = {each.row: each for each in journey.travellers} if journey is not None else {}
    found = []
    for person in given.draft.people:
        text = {
            name: "; ".join(cell.parts) if cell.parts is not None else cell.text for name, cell in person.cells.items()
        }
        known = travellers.get(person.row)
        to = desk.with_id(known.to) if known is not None and known.to else text.get(TO, "")
        told = [(_title(column.field, desk), text[column.field]) for column in _SHOWN if text.get(column.field)]
        here = _("Row {row}, {problem}", row=person.row, problem="")
        wrong = [each.text.removeprefix(here) for each in problems if each.field == f"row{person.row}"]
        arrives = written(known.arrives) if known is not None and known.arrives else text.get(ARRIVES, "")
        found.append(
            Line(person.row, known.case if known else text.get(CASE, ""), to or _(PLANNED), arrives, told, wrong)
        )
    return found


PLANNED: Final = N_("as planned")


PAGES: Final = (
    Page("/journeys/file", new, calls=("DispatchJourney",)),
    Page("/journeys/template/{name}", template, calls=("DispatchJourney",)),
    Page("/journeys/file/{request_id}", show, calls=("DispatchJourney",)),
    Page("/journeys/file/{request_id}", send, ("POST",), calls=("DispatchJourney",), keeps=True),
)
