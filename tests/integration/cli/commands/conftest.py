"""An officer at a desk: a folder, a token, services that answer as the test says, time that passes by waiting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from services.chassis.storage.key_files import create_signing_key
from services.cli.__main__ import run
from services.cli.click_texts import localise_click
from tests.integration.cli.commands.fake_services import FakeServices


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document that it printed, and nothing else."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass
class Desk:
    """Runs commands as an officer does."""

    folder: Path
    services: FakeServices
    capture: pytest.CaptureFixture[str]
    environ: dict[str, str]
    slept: list[float] = field(default_factory=list)
    on_sleep: Callable[[], None] | None = None

    def homeward(self, *arguments: str, sure: bool = True) -> Done:
        """Run one command in English. Files of tests are of a day long ago: with `sure` that is right."""
        if sure and {"submit", "register"} & set(arguments) and "--help" not in arguments:
            arguments = (*arguments, "--sure")
        self.capture.readouterr()
        code = run(arguments, self.environ, sleep=self._sleep, now_s=lambda: sum(self.slept))
        out, err = self.capture.readouterr()
        return Done(int(code), out, err)

    def file(self, name: str, text: str) -> str:
        """Write a file in the officer's folder; returns its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.on_sleep is not None:
            self.on_sleep()


@pytest.fixture
def services() -> Iterator[FakeServices]:
    """The four services, faked, on a port of this machine."""
    fake = FakeServices()
    yield fake
    fake.stop()


@pytest.fixture
def desk(
    tmp_path: Path, services: FakeServices, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """A desk of the border post Móng Cái."""
    monkeypatch.setenv("COLUMNS", "80")
    state = tmp_path / "state"
    (state / "keys").mkdir(parents=True)
    create_signing_key(state / "keys" / "issuer.key")
    environ = {
        "HOMEWARD_STATE": str(state),
        "HOMEWARD_OFFICE": "BP-CN-MONG-CAI",
        "HOMEWARD_LANG": "en",
        **services.environ(),
    }
    yield Desk(tmp_path, services, capsys, environ)
    localise_click("en")
