"""What a route is: a path, who answers, and which calls it stands on; whoever may make none of them may not see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from services.console.desk import Desk

Handle = Callable[["Desk"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """One route.

    Attributes:
        path: template of its address.
        handle: answers a request.
        methods: of HTTP.
        calls: methods of the services, by name; an officer needs one of them, by role and grades. Empty: everybody.
        open: without signing in.
        keeps: a form that stands under its address: what was typed is shown there again until it went through.
        polled: asked for by the page itself, so it does not keep a session awake.
    """

    path: str
    handle: Handle
    methods: tuple[str, ...] = ("GET",)
    calls: tuple[str, ...] = ()
    open: bool = False
    polled: bool = False
    keeps: bool = False

    def permits(self, methods: Collection[str]) -> bool:
        """Whether somebody may look at it who may call these methods."""
        return not self.calls or any(call in methods for call in self.calls)
