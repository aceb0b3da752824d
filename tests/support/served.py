"""The console on a port of this machine with services that a test plays: a browser meets it as it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import uvicorn

from services.client.door import AioDoor
from services.console.app import build
from services.console.console import Console
from services.console.secret import Secret
from services.console.sessions import Sessions
from services.console.settings import Settings
from services.local.embedded.ports import choose_port
from tests.support.pages import ADDRESS, Answer, FakeDoor, KeptInMemory
from tests.support.waiting import patient

READY_S = 20.0


class Served:
    """A console in a thread of its own; use it in a `with`."""

    def __init__(self, key: Path, answers: Mapping[str, Answer]) -> None:
        self.door = FakeDoor(answers)
        self.kept = KeptInMemory()
        self.port = choose_port(None, None, "console")
        secret = Secret(bytes(32))
        settings = Settings("127.0.0.1", self.port, ADDRESS, "postgresql://127.0.0.1:1/none", key, signing_key=key)
        self.console = Console(settings, secret, cast(AioDoor, self.door), Sessions(self.kept, secret))
        self.console.keep_offices()
        config = uvicorn.Config(
            build(self.console), host="127.0.0.1", port=self.port, lifespan="off", log_config=None, access_log=False
        )
        config.timeout_graceful_shutdown = 1
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        end_s = time.monotonic() + patient(READY_S)
        while not self._server.started:
            assert self._thread.is_alive(), "it ended"
            assert time.monotonic() < end_s, "it does not start"
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
