"""The way to the services: one plan of a call, and a door with an event loop and one without.

`Door` is for a program that acts as one office at a time. `AioDoor` is for one that acts as many at once: its channels
are shared, and each call brings its token and its language.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import grpc

from services.chassis.calls.client import DEADLINE_S, MAX_ATTEMPTS, Client, ClientTls
from services.chassis.calls.common import ACCEPT_LANGUAGE, AUTHORIZATION, BEARER, is_loopback
from services.chassis.kernel.texts import Language
from services.client.stubs import Stubs

Metadata = tuple[tuple[str, str], ...]
_Request = TypeVar("_Request")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class CallPlan:
    """How services are called.

    `address` gives host and port of a service by its name. `token`: None when each call brings its own. `deadline_s`
    is for a call and all its attempts together. `certificates` are used on every way that leaves this machine, and
    with an authority of their own on every way.
    """

    address: Callable[[str], str]
    token: Callable[[], str] | None = field(default=None, repr=False)
    language: Language = "en"
    deadline_s: float = DEADLINE_S
    max_attempts: int = MAX_ATTEMPTS
    certificates: ClientTls = field(default_factory=ClientTls)

    def client(self, service: str) -> Client:
        """How one service is called. Raises what `address` and `token` raise, before any attempt to connect."""
        address = self.address(service)
        if self.token is not None:
            self.token()
        stays_here = is_loopback(address if address.startswith("unix:") else address.rpartition(":")[0].strip("[]"))
        return Client(
            address,
            token=self.token,
            language=self.language,
            deadline_s=self.deadline_s,
            tls=None if stays_here and self.certificates.ca is None else self.certificates,
            max_attempts=self.max_attempts,
        )


class Door:
    """The services by capability, each channel opened when it is first needed; use it in a `with`, or close it.

    Using a stub raises what the plan raises, and OSError when a certificate cannot be read; calls raise RpcFailure.
    """

    def __init__(self, plan: CallPlan) -> None:
        self._plan = plan
        self._open = ExitStack()
        self.stubs = Stubs(self._channel)

    def _channel(self, service: str) -> grpc.Channel:
        channel: grpc.Channel = self._open.enter_context(self._plan.client(service).channel())
        return channel

    def close(self) -> None:
        """Let go of the network."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AioDoor:
    """The same for the running event loop, shared by whoever calls; use it in an `async with`."""

    def __init__(self, plan: CallPlan) -> None:
        self._plan = plan
        self._open = AsyncExitStack()
        self.stubs = Stubs(self._channel)

    def _channel(self, service: str) -> Any:
        # Stubs of both kinds of channels are one class.
        channel = self._plan.client(service).aio_channel()
        self._open.push_async_exit(channel)
        return channel

    async def ask(
        self,
        method: Callable[[_Request], _Answer],
        request: _Request,
        *,
        token: str,
        language: Language | None = None,
    ) -> _Answer:
        """Call a method of `stubs` for the holder of a token. Raises RpcFailure."""
        metadata: Metadata = ((AUTHORIZATION, BEARER + token),)
        if language is not None:
            metadata = (*metadata, (ACCEPT_LANGUAGE, language))
        # The stubs are typed for channels without an event loop; here a call is there to be awaited.
        awaitable: Callable[..., Awaitable[_Answer]] = cast(Any, method)
        return await awaitable(request, metadata=metadata)

    async def close(self) -> None:
        """Let go of the network."""
        await self._open.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
