"""Schema of a service's database: `homeward migrate` moves it, services only check it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.chassis.storage.rights import settle

if TYPE_CHECKING:
    from alembic.config import Config
    # Loaded where a schema is moved: a service only checks its own, and need not carry it.

SERVICES_ROOT = Path(__file__).resolve().parents[2]
CHASSIS_MIGRATIONS = SERVICES_ROOT / "chassis" / "migrations"


class SchemaOutOfDate(Exception):
    """The database has another schema than this program needs: run `homeward migrate` first."""


def _config(service: str, database_url: str, event_key: Path | None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(CHASSIS_MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(SERVICES_ROOT / service / "migrations"))
    config.attributes["database_url"] = database_url
    config.attributes["event_key"] = event_key
    return config


def migrate(
    service: str, database_url: str, revision: str = "head", *, event_key: Path | None = None, login: str = ""
) -> None:
    """Bring the service's database to a schema, the newest unless told. Does nothing when it is there.

    `event_key` is the file with the service's private key: what it said before events were signed is signed with it.
    `login`: the service's own, where another one moves the schema; it gets what the service needs, and no more.
    """
    from alembic import command

    command.upgrade(_config(service, database_url, event_key), revision)
    if login:
        with psycopg.connect(database_url) as connection:
            settle(connection, login)


def newest_revision(service: str) -> str:
    """The revision that the program needs: a migration `0002_….py` makes revision "0002"."""
    files = (SERVICES_ROOT / service / "migrations").glob("[0-9]*_*.py")
    return max(file.name.partition("_")[0] for file in files)


async def check_schema(service: str, engine: AsyncEngine) -> None:
    """Check, without a lock, that the database has the schema that the program needs.

    Raises:
        SchemaOutOfDate: it has another.
    """
    async with engine.connect() as connection:
        exists = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
        found = await connection.scalar(text("SELECT version_num FROM alembic_version")) if exists else None
    if found != newest_revision(service):
        raise SchemaOutOfDate(f"{service} has schema {found}")


def run_sql_file(path: Path) -> None:
    """Run a file of plain DDL inside a migration."""
    from alembic import op

    op.execute(path.read_text())
