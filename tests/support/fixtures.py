"""The fixtures of this package; tests/conftest.py registers them.

Whoever only hands out tests to others reads this as well, and before anybody else can begin: so what a fixture needs is
loaded when it is asked for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from services.chassis.country.directory import Directory
    from services.chassis.kernel.clock import Clock
    from services.chassis.kernel.roles import Grade
    from services.chassis.service.process import Chassis
    from services.local.embedded import EmbeddedPostgres
    from tests.support.clocks import FakeClock
    from tests.support.databases import Databases, Lent
    from tests.support.identities import Identities

ServiceDatabase = Callable[[str], str]


class TokenFor(Protocol):
    """`token_for("BP-CN-HUU-NGHI")`: a token of somebody at that office."""

    def __call__(
        self, office_id: str, *, subject: str | None = ..., scope: str | None = ..., grades: Iterable[Grade] = ...
    ) -> str:
        """The token."""
        ...


class ChassisFor(Protocol):
    """`chassis_for("intake", url, clock)`: what the rooms of a service are built from."""

    def __call__(self, service: str, database_url: str, clock: Clock, *, directory: Directory | None = ...) -> Chassis:
        """The chassis; its engine is disposed at the end of the test."""
        ...


@pytest.fixture(scope="session")
def databases(postgres_server: EmbeddedPostgres) -> Iterator[Databases]:
    """The databases of this session's cluster."""
    from tests.support.databases import Databases

    found = Databases(postgres_server.admin_url)
    yield found
    found.close()


@pytest.fixture
def service_database(databases: Databases) -> Iterator[ServiceDatabase]:
    """Factory of migrated databases without rows: service name → URL as the service's own login.

    The name "chassis" gives one with the tables of the chassis only.
    """
    lent: list[Lent] = []

    def lend(service: str) -> str:
        lent.append(databases.lend(service))
        return lent[-1].url

    yield lend
    for database in lent:
        databases.give_back(database)


@pytest.fixture(scope="session")
def identities(tmp_path_factory: pytest.TempPathFactory) -> Identities:
    """The session's token issuer."""
    from tests.support.identities import Identities

    return Identities(tmp_path_factory.mktemp("issuer"))


@pytest.fixture(scope="session")
def jwks(identities: Identities) -> Path:
    """The file with the public key that verifies the session's tokens."""
    return identities.jwks


@pytest.fixture(scope="session")
def token_for(identities: Identities) -> TokenFor:
    """Factory of tokens: office id of the built-in directory → token."""
    return identities.token_for


@pytest.fixture
def clock() -> FakeClock:
    """Business time: Monday 2 March 2026, nine in the morning in Viet Nam, until moved."""
    from tests.support.clocks import FakeClock, viet_nam

    return FakeClock(viet_nam(2026, 3, 2))


@pytest.fixture
async def chassis_for(tmp_path: Path, jwks: Path) -> AsyncIterator[ChassisFor]:
    """Factory of what the rooms of a service are built from."""
    from tests.support.lasting import put_aside
    from tests.support.processes import build_chassis

    built: list[Chassis] = []

    def build(service: str, database_url: str, clock: Clock, *, directory: Directory | None = None) -> Chassis:
        chassis = build_chassis(service, database_url, clock, tmp_path, jwks, directory)
        built.append(chassis)
        return chassis

    yield build
    await put_aside(chassis.engine for chassis in built)
