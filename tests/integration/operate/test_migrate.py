"""Schemas are moved once, and a database that cannot be moved is named."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from services.chassis.storage.migrate import newest_revision
from services.client.refusals import Refusal
from services.local.embedded import EmbeddedPostgres
from services.operate import migrate, provision
from services.terminal.exits import Exit
from tests.integration.operate.conftest import FourDatabases, Invoke
from tests.support.databases import Databases
from tests.support.fixtures import ServiceDatabase


@pytest.fixture
def empty_database(postgres_server: EmbeddedPostgres, databases: Databases) -> Iterator[str]:
    """An empty database, as its administrator; the logins of the services exist."""
    admin_url = postgres_server.admin_url
    name = f"homeward_test_{uuid.uuid4().hex}"
    provision.create_database(admin_url, name, provision.login_of("followup"))
    yield urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}"))
    provision.drop_database(admin_url, name)


def test_a_schema_is_moved_once(
    tmp_path: Path, empty_database: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_FOLLOWUP_DATABASE_URL", empty_database)
    arguments = ("--state", tmp_path, "--service", "followup")
    newest = newest_revision("followup")
    first = invoke(migrate.build, *arguments)
    assert first.exit_code == Exit.DONE, first.output
    assert first.output == f"✓ followup: schema - → {newest}\n"
    assert invoke(migrate.build, *arguments).output == f"✓ followup: schema {newest}, nothing to do\n"
    found = json.loads(invoke(migrate.build, *arguments, "--json").stdout)
    assert found == {"followup": {"before": newest, "after": newest}}


def test_a_schema_that_cannot_be_moved_is_named(state: Path, four: FourDatabases, invoke: Invoke) -> None:
    result = invoke(migrate.build, "--state", state, "--service", "handover")
    assert isinstance(result.exception, Refusal)
    assert result.exception.message == "The schema of handover could not be moved (DuplicateTable)."


def test_a_login_that_changes_no_schema_is_told_which_one_does(
    tmp_path: Path,
    databases: Databases,
    service_database: ServiceDatabase,
    invoke: Invoke,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = service_database("notify")
    databases.as_superuser(url, "UPDATE alembic_version SET version_num = '0001'")
    monkeypatch.setenv("HOMEWARD_NOTIFY_DATABASE_URL", url)
    refused = invoke(migrate.build, "--state", tmp_path, "--service", "notify")
    assert isinstance(refused.exception, Refusal)
    assert refused.exception.reason == "MIGRATION_NOT_PERMITTED"
    assert "HOMEWARD_NOTIFY_MIGRATE_URL" in refused.exception.advice[0]
    monkeypatch.setenv("HOMEWARD_NOTIFY_MIGRATE_URL", databases.owner_url(url))
    again = invoke(migrate.build, "--state", tmp_path, "--service", "notify")
    assert isinstance(again.exception, Refusal)
    assert again.exception.reason == "MIGRATION_FAILED", "this one may, but what it makes is there already"


def test_all_addresses_are_known_before_anything_changes(
    tmp_path: Path, empty_database: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_FOLLOWUP_DATABASE_URL", empty_database)
    refused = invoke(migrate.build, "--state", tmp_path)
    assert isinstance(refused.exception, Refusal)
    assert refused.exception.reason == "DATABASE_NOT_KNOWN"
    assert invoke(migrate.build, "--state", tmp_path, "--service", "followup").output.startswith("✓ followup: schema -")
