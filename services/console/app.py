"""The console's application: one table of routes, behind one guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from services.console.desk import Desk
from services.console.guard import SecurityHeaders, guarded
from services.console.pages import PAGES
from services.console.rendering import static_files

PACKED_BYTES_MIN: Final = 1_000
KEPT_FOR_EVER: Final = "public, max-age=31536000, immutable"
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
        exception_handlers={HTTPException: _failed},
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


async def _failed(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    desk: Desk | None = getattr(request.state, "desk", None)
    if desk is not None and status == 404:
        return desk.page("refused.html", 404, title=desk.texts("There is no such page"))
    return PlainTextResponse(f"{status}", status_code=status)
