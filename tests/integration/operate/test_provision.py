"""Another deployment's databases are left as they are."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from services.chassis.storage.migrate import migrate
from services.local.embedded import EmbeddedPostgres
from services.operate.passwords import AUDIT, mover_of
from services.operate.provision import OthersLogin, provision
from tests.support.databases import Databases
from tests.support.fixtures import ServiceDatabase


def test_logins_that_another_deployment_made_are_not_touched(
    postgres_server: EmbeddedPostgres, service_database: ServiceDatabase
) -> None:
    url = service_database("notify")
    mine = dict.fromkeys(("notify", mover_of("notify"), AUDIT), "of another state folder")
    with pytest.raises(OthersLogin, match="homeward_"):
        provision(postgres_server.admin_url, mine, services=["notify"], owns_server=False)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.fixture
def made(postgres_server: EmbeddedPostgres, databases: Databases) -> Iterator[tuple[str, str]]:
    """A database of notify as a version before made it, its login owns all of it; as that login, and as whoever moves
    the schema."""
    name, url = databases.empty("notify")
    migrate("notify", url)
    yield url, databases.owner_url(url)
    databases.drop(name)


REFUSED = (
    "ALTER TABLE message ADD COLUMN more text",
    "ALTER TABLE act DISABLE TRIGGER act_append_only",
    "DROP TABLE message",
    "TRUNCATE message",
    "CREATE TABLE mine (id integer)",
    "UPDATE act SET subject = 'somebody else'",
    "DELETE FROM log_head",
    "UPDATE alembic_version SET version_num = '0001'",
    "DELETE FROM audit_said",
    "SET ROLE homeward_notify_owner",
)
DONE = (
    "SELECT count(*) FROM act",
    "INSERT INTO stream_version (topic, subject, version) VALUES ('homeward.notification.v1', gen_random_uuid(), 1)",
    "UPDATE stream_version SET version = 2",
    "DELETE FROM stream_version",
    "SELECT nextval(pg_get_serial_sequence('outbox', 'id'))",
)


def test_a_database_of_before_is_handed_over_and_its_service_changes_no_schema_and_no_log(
    made: tuple[str, str], databases: Databases
) -> None:
    url, owner = made
    databases.provision_again("notify", url)
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in REFUSED:
            with pytest.raises(InsufficientPrivilege):
                connection.execute(statement.encode())
        for statement in DONE:
            connection.execute(statement.encode())
    with psycopg.connect(owner) as connection:
        foreign = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'homeward_notify_owner'"
        ).fetchall()
    assert foreign == []
    # What is made by whoever moves the schema is the owner's as well, and the service uses it after the next move.
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE made_later (id bigint GENERATED ALWAYS AS IDENTITY)")
    migrate("notify", owner, login="homeward_notify")
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO made_later DEFAULT VALUES")
