"""What a service's login may do in its database, once another role owns all of it.

It reads and writes its tables, and adds to those whose rows are only ever added. It changes no schema, and takes no
trigger off: what the service was made to do by somebody else stays within what the service does.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg import sql

APPEND_ONLY: Final = """
    SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE t.tgname = c.relname || '_append_only' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""
"""The tables whose rows are only ever added: those that say so by their trigger."""
_RELATIONS: Final = """
    SELECT relname, relkind::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S') ORDER BY relname
"""
_VERSION: Final = "alembic_version"
_LOCK_KEY: Final = 0x72696768


def settle(connection: psycopg.Connection[Any], login: str) -> None:
    """Give a login what its service needs of the schema as it stands, and take from it what was more.

    Nothing for the login that owns the schema itself. Raises psycopg.Error where the connection may not say so.
    """
    name = sql.Identifier(login)
    # Two who say it at a time would change the same rows of the catalogue.
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_KEY])
    logs = {log for (log,) in connection.execute(APPEND_ONLY)}
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))
    for relation, kind in connection.execute(_RELATIONS).fetchall():
        what = sql.SQL("{} TO {}" if kind != "S" else "SEQUENCE {} TO {}").format(sql.Identifier(relation), name)
        taken = sql.SQL("{} FROM {}" if kind != "S" else "SEQUENCE {} FROM {}").format(sql.Identifier(relation), name)
        connection.execute(sql.SQL("REVOKE ALL ON ") + taken)
        connection.execute(sql.SQL(f"GRANT {_rights(relation, kind, logs)} ON ") + what)


def _rights(relation: str, kind: str, logs: set[str]) -> str:
    if kind == "S":
        return "USAGE, SELECT"
    # A view is written through with the rights of whoever owns it: so none is.
    if kind == "v" or relation == _VERSION:
        return "SELECT"
    return "SELECT, INSERT" if relation in logs else "SELECT, INSERT, UPDATE, DELETE"
