"""One thing done with one case: its form, and the sending. The request id stands in the address of the form."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.followup.v1 import entries_pb2
from homeward.handover.v1 import custody_pb2, searches_pb2
from homeward.intake.v1 import reading_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.case_number import InvalidCaseNumber, parse_case_number
from services.chassis.kernel.places import ProvinceRef
from services.client.shown.custody import custody_facts
from services.client.shown.entries import row as entry_row
from services.client.travel import warning_codes
from services.console.desk import Desk
from services.console.forms import Option, fill, options, prefilled, typed
from services.console.pages.approvals import waiting_page
from services.console.pages.seen import follow_ups_of, seen
from services.console.refusals import FieldProblem, Refused, at_field
from services.console.rights import approvers_of
from services.console.routes import Page
from services.console.verbs import BY_NAME, VERBS, Field, Kind, Verb, View

HOME_OF: Final = frozenset({"dispatch", "plan", "redirect"})
"""Verbs whose offices begin with the agency of her home province."""


async def begin(desk: Desk) -> Response:
    """Give the form an id of its own: reloading, going back and pressing twice are then one request."""
    case, verb = _meant(desk)
    query = desk.request.url.query
    return desk.go(f"/cases/{case}/{verb.name}/{uuid.uuid4()}" + (f"?{query}" if query else ""))


async def show(desk: Desk) -> Response:
    """The form; where the case does not stand so any more, how it stands instead."""
    case, verb = _meant(desk)
    desk.request_id()
    view, home, entries = await _known(desk, verb, case)
    if (unfit := await _unfit(desk, verb, case, view)) is not None:
        return unfit
    etag = await _etag(desk, verb, case, view)
    if (unsent := desk.unsent) is not None:
        values = typed(unsent, verb.fields)
        return _page(desk, verb, case, values, view=view, home=home, entries=entries, etag=etag, again=True)
    given = {field.name: [desk.request.query_params.get(field.name, "")[:40]] for field in verb.fields}
    known = {field.name: given[field.name] for field in verb.fields if field.kind is Kind.CASE}
    values = prefilled(verb.fields, desk.console.today(), known)
    return _page(desk, verb, case, values, view=view, home=home, entries=entries, etag=etag)


async def send(desk: Desk) -> Response:
    """Do it. Everything that is wrong is told at once, and what was typed stays."""
    case, verb = _meant(desk)
    form = await desk.form()
    values = typed(form, verb.fields)
    request: Any = verb.request(request_id=desk.request_id(), case=case)
    problems = fill(request, verb.fields, values, desk.console.today(), desk.texts)
    etag = str(form.get("etag", ""))
    if verb.etag:
        request.etag = etag
    refused = None
    if not problems:
        try:
            answer = await desk.ask(verb.call(desk.stubs), request)
            return _done(desk, verb, case, answer)
        except RpcFailure as failure:
            if waits := waiting_page(failure):
                return desk.go(waits)
            refused = desk.refused(failure)
            problems = _of_service(desk, refused, verb)
    view, home, entries = await _known(desk, verb, case)
    if refused is not None and not refused.away:
        etag = await _etag(desk, verb, case, view)
    status = 422 if refused is None or not refused.away else 503
    return _page(
        desk,
        verb,
        case,
        values,
        view=view,
        home=home,
        entries=entries,
        etag=etag,
        problems=problems,
        refused=refused,
        status=status,
    )


async def _unfit(desk: Desk, verb: Verb, case: str, view: View) -> Response | None:
    """What is said in the place of a form that means nothing in the case as it stands; None where it may."""
    if verb.offered(view) or not desk.may("GetCustody"):
        return None
    # Some buttons follow from more than custody.
    known = await seen(desk, case)
    parts = (known.custody, known.record, known.follow_ups, known.home, known.kin)
    if verb.offered(known.view) or any(each.missing is not None and each.missing.away for each in parts):
        return None
    if known.custody.found is None:
        title = desk.texts("This case cannot be shown")
        return desk.page("refused.html", 404, title=title, refused=known.custody.missing)
    unfit = desk.texts("This does not fit the case as it stands now: {state}.", state=_where(desk, known.view))
    return _page(desk, verb, case, {}, view=known.view, home=None, entries=(), etag="", unfit=unfit)


def _where(desk: Desk, view: View) -> str:
    """Where she is, in the words of the page of the case; where this office may not know, what became of its part."""
    rows = dict(custody_facts(view.custody, desk.texts)) if view.custody is not None else {}
    last = desk.transfer_state(view.transfer) if view.transfer is not None else ""
    return desk.named(rows.get(desk.texts("Where she is")) or rows.get(desk.texts("Phase")) or last)


def _done(desk: Desk, verb: Verb, case: str, answer: Any) -> Response:
    warnings = warning_codes(getattr(answer, "warnings", ()))
    notes = "".join(f"&note={code}" for code in warnings)
    return desk.go(f"/cases/{case}?done={verb.name}{notes}")


def _of_service(desk: Desk, refused: Refused, verb: Verb) -> list[FieldProblem]:
    """Problems of a service, at the fields of this form where it has them."""
    called = {field.name: desk.texts(field.label) for field in verb.fields}
    return [
        at_field(each.field if each.field in called else "", each.text, called.get(each.field, ""), desk.texts)
        for each in refused.problems
    ]


def _page(
    desk: Desk,
    verb: Verb,
    case: str,
    values: Mapping[str, Sequence[str]],
    *,
    view: View,
    home: ProvinceRef | None,
    entries: Sequence[Option],
    etag: str,
    problems: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
    again: bool = False,
    unfit: str = "",
    status: int = 200,
) -> Response:
    fields = [
        (field, _fitting(options(desk, field, home, entries), field, view), values.get(field.name, ()))
        for field in verb.fields
    ]
    answered = view.transfer if verb.etag == "transfer" and not verb.offered(view) else None
    return desk.page(
        "verb.html",
        status,
        verb=verb,
        case=case,
        fields=fields,
        view=view,
        etag=etag,
        # Whoever may not see her any more has nothing left to answer.
        gone=refused is not None and not refused.away and view.custody is None and desk.may("GetCustody"),
        two_people=bool(approvers_of(verb.method)),
        answered=answered if view.custody is not None else None,
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        again=again,
        unfit=unfit,
        Kind=Kind,
    )


def _meant(desk: Desk) -> tuple[str, Verb]:
    """The case and the verb of the address. Raises HTTPException."""
    verb = BY_NAME.get(desk.request.path_params["verb"])
    if verb is None or not desk.may(verb.method):
        raise HTTPException(404)
    return case_of(desk), verb


def case_of(desk: Desk) -> str:
    """The case number of the address as it is written everywhere. Raises HTTPException."""
    try:
        return str(parse_case_number(desk.request.path_params["case"]))
    except InvalidCaseNumber:
        raise HTTPException(404) from None


async def view_of(desk: Desk, case: str) -> View:
    """What is known of a case, as far as this office may know and the service answers."""
    custody = None
    if desk.may("GetCustody"):
        try:
            custody = (await desk.ask(desk.stubs.custody.GetCustody, custody_pb2.GetCustodyRequest(case=case))).custody
        except RpcFailure:
            custody = None
    return View(custody, desk.own)


async def _known(desk: Desk, verb: Verb, case: str) -> tuple[View, ProvinceRef | None, list[Option]]:
    """What the form of a verb needs beside it."""
    asks = any(field.of_case is not None for field in verb.fields)
    view, home, entries, follow_ups = await asyncio.gather(
        view_of(desk, case),
        _home(desk, verb, case),
        _entries(desk, verb, case),
        desk.block(follow_ups_of(desk, case) if asks else _nothing()),
    )
    view.follow_ups = follow_ups.found
    return view, home, entries


async def _nothing() -> None:
    return None


def _fitting(choices: list[Option], field: Field, view: View) -> list[Option]:
    """The choices that mean something in this case; all of them where that is not known."""
    if field.of_case is None or view.follow_ups is None:
        return choices
    known = field.of_case(view)
    return [each for each in choices if each[0] in known]


async def _entries(desk: Desk, verb: Verb, case: str) -> list[Option]:
    """What was recorded at home and stands, as far as it may be seen."""
    if not desk.may("GetStory") or not any(field.kind is Kind.ENTRY for field in verb.fields):
        return []
    try:
        story = await desk.ask(desk.stubs.entries.GetStory, entries_pb2.GetStoryRequest(case=case))
    except RpcFailure:
        return []
    return [(number, ", ".join(rest)) for number, *rest in (entry_row(each, desk.texts) for each in story.entries)]


async def _etag(desk: Desk, verb: Verb, case: str, view: View) -> str:
    """What stands now, so that whoever was quicker is seen."""
    try:
        if verb.etag == "transfer":
            return view.transfer.etag if view.transfer is not None else ""
        if verb.etag == "search":
            found = await desk.ask(desk.stubs.searches.GetSearch, searches_pb2.GetSearchRequest(case=case))
            return found.search.etag
        if verb.etag == "case":
            return (await desk.ask(desk.stubs.reading.GetCase, reading_pb2.GetCaseRequest(case=case))).case.etag
    except RpcFailure:
        return ""
    return ""


async def _home(desk: Desk, verb: Verb, case: str) -> ProvinceRef | None:
    if verb.name not in HOME_OF or not desk.may("GetCase"):
        return None
    try:
        found = (await desk.ask(desk.stubs.reading.GetCase, reading_pb2.GetCaseRequest(case=case))).case
    except RpcFailure:
        return None
    return ProvinceRef(found.home_province.code, found.home_province.vintage) if found.home_province.code else None


_CALLS: Final = tuple(dict.fromkeys(verb.method for verb in VERBS))
PAGES: Final = (
    Page("/cases/{case}/{verb}", begin, calls=_CALLS),
    Page("/cases/{case}/{verb}/{request_id}", show, calls=_CALLS),
    Page("/cases/{case}/{verb}/{request_id}", send, ("POST",), calls=_CALLS, keeps=True),
)
