"""Schema of a service's database: `homeward migrate` moves it, services only check it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

SERVICES_ROOT = Path(__file__).resolve().parent.parent
CHASSIS_MIGRATIONS = SERVICES_ROOT / "chassis" / "migrations"


class SchemaOutOfDate(Exception):
    """The database has another schema than this program needs: run `homeward migrate` first."""


def _config(service: str, database_url: str = "") -> Config:
    config = Config()
    config.set_main_option("script_location", str(CHASSIS_MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(SERVICES_ROOT / service / "migrations"))
    config.attributes["database_url"] = database_url
    return config


def migrate(service: str, database_url: str) -> None:
    """Bring the service's database to the newest schema. Does nothing when it is there."""
    command.upgrade(_config(service, database_url), "head")


def newest_revision(service: str) -> str | None:
    """The revision that the program needs."""
    return ScriptDirectory.from_config(_config(service)).get_current_head()


async def check_schema(service: str, engine: AsyncEngine) -> None:
    """Check, without a lock, that the database has the schema that the program needs.

    Raises:
        SchemaOutOfDate: it has another.
    """
    async with engine.connect() as connection:
        exists = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
        found = (
            await connection.scalar(text("SELECT version_num FROM alembic_version"))
            if exists
            else None
        )
    if found != newest_revision(service):
        raise SchemaOutOfDate(f"{service} has schema {found}")


def run_sql_file(path: Path) -> None:
    """Run a file of plain DDL inside a migration."""
    from alembic import op

    op.execute(path.read_text())
