"""Durable submissions/s at 1 and at 50 callers, against a bare gRPC handler that commits the same rows.

Intake runs as it does in production, as a process of its own that serves the API; the peer is `bare_server`, with a
database of its own. The callers are in this process, and call both alike: one person a submission, a fresh request id
and another name each, with a token that only intake looks at.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import grpc

from homeward.intake.v1 import submissions_pb2_grpc
from services.local.embedded.ports import free_port
from tests.e2e.work import FAMILY_NAME, POST, person, request_id, submission
from tests.perf.engines import Engines, python_process
from tests.perf.measure import ROUNDS, Result, in_turns
from tests.support.identities import TEST_ISSUER, Identities, call_metadata
from tests.support.signing import event_key_environment
from tests.support.waiting import patient
from tests.support.whole import kafka_environment

CALL_TIMEOUT_S = 10.0
READY_S = 60.0
_NEW = itertools.count(1)
"""Nobody is handed over twice."""
KEY_BYTES = 32


@dataclass(frozen=True)
class Sizes:
    """How much is measured: seconds of a round, numbers of callers."""

    round_s: float = 1.5
    callers: tuple[int, ...] = (1, 50)
    rounds: int = ROUNDS


TINY = Sizes(round_s=0.0, callers=(1, 2), rounds=1)


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """One result for each number of callers."""
    folder = engines.folder / "submissions"
    folder.mkdir()
    identities = Identities(folder)
    token = identities.token_for(POST)
    url = engines.database("intake")
    async with intake(engines, url, folder, identities) as ours:
        # The peer commits what it sees intake commit.
        await rate(ours, token, callers=1, round_s=0.0)
        async with _bare(engines, url) as peer:
            return [await _compared(ours, peer, token, callers, sizes) for callers in sizes.callers]


async def _compared(ours: str, peer: str, token: str, callers: int, sizes: Sizes) -> Result:
    mine, bare = await in_turns(
        partial(rate, ours, token, callers, sizes.round_s),
        partial(rate, peer, token, callers, sizes.round_s),
        sizes.rounds,
    )
    return Result(f"submissions@{callers}", "calls/s", mine, bare, "bare grpc.aio + psycopg, same rows, no rules")


async def rate(address: str, token: str, callers: int, round_s: float) -> float:
    """Answered calls a second, at least one of each caller; any error ends the benchmark."""
    metadata = call_metadata(token)
    async with grpc.aio.insecure_channel(address) as channel:
        await asyncio.wait_for(channel.channel_ready(), patient(READY_S))
        stub = submissions_pb2_grpc.SubmissionServiceStub(channel)
        began = time.perf_counter()
        end = began + round_s

        async def caller() -> int:
            request = submission([person()])
            del request.also_register_again[:]
            count = 0
            while count == 0 or time.perf_counter() < end:
                request.request_id = request_id()
                # Another person: somebody of the same bus and record under another name would be asked about.
                new, number = request.handover.people[0], next(_NEW)
                # In letters: a name holds no number of four digits.
                called = "".join("abcdefghij"[int(digit)] for digit in str(number))
                new.full_name, new.return_certificate_number = f"{FAMILY_NAME} {called}", f"THI-DU-{number}"
                await stub.SubmitHandover(request, timeout=patient(CALL_TIMEOUT_S), metadata=metadata)
                count += 1
            return count

        counts = await asyncio.gather(*(caller() for _ in range(callers)))
        return sum(counts) / (time.perf_counter() - began)


@asynccontextmanager
async def intake(
    engines: Engines, url: str, folder: Path, identities: Identities, module: str = "services.intake"
) -> AsyncIterator[str]:
    """A process of intake that only serves; yields its address."""
    port = free_port()
    environment = {
        **event_key_environment(folder, "intake"),
        "HOMEWARD_MODE": "embedded",
        "HOMEWARD_DATABASE_URL": url,
        **kafka_environment(engines.kafka_settings),
        "HOMEWARD_TOKEN_KEYS": str(identities.jwks),
        "HOMEWARD_TOKEN_ISSUER": TEST_ISSUER,
        "HOMEWARD_DIGEST_KEY": str(_key(folder / "digest")),
        "HOMEWARD_KEK": str(_key(folder / "kek")),
        "HOMEWARD_NUMBER_KEY": str(_key(folder / "number")),
        "HOMEWARD_ONLY": "api",
        "HOMEWARD_GRPC_PORT": str(port),
        "HOMEWARD_LOG_FILE": str(folder / "intake.log"),
    }
    async with _serving(port, module, environment=environment) as address:
        yield address


@asynccontextmanager
async def _bare(engines: Engines, url_of_intake: str) -> AsyncIterator[str]:
    port = free_port()
    arguments = (url_of_intake, engines.database("intake"), str(port))
    async with _serving(port, "tests.perf.bare_server", *arguments) as address:
        yield address


@asynccontextmanager
async def _serving(
    port: int, module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[str]:
    address = f"127.0.0.1:{port}"
    async with python_process(module, *arguments, environment=environment) as process:
        async with grpc.aio.insecure_channel(address) as channel:
            ready, ended = asyncio.ensure_future(channel.channel_ready()), asyncio.ensure_future(process.wait())
            done, waiting = await asyncio.wait(
                (ready, ended), timeout=patient(READY_S), return_when=asyncio.FIRST_COMPLETED
            )
            for one in waiting:
                one.cancel()
            assert ready in done, f"{module} does not serve"
        yield address


def _key(path: Path) -> Path:
    path.write_text(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
    os.chmod(path, 0o600)
    return path
