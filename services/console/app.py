"""The console's application: one table of routes, behind one guard."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.console.console import Console
from services.console.guard import MAX_BODY_BYTES, SecurityHeaders, desk_of, guarded
from services.console.pages import PAGES
from services.console.rendering import static_files
from services.console.texts import N_

PACKED_BYTES_MIN: Final = 1_000
KEPT_FOR_EVER: Final = "public, max-age=31536000, immutable"
_FAILED: Final[Mapping[int, tuple[str, str]]] = {
    400: (N_("This form cannot be read"), N_("Nothing was done. Open the page anew and fill it there.")),
    403: (
        N_("This form did not come from a page of Homeward"),
        N_("Nothing was done. Open the page anew and fill it there."),
    ),
    404: (N_("There is no such page"), ""),
    405: (N_("There is no such page"), ""),
    408: (
        N_("It did not arrive in time"),
        N_("Nothing was done. Go back, and send it again when the line is better."),
    ),
    413: (
        N_("That is too large"),
        N_("Nothing was done. At most {size} MB can be sent at once: go back, and leave the file out or divide it."),
    ),
}
"""What went wrong before a page could answer, and what to do then."""
_MB: Final = 1_000_000
_TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "webmanifest": "application/json"}


def build(console: Console) -> Starlette:
    """The application of a console."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with console:
            yield

    routes = [Route(page.path, guarded(console, page), methods=list(page.methods)) for page in PAGES]
    return Starlette(
        routes=[*routes, Route("/static/{name}", _static), Route("/alive", _alive)],
        middleware=[
            # Nothing that is secret stands beside what somebody else could have put there: a form's token changes each
            # second, and forms of other sites get no answer.
            Middleware(GZipMiddleware, minimum_size=PACKED_BYTES_MIN, compresslevel=5),
            Middleware(SecurityHeaders, leads_to=_origin(console)),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(console.settings.hosts), www_redirect=False),
        ],
        exception_handlers={HTTPException: partial(_failed, console)},
        lifespan=lifespan,
    )


def _origin(console: Console) -> str:
    provider = console.settings.provider
    return "" if provider is None else "{0.scheme}://{0.netloc}".format(urlsplit(provider.issuer))


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    content = static_files().get(name)
    if content is None:
        raise HTTPException(404)
    media = _TYPES[name.rpartition(".")[2]]
    return Response(content, media_type=media, headers={"Cache-Control": KEPT_FOR_EVER})


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _failed(console: Console, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status not in _FAILED or request.url.path.startswith("/static/"):
        return PlainTextResponse(f"{status}", status_code=status)
    desk = await desk_of(console, request)
    title, advice = _FAILED[status]
    told = desk.texts(advice, size=MAX_BODY_BYTES // _MB) if advice else ""
    return desk.page("refused.html", status, title=desk.texts(title), told=told)
