"""The Homeward that the demonstration runs on: `homeward up` as a child, in a state directory of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped,unused-ignore]

from services.chassis.kernel.texts import Texts
from services.client.files import write_file
from services.client.refusals import Kind, Refusal
from services.local.embedded.children import spawn, stop_child
from services.local.embedded.postgres import remove_databases
from services.local.launcher import Say, is_serving
from services.operate.home import Home
from services.operate.state_dir import prepare_state_dir

READY_S: Final = 240.0
"""Two engines, four services; at the first start Kafka's jars have to be fetched too."""
STOP_S: Final = 15.0
LOOK_S: Final = 0.1
TICK_S: Final = 0.5
"""When the clock is moved the services look at once; this is for what they could not fire then."""
ENDING: Final = "✓!…"
"""The child's lines worth repeating begin with one of these."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a state directory of a demonstration was made for; in `demo.json`.

    `tries`: how often it was begun; more than once when it broke off.
    """

    people: int
    seed: int
    first_day: date
    ended: bool = False
    tries: int = 1


class DemoState:
    """The state directory of a demonstration."""

    def __init__(self, path: Path) -> None:
        self.home = Home(path.resolve())
        self._file = self.home.path / "demo.json"

    def record(self) -> Record | None:
        """What it was made for; None when it is no demonstration's."""
        if not self._file.exists():
            return None
        found = json.loads(self._file.read_text())
        return Record(**{**found, "first_day": date.fromisoformat(found["first_day"])})

    def write(self, record: Record) -> None:
        """Remember what it was made for."""
        write_file(self._file, json.dumps({**asdict(record), "first_day": record.first_day.isoformat()}, indent=2))

    def prepare(self, wanted: Record, t: Texts, say: Say) -> Record:
        """Make it, or go on in one that broke off; what an earlier demonstration left at its end is taken away.

        Raises Refusal when it holds a real state, is in use, or was begun with other numbers.
        """
        path = self.home.path
        if not path.exists() or not any(path.iterdir()):
            return self._made(wanted)
        found = self.record()
        if not self.home.is_demonstration or found is None:
            raise Refusal(
                Kind.REFUSED,
                "STATE_IS_NOT_OF_A_DEMONSTRATION",
                t("{path} holds something else than a demonstration; it is left untouched.", path=path),
                advice=[t("Name another folder with --state, or use --temporary.")],
            )
        if self._is_running():
            message = t("A demonstration runs in {path} already.", path=path)
            raise Refusal(Kind.REFUSED, "DEMONSTRATION_RUNS", message)
        if found.ended:
            say(t("The demonstration that ended in {path} makes room for a new one.", path=path))
            remove_databases(self.home.path)
            shutil.rmtree(self.home.path)
            return self._made(wanted)
        if (found.people, found.seed) != (wanted.people, wanted.seed):
            raise Refusal(
                Kind.REFUSED,
                "DEMONSTRATION_BEGUN_OTHERWISE",
                t(
                    "{path} holds a demonstration that broke off, of {people} people with seed {seed}.",
                    path=path,
                    people=found.people,
                    seed=found.seed,
                ),
                advice=[t("Go on with the same numbers, or name another folder with --state.")],
            )
        say(t("The demonstration in {path} broke off and goes on where it stopped.", path=path))
        again = replace(found, tries=found.tries + 1)
        self.write(again)
        return again

    def _made(self, wanted: Record) -> Record:
        prepare_state_dir(self.home.path)
        self.home.create(demonstration=True)
        self.write(wanted)
        return wanted

    def _is_running(self) -> bool:
        if not self.home.run_file.exists():
            return False
        return bool(psutil.pid_exists(json.loads(self.home.run_file.read_text())["launcher_pid"]))


class Homeward:
    """The child; stop it in a `finally`."""

    def __init__(self, home: Home, t: Texts, language: str) -> None:
        self._home = home
        self._t = t
        self._language = language
        self._output = home.logs / "demo.up.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._shown = 0

    def start(self, say: Say, is_stopping: Callable[[], bool]) -> Mapping[str, Any]:
        """Start it and wait until all services are ready; what runs, as in run.json. Raises Refusal."""
        self._home.forget_run()
        self._process = spawn(
            [
                *(sys.executable, "-m", "services.cli", "--lang", self._language),
                *("up", "--demonstration", "--no-play"),
                *("--state", str(self._home.path), "--tick-s", str(TICK_S)),
            ],
            output=self._output,
            cwd=Path.cwd(),
            death_signal=signal.SIGTERM,
            environment=_environment(),
        )
        end = time.monotonic() + READY_S
        while not self._is_ready():
            self._show(say)
            if self._process.poll() is not None or time.monotonic() > end or is_stopping():
                raise self._not_started()
            time.sleep(LOOK_S)
        self._show(say)
        found: dict[str, Any] = json.loads(self._home.run_file.read_text())
        return found

    def stop(self) -> None:
        """Stop it in order."""
        if self._process is not None:
            stop_child(self._process, [(signal.SIGTERM, STOP_S)])

    def _is_ready(self) -> bool:
        # The launcher writes run.json also when a service that died is started again, which may still not serve.
        if not self._home.run_file.exists():
            return False
        run = json.loads(self._home.run_file.read_text())
        return all(is_serving(entry["grpc"]) for entry in run["services"].values())

    def _show(self, say: Say) -> None:
        lines = self._output.read_text(encoding="utf-8", errors="replace").splitlines()
        for line in lines[self._shown :]:
            if line.lstrip()[:1] and line.lstrip()[0] in ENDING:
                say(f"  {line.strip()}")
        self._shown = len(lines)

    def _not_started(self) -> Refusal:
        return Refusal(
            Kind.UNREACHABLE,
            "DEMONSTRATION_NOT_STARTED",
            self._t("Homeward did not start for the demonstration."),
            advice=[self._t("Read {path}", path=self._output)],
        )


def _environment() -> dict[str, str]:
    """This process's environment without its Homeward settings: a demonstration goes into no existing server."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HOMEWARD_")}
    if jars := os.environ.get("HOMEWARD_KAFKA_JARS"):
        kept["HOMEWARD_KAFKA_JARS"] = jars
    kept["PYTHONPATH"] = os.pathsep.join(entry for entry in sys.path if entry)
    kept["PYTHONUNBUFFERED"] = "1"
    return kept
