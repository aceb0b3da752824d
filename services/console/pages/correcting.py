"""The record of a person, set right in the browser: with who she is, so it is asked for by a form, and each reading is
recorded. What is left as it stands is not sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from google.protobuf.field_mask_pb2 import FieldMask
from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.intake.v1 import cases_pb2, reading_pb2, submissions_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.country.reference_lists import countries, ethnic_groups, languages
from services.chassis.kernel.places import ProvinceRef
from services.client import words
from services.client.dates import written
from services.client.people_file.check import check_person
from services.client.people_file.columns import BY_FIELD, PERSON_FIELDS, hint_in_form, title_of
from services.client.people_file.correcting import content_of, difference
from services.client.people_file.draft import Cell, Draft, DraftPerson
from services.client.people_file.values import province_name
from services.console.desk import Desk
from services.console.pages.answers import case_of
from services.console.pages.handovers import lists_of
from services.console.people_form import FIRST, LISTED, MAX_CHARS, told_of_one
from services.console.refusals import FieldProblem, Refused
from services.console.routes import Page

PURPOSE: Final = "correct"
"""Why the record is read, for the access log; the command line says the same."""
FIELDS: Final = tuple(name for name in PERSON_FIELDS if name not in ("family_links", "earlier_case"))
"""Ties and returns have forms of their own."""
SURE_OF: Final = frozenset({"ANOTHER_PERSON", "ALREADY_REGISTERED"})
"""Refusals that an officer who looked again may overrule."""


async def begin(desk: Desk) -> Response:
    """The form, with the record as it stands."""
    stands = await _record(desk)
    if stands is None:
        return desk.go(f"/cases/{case_of(desk)}")
    return _page(desk, str(uuid.uuid4()), texts_of(stands.person, desk))


async def send(desk: Desk) -> Response:
    """Correct what differs. Everything that is wrong is told at once, and what was typed stays."""
    try:
        request_id = str(uuid.UUID(desk.request.path_params["request_id"]))
    except ValueError:
        raise HTTPException(404) from None
    form, _ = await desk.form(), desk.texts
    typed = {name: str(form.get(name, "")).strip()[:MAX_CHARS] for name in FIELDS}
    reason, sure = str(form.get("reason", "")).strip()[:500], form.get("sure") == "1"
    row = DraftPerson(
        1,
        "1",
        {name: Cell(text, 1, title_of(name, _.language)) for name, text in typed.items() if text},
        frozenset(name for name, text in typed.items() if not text),
    )
    titles = {name: title_of(name, _.language) for name in BY_FIELD}
    person, checked = check_person(Draft((row,), {}, titles=titles), desk.console.now(), 1)
    problems = told_of_one(checked.problems, _)
    if not reason:
        problems.append(FieldProblem("reason", _("{field}: this is needed.", field=_("Why it is corrected"))))
    if problems or person is None:
        return _page(desk, request_id, typed, reason=reason, problems=problems, status=422)
    try:
        stands = await _record(desk)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        status = 503 if refused.away else 422
        return _page(desk, request_id, typed, reason=reason, refused=refused, status=status)
    if stands is None:
        return desk.go(f"/cases/{case_of(desk)}")
    changed = difference(row, person, content_of(stands.person), empty=True).changed
    if not changed:
        nothing = FieldProblem("", _("Nothing differs from the record as it stands."))
        return _page(desk, request_id, typed, reason=reason, problems=[nothing], status=422)
    request = submissions_pb2.CorrectCaseRequest(
        request_id=request_id,
        case=stands.case_number,
        etag=stands.etag,
        reason=reason,
        person=person.to_proto(),
        update_mask=FieldMask(paths=changed),
        another_person=sure,
    )
    try:
        await desk.ask(desk.stubs.submissions.CorrectCase, request)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        problems = [FieldProblem(each.field.rpartition(".")[2], each.message) for each in failure.violations]
        status = 503 if refused.away else 422
        asks = failure.reason in SURE_OF
        return _page(
            desk, request_id, typed, reason=reason, problems=problems, refused=refused, asks=asks, status=status
        )
    return desk.go(f"/cases/{stands.case_number}?done=correct")


async def _record(desk: Desk) -> cases_pb2.Case | None:
    """The record as it stands; None when the office may not see all of it any more."""
    request = reading_pb2.GetCaseRequest(case=case_of(desk), include_identity=True, purpose=PURPOSE)
    found: cases_pb2.Case = (await desk.ask(desk.stubs.reading.GetCase, request)).case
    return found if found.identity_view == cases_pb2.IDENTITY_VIEW_FULL else None


def texts_of(person: Any, desk: Desk) -> dict[str, str]:
    """A record as an officer would write it."""
    _, province = desk.texts, person.home_province
    groups = {f"2008:{group.gso_2008}": group.name for group in ethnic_groups()}
    texts = {name: getattr(person, name) for name in FIELDS if isinstance(getattr(person, name), str)}
    texts["sex"] = words.word(_, words.SEXES, person.sex) if person.sex else ""
    texts["birth_date"] = _birth(person.birth_date)
    texts["home_province"] = province_name(ProvinceRef(province.code, province.vintage)) if province.code else ""
    spoken = languages().get(texts["language"])
    if spoken is not None:
        texts["language"] = spoken.name_vi if _.language == "vi" else spoken.name_en
    texts["ethnicity"] = groups.get(person.ethnicity, person.ethnicity)
    for name in ("nationality", "returned_from_country"):
        texts[name] = _country(texts[name], desk)
    for name in ("documents", "belongings"):
        texts[name] = "; ".join(getattr(person, name))
    yes, no = ("có", "không") if _.language == "vi" else ("yes", "no")
    texts["victim_declaration"] = yes if person.victim_declaration else no
    return texts


def _birth(text: str) -> str:
    return written(text) if len(text) == len("2026-01-31") else "/".join(reversed(text.split("-")))


def _country(code: str, desk: Desk) -> str:
    found = countries().get(code)
    if found is None:
        return code
    return found.name_vi if desk.texts.language == "vi" else found.name_en


def _page(
    desk: Desk,
    request_id: str,
    typed: dict[str, str],
    *,
    reason: str = "",
    problems: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    asks: bool = False,
    status: int = 200,
) -> Response:
    number, _ = case_of(desk), desk.texts
    return desk.page(
        "correct.html",
        status,
        case=number,
        action=f"/cases/{number}/correct/{request_id}",
        typed=typed,
        first=FIRST,
        more=[name for name in FIELDS if name not in FIRST],
        title=lambda name: title_of(name, _.language),
        hint=lambda name: _(hint_in_form(name)),
        lists=lists_of(desk),
        coded=LISTED,
        reason=reason,
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        asks=asks,
    )


async def again(desk: Desk) -> Response:
    """Who she is never has an address: whoever comes by GET gets the case."""
    return desk.go(f"/cases/{case_of(desk)}")


PAGES: Final = (
    Page("/cases/{case}/correct", again, calls=("CorrectCase",)),
    Page("/cases/{case}/correct", begin, ("POST",), calls=("CorrectCase",)),
    Page("/cases/{case}/correct/{request_id}", again, calls=("CorrectCase",)),
    Page("/cases/{case}/correct/{request_id}", send, ("POST",), calls=("CorrectCase",)),
)
