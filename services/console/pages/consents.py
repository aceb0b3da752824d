"""What she agreed to: each purpose by itself, with the text to read to her, what was said, and who said it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from homeward.intake.v1 import consents_pb2 as pb
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.client import RpcFailure
from services.chassis.country.consent_texts import consent_texts, read_today
from services.client import words
from services.client.dates import DateProblem, parse_day, written
from services.client.shown import consents as shown
from services.client.shown.values import enum_word
from services.console.desk import Desk
from services.console.pages.answers import case_of
from services.console.pages.case import SHOWN_S
from services.console.pages.lists import choices
from services.console.refusals import FieldProblem, Refused
from services.console.routes import Page
from services.console.verbs import DONE

NAME_CHARS: Final = 120
SHORT_CHARS: Final = 40
NUMBER_DIGITS: Final = 9
LANGUAGE: Final = "vi"
FIELDS: Final[Mapping[str, int]] = {
    "state": SHORT_CHARS,
    "giver": SHORT_CHARS,
    "relation": SHORT_CHARS,
    "name": NAME_CHARS,
    "language": SHORT_CHARS,
    "said_on": SHORT_CHARS,
}
"""What the form asks for, with so many characters of each."""
_IN_FORM: Final[Mapping[str, str]] = {"guardian.name": "name", "guardian.relation": "relation", "guardian": "name"}


@dataclass(frozen=True, slots=True)
class Standing:
    """A purpose as the page lists it: its code in addresses, its words, and what stands."""

    slug: str
    text: str
    state: str


async def consents(desk: Desk) -> Response:
    """Every purpose with what stands, and everything that was said."""
    case, _ = case_of(desk), desk.texts
    found = await desk.block(_said(desk, case))
    said = found.found or ()
    stands = shown.standing_of(said)
    rows = [
        Standing(words.slug(code), words.purpose_word(_, code), _state(desk, stands.get(code)))
        for code in consent_texts()
    ]
    return desk.page(
        "consents.html",
        200 if found.missing is None else 503 if found.missing.away else 404,
        case=case,
        found=found,
        purposes=rows,
        titles=shown.titles(_),
        said=[shown.row(each, _) for each in said],
        guardians=[each.number for each in said if each.guardian_named],
        records=desk.may("RecordConsent"),
        done=DONE.get(desk.request.query_params.get("done", "")),
    )


async def consent(desk: Desk) -> Response:
    """The text of one purpose, and the form for what she says."""
    given = {"giver": "PERSON", "language": LANGUAGE, "said_on": written(desk.console.today().isoformat())}
    return await _form(desk, uuid.uuid4(), given)


async def record(desk: Desk) -> Response:
    """Record it. All that is wrong is told at once, and what was typed stays."""
    form, purpose, case = await desk.form(), _purpose(desk), case_of(desk)
    given = {name: str(form.get(name, "")).strip()[:limit] for name, limit in FIELDS.items()}
    request_id = _uuid(str(form.get("request_id", "")))
    request = pb.RecordConsentRequest(
        request_id=str(request_id), case=case, purpose=purpose, language=given["language"]
    )
    problems = _fill(desk, request, given, form)
    if problems:
        return await _form(desk, request_id, given, problems=problems)
    try:
        await desk.ask(desk.stubs.consents.RecordConsent, request)
    except RpcFailure as failure:
        refused = desk.refused(failure)
        found = [FieldProblem(_IN_FORM.get(each.field, each.field), each.text) for each in refused.problems]
        return await _form(desk, request_id, given, problems=found, refused=refused)
    return desk.go(f"/cases/{case}/consents?done=consent")


async def guardian(desk: Desk) -> Response:
    """Who gave a consent for a child; nothing of it is kept in the browser, and the reading is recorded."""
    case, form = case_of(desk), await desk.form()
    typed = str(form.get("number", ""))
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= NUMBER_DIGITS else 0
    request = pb.GetGuardianRequest(case=case, number=number)
    found = (await desk.ask(desk.stubs.consents.GetGuardian, request)).guardian
    facts = shown.guardian_facts(found, desk.texts)
    return desk.page("guardian.html", case=case, facts=facts, shown_s=SHOWN_S)


async def again(desk: Desk) -> Response:
    """A name never has an address: whoever comes by GET gets the list."""
    return desk.go(f"/cases/{case_of(desk)}/consents")


def _fill(desk: Desk, request: pb.RecordConsentRequest, given: Mapping[str, str], form: FormData) -> list[FieldProblem]:
    """Put what was typed into the request; what cannot be read is told."""
    problems, _ = list[FieldProblem](), desk.texts
    if given["state"] in words.CONSENT_STATES.codes:
        request.state = types.ConsentState.Value(f"CONSENT_STATE_{given['state']}")
    version = str(form.get("version", ""))
    if given["state"] != "WITHDRAWN" and version == str(read_today(request.purpose).version):
        request.text_version = read_today(request.purpose).version
    if given["giver"] == "GUARDIAN":
        request.giver = types.CONSENT_GIVER_GUARDIAN
        request.guardian.name = given["name"]
        if given["relation"] in words.GUARDIAN_RELATIONS.codes:
            request.guardian.relation = types.GuardianRelation.Value(f"GUARDIAN_RELATION_{given['relation']}")
    try:
        request.said_on = parse_day(given["said_on"], desk.console.today()).isoformat() if given["said_on"] else ""
    except DateProblem as problem:
        problems.append(FieldProblem("said_on", _(problem.text, **problem.params)))
    return problems


async def _form(
    desk: Desk,
    request_id: uuid.UUID,
    given: Mapping[str, str],
    *,
    problems: Sequence[FieldProblem] = (),
    refused: Refused | None = None,
) -> Response:
    _, purpose, case = desk.texts, _purpose(desk), case_of(desk)
    text = read_today(purpose)
    status = 200 if refused is None and not problems else 503 if refused is not None and refused.away else 422
    return desk.page(
        "consent.html",
        status,
        case=case,
        purpose=words.slug(purpose),
        title=words.purpose_word(_, purpose),
        text=text,
        request_id=request_id,
        given=given,
        problems=problems,
        by_field={each.field: each.text for each in problems},
        refused=refused,
        states=choices(desk, words.CONSENT_STATES),
        givers=choices(desk, words.CONSENT_GIVERS),
        relations=choices(desk, words.GUARDIAN_RELATIONS),
        records=desk.may("RecordConsent"),
    )


def _state(desk: Desk, one: pb.Consent | None) -> str:
    if one is None:
        return ""
    state = enum_word(desk.texts, one, "state", words.CONSENT_STATES)
    return desk.texts("{state}, on {day}", state=state, day=written(one.said_on))


async def _said(desk: Desk, case: str) -> Sequence[pb.Consent]:
    return (await desk.ask(desk.stubs.consents.GetConsents, pb.GetConsentsRequest(case=case))).consents


def _purpose(desk: Desk) -> str:
    purpose = str(desk.request.path_params["purpose"]).upper().replace("-", "_")
    if purpose not in consent_texts():
        raise HTTPException(404)
    return purpose


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise HTTPException(404) from None


PAGES: Final = (
    Page("/cases/{case}/consents", consents, calls=("GetConsents",)),
    Page("/cases/{case}/consents/{purpose}", consent, calls=("RecordConsent",)),
    Page("/cases/{case}/consents/{purpose}", record, ("POST",), calls=("RecordConsent",)),
    Page("/cases/{case}/guardian", again, calls=("GetGuardian",)),
    Page("/cases/{case}/guardian", guardian, ("POST",), calls=("GetGuardian",)),
)
