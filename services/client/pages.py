"""Lists that come in pages: one page by default, all of them on request, bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from services.client.session import Session

LARGEST_PAGE: Final = 200
"""Lines that the services give at once (proto)."""
MAX_ROWS: Final = 10_000
"""More than any office has; whoever has more asks by page."""


@dataclass(frozen=True, slots=True)
class Found:
    """The lines of a list, and the token of the page after them (empty after the last)."""

    rows: tuple[Any, ...]
    next_page_token: str


def every_page(
    session: Session,
    call: Callable[[Any], Any],
    request: Any,
    lines: Callable[[Any], Iterable[Any]],
    *,
    everything: bool = False,
    page_size: int | None = None,
    page_token: str | None = None,
) -> Found:
    """One page, or with `everything` all of them up to MAX_ROWS. Changes the request as it goes."""
    request.page_size = page_size or (LARGEST_PAGE if everything else 0)
    request.page_token = page_token or ""
    rows: list[Any] = []
    while True:
        answer = session.ask(call, request)
        rows += lines(answer)
        if not everything or not answer.next_page_token or len(rows) >= MAX_ROWS:
            return Found(tuple(rows), answer.next_page_token)
        request.page_token = answer.next_page_token
