"""Many offices at once: asynchronous calls of the four services, each with its office's token."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Final, Self

from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import Directory
from services.client.door import AioDoor, CallPlan
from services.client.tokens import PLAYER, OfficeTokens

DEADLINE_S: Final = 30.0
"""For one call: two cores under load answer slower than one officer would wait for."""
PAGE_SIZE: Final = 200


class AioOfficeCalls:
    """Stubs of the services, shared by all offices; use it in an `async with`.

    Every call raises RpcFailure when it is refused.
    """

    def __init__(self, addresses: Mapping[str, str], issuer: TokenIssuer, directory: Directory) -> None:
        self._tokens = OfficeTokens(issuer, directory)
        self._door = AioDoor(CallPlan(addresses.__getitem__, deadline_s=DEADLINE_S))
        self.stubs = self._door.stubs

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._door.close()

    async def call(self, method: Any, office_id: str, request: Any, *, who: str = PLAYER) -> Any:
        """Call a method of a stub as somebody at an office."""
        return await self._door.ask(method, request, token=self._tokens.of(office_id, who))

    async def ask(self, method: Any, request: Any, token: str) -> Any:
        """Call a method of a stub with a token of one's own."""
        return await self._door.ask(method, request, token=token)

    async def pages(self, method: Any, office_id: str, request: Any) -> AsyncIterator[Any]:
        """Every page of a list."""
        request.page_size = PAGE_SIZE
        while True:
            page = await self.call(method, office_id, request)
            yield page
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token
