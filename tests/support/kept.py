"""The state of a version before, kept as test data, brought back to life."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from services.client.files import write_file
from services.client.services import SERVICES
from services.local.embedded import EmbeddedPostgres
from services.operate import provision
from services.operate.home import Home

POSTGRES_READY_S = 300.0


class Kept:
    """A folder as `python -m tests.e2e.keep` writes it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Who is who, what was listed, and what was answered."""
        found: dict[str, Any] = json.loads((self._folder / "facts.json").read_text(encoding="utf-8"))
        return found

    @contextmanager
    def restored(self, state: Path) -> Iterator[None]:
        """A state directory of demonstration as it was left: only its PostgreSQL runs, inside of this.

        Logins get passwords and tokens a signing key of this directory's own. Business time goes on where it stood.
        """
        home = Home(state)
        home.create(demonstration=True)
        for key in sorted((self._folder / "keys").iterdir()):
            write_file(home.keys / key.name, key.read_text(encoding="utf-8"))
        stood = datetime.fromisoformat(self.facts["business_time"])
        write_file(home.clock_file, json.dumps({"offset_s": (stood - datetime.now(UTC)).total_seconds()}))
        server = EmbeddedPostgres(state)
        server.start()
        try:
            server.wait_ready(POSTGRES_READY_S)
            self._restore_databases(server.admin_url, home)
            yield
        finally:
            server.stop()

    def _restore_databases(self, admin_url: str, home: Home) -> None:
        passwords = home.passwords()
        provision.provision_logins(admin_url, passwords)
        urls = {}
        for service in SERVICES:
            name, login = provision.database_of(service), provision.login_of(service)
            provision.create_database(admin_url, name, login)
            urls[service] = provision.database_url(admin_url, name, login, passwords[service])
            with psycopg.connect(urls[service]) as connection:
                connection.execute((self._folder / f"{service}.sql").read_bytes())
        write_file(home.databases_file, json.dumps(urls))
