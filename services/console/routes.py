"""What a route is: a path, who answers, and which calls it stands on; whoever may make none of them may not see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from services.chassis.kernel.roles import Role
from services.console.rights import methods_of

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
        calls: methods of the services, by name; a role needs one of them. Empty: every role.
        open: without signing in.
        polled: asked for by the page itself, so it does not keep a session awake.
    """

    path: str
    handle: Handle
    methods: tuple[str, ...] = ("GET",)
    calls: tuple[str, ...] = ()
    open: bool = False
    polled: bool = False

    def permits(self, role: Role) -> bool:
        """Whether a role may look at it."""
        return not self.calls or any(call in methods_of(role) for call in self.calls)
