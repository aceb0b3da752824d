"""Engines that any test may ask for: one PostgreSQL and one Kafka for the whole session."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests.support import attacks, order
from tests.support.examples import DEEP, EACH, EXPLORE
from tests.support.fixtures import chassis_for, clock, databases, identities, jwks, service_database, token_for
from tests.support.sharing import Sharing
from tests.support.waiting import patient

if TYPE_CHECKING:
    from services.local.embedded import EmbeddedKafka, EmbeddedPostgres
    from tests.support.whole import Whole

__all__ = [
    "calm",
    "chassis_for",
    "clock",
    "databases",
    "engine_home",
    "identities",
    "jwks",
    "kafka_node",
    "postgres_server",
    "service_database",
    "token_for",
    "whole_state",
]

SHARING = pytest.StashKey[Sharing]()
TURNED = pytest.StashKey[list[str]]()
"""The folders as they were given, where this worker reads them from the other end."""

# The same stories in every run; `make robustness` looks for new ones.
settings.register_profile("same", derandomize=True, max_examples=EACH, deadline=None)
settings.register_profile("new", max_examples=DEEP, deadline=None)
settings.load_profile("new" if EXPLORE else "same")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--record-durations` writes how long each file took."""
    parser.addoption(order.OPTION, action="store_true", help=f"write {order.RECORDED.name} anew")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What one worker runs together, and the slowest first."""
    if (given := config.stash.get(TURNED, None)) is not None:
        order.as_given(items, given)
    order.arrange(items, order.recorded_files())


def pytest_configure(config: pytest.Config) -> None:
    """Record durations when asked; let kafka-python be used although warnings are errors here."""
    # Workers tell the one that started them, which alone writes.
    if config.getoption(order.OPTION) and not hasattr(config, "workerinput"):
        config.pluginmanager.register(order.Recorder())
    config.pluginmanager.register(attacks.Table(config))
    config.addinivalue_line("markers", f"{attacks.MARKER}(number, title): an attack that must not work")
    old_api = "ignore:(read_text|open_text) is deprecated:DeprecationWarning"
    # It leaves the socket of a refused connection to the garbage collector, which comes in whatever test is running.
    left_socket = "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
    config.addinivalue_line("markers", f"{order.FIRST}: looks at all that is in what it shares, so it comes first")
    config.addinivalue_line("markers", f"{order.LAST}: breaks what it shares with other files, so it comes last")
    config.addinivalue_line("filterwarnings", old_api)
    config.addinivalue_line("filterwarnings", left_socket)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Files, and groups of files, stay together with `--dist loadfile`."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.support.workers import ByUnit

    return ByUnit(config, log)


def pytest_collection(session: pytest.Session) -> None:
    """Thousands of tests are made, and none goes: nothing is looked through for what may be thrown away."""
    gc.disable()
    given = session.config.args
    if order.reads_from_the_other_end(os.environ.get("PYTEST_XDIST_WORKER", ""), given):
        session.config.stash[TURNED] = [os.path.relpath(folder, session.config.rootpath) for folder in given]
        given.reverse()


def pytest_collection_finish() -> None:
    """From here on only what comes and goes with a test is looked through."""
    gc.freeze()
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What the test's file shares is up."""
    item.session.stash[SHARING].enter_for(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """What nobody shares any more goes down."""
    yield
    item.session.stash[SHARING].leave_before(nextitem)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Nothing is shared yet."""
    session.stash[SHARING] = Sharing()


@pytest.fixture(scope="session")
def sharing(request: pytest.FixtureRequest) -> Sharing:
    """Where shared things are brought up, so that they go down when the last who shares them is done."""
    return request.session.stash[SHARING]


@pytest.fixture(scope="session")
def engine_home() -> Iterator[Path]:
    """A folder outside of pytest's own, removed at the end of the session with what lies elsewhere for it.

    As root, PostgreSQL runs as another user, who must be able to pass through to its data.
    """
    from services.local.embedded import remove_databases

    folder = Path(tempfile.mkdtemp(prefix="homeward-test-"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield folder
    remove_databases(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(engine_home: Path) -> Iterator[EmbeddedPostgres]:
    """A running PostgreSQL that would not survive a power cut."""
    from services.local.embedded import EmbeddedPostgres

    server = EmbeddedPostgres(engine_home / "session", durable=False)
    try:
        server.start()
        server.wait_ready(patient(60))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def kafka_node(engine_home: Path, sharing: Sharing) -> EmbeddedKafka:
    """A running Kafka node without topics of its own."""
    from tests.support.engines import RunningKafka

    return sharing.enter("kafka_node", RunningKafka(engine_home / "session")).node


@pytest.fixture(scope="session")
def whole_state(engine_home: Path) -> Callable[[str], Path]:
    """A fresh state directory by name."""

    def state(name: str) -> Path:
        path = engine_home / name
        assert not path.exists(), name
        return path

    return state


@pytest.fixture(scope="session")
def calm(whole_state: Callable[[str], Path], sharing: Sharing) -> Whole:
    """A Homeward to which nothing bad happens, with the pages for browsers; shared by all that only look and ask."""
    from tests.support.whole import Whole

    return sharing.enter("calm", Whole(whole_state("calm"), console=True))
