"""A service inside the test's own process: what it is built from, and its server."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from homeward.followup.v1 import home_safety_pb2
from homeward.handover.v1 import accountable_pb2
from homeward.intake.v1 import consents_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.security import TokenVerifier
from services.chassis.calls.server import GrpcServer
from services.chassis.calls.service_tokens import ServiceTokens
from services.chassis.country.directory import Directory, LiveDirectory, built_in_directory
from services.chassis.events.signals import Signal
from services.chassis.events.units import Units
from services.chassis.kernel.clock import Clock
from services.chassis.service import lists_read
from services.chassis.service.process import Chassis, Definition, Parts
from services.chassis.service.settings import Settings
from services.chassis.storage.database import create_engine
from services.chassis.telemetry.metrics import Metrics
from tests.support.identities import TEST_ISSUER
from tests.support.lasting import let_last
from tests.support.signing import event_keys, signer_of, write_key_files

KEY_BYTES = 32
NOWHERE = "127.0.0.1:1"
"""No broker listens here; a room that is called directly needs none."""
_HEARD = text(
    "SELECT purpose, state, said_on FROM known_consent JOIN custody USING (case_id)"
    " WHERE :case IN (case_id::text, case_number) AND purpose = ANY(CAST(:purposes AS text[])) ORDER BY number"
)


def build_chassis(
    service: str, database_url: str, clock: Clock, folder: Path, jwks: Path, directory: Directory | None = None
) -> Chassis:
    """A chassis of the service on this database; whoever asks disposes the engine."""
    event_key, event_keys = write_key_files(folder, service)
    own = {
        "database_url": database_url,
        "token_keys": jwks,
        "digest_key": _key(folder / f"{service}.digest"),
        "event_key": event_key,
        "event_keys": event_keys,
        "kek": _key(folder / f"{service}.kek"),
        "number_key": _key(folder / f"{service}.number"),
    }
    settings = _settings().model_copy(update=own)
    engine = create_engine(database_url, f"homeward-test-{service}")
    let_last(engine)
    return Chassis(
        service=service,
        settings=settings,
        clock=clock,
        engine=engine,
        units=Units(engine, clock, signer_of(service), Signal()),
        directory=LiveDirectory(directory or built_in_directory()),
        metrics=Metrics(service),
        digest_key=settings.digest_key.read_bytes(),
        peers=ToldSoFar(engine),
    )


@cache
def _settings() -> Settings:
    """Read once: to look through the environment takes longer than to empty a database."""
    nothing = Path(os.devnull)
    return Settings(
        database_url="", kafka=NOWHERE, token_keys=nothing, digest_key=nothing, event_key=nothing, event_keys=nothing
    )


def away(method: MethodDescriptor) -> RpcFailure:
    """What whoever asks a service gets that is not there."""
    return RpcFailure(method.full_name, grpc.StatusCode.UNAVAILABLE, "UNREACHABLE", "it is away")


@dataclass(frozen=True)
class ToldSoFar:
    """Stands for the others where one service is there alone: they say no more than what arrived in its database."""

    engine: AsyncEngine

    async def ask(self, service: str, method: MethodDescriptor, request: Any) -> Message:
        """Nothing that was not heard."""
        if service == "handover":
            return accountable_pb2.GetAccountableResponse()
        if service == "followup":
            return home_safety_pb2.GetVerdictsResponse()
        if service == "intake":
            return await self._said(request)
        raise away(method)

    async def _said(self, request: consents_pb2.GetSaidRequest) -> consents_pb2.GetSaidResponse:
        async with self.engine.connect() as connection:
            rows = await connection.execute(_HEARD, {"case": request.case, "purposes": list(request.purposes)})
            return consents_pb2.GetSaidResponse(
                said=[
                    consents_pb2.SaidToPurpose(
                        purpose=row.purpose,
                        state=types_pb2.ConsentState.Value(f"CONSENT_STATE_{row.state}"),
                        said_on=row.said_on.isoformat(),
                    )
                    for row in rows
                ]
            )


@dataclass
class Neighbours:
    """Stand for other services where they are in the same process: the rooms that answer, by service, once built.

    `news_are_late`: whether what they say does not arrive in time.
    """

    rooms: dict[str, Parts] = field(default_factory=dict)
    news_are_late: bool = False

    async def ask(self, service: str, method: MethodDescriptor, request: Any) -> Message:
        """What it answers, without a server in between."""
        if service not in self.rooms:
            raise away(method)
        [behaviour] = [
            getattr(one.servicer, method.name)
            for one in self.rooms[service].services
            if one.service.full_name == method.containing_service.full_name
        ]
        answer: Message = await behaviour(request, None)
        return answer


def _key(path: Path) -> Path:
    if not path.exists():
        path.write_bytes(secrets.token_bytes(KEY_BYTES))
        path.chmod(0o600)
    return path


@asynccontextmanager
async def serve(rooms: Parts | Definition, chassis: Chassis) -> AsyncIterator[str]:
    """A real gRPC server of these rooms on a free loopback port; yields its address."""
    built = rooms.build(chassis) if isinstance(rooms, Definition) else rooms
    verifier = TokenVerifier.from_jwks_file(chassis.settings.token_keys, TEST_ISSUER)
    server = GrpcServer(
        verifier,
        chassis.metrics,
        built.services,
        admit=chassis.admission,
        actor_key=chassis.digest_key,
        listed=lists_read.counting(chassis.units, lists_read.Listing()),
        peers=ServiceTokens(chassis.service, event_keys()),
    )
    port = await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(0)
