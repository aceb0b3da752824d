"""Officers at their desks, and the handover service itself: real gRPC, a real database, no fake."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.cli.__main__ import run
from services.handover.__main__ import DEFINITION
from services.terminal.exits import Exit
from tests.integration.handover.world import World
from tests.support.clocks import FakeClock
from tests.support.fixtures import ChassisFor, ServiceDatabase, TokenFor
from tests.support.processes import serve


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document that it printed."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def words(self) -> str:
        """What it printed, on one line."""
        return " ".join(self.out.split())


@dataclass(frozen=True)
class Desks:
    """A desk in every office."""

    world: World
    address: str
    folder: Path
    token_for: TokenFor
    capture: pytest.CaptureFixture[str]

    async def at(self, office_id: str, *arguments: str) -> Done:
        """Run one command in English as somebody of this office."""
        environ = {
            "HOMEWARD_HANDOVER": self.address,
            "HOMEWARD_TOKEN": self.token_for(office_id),
            "HOMEWARD_STATE": str(self.folder / "none"),
            "HOMEWARD_LANG": "en",
        }
        self.capture.readouterr()
        # In a thread: the service that is to answer runs in this one.
        code = await asyncio.to_thread(run, (*arguments, "--wait", "0"), environ)
        out, err = self.capture.readouterr()
        return Done(int(code), out, err)

    async def must(self, office_id: str, *arguments: str) -> Done:
        """The same, and it has to succeed."""
        done = await self.at(office_id, *arguments)
        assert done.code == 0, (arguments, done.err)
        return done

    async def approved(self, office_id: str, second_id: str, *arguments: str) -> None:
        """What takes two people: asked for here, approved there."""
        asked = await self.at(office_id, *arguments)
        assert (asked.code, "APPROVAL_NEEDED" in asked.err) == (int(Exit.PARTLY_DONE), True), (arguments, asked.err)
        waiting = await self.must(second_id, "approvals", "--json")
        [approval] = waiting.document["approvals"]
        await self.must(second_id, "approvals", "approve", approval["approval_id"])


@pytest.fixture
async def desks(
    service_database: ServiceDatabase,
    chassis_for: ChassisFor,
    clock: FakeClock,
    token_for: TokenFor,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Desks]:
    """Desks, and a handover service that they reach; business time begins on Monday 2 March 2026."""
    monkeypatch.setenv("COLUMNS", "140")
    # What the service logs would stand between the lines that the officer reads.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    chassis = chassis_for("handover", service_database("handover"), clock)
    rooms = DEFINITION.build(chassis)
    async with serve(rooms, chassis) as address, AsyncExitStack() as channels:
        world = World(chassis, rooms, clock, token_for, address, channels)
        yield Desks(world, address, tmp_path, token_for, capsys)
    structlog.reset_defaults()
