"""What was typed into a form that did not work: it stands in the page that says so, and can be sent again."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from services.console.desk import Desk
from services.console.refusals import Refused

FORM_TOKEN: Final = "form_token"  # noqa: S105
REQUEST_ID: Final = "request_id"
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def typed_in(request: Request) -> list[tuple[str, str]]:
    """All that a form brought in which somebody typed or chose something; nothing of a page that was asked for."""
    if request.method not in UNSAFE:
        return []
    given: FormData = request.state.form
    named = [(name, value) for name, value in given.multi_items() if isinstance(value, str)]
    return named if any(value for name, value in named if name not in (FORM_TOKEN, REQUEST_ID)) else []


def kept(desk: Desk, status: int, title: str, refused: Refused | None = None) -> Response | None:
    """The page that keeps what was typed; None where nothing was."""
    typed = typed_in(desk.request)
    return desk.page("kept.html", status, title=title, refused=refused, typed=typed) if typed else None
