"""A whole Homeward as its users have it: the launcher in a process of its own, with everything that it starts."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import psutil
import psycopg

from services.chassis.calls.security import TokenIssuer
from services.chassis.events.kafka_admin import KafkaSettings
from services.client.services import SERVICES
from services.client.texts import texts_in
from services.client.tokens import TOKEN_ISSUER
from services.followup import __main__ as followup
from services.handover import __main__ as handover
from services.intake import __main__ as intake
from services.local.launcher import is_serving, shows_pages
from services.local.office_calls import OfficeCalls
from services.notify import __main__ as notify
from services.operate.home import Home
from services.operate.installation import KAFKA_SECURITY, Installation, given_kafka
from services.operate.kafka_access import OPERATOR, as_login
from tests.support.waiting import patient

ROOT = Path(__file__).resolve().parents[2]
READY_S = 90.0
STOP_S = 15.0
LOOK_S = 0.05
CONNECT_S = 3.0

DEFINITIONS = (intake.DEFINITION, handover.DEFINITION, followup.DEFINITION, notify.DEFINITION)

T = TypeVar("T")


def until(ask: Callable[[], T], deadline_s: float = 30.0, *, what: str = "") -> T:
    """Ask until the answer is true, and return it. Exceptions of `ask` count as not yet, until the deadline.

    `deadline_s` is for a quiet machine.
    """
    deadline_s = patient(deadline_s)
    end = time.monotonic() + deadline_s
    last: BaseException | None = None
    while True:
        try:
            answer = ask()
            last = None
        except Exception as error:
            answer, last = None, error
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s} s: {what or ask}") from last
        time.sleep(LOOK_S)


def _has_ended(connection: psycopg.Connection[Any]) -> bool:
    """Nothing is awaited from an idle connection but its end."""
    return connection.closed or bool(select.select([connection.fileno()], [], [], 0)[0])


def kafka_environment(kafka: KafkaSettings) -> dict[str, str]:
    """What programs are told of a Kafka that is not their own."""
    given = {"": kafka.bootstrap} | {f"_{name.upper()}": getattr(kafka, name) for name in KAFKA_SECURITY}
    return {f"HOMEWARD_KAFKA{name}": value for name, value in given.items() if value}


class Whole:
    """One `homeward up`; use it in a `with`."""

    def __init__(
        self,
        state: Path,
        *,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        console: bool = False,
    ) -> None:
        """`console`: with the pages for browsers, too."""
        self.home = Home(state)
        self.output = state.with_suffix(".out")
        self._console = console
        self._arguments = ["--no-play", *([] if console else ["--no-console"]), *arguments]
        self._environment = dict(environment or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._connections: dict[str, psycopg.Connection[Any]] = {}
        self._guard = threading.Lock()
        self.ready_at_s = 0.0
        """When it was ready last, in seconds since 1970."""

    def start(self) -> None:
        """Start it without waiting."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("HOMEWARD_")}
        if "HOMEWARD_KAFKA_JARS" in os.environ:
            kept["HOMEWARD_KAFKA_JARS"] = os.environ["HOMEWARD_KAFKA_JARS"]
        paths = os.pathsep.join([str(ROOT), str(ROOT / "proto" / "gen")])
        with self.output.open("ab") as sink:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "services.cli", "--lang", "en", "up"),
                    *("--state", str(self.home.path)),
                    *self._arguments,
                ],
                cwd=ROOT,
                env=kept | {"PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"} | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )

    def wait_ready(self, deadline_s: float = READY_S) -> None:
        """Return when all four services serve; fail with what the launcher said when it ends instead."""

        def ready() -> bool:
            assert self.process.poll() is None, self.said()
            if not self.home.run_file.exists() or not all(map(is_serving, self.addresses.values())):
                return False
            return not self._console or shows_pages(self.run["console"])

        end = time.monotonic() + patient(deadline_s)
        while not ready():
            assert time.monotonic() < end, self.said()
            time.sleep(LOOK_S)
        self.ready_at_s = time.time()

    def ensure_runs(self) -> None:
        """Start it unless it runs, and wait until it is ready."""
        if self.process.poll() is not None:
            self.start()
        self.wait_ready()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The launcher's process."""
        assert self._process is not None
        return self._process

    def said(self) -> str:
        """What the launcher said."""
        return self.output.read_text(errors="replace")

    @property
    def run(self) -> dict[str, Any]:
        """What runs now."""
        found: dict[str, Any] = json.loads(self.home.run_file.read_text())
        return found

    @property
    def addresses(self) -> dict[str, str]:
        """gRPC address by service."""
        return {name: entry["grpc"] for name, entry in self.run["services"].items()}

    def pid(self, name: str) -> int:
        """Process id of a service, "Kafka" or "PostgreSQL"."""
        return int(self.run["pids"][name])

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until the launcher has started it again."""
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        until(lambda: self.pid(name) != before, what=f"{name} was started again")

    def desks(self) -> OfficeCalls:
        """Offices that call it."""
        return OfficeCalls(self.addresses, TokenIssuer.from_file(self.home.signing_key, TOKEN_ISSUER))

    def database_url(self, service: str) -> str:
        """Address of a service's database, as the service's login."""
        return str(json.loads(self.home.databases_file.read_text())[service])

    def as_owner(self, service: str, sql: str, *parameters: object) -> None:
        """A statement in a service's database that the service's own login may not run."""
        url = Installation(self.home, {}).migrated_database(service, texts_in("en"))
        with psycopg.connect(url, connect_timeout=int(patient(CONNECT_S))) as connection:
            connection.execute(sql.encode(), parameters or None)

    def rows(self, service: str, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Rows of a statement in a service's database. Its connection is kept until the database ends it."""
        with self._guard:
            cursor = self._connection(service).execute(sql, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def _connection(self, service: str) -> psycopg.Connection[Any]:
        kept = self._connections.get(service)
        if kept is None or _has_ended(kept):
            if kept is not None:
                kept.close()
            kept = psycopg.connect(self.database_url(service), autocommit=True, connect_timeout=int(patient(CONNECT_S)))
            self._connections[service] = kept
        return kept

    def _disconnect(self) -> None:
        with self._guard:
            while self._connections:
                self._connections.popitem()[1].close()

    def kafka(self, login: str = OPERATOR) -> KafkaSettings:
        """How its own Kafka is reached by a service's login, or the operator's; another one as it was given."""
        if address := self._environment.get("HOMEWARD_KAFKA"):
            return given_kafka(address, self._environment)
        passwords = json.loads(self.home.kafka_logins.read_text())
        return as_login(KafkaSettings(self.run["kafka"], "SASL_PLAINTEXT"), login, passwords[login])

    def is_quiet(self) -> bool:
        """Whether no event is on its way: every one was sent, is in its consumers' inboxes, and took effect.

        The looks are not one instant: what arrives or is said between two of them shows in the last.
        """
        # What is plainly under way is seen by an index: to count everything is for the end.
        if self._is_busy():
            return False
        said = self._said()
        return self._has_arrived(said) and not self._is_busy() and self._said() == said

    def _said(self) -> dict[str, int]:
        sql = "SELECT topic, count(*) FROM outbox GROUP BY topic"
        return {topic: count for service in SERVICES for topic, count in self.rows(service, sql)}

    def _has_arrived(self, said: Mapping[str, int]) -> bool:
        for definition in DEFINITIONS:
            taken_in = dict(self.rows(definition.name, "SELECT topic, count(*) FROM inbox GROUP BY topic"))
            if any(taken_in.get(one.topic, 0) < said.get(one.topic, 0) for one in definition.streams):
                return False
        return True

    def _is_busy(self) -> bool:
        waiting = """
            SELECT 1 FROM outbox WHERE sent_at IS NULL UNION ALL
            SELECT 1 FROM inbox WHERE state IN ('PENDING', 'PARKED') LIMIT 1
        """
        return any(self.rows(service, waiting) for service in SERVICES)

    def wait_quiet(self, deadline_s: float = 60.0) -> None:
        """Wait until no event is on its way."""
        until(self.is_quiet, deadline_s, what="outboxes and inboxes are drained")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop and wait for it. Returns how many seconds it took."""
        self._disconnect()
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(patient(STOP_S))
        return time.monotonic() - began

    def __enter__(self) -> Self:
        self.start()
        self.wait_ready()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            sys.stderr.write(self.said())
        children = psutil.Process(self.process.pid).children(recursive=True) if self.process.poll() is None else []
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.process.kill()
        for child in children:
            if child.is_running():
                child.kill()
