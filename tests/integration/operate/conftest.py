"""Four scratch databases with the chassis's tables and an audit view over a table that a test fills."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import psycopg
import pytest
from click.testing import CliRunner, Result

from services.chassis.kernel.texts import Texts
from services.client.services import SERVICES
from services.client.texts import texts_in
from services.operate.installation import KAFKA_SECURITY
from tests.support.databases import CHASSIS_ONLY, Databases
from tests.support.signing import write_key_files

AUDIT_VIEW = """
CREATE TABLE audit_row (
    case_id uuid PRIMARY KEY, phase text NOT NULL, office_id text, is_open boolean NOT NULL,
    deadline_rule text, deadline_on date, deadline_at timestamptz, watched_by text,
    watcher_seen_at timestamptz DEFAULT now(), primary_count integer NOT NULL DEFAULT 0,
    in_flight boolean NOT NULL DEFAULT false, blocked boolean NOT NULL DEFAULT false,
    changed_at timestamptz NOT NULL DEFAULT now(),
    keeper_id text DEFAULT 'SA-01', lost_although_seen boolean NOT NULL DEFAULT false,
    ended_journey_at timestamptz,
    law_asked integer NOT NULL DEFAULT 0, law_watched integer NOT NULL DEFAULT 0, law_due_at timestamptz
);
CREATE TABLE access_log (
    sequence bigint, read_at timestamptz, subject text, office_id text, role text, case_id uuid, identity_view text,
    purpose bytea, purpose_code text, hash bytea, break_glass_id uuid
);
GRANT SELECT ON access_log TO homeward_audit;
CREATE VIEW audit_put_back AS SELECT case_id FROM access_log WHERE false;
GRANT SELECT ON audit_put_back TO homeward_audit;
CREATE TABLE break_glass_fault (fault text, about text, case_id uuid, office_id text, at timestamptz);
CREATE VIEW audit_break_glass AS SELECT * FROM break_glass_fault;
GRANT SELECT ON audit_break_glass TO homeward_audit;
CREATE VIEW audit_case AS SELECT * FROM audit_row;
CREATE TABLE audit_consent (case_id uuid PRIMARY KEY, consents text);
CREATE TABLE audit_open_case (
    office_id text, phase text, rule text, overdue_from date, counted bigint, there bigint
);
GRANT SELECT ON audit_case, audit_consent, audit_open_case, rule_overlay TO homeward_audit;
CREATE TABLE alembic_version (version_num text);
"""


@dataclass(frozen=True)
class FourDatabases:
    """The four databases of one scratch Homeward."""

    urls: Mapping[str, str]
    audit_urls: Mapping[str, str]

    def run(self, service: str, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Run a statement in one of them; its rows."""
        with psycopg.connect(self.urls[service]) as connection:
            cursor = connection.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
def four(databases: Databases) -> Iterator[FourDatabases]:
    """Four databases without rows."""
    lent = {service: databases.lend(CHASSIS_ONLY, AUDIT_VIEW) for service in SERVICES}
    yield FourDatabases(
        {service: one.url for service, one in lent.items()},
        {service: databases.audit_url(one.name) for service, one in lent.items()},
    )
    for one in lent.values():
        databases.give_back(one)


@pytest.fixture
def state(tmp_path: Path, four: FourDatabases, databases: Databases) -> Path:
    """A state directory that knows the four databases, and the auditor's password."""
    folder = tmp_path / "var"
    (folder / "keys").mkdir(parents=True)
    write_key_files(folder / "keys", "intake")
    (folder / "databases.json").write_text(json.dumps(dict(four.urls)))
    password = urlsplit(four.audit_urls["intake"]).password
    (folder / "keys" / "passwords.json").write_text(json.dumps({"audit": password}))
    return folder


Invoke = Callable[..., Result]


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run a command in English, with nothing in the environment that overrides the state directory."""
    monkeypatch.setenv("COLUMNS", "140")
    for service in SERVICES:
        monkeypatch.delenv(f"HOMEWARD_{service.upper()}", raising=False)
        monkeypatch.delenv(f"HOMEWARD_{service.upper()}_DATABASE_URL", raising=False)
    for name in ("KAFKA", "AUDIT_PASSWORD", "OFFICES_FILE", *(f"KAFKA_{one.upper()}" for one in KAFKA_SECURITY)):
        monkeypatch.delenv(f"HOMEWARD_{name}", raising=False)

    def run(build: Callable[[Texts], click.Command], *arguments: object) -> Result:
        return CliRunner().invoke(build(texts_in("en")), [str(one) for one in arguments])

    return run
