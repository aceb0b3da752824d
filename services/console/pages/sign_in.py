"""Signing in and out, and the language."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from services.chassis.country.offices import Office
from services.chassis.kernel.errors import OfficeNotFound
from services.chassis.kernel.fold import fold
from services.chassis.kernel.roles import Caller, Role
from services.client import words
from services.console.console import subject_of
from services.console.desk import Desk
from services.console.provider import BEGUN_S, ProviderAway, SignInRefused
from services.console.routes import Page
from services.console.sessions import COOKIE
from services.console.texts import LANGUAGE_COOKIE

BEGUN_COOKIE: Final = "__Host-signing-in"
FOUND_MAX: Final = 40
LANGUAGE_S: Final = 365 * 24 * 60 * 60
FIRST: Final = ("BP-CN-MONG-CAI", "SA-24", "VF-24", "SV-NATIONAL")
"""Offices to begin with, one of a kind, as far as they exist."""


async def choose(desk: Desk) -> Response:
    """One button for an account; in a demonstration the offices to choose from."""
    query = desk.request.query_params
    sought = query.get("office", "").strip()
    return desk.page(
        "sign_in.html",
        sought=sought,
        to=_path(query.get("to", "")),
        offices=_found(desk, sought) if sought else _first(desk),
        problem="",
    )


async def sign_in(desk: Desk) -> Response:
    """Begin a session for an office; the one before ends."""
    form = await desk.form()
    office_id, to = str(form.get("office", "")).strip().upper(), _path(str(form.get("to", "")))
    problem = _problem(desk, office_id)
    if not desk.console.demonstration:
        problem = desk.texts("An office is chosen in a demonstration only.")
    if problem:
        found = _found(desk, office_id)
        return desk.page("sign_in.html", 422, sought=office_id, to=to, offices=found, problem=problem)
    await desk.console.sessions.end(desk.request.cookies.get(COOKIE, ""))
    answer = desk.go(to)
    office, second = desk.directory.office(office_id), form.get("second") == "1"
    key = await desk.console.sessions.begin(office_id, subject_of(office, second=second))
    answer.set_cookie(COOKIE, key, path="/", secure=True, httponly=True, samesite="lax")
    return answer


async def begin(desk: Desk) -> Response:
    """To the provider of accounts; only this browser can end what begins here."""
    if desk.console.provider is None:
        return desk.go("/sign-in")
    # Whoever is signed in and comes here was told that it was too long ago.
    to, anew = _path(desk.request.query_params.get("to", "")), desk.signed_in
    address, begun = await desk.console.provider.begin(to, anew=anew)
    answer = desk.go(address)
    answer.set_cookie(
        BEGUN_COOKIE,
        begun.sealed(desk.console.secret),
        max_age=BEGUN_S,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    return answer


async def done(desk: Desk) -> Response:
    """Back from the provider: a new session for the office that the account acts for."""
    _, console = desk.texts, desk.console
    problem = _("Signing in did not work. Begin again.")
    if console.provider is None:
        return desk.go("/sign-in")
    try:
        begun = console.provider.begun(console.secret, desk.request.cookies.get(BEGUN_COOKIE, ""))
        caller, granted = await console.provider.finish(begun, desk.request.query_params)
    except SignInRefused:
        return _refused(desk, problem)
    desk.directory = await console.directory(granted.access)
    if problem := _problem(desk, caller.office_id) or _other_role(desk, caller):
        return _refused(desk, problem)
    await console.sessions.end(desk.request.cookies.get(COOKIE, ""))
    answer = desk.go(begun.to)
    key = await console.sessions.begin(caller.office_id, caller.subject, granted)
    answer.set_cookie(COOKIE, key, path="/", secure=True, httponly=True, samesite="lax")
    answer.delete_cookie(BEGUN_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def _refused(desk: Desk, problem: str) -> Response:
    return desk.page("sign_in.html", 403, sought="", to="/", offices=[], problem=problem)


def _other_role(desk: Desk, caller: Caller) -> str:
    _, office = desk.texts, desk.directory.office(caller.office_id)
    if office.role is caller.role:
        return ""
    return _("The account acts in another role than {office} has; tell its administrator.", office=office.id)


async def _leave(desk: Desk) -> str:
    """End the sign-in at the provider as well; its page for that, ours when there is none or it is away."""
    session, provider = desk.session, desk.console.provider
    if session is None or session.granted is None or provider is None:
        return "/sign-in"
    try:
        return await provider.leave(session.granted) or "/sign-in"
    except (ProviderAway, SignInRefused):
        return "/sign-in"


async def sign_out(desk: Desk) -> Response:
    """End the session, here and at the provider, and leave nothing in the browser's cache."""
    desk.console.unsent.end(desk.signed.id)
    await desk.console.sessions.end(desk.request.cookies.get(COOKIE, ""))
    answer = desk.go(await _leave(desk))
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    # Never "storage": drafts on this device stay until they are sent.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


async def signed_in(desk: Desk) -> Response:
    """Where a sign-in leads that another window waits for."""
    return desk.page("signed_in.html")


async def hidden(desk: Desk) -> Response:
    """A page that shows nothing, for browsers that cannot cover the one before."""
    return desk.page("hidden.html")


async def language(desk: Desk) -> Response:
    """Read pages in the other language from now on."""
    form = await desk.form()
    answer = desk.go(_path(str(form.get("to", ""))))
    chosen = "en" if form.get("language") == "en" else "vi"
    answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=LANGUAGE_S, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def _path(text: str) -> str:
    """A page of this console, whatever was asked for."""
    inner = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if inner else "/"


def _problem(desk: Desk, office_id: str) -> str:
    _ = desk.texts
    try:
        office = desk.directory.office(office_id)
    except OfficeNotFound:
        return _("There is no such office.")
    if desk.directory.has_ended(office, desk.console.today()):
        if office.successor_id:
            heir = office.successor_id
            return _("{office} has ended; its successor is {successor}.", office=office.id, successor=heir)
        return _("{office} has ended.", office=office.id)
    return ""


def _row(desk: Desk, office: Office) -> tuple[str, str, str]:
    _ = desk.texts
    name = office.name_vi if _.language == "vi" else office.name_en
    return office.id, name, words.word(_, words.ROLES, office.role)


def _working(desk: Desk) -> list[Office]:
    today = desk.console.today()
    return [
        each
        for each in desk.directory.offices()
        if each.valid_from <= today and not desk.directory.has_ended(each, today)
    ]


def _found(desk: Desk, sought: str) -> list[tuple[str, str, str]]:
    wanted = fold(sought).split()
    rows = []
    for each in _working(desk):
        text = f"{fold(each.id)} {fold(each.name_vi)} {fold(each.name_en)}"
        if all(word in text for word in wanted):
            rows.append(_row(desk, each))
    return rows[:FOUND_MAX]


def _first(desk: Desk) -> list[tuple[str, str, str]]:
    """One office of each role: known ones where they are, else the first of the role."""
    working = _working(desk)
    chosen = {each.role: each for each in reversed(working)} | {each.role: each for each in working if each.id in FIRST}
    return [_row(desk, chosen[role]) for role in Role if role in chosen]


PAGES: Final = (
    Page("/sign-in", choose, open=True),
    Page("/sign-in", sign_in, ("POST",), open=True),
    Page("/sign-in/begin", begin, open=True),
    Page("/sign-in/done", done, open=True),
    Page("/signed-in", signed_in),
    Page("/sign-out", sign_out, ("POST",)),
    Page("/hidden", hidden, open=True),
    Page("/language", language, ("POST",), open=True),
)
