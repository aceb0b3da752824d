"""Databases for the tests: copied from one that was migrated once, lent to one test at a time, emptied for the next.

To empty a database takes milliseconds where to make one takes hundreds. Whatever still stands in it when it is lent
again is deleted then, so nothing that a test left running can be seen by another.
"""

from __future__ import annotations

import itertools
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from services.chassis.storage.migrate import CHASSIS_MIGRATIONS
from services.client.services import DATABASES
from services.operate import provision
from services.operate.passwords import AUDIT, generated_passwords, mover_of
from tests.support import lasting

CHASSIS_ONLY = "chassis"
"""Stands for a service without tables of its own, for tests of the chassis."""

END_WITHIN_MS = 60_000
LOOKS_MAX = 100
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_EMPTYING = """
    SELECT format('DELETE FROM public.%I;', tablename) FROM pg_tables WHERE schemaname = 'public' UNION ALL
    SELECT format('PERFORM setval(%L, %s, false);', format('%I.%I', schemaname, sequencename), start_value)
    FROM pg_sequences
"""
_PROCEDURE = "CREATE PROCEDURE pg_temp.empty_all() LANGUAGE plpgsql AS {}"
"""Of the connection's own: the server plans its statements once, and not for each test."""
_END_OTHERS = """
    SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND pid <> ALL(%s)
"""
_SCHEMA = """
    SELECT kind, count(*), sum(version) FROM (
        SELECT 'relation' AS kind, xmin::text::bigint AS version FROM pg_class WHERE oid >= 16384 UNION ALL
        SELECT 'column', xmin::text::bigint FROM pg_attribute WHERE attrelid >= 16384 UNION ALL
        SELECT 'constraint', xmin::text::bigint FROM pg_constraint WHERE oid >= 16384 UNION ALL
        SELECT 'trigger', xmin::text::bigint FROM pg_trigger WHERE oid >= 16384 UNION ALL
        SELECT 'function', xmin::text::bigint FROM pg_proc WHERE oid >= 16384
    ) item GROUP BY kind ORDER BY kind
"""
"""Which version of each item of the schema there is: any change of it, or a TRUNCATE, writes a new one."""


@dataclass(frozen=True)
class Lent:
    """A database in the hands of one test."""

    name: str
    url: str
    """As the service's own login."""


class Databases:
    """Makes databases on one cluster, lends them and drops them again."""

    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._passwords = generated_passwords((*DATABASES, CHASSIS_ONLY))
        self._templates: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._free: defaultdict[tuple[str, str], list[_Reusable]] = defaultdict(list)
        self._lent: dict[str, tuple[tuple[str, str], _Reusable]] = {}
        provision.provision_logins(admin_url, self._passwords)

    def fresh(self, service: str) -> tuple[str, str]:
        """Name and URL of a new database of the service, as its own login."""
        template = self._template(service)
        name = provision.database_of(service, f"_test_{os.getpid()}_{next(self._numbers)}")
        if service == CHASSIS_ONLY:
            provision.create_database(self._admin_url, name, provision.login_of(service), template)
        else:
            provision.create_database(self._admin_url, name, provision.owner_of(service), template)
            let_in = f'GRANT CONNECT, TEMPORARY ON DATABASE "{name}" TO {provision.login_of(service)}'
            self.as_superuser(self._url(service, name), let_in)
        return name, self._url(service, name)

    def empty(self, service: str) -> tuple[str, str]:
        """Name and URL of a new database of the service without a schema, as its own login."""
        name = provision.database_of(service, f"_test_{os.getpid()}_{next(self._numbers)}")
        provision.create_database(self._admin_url, name, provision.login_of(service))
        return name, self._url(service, name)

    def provision_again(self, service: str, url: str) -> None:
        """As `homeward up` does with a database that is there."""
        name = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
        suffix = name.removeprefix(provision.database_of(service))
        provision.provision(self._admin_url, self._passwords, services=[service], database_suffix=suffix)

    def drop(self, name: str) -> None:
        """Drop a database, with whoever is still connected."""
        lasting.close_all(name)
        provision.drop_database(self._admin_url, name)

    def lend(self, service: str, also: str = "") -> Lent:
        """A database of the service as after its migration and the statements in `also`; give it back."""
        kind = (service, also)
        while self._free[kind]:
            found = self._free[kind].pop()
            if found.is_as_made():
                found.empty()
                break
            self._discard(found)
        else:
            name, url = self.fresh(service)
            if also:
                with psycopg.connect(url) as connection:
                    connection.execute(also.encode())
            found = _Reusable(name, url, provision.database_url(self._admin_url, name, *self._superuser()))
        self._lent[found.name] = kind, found
        return Lent(found.name, found.url)

    def give_back(self, lent: Lent) -> None:
        """End whoever is still connected; the next who borrows such a database may get this one."""
        kind, database = self._lent.pop(lent.name)
        database.end_others()
        self._free[kind].append(database)

    def close(self) -> None:
        """Drop what was lent."""
        for database in itertools.chain(*self._free.values(), (each for _, each in self._lent.values())):
            self._discard(database)
        self._free.clear()
        self._lent.clear()
        lasting.close_all()

    def as_superuser(self, url: str, *statements: str) -> None:
        """Run statements in the database of that URL as whoever may do everything."""
        name = str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])
        with psycopg.connect(provision.database_url(self._admin_url, name, *self._superuser())) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def owner_url(self, url: str) -> str:
        """The same database for the login that moves its schema: what its owner may do, it may."""
        name, login = (str(psycopg.conninfo.conninfo_to_dict(url)[key]) for key in ("dbname", "user"))
        service = next(each for each in DATABASES if provision.login_of(each) == login)
        mover = mover_of(service)
        return provision.database_url(self._admin_url, name, provision.login_of(mover), self._passwords[mover])

    def audit_url(self, database_name: str) -> str:
        """The URL of a database for the login that audits."""
        password = self._passwords[AUDIT]
        return provision.database_url(self._admin_url, database_name, provision.AUDIT_LOGIN, password)

    def _discard(self, database: _Reusable) -> None:
        database.close()
        self.drop(database.name)

    def _superuser(self) -> tuple[str, str]:
        parts = psycopg.conninfo.conninfo_to_dict(self._admin_url)
        return str(parts["user"]), str(parts["password"])

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


class _Reusable:
    """A database that can be made as it was, on a kept connection of the superuser."""

    def __init__(self, name: str, url: str, admin_url: str) -> None:
        self.name = name
        self.url = url
        self._connection: psycopg.Connection[Any] = psycopg.connect(admin_url, autocommit=True)
        tables = [table for (table,) in self._connection.execute(_TABLES)]
        # No guard of the schema and no foreign key has a say: everything goes, in any order.
        self._connection.execute("SET session_replication_role = replica")
        statements = " ".join(each for (each,) in self._connection.execute(_EMPTYING))
        self._connection.execute(sql.SQL(_PROCEDURE).format(sql.Literal(f"BEGIN {statements} END")))
        self._first_rows: Mapping[str, bytes] = {table: rows for table in tables if (rows := self._copy_out(table))}
        self._schema = self._connection.execute(_SCHEMA).fetchall()

    def is_as_made(self) -> bool:
        """Whether no test changed its schema."""
        return self._connection.execute(_SCHEMA).fetchall() == self._schema

    def end_others(self) -> None:
        """End all other connections but those that were put aside, and return when they are gone."""
        # One that has just ended by itself counts as not ended by us: so look until there is none.
        for _ in range(LOOKS_MAX):
            if not self._connection.execute(_END_OTHERS, [END_WITHIN_MS, lasting.kept_of(self.name)]).fetchall():
                return
        raise AssertionError(f"others stay connected to {self.name}")

    def empty(self) -> None:
        """As after its migration: no rows but the migration's, and every sequence at its start."""
        self.end_others()
        with self._connection.transaction():
            self._connection.execute("CALL pg_temp.empty_all()")
            for table, rows in self._first_rows.items():
                copy = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
                with self._connection.cursor().copy(copy) as sink:
                    sink.write(rows)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _copy_out(self, table: str) -> bytes:
        copy = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        with self._connection.cursor().copy(copy) as source:
            return b"".join(bytes(part) for part in source)
