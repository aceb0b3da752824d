"""A fresh database per test, copied from one that was migrated once per session."""

from __future__ import annotations

import itertools
import os

import psycopg

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS
from services.operate import provision

CHASSIS_ONLY = "chassis"
"""Stands for a service without tables of its own, for tests of the chassis."""


class Databases:
    """Makes databases on one cluster and drops them again."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._passwords = provision.generated_passwords((*provision.SERVICES, CHASSIS_ONLY))
        self._templates: dict[str, str] = {}
        self._numbers = itertools.count(1)
        provision.provision_logins(admin_url, self._passwords)

    def fresh(self, service: str) -> tuple[str, str]:
        """Name and URL of a new database of the service, as its own login."""
        template = self._template(service)
        name = provision.database_of(service, f"_test_{os.getpid()}_{next(self._numbers)}")
        provision.create_database(self._admin_url, name, provision.login_of(service), template)
        return name, self._url(service, name)

    def empty(self, service: str) -> tuple[str, str]:
        """Name and URL of a new database of the service without a schema, as its own login."""
        name = provision.database_of(service, f"_test_{os.getpid()}_{next(self._numbers)}")
        provision.create_database(self._admin_url, name, provision.login_of(service))
        return name, self._url(service, name)

    def drop(self, name: str) -> None:
        """Drop a database, with whoever is still connected."""
        provision.drop_database(self._admin_url, name)

    def audit_url(self, database_name: str) -> str:
        """The URL of a database for the login that audits."""
        password = self._passwords[provision.AUDIT]
        return provision.database_url(self._admin_url, database_name, provision.AUDIT_LOGIN, password)

    def _url(self, service: str, name: str) -> str:
        login = provision.login_of(service)
        return provision.database_url(self._admin_url, name, login, self._passwords[service])

    def _template(self, service: str) -> str:
        if service not in self._templates:
            suffix = f"_template_{os.getpid()}"
            name = provision.database_of(service, suffix)
            if service == CHASSIS_ONLY:
                provision.create_database(self._admin_url, name, provision.login_of(service))
                with psycopg.connect(self._url(service, name)) as connection:
                    for file in sorted(CHASSIS_MIGRATIONS.glob("chassis_*.sql")):
                        connection.execute(file.read_bytes())
            else:
                provision.provision(self._admin_url, self._passwords, services=[service], database_suffix=suffix)
            self._templates[service] = name
        return self._templates[service]
