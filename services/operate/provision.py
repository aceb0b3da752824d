"""Makes the databases of the services: one each, with a login of its own that no other database lets in.

All that is in a database belongs to a role with which nobody logs in, `homeward_intake_owner`. Another login,
`homeward_intake_migrate`, moves the schema in its name. The service's own reads and writes, and changes no schema.

Everything may be run again: what exists is left as it is, and schemas are moved to the newest. On a server of one's own
passwords are set to those given; on another one a login that exists must open with the given password, else it is
another deployment's, and nothing is done. It needs a superuser.
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
from services.operate.passwords import AUDIT, mover_of

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
    """The role that owns the service's database and all that is in it. Nobody logs in with it."""
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
        passwords: by service, as "intake_migrate" for the login that moves its schema, and "audit" for the login that
            reads the audit views.
        services: names of the services to provide for.
        database_suffix: put behind the name of each database; for copies beside the real ones.
        event_keys: by service, the private key that signs what it said before events were signed.
        owns_server: nobody else has anything on the server, so a login that exists is given its password.

    Raises:
        KeyError: a password is missing; nothing was done.
        OthersLogin: a login is another deployment's; nothing was done.
        psycopg.Error: the server refused or could not be reached.
    """
    wanted = {name: passwords[name] for name in (*services, *map(mover_of, services), AUDIT)}
    if not owns_server:
        _require_ours(admin_url, wanted)
    provision_logins(admin_url, wanted)
    urls = {}
    for service in services:
        name, mover, login = database_of(service, database_suffix), mover_of(service), login_of(service)
        _ensure_owner(admin_url, service)
        create_database(admin_url, name, owner_of(service))
        _hand_over(admin_url, name, service)
        mover_url = database_url(admin_url, name, login_of(mover), passwords[mover])
        migrate(service, mover_url, event_key=(event_keys or {}).get(service), login=login)
        urls[service] = database_url(admin_url, name, login, passwords[service])
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


_OWNED: Final = """
    SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname, NULL
    FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S') AND relowner <> %(owner)s::regrole
        -- A sequence of a column goes with its table.
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND relkind = 'S')
    UNION ALL
    SELECT 'FUNCTION', proname, pg_get_function_identity_arguments(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proowner <> %(owner)s::regrole
"""
"""What somebody else owns: a database of before gave all to the service's login."""


def _ensure_owner(admin_url: str, service: str) -> None:
    """Make the owner unless there is one, and let the login that moves the schema act in its name, and only so."""
    owner, mover = sql.Identifier(owner_of(service)), sql.Identifier(login_of(mover_of(service)))
    with _administration(admin_url) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner_of(service)]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(owner))
        # What it makes belongs to the owner as well.
        connection.execute(sql.SQL("GRANT {} TO {}").format(owner, mover))
        connection.execute(sql.SQL("ALTER ROLE {} SET role = {}").format(mover, owner))


def _hand_over(admin_url: str, name: str, service: str) -> None:
    """Let the owner own the database and all that is in it; the service's login gets in, and makes nothing there."""
    login, owner = sql.Identifier(login_of(service)), sql.Identifier(owner_of(service))
    url = urlunsplit(urlsplit(admin_url)._replace(path=f"/{quote(name, safe='')}"))
    with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        # Whoever owns the database may drop what is in it, whoever owns that.
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), owner))
        # What the former owner was granted went to the new one.
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(sql.Identifier(name), login))
        connection.execute(sql.SQL("REVOKE ALL ON SCHEMA public FROM {}").format(login))
        connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(owner))
        for kind, object_name, arguments in connection.execute(_OWNED, {"owner": owner_of(service)}).fetchall():
            what = sql.SQL(f"ALTER {kind} {{}}").format(sql.Identifier(object_name))
            signature = sql.SQL("" if arguments is None else f"({arguments})")
            connection.execute(sql.SQL("{}{} OWNER TO {}").format(what, signature, owner))


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
