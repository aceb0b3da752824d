"""Durable submissions/s at 1 and at 50 callers, against a bare gRPC handler that commits the same rows.

Intake runs as it does in production, as a process of its own that serves the API; the peer is `bare_server`, with a
database of its own. The callers are in this process, and call both alike: one person a submission, a fresh request id
each, with a token that only intake looks at.
"""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import grpc

from homeward.intake.v1 import intake_pb2_grpc
from tests.e2e.work import POST, person, request_id, submission
from tests.perf.engines import Engines, python_process
from tests.perf.measure import Result, in_turns
from tests.support.identities import TEST_ISSUER, Identities, call_metadata

ROUND_S = 1.5
CALLERS = (1, 50)
CALL_TIMEOUT_S = 10.0
READY_S = 30.0
KEY_BYTES = 32


async def measure(engines: Engines) -> list[Result]:
    """One result for each number of callers."""
    folder = engines.folder / "submissions"
    folder.mkdir()
    identities = Identities(folder)
    token = identities.token_for(POST)
    async with _intake(engines, folder, identities) as ours, _bare(engines) as peer:
        return [await _compared(ours, peer, token, callers) for callers in CALLERS]


async def _compared(ours: str, peer: str, token: str, callers: int) -> Result:
    mine, bare = await in_turns(partial(_rate, ours, token, callers), partial(_rate, peer, token, callers))
    return Result(f"submissions@{callers}", "calls/s", mine, bare, "bare grpc.aio + psycopg, same rows, no rules")


async def _rate(address: str, token: str, callers: int) -> float:
    """Answered calls a second; any error ends the benchmark."""
    metadata = call_metadata(token)
    async with grpc.aio.insecure_channel(address) as channel:
        await asyncio.wait_for(channel.channel_ready(), READY_S)
        stub = intake_pb2_grpc.IntakeServiceStub(channel)
        began = time.perf_counter()
        end = began + ROUND_S

        async def caller() -> int:
            request = submission([person()])
            count = 0
            while time.perf_counter() < end:
                request.request_id = request_id()
                await stub.SubmitHandover(request, timeout=CALL_TIMEOUT_S, metadata=metadata)
                count += 1
            return count

        counts = await asyncio.gather(*(caller() for _ in range(callers)))
        return sum(counts) / (time.perf_counter() - began)


@asynccontextmanager
async def _intake(engines: Engines, folder: Path, identities: Identities) -> AsyncIterator[str]:
    port = _free_port()
    environment = {
        "HOMEWARD_DATABASE_URL": engines.database("intake"),
        "HOMEWARD_KAFKA": engines.kafka.bootstrap,
        "HOMEWARD_TOKEN_KEYS": str(identities.jwks),
        "HOMEWARD_TOKEN_ISSUER": TEST_ISSUER,
        "HOMEWARD_DIGEST_KEY": str(_key(folder / "digest")),
        "HOMEWARD_KEK": str(_key(folder / "kek")),
        "HOMEWARD_ONLY": "api",
        "HOMEWARD_GRPC_PORT": str(port),
        "HOMEWARD_LOG_FILE": str(folder / "intake.log"),
    }
    async with _serving(port, "services.intake", environment=environment) as address:
        yield address


@asynccontextmanager
async def _bare(engines: Engines) -> AsyncIterator[str]:
    port = _free_port()
    async with _serving(port, "tests.perf.bare_server", engines.database("intake"), str(port)) as address:
        yield address


@asynccontextmanager
async def _serving(
    port: int, module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[str]:
    address = f"127.0.0.1:{port}"
    async with python_process(module, *arguments, environment=environment):
        async with grpc.aio.insecure_channel(address) as channel:
            await asyncio.wait_for(channel.channel_ready(), READY_S)
        yield address


def _key(path: Path) -> Path:
    path.write_text(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
    os.chmod(path, 0o600)
    return path


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
