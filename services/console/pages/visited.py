"""What was said at a visit: shown with what was corrected, put right by a further revision, and what was done for her.

None of it ever has an address: pages are asked for by forms, and each reading is recorded.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any, Final

from starlette.responses import Response

from homeward.followup.v1 import care_pb2, entries_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.country.questionnaires import questionnaire, support_codes
from services.client.dates import written
from services.client.shown.care import visit_facts
from services.client.shown.entries import visits_of
from services.client.shown.values import moment_of
from services.client.visit_file import words_of
from services.console.desk import Desk
from services.console.pages.answers import case_of
from services.console.pages.visit_form import (
    LINE_CHARS,
    TEXT_CHARS,
    asked_parts,
    new_visit,
    number,
    one,
    options,
    problems_of,
    typed_visit,
)
from services.console.refusals import FieldProblem, Refused
from services.console.routes import Page

DO: Final = "do"
NOT_WRITTEN: Final = "VISIT_NOT_FOUND"
"""Nothing that was said is on record: no visit yet, or one that was recorded in short."""
LOOK: Final = "look"
"""The form is shown anew, with the questions that follow from what was typed."""


async def show(desk: Desk) -> Response:
    """The latest visit, or the one asked for, as far as the officer may see it."""
    case, form = case_of(desk), await desk.form()
    try:
        return await _shown(desk, case, number(form, "entry"))
    except RpcFailure as failure:
        if failure.reason != NOT_WRITTEN:
            raise
        visits = await desk.block(_visits(desk, case))
        return desk.page("visit_unsaid.html", case=case, visits=visits.found or (), missing_visits=visits.missing)


async def _shown(
    desk: Desk,
    case: str,
    entry: int,
    refused: Refused | None = None,
    status: int = 200,
    given: care_pb2.ConfirmSafetyActRequest | None = None,
) -> Response:
    """`given`: what was said of her safety, and was refused."""
    given = given or care_pb2.ConfirmSafetyActRequest()
    answer, others = await asyncio.gather(_visit(desk, case, entry), desk.block(_visits(desk, case)))
    *before, stands = answer.revisions
    measures = support_codes()["safety_measure"].values()
    return desk.page(
        "visit_shown.html",
        status,
        case=case,
        refused=refused,
        problems=[FieldProblem(each.field, each.text) for each in refused.problems] if refused else [],
        number=answer.entry_number,
        day=written(answer.visited_on),
        revision=stands,
        facts=_facts(desk, stands),
        before=[
            (each, moment_of(each.record_time), desk.with_id(each.office_id), _facts(desk, each)) for each in before
        ],
        others=[each for each in others.found or () if each[0] != str(answer.entry_number)],
        withheld=answer.withheld,
        urgent=stands.content.risk == "IMMEDIATE",
        measures=[(each.code, words_of(each, desk.texts)) for each in measures],
        request_id=str(uuid.uuid4()),
        given=given,
    )


def _facts(desk: Desk, revision: care_pb2.VisitRevision) -> list[tuple[str, str]]:
    return [each for each in visit_facts(revision.content, desk.texts) if each[1]]


async def _visit(desk: Desk, case: str, entry: int) -> care_pb2.GetVisitResponse:
    return await desk.ask(desk.stubs.care.GetVisit, care_pb2.GetVisitRequest(case=case, entry_number=entry))


async def _visits(desk: Desk, case: str) -> list[tuple[str, str]]:
    """The visits on record, each by its number and what it found."""
    if not desk.may("GetStory"):
        return []
    story = await desk.ask(desk.stubs.entries.GetStory, entries_pb2.GetStoryRequest(case=case))
    return visits_of(story.entries, desk.texts)


async def confirm(desk: Desk) -> Response:
    """Confirm, as a second person, what was done for her safety."""
    case, form = case_of(desk), await desk.form()
    request = care_pb2.ConfirmSafetyActRequest(
        request_id=desk.request_id(),
        case=case,
        measures=[str(each) for each in form.getlist("measures")],
        note=str(form.get("note", "")).strip()[:TEXT_CHARS],
        waived=one(form, "waived") == "1",
    )
    try:
        await desk.ask(desk.stubs.care.ConfirmSafetyAct, request)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        return await _shown(desk, case, 0, refused, 503 if refused.away else 422, given=request)
    return desk.go(f"/cases/{case}?done=safe")


async def begin_correction(desk: Desk) -> Response:
    """The form, with what was said as it stands; an empty one for a visit that was recorded in short."""
    case, form = case_of(desk), await desk.form()
    entry = number(form, "entry")
    revision, content = 0, new_visit("").content
    if one(form, "short") != "1":
        stands = (await _visit(desk, case, entry)).revisions[-1]
        revision, content = stands.revision, stands.content
    request = care_pb2.CorrectVisitRequest(entry_number=entry, revision=revision, content=content)
    return _form(desk, case, str(uuid.uuid4()), request)


async def correct(desk: Desk) -> Response:
    """Put right what was said. All that is wrong is told at once, and what was typed stays."""
    case, request_id, form = case_of(desk), desk.request_id(), await desk.form()
    typed, _problems = typed_visit(desk, form)
    request = care_pb2.CorrectVisitRequest(
        request_id=request_id,
        case=case,
        entry_number=number(form, "entry"),
        revision=number(form, "revision"),
        content=typed.content,
        reason=one(form, "why")[:LINE_CHARS],
    )
    if one(form, DO) == LOOK:
        return _form(desk, case, request_id, request)
    try:
        answer = await desk.ask(desk.stubs.care.CorrectVisit, request)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        problems = problems_of(desk, failure, typed)
        status = 503 if refused.away else 422
        return _form(desk, case, request_id, request, problems=problems, refused=refused, status=status)
    return desk.go(f"/cases/{case}?done={'urgent' if answer.safety_act else 'visit-corrected'}")


def _form(
    desk: Desk,
    case: str,
    request_id: str,
    request: care_pb2.CorrectVisitRequest,
    *,
    problems: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    asked: dict[str, Any] = asked_parts(desk, request.content)
    return desk.page(
        "visit_correct.html",
        status,
        case=case,
        action=f"/cases/{case}/visit-correct/{request_id}",
        request=request,
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        content=request.content,
        sets=options(questionnaire().sets.values(), [request.content.set], desk),
        **asked,
    )


async def again(desk: Desk) -> Response:
    """What is told in confidence never has an address: whoever comes by GET gets the case."""
    return desk.go(f"/cases/{case_of(desk)}")


PAGES: Final = (
    Page("/cases/{case}/visited", again, calls=("GetVisit",)),
    Page("/cases/{case}/visited", show, ("POST",), calls=("GetVisit",)),
    Page("/cases/{case}/safe/{request_id}", again, calls=("ConfirmSafetyAct",)),
    Page("/cases/{case}/safe/{request_id}", confirm, ("POST",), calls=("ConfirmSafetyAct",)),
    Page("/cases/{case}/visit-correct", again, calls=("CorrectVisit",)),
    Page("/cases/{case}/visit-correct", begin_correction, ("POST",), calls=("CorrectVisit",)),
    Page("/cases/{case}/visit-correct/{request_id}", again, calls=("CorrectVisit",)),
    Page("/cases/{case}/visit-correct/{request_id}", correct, ("POST",), calls=("CorrectVisit",)),
)
