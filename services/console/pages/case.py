"""One case: who is accountable, the one deadline, what can be done, and its story; who she is only on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any, Final

from starlette.responses import Response

from homeward.handover.v1 import custody_pb2
from homeward.intake.v1 import reading_pb2
from services.chassis.kernel.roles import Role
from services.client.dates import written
from services.client.shown.cases import case_facts, person_facts
from services.client.shown.custody import custody_facts
from services.client.shown.entries import visits_of
from services.client.shown.family import tie_lines
from services.client.shown.home_story import home_story, still_due
from services.client.shown.legal_steps import step_lines
from services.client.shown.story import Line, in_charge, story
from services.client.shown.transfers import transfer_facts
from services.console.desk import Desk, without_codes
from services.console.notes import notes
from services.console.pages.answers import case_of
from services.console.pages.seen import custody_of, seen
from services.console.routes import Page
from services.console.texts import N_
from services.console.verbs import DONE, View, offered

PURPOSES: Final = (
    ("PREPARE_ARRIVAL", N_("to prepare her arrival")),
    ("RECEIVE", N_("to receive her")),
    ("SUPPORT", N_("to support her")),
    ("FOLLOW_UP", N_("to visit her for a follow-up")),
    ("SEARCH", N_("to search for her")),
    ("VERIFY", N_("to verify whether she is a victim")),
    ("PAPERS", N_("to write or check her papers")),
)
"""Why somebody is looked at; the code goes into the access log."""
SHOWN_S: Final = 60
LETTER: Final = "PAPERS"


async def case(desk: Desk) -> Response:
    """The page."""
    number = case_of(desk)
    known = await seen(desk, number)
    view, custody, found, visits, home, kin = (
        known.view,
        known.custody,
        known.record,
        known.follow_ups,
        known.home,
        known.kin,
    )
    if custody.found is None and found.found is None and not (home.found and home.found.entries):
        missing = custody.missing or found.missing
        status = 503 if missing is not None and missing.away else 404
        return desk.page("refused.html", status, title=desk.texts("This case cannot be shown"), refused=missing)
    at_home = home_story(home.found, desk.texts) if home.found is not None else []
    lines: list[Line] = at_home
    if custody.found is not None:
        due = still_due(visits.found or ()) if home.found is not None else visits.found or ()
        told_of_kin = tie_lines(kin.found or (), desk.texts)
        by_law = step_lines(view.legal_steps, desk.texts)
        told_of = [*story(custody.found, due, desk.texts), *at_home, *told_of_kin, *by_law]
        lines = sorted(told_of, key=lambda line: line.at)
    segments = custody.found.segments if custody.found is not None else ()
    told = [
        (line.when, *(desk.named(text) for text in (line.text, *in_charge(segments, line.at, desk.texts))))
        for line in lines
    ]
    facts = _facts(desk, custody.found, found.found)
    first = (desk.texts("Where she is"), desk.texts("Deadline"))
    return desk.page(
        "case.html",
        case=number,
        view=view,
        stands=[desk.named(value) for name, value in facts if name in first],
        late=_is_late(desk, custody.found),
        facts=[each for each in facts if each[0] != desk.texts("Case number")],
        custody=custody,
        found=found,
        visits=visits,
        partial=next((each.missing for each in (visits, home) if each.missing and each.missing.away), None),
        story=told,
        verbs=offered(view, desk.methods),
        purposes=PURPOSES,
        corrects=_corrects(desk, view, found.found),
        at_home=view.at_home,
        has_visits=desk.may("GetVisit") and (view.at_home or bool(visits_of(view.entries or (), desk.texts))),
        travel=_travel(desk, view),
        journey=view.transfer.journey_id if view.transfer is not None and desk.may("ListTransfers") else "",
        agreed=found.found is not None and desk.may("GetConsents") and bool(found.found.accountable_office_id),
        asks_home=desk.may("ConfirmHomeSafety") and view.accountable and view.phase not in ("CLOSED", "WITHDRAWN"),
        breaks=_breaks(desk, view),
        done=DONE.get(desk.request.query_params.get("done", "")),
        notes=notes(desk),
    )


def _facts(desk: Desk, custody: custody_pb2.Custody | None, found: Any) -> list[tuple[str, str]]:
    """What is known without who she is; one name once."""
    rows = custody_facts(custody, desk.texts) if custody is not None else []
    rows += case_facts(found, desk.texts) if found is not None else []
    return [(name, desk.with_id(without_codes(value))) for name, value in dict(reversed(rows)).items() if value][::-1]


def _travel(desk: Desk, view: View) -> list[tuple[str, str]]:
    """How she travels, or did last: what does not stand on the page already, without ids."""
    if view.transfer is None:
        return []
    _ = desk.texts
    elsewhere = {_("Case number"), _("Age at the return"), _("Home province"), _("Journey"), _("Transfer")}
    rows = transfer_facts(view.transfer, _)
    return [(name, desk.with_id(without_codes(value))) for name, value in rows if value and name not in elsewhere]


def _is_late(desk: Desk, custody: custody_pb2.Custody | None) -> bool:
    return custody is not None and "" < custody.deadline_on < desk.console.today().isoformat()


def _corrects(desk: Desk, view: View, found: Any) -> bool:
    """Whether this office may set the record right: it registered her, and she is still with it."""
    if found is None or not desk.may("CorrectCase"):
        return False
    return view.accountable and found.receiving_office_id in desk.own and view.phase not in ("CLOSED", "WITHDRAWN")


def _breaks(desk: Desk, view: View) -> bool:
    """Whether this office may need to know who she is although it is not entitled; the service decides."""
    if not desk.may("OpenBreakGlass"):
        return False
    return desk.office.role in (Role.SUPERVISOR, Role.VERIFIER) or (view.accountable and view.phase == "CLOSED")


async def identity(desk: Desk) -> Response:
    """Who she is, for an office that may know, with its purpose; nothing of it is kept in the browser."""
    number, form = case_of(desk), await desk.form()
    purpose = str(form.get("purpose", ""))
    if purpose not in dict(PURPOSES):
        return desk.go(f"/cases/{number}")
    request = reading_pb2.GetCaseRequest(case=number, include_identity=True, purpose=purpose)
    found = (await desk.ask(desk.stubs.reading.GetCase, request)).case
    known = found.HasField("person")
    return desk.page(
        "identity.html",
        case=number,
        facts=_who(found, desk) if known else [],
        known=known,
        shown_s=SHOWN_S,
        letter=known and desk.may("DispatchTransfer"),
        purpose=desk.texts(dict(PURPOSES)[purpose]),
    )


def _who(found: Any, desk: Desk) -> list[tuple[str, str]]:
    return [(name, without_codes(value)) for name, value in person_facts(found, desk.texts) if value]


async def letter(desk: Desk) -> Response:
    """The letter that an escort carries: with who she is, so it is asked for by a form, and the reading is recorded."""
    number = case_of(desk)
    request = reading_pb2.GetCaseRequest(case=number, include_identity=True, purpose=LETTER)
    found, custody = await asyncio.gather(desk.ask(desk.stubs.reading.GetCase, request), custody_of(desk, number))
    transfer = custody.transfers[-1] if custody is not None and custody.transfers else None
    if transfer is None or not found.case.HasField("person"):
        return desk.go(f"/cases/{number}")
    carried = {"full_name", "sex", "birth_date", "home_province", "home_address", "documents", "belongings"}
    person = reading_person(found.case, carried)
    travel = [each for each in transfer_facts(transfer, desk.texts) if each[1]]
    wanted = {desk.texts("Escort"), desk.texts("Means of travel"), desk.texts("Papers")}
    return desk.page(
        "letter.html",
        case=number,
        facts=[
            (desk.texts("Case number"), number),
            *_who(person, desk),
            *(each for each in travel if each[0] in wanted),
        ],
        sender=desk.name_of(transfer.from_office_id),
        receiver=desk.name_of(transfer.to_office_id),
        expected=written(transfer.expected_arrival_on),
        written_on=written(desk.console.today().isoformat()),
    )


def reading_person(found: Any, carried: Collection[str]) -> Any:
    """A case with only these fields of its person: what the letter does not need stays out of the bag."""
    kept = type(found)()
    for name in carried:
        value = getattr(found.person, name)
        if name == "home_province":
            kept.person.home_province.CopyFrom(value)
        elif name in ("documents", "belongings"):
            getattr(kept.person, name).extend(value)
        else:
            setattr(kept.person, name, value)
    return kept


async def again(desk: Desk) -> Response:
    """Who she is never has an address: whoever comes by GET gets the case."""
    return desk.go(f"/cases/{case_of(desk)}")


async def find(desk: Desk) -> Response:
    """The box for a case number."""
    from services.chassis.kernel.case_number import InvalidCaseNumber, parse_case_number

    typed = desk.request.query_params.get("number", "").strip()[:40]
    try:
        return desk.go(f"/cases/{parse_case_number(typed)}")
    except InvalidCaseNumber:
        return desk.page("refused.html", 422, title=desk.texts("This is no case number"), mistyped=True)


PAGES: Final = (
    Page("/find", find, calls=("GetCase", "GetCustody")),
    Page("/cases/{case}", case, calls=("GetCase", "GetCustody")),
    Page("/cases/{case}/identity", again, calls=("GetCase",)),
    Page("/cases/{case}/identity", identity, ("POST",), calls=("GetCase",)),
    Page("/cases/{case}/letter", again, calls=("DispatchTransfer",)),
    Page("/cases/{case}/letter", letter, ("POST",), calls=("DispatchTransfer",)),
)
