"""Makes the databases of the services: one each, with a login of its own that no other database lets in.

Everything may be run again: what exists is left as it is, and schemas are moved to the newest. On a server of one's own
passwords are set to those given; on another one a login that exists must open with the given password, else it is
another deployment's, and nothing is done. It needs a superuser: logs that only grow belong to a role with which nobody
logs in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from services.chassis.storage.migrate import migrate
from services.client.services import DATABASES
from services.operate.errors import SetUpError
from services.operate.passwords import AUDIT

AUDIT_LOGIN: Final = "homeward_audit"
CONNECT_TIMEOUT_S: Final = 5
_LOCK_KEY: Final = 0x686F6D65
"""Two that provision one cluster at a time would make the same role twice."""

Connection = psycopg.Connection[Any]


class OthersLogin(SetUpError):
    """The database server at {place} has a login {login} that was not made from this state folder: another Homeward
    keeps its databases there. Name a server without one, or bring back the folder keys/ of that deployment."""


def login_of(service: str) -> str:
    """The service's login."""
    return f"homeward_{service}"


def owner_of(service: str) -> str:
    """The role that owns the service's database and the logs in it that only grow. Nobody logs in with it."""
    return f"homeward_{service}_owner"


def database_of(service: str, suffix: str = "") -> str:
    """The service's database."""
    return f"homeward_{service}{suffix}"


def database_url(admin_url: str, database: str, login: str, password: str) -> str:
    """The address of a database on the administrator's server, for another login."""
    parts = urlsplit(admin_url)
    place = parts.netloc.rpartition("@")[2]
    credentials = f"{quote(login, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(netloc=f"{credentials}@{place}", path=f"/{quote(database, safe='')}"))


def provision(
    admin_url: str,
    passwords: Mapping[str, str],
    *,
    services: Sequence[str] = DATABASES,
    database_suffix: str = "",
    event_keys: Mapping[str, Path] | None = None,
    owns_server: bool = True,
) -> Mapping[str, str]:
    """Make logins, databases and schemas, as far as they are missing. Returns each service's database URL.

    Args:
        admin_url: `postgresql://…` of a superuser, any database.
        passwords: by service, and "audit" for the login that reads the audit views.
        services: names of the services to provide for.
        database_suffix: put behind the name of each database; for copies beside the real ones.
        event_keys: by service, the private key that signs what it said before events were signed.
        owns_server: nobody else has anything on the server, so a login that exists is given its password.

    Raises:
        KeyError: a password is missing; nothing was done.
        OthersLogin: a login is another deployment's; nothing was done.
        psycopg.Error: the server refused or could not be reached.
    """
    wanted = {name: passwords[name] for name in (*services, AUDIT)}
    if not owns_server:
        _require_ours(admin_url, wanted)
    provision_logins(admin_url, wanted)
    urls = {}
    for service in services:
        name = database_of(service, database_suffix)
        create_database(admin_url, name, login_of(service))
        urls[service] = database_url(admin_url, name, login_of(service), passwords[service])
        with _logs_given_to_login(admin_url, name, service):
            migrate(service, urls[service], event_key=(event_keys or {}).get(service))
    return urls


def provision_logins(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Make the logins `homeward_<name>` with these passwords; an existing one gets its password."""
    with _administration(admin_url) as connection:
        for name, password in passwords.items():
            _ensure_login(connection, login_of(name), password)


def create_database(admin_url: str, name: str, owner: str, template: str | None = None) -> None:
    """Make a database unless it exists, and let in its owner and the auditor only.

    With `template` it is a copy of that database, to which nobody may be connected meanwhile.
    """
    with _administration(admin_url) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(owner), sql.Identifier(template or "template1")
                )
            )
        database, audit = sql.Identifier(name), sql.Identifier(AUDIT_LOGIN)
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(database, sql.Identifier(owner), audit)
        )


_LOGS: Final = """
    SELECT DISTINCT c.relname FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE p.proname = 'refuse_change' ORDER BY c.relname
"""
"""The tables whose rows are only ever added: those that say so by their trigger."""


@contextmanager
def _logs_given_to_login(admin_url: str, name: str, service: str) -> Iterator[None]:
    """While the schema is moved the service's login owns all of it; after it, what only grows is out of its hands.

    Then it may add to a log and read it: not change it, not empty or drop it, and not take its trigger off.
    """
    login, owner = sql.Identifier(login_of(service)), sql.Identifier(owner_of(service))
    url = urlunsplit(urlsplit(admin_url)._replace(path=f"/{quote(name, safe='')}"))
    with _administration(admin_url) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner_of(service)]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(owner))
    with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        # Whoever owns the database may drop what is in it, whoever owns that.
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), owner))
        # What the former owner was granted went to the new one.
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(name), login))
        connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(login))
        _own_logs(connection, login)
    try:
        yield
    finally:
        with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
            for log in _own_logs(connection, owner):
                connection.execute(sql.SQL("GRANT SELECT, INSERT ON {} TO {}").format(log, login))


def _own_logs(connection: Connection, owner: sql.Identifier) -> list[sql.Identifier]:
    """Let a role own every log; returns their names."""
    logs = [sql.Identifier(log) for (log,) in connection.execute(_LOGS)]
    for log in logs:
        connection.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(log, owner))
    if logs:
        connection.execute(sql.SQL("ALTER FUNCTION refuse_change() OWNER TO {}").format(owner))
    return logs


def drop_database(admin_url: str, name: str) -> None:
    """Drop a database if it exists, and whoever is connected to it."""
    with _administration(admin_url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _require_ours(admin_url: str, passwords: Mapping[str, str]) -> None:
    with _administration(admin_url) as connection:
        logins = {login_of(name): password for name, password in passwords.items()}
        known = connection.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(logins)]).fetchall()
    for (login,) in known:
        url = urlsplit(admin_url)
        try:
            with psycopg.connect(
                database_url(admin_url, url.path.strip("/") or "postgres", login, logins[login]),
                connect_timeout=CONNECT_TIMEOUT_S,
            ):
                pass
        except psycopg.OperationalError:
            raise OthersLogin(place=url.netloc.rpartition("@")[2], login=login) from None


def _ensure_login(connection: Connection, login: str, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login]).fetchone()
    # Hashed here: the server never sees the password, so it cannot end in its log.
    hashed = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    statement = "ALTER ROLE {} LOGIN PASSWORD {}" if exists else "CREATE ROLE {} LOGIN PASSWORD {}"
    connection.execute(sql.SQL(statement).format(sql.Identifier(login), sql.Literal(hashed)))


@contextmanager
def _administration(admin_url: str) -> Iterator[Connection]:
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK_KEY])
        yield connection
