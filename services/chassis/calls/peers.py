"""One service asks another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import grpc
import structlog
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from services.chassis.calls import service_tokens
from services.chassis.calls.client import OPTIONS, ClientTls, RpcFailure
from services.chassis.calls.common import AUTHORIZATION, BEARER, CORRELATION_ID, is_loopback
from services.chassis.calls.policy import full_name
from services.chassis.events.signing import EventSigner
from services.chassis.telemetry.trace import current_trace

ASK_S: Final = 2.0
"""Whoever waits for the answer has a call of his own to be answered."""

log = structlog.get_logger(__name__)


class Peers(Protocol):
    """The other services."""

    async def ask(self, service: str, method: MethodDescriptor, request: Message) -> Message:
        """The answer; raises RpcFailure when it was refused or did not come in two seconds."""
        ...


async def answer_of(peers: Peers, service: str, method: MethodDescriptor, request: Message) -> Any | None:
    """What another service answers; None, and a line in the log, when it does not."""
    try:
        return await peers.ask(service, method, request)
    except RpcFailure as failure:
        log.warning("peer_does_not_answer", service=service, code=failure.code.name, reason=failure.reason)
        return None


@dataclass
class OtherServices:
    """Over gRPC, each call with a fresh token of this service.

    Attributes:
        addresses: host and port by service.
        tls: how to reach those that are not on this machine.
    """

    signer: EventSigner
    addresses: Mapping[str, str]
    tls: ClientTls | None = None

    def __post_init__(self) -> None:
        """Nobody is connected yet: that wants a running loop."""
        self._channels: dict[str, grpc.aio.Channel] = {}

    async def ask(self, service: str, method: MethodDescriptor, request: Message) -> Message:
        """See `Peers`."""
        name, trace = full_name(method), current_trace()
        call = self._channel(service).unary_unary(
            name,
            request_serializer=type(request).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        token = service_tokens.issue(self.signer, service)
        metadata = [(AUTHORIZATION, BEARER + token), *([(CORRELATION_ID, trace.correlation_id)] if trace else [])]
        try:
            answer: Message = await call(request, timeout=ASK_S, metadata=metadata)
        except grpc.aio.AioRpcError as error:
            raise RpcFailure.of(name, error) from None
        return answer

    def _channel(self, service: str) -> grpc.aio.Channel:
        if service not in self._channels:
            address = self.addresses[service]
            if self.tls is None:
                if not is_loopback(address.rpartition(":")[0]):
                    raise ValueError(f"{service} at {address} is asked by TLS only")
                self._channels[service] = grpc.aio.insecure_channel(address, options=OPTIONS)
            else:
                credentials = self.tls.credentials()
                self._channels[service] = grpc.aio.secure_channel(address, credentials, options=OPTIONS)
        return self._channels[service]
