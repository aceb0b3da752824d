"""`homeward migrate`: brings the databases to the schema of this program."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import psycopg
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.events.earlier_events import EventKeyMissing
from services.chassis.kernel.texts import Texts
from services.chassis.storage.migrate import migrate as move_schema
from services.client.refusals import Kind, Refusal
from services.client.services import DATABASES, SERVICES
from services.operate.doctor_checks import revision_of
from services.operate.installation import Installation
from services.operate.options import json_option, state_option

CONNECT_TIMEOUT_S = 5
_OWN = """
    SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = 'alembic_version' AND tableowner = current_user
"""


def build(t: Texts) -> click.Command:
    """The command, in the language of `t`."""

    @click.command(
        "migrate",
        help=t(
            "Bring the databases of the services to the newest schema; run it before starting newer services.\n\n"
            "Services that run meanwhile go on: schemas grow first and shrink a version later. Does nothing to a"
            " database that is up to date."
        ),
    )
    @state_option(t)
    @click.option("--service", type=click.Choice(DATABASES), help=t("Only the database of this service."))
    @json_option(t)
    def migrate(state: Path, service: str | None, as_json: bool) -> None:
        installation = Installation.at(state)
        # An installation need not serve pages.
        known = installation.databases()
        services = (service,) if service else [each for each in DATABASES if each in SERVICES or each in known]
        # All addresses first: a missing one stops before anything was changed.
        own = {name: installation.database(name, t) for name in services}
        urls = {name: installation.migrated_database(name, t) for name in services}
        found = {}
        for name, url in urls.items():
            before, after = _migrate(t, name, own[name], url, installation.event_key(name))
            found[name] = {"before": before, "after": after}
            if not as_json:
                _say(t, name, before, after)
        if as_json:
            click.echo(json.dumps(found, indent=2))

    return migrate


def _user(url: str) -> str:
    return unquote(urlsplit(url).username or "")


def _owns_schema(url: str) -> bool:
    """Whether the login of this address made the schema: so it was before another one moved it."""
    with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        return connection.execute(_OWN).fetchone() is not None


def _migrate(t: Texts, service: str, own: str, url: str, event_key: Path | None) -> tuple[str | None, str | None]:
    """Revisions before and after. `own`: the service's address, `url`: that of whoever moves its schema."""
    try:
        if url == own or _owns_schema(own):
            url, login = own, ""
        else:
            login = _user(own)
        before = _revision(url)
        move_schema(service, url, event_key=event_key, login=login)
        return before, _revision(url)
    except EventKeyMissing as error:
        variable = f"HOMEWARD_{service.upper()}_EVENT_KEY"
        raise Refusal(
            Kind.USAGE,
            "EVENT_KEY_NOT_KNOWN",
            t("What {service} said before is to be signed, and nothing says with which key.", service=service),
            advice=[
                t("Set {variable}, the file with the key that the service signs with.", variable=variable),
                t("To make the keys of all services: homeward events keys FOLDER"),
            ],
        ) from error
    except (OSError, ValueError) as error:
        raise Refusal(
            Kind.USAGE,
            "EVENT_KEY_UNUSABLE",
            t("The event key of {service} cannot be used: {reason}", service=service, reason=str(error)),
            advice=[t("It is a file with an Ed25519 private key that only its owner may read (0600).")],
        ) from error
    except (psycopg.Error, SQLAlchemyError) as error:
        if isinstance(getattr(error, "orig", error), InsufficientPrivilege):
            raise _not_permitted(t, service) from error
        raise Refusal(
            Kind.UNREACHABLE,
            "MIGRATION_FAILED",
            t("The schema of {service} could not be moved ({reason}).", service=service, reason=_reason(error)),
            advice=[t("Each migration is a transaction: nothing is half done. Look at: homeward doctor")],
        ) from error


def _not_permitted(t: Texts, service: str) -> Refusal:
    return Refusal(
        Kind.NOT_PERMITTED,
        "MIGRATION_NOT_PERMITTED",
        t("This login may not move the schema of {service}; the service's own changes none.", service=service),
        advice=[
            t(
                "Set {variable}: the same database, with the login that moves its schema.",
                variable=f"HOMEWARD_{service.upper()}_MIGRATE_URL",
            )
        ],
    )


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None)
    return type(cause or error).__name__


def _revision(url: str) -> str | None:
    with psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        return revision_of(connection)


def _say(t: Texts, service: str, before: str | None, after: str | None) -> None:
    if before == after:
        click.echo(t("✓ {service}: schema {revision}, nothing to do", service=service, revision=after or "-"))
    else:
        click.echo(
            t("✓ {service}: schema {before} → {after}", service=service, before=before or "-", after=after or "-")
        )
