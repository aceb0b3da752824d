"""What stands before every page: headers, size, who sent a form, who is signed in, and what the role may see."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.errors import OfficeNotFound
from services.chassis.telemetry.log import describe_exception, get_logger
from services.console.console import Console
from services.console.desk import Desk
from services.console.kept import FORM_TOKEN, UNSAFE, kept, typed_in
from services.console.provider import ProviderAway, SignInEnded
from services.console.rights import methods_of
from services.console.routes import Page
from services.console.sessions import COOKIE, SessionsAway, TooManySignIns
from services.console.texts import LANGUAGE_COOKIE, language_of, page_texts

MAX_BODY_BYTES: Final = 2_000_000
MAX_FIELDS: Final = 2_000
"""Thirty people have some 20 fields each."""
MAX_FILES: Final = 1
BODY_S: Final = 30.0
SAME_ORIGIN: Final = "same-origin"
SENT_BEHIND: Final = "x-sent-behind"
"""A form of ours was sent by its script; no other site can add it."""
GOES_ON: Final = "x-goes-on"

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types homeward"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with it browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
NOT_KEPT: Final = "no-store"

log = get_logger(__name__)


class SecurityHeaders:
    """On every answer, those of files and of failures too; what says nothing of being kept is not kept."""

    def __init__(self, app: ASGIApp, leads_to: str = "") -> None:
        """`leads_to`: origin of the provider of accounts, to which signing out leads."""
        self._app = app
        self._headers = {
            name: value.replace("form-action 'self'", f"form-action 'self' {leads_to}".rstrip())
            for name, value in SECURITY_HEADERS.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", NOT_KEPT)
            await send(message)

        await self._app(scope, receive, with_headers)


def guarded(console: Console, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page behind the guard."""

    async def endpoint(request: Request) -> Response:
        _refuse_foreign(request)
        desk = await _anonymous(console, request)
        texts = desk.texts
        try:
            request.state.desk = desk = await _signed_in(desk, polled=page.polled)
            if request.method in UNSAFE:
                request.state.form = await _form(request)
            return _told(request, (None if page.open else _refusal(desk, page)) or await _answer(desk, page))
        except (SessionsAway, ProviderAway):
            title = texts("Nobody can be signed in at the moment")
            if request.method in UNSAFE and not hasattr(request.state, "form"):
                request.state.form = await _form(request)
            return kept(desk, 503, title) or desk.page("refused.html", 503, title=title, away=True)
        except SignInEnded:
            await console.sessions.end(request.cookies.get(COOKIE, ""))
            return _to_sign_in(Desk(console, request, texts, desk.directory))
        except TooManySignIns:
            return desk.page("refused.html", 429, title=texts("Too many people sign in at once"), away=True)
        finally:
            # Uploaded files go at once, not when somebody happens to collect them.
            await request.close()

    return endpoint


def _told(request: Request, response: Response) -> Response:
    """To a form that was sent behind its page: where to go on is told, so that the next page is not made twice."""
    if response.status_code == 303 and request.headers.get(SENT_BEHIND):
        response.status_code = 204
        response.headers[GOES_ON] = response.headers["location"]
        del response.headers["location"]
    return response


async def desk_of(console: Console, request: Request) -> Desk:
    """For what is no page, or did not get as far as one: who is signed in where that is known already, or can be."""
    known: Desk | None = getattr(request.state, "desk", None)
    if known is not None:
        return known
    desk = await _anonymous(console, request)
    try:
        return desk if request.method in UNSAFE else await _signed_in(desk, polled=True)
    except SessionsAway:
        return desk


async def _anonymous(console: Console, request: Request) -> Desk:
    language = language_of(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))
    return Desk(console, request, page_texts(language), await console.directory())


async def _signed_in(desk: Desk, *, polled: bool) -> Desk:
    """The same request with who sends it, if somebody is signed in. Raises SessionsAway."""
    key = desk.request.cookies.get(COOKIE, "")
    session = await desk.console.sessions.find(key, active=not polled)
    if session is None:
        return desk
    directory = desk.directory
    if session.granted is not None:
        directory = await desk.console.directory(session.granted.access)
    try:
        office = directory.office(session.office_id)
    except OfficeNotFound:
        await desk.console.sessions.end(key)
        return desk
    return Desk(desk.console, desk.request, desk.texts, directory, session, office)


def _refusal(desk: Desk, page: Page) -> Response | None:
    """Why this officer does not get this page; None when nothing speaks against it."""
    _ = desk.texts
    if not desk.signed_in:
        return _to_sign_in(desk)
    if desk.request.method in UNSAFE:
        given = str(desk.request.state.form.get(FORM_TOKEN, ""))
        if not desk.console.sessions.fits(desk.signed, given):
            return desk.page("refused.html", 403, title=_("This form is of another sign-in"))
    if not page.permits(desk.methods):
        of_others = page.permits(methods_of(desk.office.role))
        title = _("This page is not for your account") if of_others else _("This page is not for your office")
        return desk.page("refused.html", 403, title=title)
    return None


async def _answer(desk: Desk, page: Page) -> Response:
    _ = desk.texts
    try:
        answer = await page.handle(desk)
        if page.keeps:
            _keep(desk, answer)
        return answer
    except RpcFailure as failure:
        refused = desk.refused(failure)
        status = 404 if failure.code.name == "NOT_FOUND" else 503 if refused.away else 403
        stays = kept(desk, status, _("This did not work"), refused)
        return stays or desk.page("refused.html", status, title=_("This cannot be shown now"), refused=refused)
    except (HTTPException, SessionsAway, TooManySignIns, ProviderAway, SignInEnded):
        raise
    except Exception as error:
        # The route's template, never the address: nothing of a person is in either, and it stays so.
        log.error("page_failed", page=page.path, **describe_exception(error))
        title = _("Something went wrong here")
        return kept(desk, 500, title) or desk.page("refused.html", 500, title=title)


def _keep(desk: Desk, answer: Response) -> None:
    """What stands in a form stays under its address until something came of it."""
    unsent, session, path = desk.console.unsent, desk.signed.id, desk.request.url.path
    form: FormData = desk.request.state.form
    fields = getattr(desk.request.state, "stands", form.multi_items())
    is_data = answer.headers.get("content-type", "").startswith("application/json")
    if answer.status_code == 303 or is_data or not fields:
        unsent.forget(session, path)
    else:
        unsent.keep(session, path, fields)


def _to_sign_in(desk: Desk) -> Response:
    """What was typed stays, and is sent by whoever signs in: as long as that is the same officer, the form fits."""
    if desk.request.method not in UNSAFE:
        address = desk.address
        to = "/sign-in" if address == "/" else f"/sign-in?to={quote(address, safe='/')}"
        return RedirectResponse(to, status_code=303)
    typed = typed_in(desk.request)
    if not typed:
        return RedirectResponse("/sign-in", status_code=303)
    return desk.page("ended.html", 401, title=desk.texts("You are not signed in any more"), typed=typed)


def _refuse_foreign(request: Request) -> None:
    """Forms come from our own pages. Raises HTTPException."""
    if request.method not in UNSAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != SAME_ORIGIN:
            raise HTTPException(403)
        return
    origin = request.headers.get("origin")
    # Browsers without both headers are older than all that can show these pages.
    if origin is None or urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)


async def _form(request: Request) -> FormData:
    """What was sent, read within limits. Raises HTTPException."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MAX_BODY_BYTES:
        raise HTTPException(413)
    try:
        async with asyncio.timeout(BODY_S):
            return await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_BODY_BYTES)
    except TimeoutError:
        raise HTTPException(408) from None
