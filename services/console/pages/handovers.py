"""The border post's form: people one by one or out of a file, everything wrong at once, one sending, a receipt."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from homeward.intake.v1 import submissions_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.country.provinces import provinces
from services.chassis.country.reference_lists import countries, ethnic_groups, gates
from services.chassis.kernel import record
from services.chassis.kernel.record import PEOPLE_MAX
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.people_file.batches import parts_of
from services.client.people_file.columns import PERSON_FIELDS, hint_in_form, title_of
from services.client.people_file.draft import ASKED, UnreadableFile
from services.client.people_file.read import read_people
from services.client.people_file.template import csv_template, xlsx_template
from services.client.people_file.values import HANDOVER_ROUTES, SELF_RETURN_ROUTES
from services.client.plain import instant
from services.console import people_form
from services.console.desk import Desk
from services.console.people_form import FIRST, FIRST_SHARED, LOOKED, SHARED, Typed
from services.console.refusals import FieldProblem, Refused
from services.console.routes import Page
from services.console.said import on_pages

HANDOVERS: Final = "/handovers"
RETURNS: Final = "/returns"
FILE_BYTES_MAX: Final = 1_900_000
"""Of a file of people: what was typed is sent along with it, and all of it is at most what a page takes."""
KB: Final = 1_000
TEMPLATES: Final = {
    "handover.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "handover.csv": "text/csv; charset=utf-8",
}
"""Empty forms by the name of their file; nothing of an office or of anybody is in them."""
ALONE_SHARED: Final = ("handover_time", "route")
"""What is asked about a return that nobody handed over."""


async def new(desk: Desk) -> Response:
    """Give the form an id of its own: whatever happens afterwards, it is one request."""
    return desk.go(f"{_start(desk)}/{uuid.uuid4()}")


def _start(desk: Desk) -> str:
    """Where forms of this kind stand."""
    return RETURNS if desk.request.url.path.startswith(RETURNS) else HANDOVERS


def _is_alone(desk: Desk) -> bool:
    """Whether the form is for one person who came back by herself."""
    return _start(desk) == RETURNS


async def show(desk: Desk) -> Response:
    """The form, with one person to begin with; also while intake is away, so that typing may begin."""
    found = await desk.block(receipt_of(desk, desk.request_id()))
    if found.found is not None:
        return desk.go(f"{_start(desk)}/{desk.request_id()}/receipt")
    if found.missing is not None and not found.missing.away:
        return desk.page("refused.html", 403, title=desk.texts("This cannot be shown now"), refused=found.missing)
    if (unsent := desk.unsent) is not None:
        return _again(desk, people_form.of_form(unsent), away=found.missing is not None)
    now = desk.moment(desk.console.now())
    gate = gates().get(people_form.gate_of(desk.office.id))
    shared = {"handover_time": now, "gate": gate.name if gate is not None and not _is_alone(desk) else ""}
    return _page(desk, Typed(shared, [{}], [""]), away=found.missing is not None)


def _again(desk: Desk, typed: Typed, *, away: bool) -> Response:
    """What was typed, with what is wrong with it now; nothing was sent."""
    understood = people_form.checked(
        typed, desk.office.id, desk.console.now(), desk.texts.language, alone=_is_alone(desk)
    )
    problems = people_form.told(understood.problems, typed, desk.texts)
    notes = people_form.told(understood.warnings, typed, desk.texts)
    asks = any(each.code in ASKED for each in understood.warnings)
    return _page(desk, typed, problems=problems, notes=notes, away=away, asks=asks, again=True)


async def template(desk: Desk) -> Response:
    """An empty form for a file, in the officer's language."""
    name = desk.request.path_params["name"]
    media = TEMPLATES.get(name)
    if media is None:
        raise HTTPException(404)
    _ = desk.texts
    content = csv_template(_.language).encode() if name.endswith(".csv") else await asyncio.to_thread(xlsx_template, _)
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def send(desk: Desk) -> Response:
    """Add, remove, read a file, check, or send; what was typed is always still there."""
    request_id, form = desk.request_id(), await desk.form()
    typed, action = people_form.of_form(form), str(form.get("action", ""))
    if action == "add":
        if len(typed.people) < _people_max(desk):
            typed.people.append({})
            typed.places.append("")
        return _page(desk, typed, focus=f"p{len(typed.people)}.full_name")
    if action.startswith("remove:"):
        number = action.removeprefix("remove:")
        return _page(desk, people_form.without(typed, int(number)) if number.isdigit() else typed)
    if action == "file":
        return await _of_file(desk, form.get("file"), typed, people_form.number_in(form, "part"))
    now, alone = desk.console.now(), _is_alone(desk)
    understood = people_form.checked(typed, desk.office.id, now, desk.texts.language, alone=alone)
    problems = people_form.told(understood.problems, typed, desk.texts)
    notes = people_form.told(understood.warnings, typed, desk.texts)
    if problems or understood.content is None:
        return await _answer(desk, typed, problems=problems, notes=notes, status=422)
    questions = people_form.told((each for each in understood.warnings if each.code in ASKED), typed, desk.texts)
    if action == "send" and questions and not typed.looked:
        problems = [*questions, _look_again(desk)]
        return await _answer(desk, typed, problems=problems, notes=notes, asks=True, status=422)
    if action != "send":
        return await _answer(desk, typed, notes=notes, right=True, asks=bool(questions))
    try:
        registered = await _register(desk, request_id, understood.content.to_proto(), typed)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        problems = _of_service(failure, typed, desk)
        asks = any(each.code in ASKED for each in failure.violations)
        if asks:
            problems.append(_look_again(desk))
        status = 503 if refused.away else 422
        return await _answer(desk, typed, problems=problems, refused=refused, asks=asks, status=status)
    address = f"{_start(desk)}/{request_id}/receipt"
    return JSONResponse(_told(registered, address)) if _asks_for_data(desk) else desk.go(address)


def _look_again(desk: Desk) -> FieldProblem:
    """What is plausible to a machine only goes nowhere before somebody says that it is so."""
    text = desk.texts("Look at it once more; if it is right as it stands, say so at the end of the form, and send.")
    return FieldProblem(LOOKED, text)


def _asks_for_data(desk: Desk) -> bool:
    """Whether the form's own script sends it, which keeps what was typed on the device."""
    return "application/json" in desk.request.headers.get("accept", "")


def _told(found: submissions_pb2.Receipt, address: str) -> dict[str, Any]:
    return {"receipt": address, "numbers": [each.case_number for each in found.entries]}


async def _answer(
    desk: Desk,
    typed: Typed,
    *,
    problems: Sequence[FieldProblem] = (),
    notes: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    right: bool = False,
    asks: bool = False,
    status: int = 200,
) -> Response:
    """What was found out about the form: as its page, or as data for its script."""
    if not _asks_for_data(desk):
        return _page(
            desk, typed, problems=problems, notes=notes, refused=refused, right=right, asks=asks, status=status
        )
    told: dict[str, Any] = {
        "problems": [{"field": each.field, "text": each.text} for each in problems],
        "message": refused.message if refused is not None else "",
        "advice": refused.advice if refused is not None else "",
    }
    if refused is not None and not refused.away:
        # Other content under the same id may have come through before.
        found = await receipt_of(desk, desk.request_id())
        told |= _told(found, f"{_start(desk)}/{desk.request_id()}/receipt") if found is not None else {}
    return JSONResponse(told, status_code=status)


async def _register(
    desk: Desk, request_id: str, whole: submissions_pb2.Handover, typed: Typed
) -> submissions_pb2.Receipt:
    """Raises RpcFailure."""
    confirmed = sorted(record.ASKED) if typed.looked else []
    if _is_alone(desk):
        alone = submissions_pb2.RegisterSelfReturnRequest(
            request_id=request_id,
            person=whole.people[0],
            route=whole.route,
            report_time=whole.handover_time,
            also_register_again=bool(typed.again),
            confirmed=confirmed,
        )
        return (await desk.ask(desk.stubs.submissions.RegisterSelfReturn, alone)).receipt
    request = submissions_pb2.SubmitHandoverRequest(
        request_id=request_id, handover=whole, also_register_again=sorted(typed.again), confirmed=confirmed
    )
    return (await desk.ask(desk.stubs.submissions.SubmitHandover, request)).receipt


def _people_max(desk: Desk) -> int:
    return 1 if _is_alone(desk) else PEOPLE_MAX


def _of_service(failure: RpcFailure, typed: Typed, desk: Desk) -> list[FieldProblem]:
    """What the service found wrong, at the fields of the form."""
    _, found = desk.texts, []
    for each in failure.violations:
        name = each.field.rpartition(".")[2]
        row = each.row if each.row is not None else 1 if each.field.startswith("person.") else 0
        if not 1 <= row <= len(typed.people):
            found.append(FieldProblem(name if name in SHARED else "", each.message))
            continue
        person = _("Person {number}", number=row)
        column = title_of(name, _.language)
        text = _("{person}, {column}: {problem}", person=person, column=column, problem=each.message)
        found.append(FieldProblem(f"p{row}.{name}" if name in PERSON_FIELDS else "", text))
    return found


def _parts_text(people: int, part: int, parts: int, _: Texts) -> str:
    told = _(
        "The file has {people} people; one handover takes at most {limit}. This is part {part} of {parts}.",
        people=people,
        limit=PEOPLE_MAX,
        part=part,
        parts=parts,
    )
    if part == parts:
        return told
    further = _("After this one, register another handover and read the same file again, part {part}.", part=part + 1)
    return f"{told} {further}"


async def _of_file(desk: Desk, given: Any, typed: Typed, part: int) -> Response:
    """Fill the form out of a file, or out of a part of it where it has more people than one handover takes.

    Nothing of it is kept here.
    """
    _ = desk.texts
    if not isinstance(given, UploadFile) or not given.size:
        problem = FieldProblem("file", _("Choose a file first."))
        return _page(desk, typed, problems=[problem], status=422)
    data = await given.read()
    try:
        draft = await asyncio.to_thread(read_people, data)
    except UnreadableFile as problem:
        text = _(on_pages(problem.text), **problem.params)
        return _page(desk, typed, problems=[FieldProblem("file", text)], status=422)
    parts = len(parts_of(draft))
    part = min(max(part, 1), max(parts, 1))
    filled = people_form.of_draft(draft, part)
    filled.shared = {**{name: text for name, text in typed.shared.items() if text}, **filled.shared}
    understood = people_form.checked(filled, desk.office.id, desk.console.now(), _.language)
    people, shown = {each.row for each in draft.people}, {int(place) for place in filled.places}
    # What is wrong with the text of a cell is found again in the form, what is wrong with its row or column is not.
    again = {(filled.places[each.row - 1], each.field) for each in understood.problems if each.row}
    of_file = [
        each
        for each in draft.problems
        if each.row not in people or (each.row in shown and (str(each.row), each.field) not in again)
    ]
    hints = [each for each in draft.warnings if each.row not in people or each.row in shown]
    problems = people_form.told_of_file(of_file, filled, _) + people_form.told(understood.problems, filled, _)
    notes = people_form.told_of_file(hints, filled, _) + people_form.told(understood.warnings, filled, _)
    if parts > 1:
        notes.insert(0, FieldProblem("part", _parts_text(len(draft.people), part, parts, _)))
    return _page(desk, filled, problems=problems, notes=notes, from_file=True)


async def receipt(desk: Desk) -> Response:
    """The case numbers, large, for the telephone."""
    request_id = desk.request_id()
    found = await receipt_of(desk, request_id)
    if found is None:
        return desk.go(f"{_start(desk)}/{request_id}")
    return desk.page(
        "receipt.html", start=_start(desk), receipt=found, received=desk.moment(instant(found.receive_time))
    )


async def receipt_of(desk: Desk, request_id: str) -> submissions_pb2.Receipt | None:
    """None when nothing was registered by this id."""
    try:
        request = submissions_pb2.GetReceiptRequest(request_id=request_id)
        return (await desk.ask(desk.stubs.submissions.GetReceipt, request)).receipt
    except RpcFailure as failure:
        if failure.code.name == "NOT_FOUND":
            return None
        raise


def shell_page(desk: Desk) -> Response:
    """The form without an office, a day or an id, for a device whose line is dead."""
    return _page(desk, Typed({}, [{}], [""]), is_shell=True)


def _page(
    desk: Desk,
    typed: Typed,
    *,
    problems: Sequence[FieldProblem] = (),
    notes: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    right: bool = False,
    from_file: bool = False,
    focus: str = "",
    is_shell: bool = False,
    away: bool = False,
    asks: bool = False,
    again: bool = False,
    status: int = 200,
) -> Response:
    _ = desk.texts
    title = lambda name: title_of(name, _.language)  # noqa: E731
    desk.stands(people_form.fields_of(typed))
    alike = {each.field.partition(".")[0] for each in problems if each.field.endswith(".full_name")}
    return desk.page(
        "handover.html",
        status,
        typed=typed,
        title=title,
        hint=lambda name: _(hint_in_form(name)),
        alone=_is_alone(desk),
        is_shell=is_shell,
        away=away,
        asks=asks,
        again=again,
        file_bytes_max=FILE_BYTES_MAX,
        file_kb_max=FILE_BYTES_MAX // KB,
        templates=TEMPLATES,
        people_max=PEOPLE_MAX,
        relations=[words.word(_, words.RELATIONS, code) for code in words.RELATIONS],
        given=desk.request.method == "POST",
        start=_start(desk),
        first_shared=ALONE_SHARED if _is_alone(desk) else FIRST_SHARED,
        more_shared=() if _is_alone(desk) else [name for name in SHARED if name not in FIRST_SHARED],
        first=FIRST,
        more=[name for name in PERSON_FIELDS if name not in FIRST],
        coded=people_form.LISTED,
        needed=people_form.NEEDED,
        wished=people_form.WISHED,
        entered=people_form.entered(typed, problems),
        lists=lists_of(desk),
        problems=problems,
        by_field={each.field: each.text for each in problems},
        alike=alike | {f"p{row}" for row in typed.again},
        notes=notes,
        refused=refused,
        right=right,
        from_file=from_file,
        focus=focus,
        opened=_opened(problems),
        full=len(typed.people) >= _people_max(desk),
    )


def _opened(problems: Sequence[FieldProblem]) -> set[int]:
    """People of whom something further down is wrong, so that it is seen."""
    places = (each.field.partition(".") for each in problems)
    return {int(start[1:]) for start, _dot, name in places if start[1:].isdigit() and name not in FIRST}


def lists_of(desk: Desk) -> dict[str, list[str]]:
    """What may be picked while typing; anything that a file may say may be typed as well."""
    language, today = desk.texts.language, desk.console.today()
    routes = SELF_RETURN_ROUTES if _is_alone(desk) else HANDOVER_ROUTES
    yes_no = ["Có", "Không"] if language == "vi" else ["yes", "no"]
    return {
        "sex": [words.word(desk.texts, words.SEXES, code) for code in words.SEXES.codes[:2]],
        "home_province": [each.short_name for each in provinces().values() if each.is_valid(today)],
        "gate": [each.name for each in gates().values()],
        "route": [words.word(desk.texts, words.ROUTES, code) for code in words.ROUTES if code in routes],
        "ethnicity": [each.name for each in ethnic_groups()],
        "returned_from_country": [_country(code, language) for code in ("CN", "LA", "KH", "TH", "MM", "MY")],
        "nationality": [_country("VN", language)],
        "victim_declaration": yes_no,
    }


def _country(code: str, language: str) -> str:
    found = countries()[code]
    return found.name_vi if language == "vi" else found.name_en


PAGES: Final = (
    Page("/handovers/new", new, calls=("SubmitHandover",)),
    Page("/handovers/template/{name}", template, calls=("SubmitHandover",)),
    Page("/handovers/{request_id}", show, calls=("SubmitHandover",)),
    Page("/handovers/{request_id}", send, ("POST",), calls=("SubmitHandover",), keeps=True),
    Page("/handovers/{request_id}/receipt", receipt, calls=("SubmitHandover",)),
    Page("/returns/new", new, calls=("RegisterSelfReturn",)),
    Page("/returns/{request_id}", show, calls=("RegisterSelfReturn",)),
    Page("/returns/{request_id}", send, ("POST",), calls=("RegisterSelfReturn",), keeps=True),
    Page("/returns/{request_id}/receipt", receipt, calls=("RegisterSelfReturn",)),
)
