"""A visit in the browser: her wishes first, the questions section by section, and the worker's own judgement.

What is told in confidence never has an address: pages with it are asked for by forms, and each reading is recorded.
What is typed is kept by followup, sealed, whenever a section is saved; the browser keeps nothing of it.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from homeward.followup.v1 import care_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.enums import code_of
from services.chassis.country.questionnaires import FULL, questionnaire
from services.client import words
from services.client.dates import written
from services.client.shown.care import wishes_version_facts
from services.client.shown.consents import contact_facts
from services.console.desk import Desk
from services.console.pages.answers import case_of
from services.console.pages.visit_form import (
    WISHED,
    Asked,
    Option,
    asked_parts,
    label,
    mark_of,
    new_visit,
    number,
    one,
    options,
    problems_of,
    typed_visit,
    wishes_typed,
)
from services.console.refusals import FieldProblem, Refused
from services.console.routes import Page


async def begin(desk: Desk) -> Response:
    """The form: her wishes, and what was typed so far."""
    case, form = case_of(desk), await desk.form()
    wishes, draft = await asyncio.gather(_wishes(desk, case), _draft(desk, case))
    typed = draft if draft is not None else new_visit(str(form.get("set", FULL)))
    return _page(desk, case, str(uuid.uuid4()), typed, wishes)


async def send(desk: Desk) -> Response:
    """Save what is typed, or take the visit down. All that is wrong is told at once, and what was typed stays."""
    case, request_id = case_of(desk), desk.request_id()
    form = await desk.form()
    typed, problems = typed_visit(desk, form)
    day = one(form, "visited_on")
    try:
        wishes = await _wishes(desk, case)
    except RpcFailure as failure:
        # What was typed stands, and with it the version of her wishes that was read.
        wishes, refused = care_pb2.GetWishesResponse(version=typed.wishes_read), desk.refused(failure)
        status = 503 if refused.away else 422
        return _page(desk, case, request_id, typed, wishes, day=day, problems=problems, refused=refused, status=status)
    saving = str(form.get("do", "")) == "save"
    if problems and not saving:
        return _page(desk, case, request_id, typed, wishes, day=day, problems=problems, status=422)
    try:
        if saving:
            save = care_pb2.SaveVisitDraftRequest(request_id=str(uuid.uuid4()), case=case, visit=typed)
            await desk.ask(desk.stubs.care.SaveVisitDraft, save)
            return _page(desk, case, request_id, typed, wishes, day=day, problems=problems, saved=True)
        typed.request_id, typed.case = request_id, case
        answer = await desk.ask(desk.stubs.care.RecordVisit, typed)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        found = problems_of(desk, failure, typed)
        status = 503 if refused.away else 422
        return _page(desk, case, request_id, typed, wishes, day=day, problems=found, refused=refused, status=status)
    return desk.go(f"/cases/{case}?done={'urgent' if answer.safety_act else 'home-visit'}")


async def wishes(desk: Desk) -> Response:
    """How she wishes to be contacted."""
    case = case_of(desk)
    return _wishes_page(desk, case, str(uuid.uuid4()), await _wishes(desk, case))


async def set_wishes(desk: Desk) -> Response:
    """Record how she wishes to be contacted, in place of what she wished before."""
    case, request_id, form = case_of(desk), desk.request_id(), await desk.form()
    request = care_pb2.SetWishesRequest(
        request_id=request_id,
        case=case,
        wishes=wishes_typed(form),
        replaces=number(form, "replaces"),
    )
    try:
        await desk.ask(desk.stubs.care.SetWishes, request)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        stands = (await desk.block(_wishes(desk, case))).found
        version = stands.version if stands is not None else request.replaces
        typed = care_pb2.GetWishesResponse(version=version, wishes=request.wishes)
        return _wishes_page(desk, case, request_id, typed, refused, 503 if refused.away else 422)
    return desk.go(f"/cases/{case}?done=wishes")


async def sheet(desk: Desk) -> Response:
    """The paper for the road: the number of the case and ids of questions, and nothing that tells what it is."""
    code = desk.request.query_params.get("set", FULL)
    ids = [each.id for each in questionnaire().of_set(code)]
    return desk.page("sheet.html", case=case_of(desk), ids=ids)


async def again(desk: Desk) -> Response:
    """What is told in confidence never has an address: whoever comes by GET gets the case."""
    return desk.go(f"/cases/{case_of(desk)}")


# Reading.


async def _wishes(desk: Desk, case: str) -> care_pb2.GetWishesResponse:
    return await desk.ask(desk.stubs.care.GetWishes, care_pb2.GetWishesRequest(case=case))


async def _draft(desk: Desk, case: str) -> care_pb2.RecordVisitRequest | None:
    answer = await desk.ask(desk.stubs.care.GetVisitDraft, care_pb2.GetVisitDraftRequest(case=case))
    return answer.visit if answer.HasField("visit") else None


def _page(
    desk: Desk,
    case: str,
    request_id: str,
    typed: care_pb2.RecordVisitRequest,
    wishes: care_pb2.GetWishesResponse,
    *,
    problems: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    day: str | None = None,
    saved: bool = False,
    status: int = 200,
) -> Response:
    """`day`: as it was typed, which may be none."""
    _, asked, content = desk.texts, questionnaire(), typed.content
    wished = typed.wishes if typed.HasField("wishes") else wishes.wishes
    outcome = code_of(types_pb2.FollowUpOutcome, typed.outcome) if typed.outcome else ""
    then = code_of(types_pb2.AfterDeclined, typed.then) if typed.then else ""
    return desk.page(
        "visit.html",
        status,
        case=case,
        action=f"/cases/{case}/home-visit/{request_id}",
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        saved=saved,
        consent_text=asked.consent_to_read[_.language],
        wishes=wishes,
        wishes_were=mark_of(wishes.wishes),
        wishes_facts=[each for each in wishes_version_facts(wishes, _) if each[1]] if wishes.version else [],
        contact_facts=contact_facts(wishes, _),
        was_read=typed.wishes_read == wishes.version,
        typed=typed,
        visited_on=day if day is not None else written(typed.visited_on),
        sets=options(asked.sets.values(), [content.set], desk),
        **asked_parts(desk, content),
        outcome=Asked(
            "outcome", label(desk, "outcome"), options(asked.visit["visit_outcomes"].values(), [outcome], desk)
        ),
        then=Asked(
            "then",
            label(desk, "then"),
            [Option(code, words.word(_, words.AFTER_DECLINED, code), code == then) for code in words.AFTER_DECLINED],
        ),
        how=Asked(
            "how", label(desk, "how"), options(asked.visit["contact_wishes"].values(), wished.how, desk), many=True
        ),
        wished=[(name, label(desk, name), getattr(wished, name)) for name in WISHED],
    )


def _wishes_page(
    desk: Desk,
    case: str,
    request_id: str,
    stands: care_pb2.GetWishesResponse,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    _, given = desk.texts, stands.wishes
    return desk.page(
        "wishes.html",
        status,
        case=case,
        action=f"/cases/{case}/wishes/{request_id}",
        refused=refused,
        problems=(),
        version=stands.version,
        how=Asked(
            "how",
            label(desk, "how"),
            options(questionnaire().visit["contact_wishes"].values(), given.how, desk),
            many=True,
        ),
        wished=[(name, label(desk, name), getattr(given, name)) for name in WISHED],
    )


PAGES: Final = (
    Page("/cases/{case}/wishes", again, calls=("SetWishes",)),
    Page("/cases/{case}/wishes", wishes, ("POST",), calls=("GetWishes",)),
    Page("/cases/{case}/wishes/{request_id}", again, calls=("SetWishes",)),
    Page("/cases/{case}/wishes/{request_id}", set_wishes, ("POST",), calls=("SetWishes",)),
    Page("/cases/{case}/home-visit", again, calls=("RecordVisit",)),
    Page("/cases/{case}/home-visit", begin, ("POST",), calls=("RecordVisit",)),
    Page("/cases/{case}/home-visit/{request_id}", again, calls=("RecordVisit",)),
    Page("/cases/{case}/home-visit/{request_id}", send, ("POST",), calls=("RecordVisit",)),
    Page("/cases/{case}/sheet", sheet, calls=("RecordVisit",)),
)
