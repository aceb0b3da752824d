"""Many offices at their counters at once: asynchronous calls of the four services, each with its office's token."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import date
from types import TracebackType
from typing import Any, Final, Self

from services.chassis.calls.client import Client
from services.chassis.calls.common import AUTHORIZATION, BEARER
from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import Directory
from services.client.stubs import Stubs
from services.local.desk import TOKEN_LIFETIME_S, token_for

DEADLINE_S: Final = 30.0
"""For one call: two cores under load answer slower than one officer would wait for."""
PAGE_SIZE: Final = 200


class Counters:
    """Stubs of the services, shared by all offices; use it in an `async with`.

    Every call raises RpcFailure when it is refused.
    """

    def __init__(self, addresses: Mapping[str, str], issuer: TokenIssuer, directory: Directory) -> None:
        self._addresses = addresses
        self._issuer = issuer
        self._directory = directory
        self._tokens: dict[str, tuple[str, float]] = {}
        self._open = AsyncExitStack()
        self.calls = Stubs(self._channel)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._open.aclose()

    def _channel(self, service: str) -> Any:
        channel = Client(self._addresses[service], deadline_s=DEADLINE_S).aio_channel()
        self._open.push_async_exit(channel)
        return channel

    async def call(self, method: Any, office_id: str, request: Any) -> Any:
        """Call a method of a stub as an office."""
        return await method(request, metadata=((AUTHORIZATION, BEARER + self._token(office_id)),))

    async def pages(self, method: Any, office_id: str, request: Any) -> AsyncIterator[Any]:
        """Every page of a list."""
        request.page_size = PAGE_SIZE
        while True:
            page = await self.call(method, office_id, request)
            yield page
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def _token(self, office_id: str) -> str:
        # Tokens go by real time, whatever the demonstration does to business time.
        token, renew_s = self._tokens.get(office_id, ("", 0.0))
        if time.monotonic() >= renew_s:
            token = token_for(self._issuer, office_id, self._directory, date.today())  # noqa: DTZ011
            self._tokens[office_id] = token, time.monotonic() + TOKEN_LIFETIME_S / 2
        return token
