"""`homeward events quarantine`: events that could not take effect, and what somebody decides about them."""

from __future__ import annotations

import asyncio
import getpass
import json
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.chassis.events import quarantine
from services.chassis.events.envelope import BadEnvelope, decode
from services.chassis.events.quarantine import Quarantined
from services.chassis.kernel.texts import Texts
from services.chassis.storage.database import create_engine
from services.client.refusals import Kind, Refusal, bad_input
from services.client.services import SERVICES
from services.operate.event_text import ids_and_codes, local_time, short_type
from services.operate.installation import Installation
from services.operate.options import json_option, state_option
from services.operate.outages import database_failure
from services.terminal import output

LIMIT: Final = 50
_PAYLOAD: Final = text("SELECT type, payload FROM inbox WHERE consumer = :consumer AND id = :number")
T = TypeVar("T")


def build(t: Texts) -> click.Command:
    """The group, in the language of `t`."""
    group = click.Group(
        "quarantine",
        help=t(
            "Events that could not take effect. Each holds up the later events of its case, and only those, until"
            " somebody redrives or skips it."
        ),
    )
    for command in (_list(t), _show(t), _redrive(t), _skip(t), _resume(t)):
        group.add_command(command)
    return group


class EventId(click.ParamType):
    """SERVICE/NUMBER, as the list shows it; the value is both."""

    name = "id"

    def __init__(self, t: Texts) -> None:
        self._t = t

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """Fails with how to write it."""
        if isinstance(value, tuple):
            return value
        service, _, number = str(value).partition("/")
        if service not in SERVICES or not number.isdecimal():
            self.fail(self._t("an event is named as in the list, e.g. handover/17"), param, ctx)
        return service, int(number)


def _list(t: Texts) -> click.Command:
    @click.command("list", help=t("List what is in quarantine, oldest first."))
    @state_option(t)
    @click.option("--service", type=click.Choice(SERVICES), help=t("Only events that this service could not take in."))
    @click.option("--case", "case_id", type=click.UUID, metavar="UUID", help=t("Only events of this case, by its id."))
    @click.option(
        "--limit",
        type=click.IntRange(1, quarantine.LIST_MAX),
        default=LIMIT,
        show_default=True,
        help=t("Events of each service at most."),
    )
    @json_option(t)
    def list_(state: Path, service: str | None, case_id: uuid.UUID | None, limit: int, as_json: bool) -> None:
        installation, found = Installation.at(state), list[tuple[str, Quarantined]]()
        for name in (service,) if service else SERVICES:
            rows = _in_database(
                t, installation, name, partial(quarantine.list_quarantined, consumer=name, case_id=case_id, limit=limit)
            )
            found += [(name, row) for row in rows]
        if as_json:
            output.document({"events": [_facts(name, row) for name, row in found]})
        elif found:
            _print_list(t, found)
        else:
            click.echo(t("✓ Nothing is in quarantine."))

    return list_


def _print_list(t: Texts, found: Sequence[tuple[str, Quarantined]]) -> None:
    """One line each, whatever the width of the window: ids are copied, and lines are searched."""
    lines = [(t("id"), t("since"), t("event"), t("case"), t("behind it"), t("why"))]
    lines += [
        (
            f"{service}/{row.number}",
            local_time(row.received_at),
            short_type(row.type) or t("unknown bytes"),
            str(row.case_id or "-"),
            str(row.waiting),
            output.plain(row.error),
        )
        for service, row in found
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _facts(service: str, row: Quarantined) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(json.dumps(asdict(row), default=str))
    return {"id": f"{service}/{row.number}", "service": service, **facts}


def _show(t: Texts) -> click.Command:
    @click.command("show", help=t("Show one: where it came from, why it is here, the ids and codes in it."))
    @state_option(t)
    @click.argument("event", type=EventId(t), metavar="ID")
    @json_option(t)
    def show(state: Path, event: tuple[str, int], as_json: bool) -> None:
        service, number = event

        async def read(connection: AsyncConnection) -> dict[str, Any]:
            rows = await quarantine.list_quarantined(connection, service, after=number - 1, limit=1)
            if not rows or rows[0].number != number:
                raise quarantine.NotQuarantined(str(number))
            payload = (await connection.execute(_PAYLOAD, {"consumer": service, "number": number})).one()
            return {**_facts(service, rows[0]), "content": _content(payload.type, payload.payload)}

        facts = _in_database(t, Installation.at(state), service, read)
        if as_json:
            output.document(facts)
        else:
            content = facts.pop("content")
            output.facts((name, str(value)) for name, value in [*facts.items(), *content.items()])

    return show


def _content(type_name: str, payload: bytes) -> dict[str, Any]:
    """Ids and codes; nothing of what could not be read."""
    try:
        return ids_and_codes(decode(type_name, payload))
    except BadEnvelope:
        return {}


def _redrive(t: Texts) -> click.Command:
    @click.command("redrive", help=t("Let events be tried again, after the cause is mended. Loses nothing."))
    @state_option(t)
    @click.argument("events", type=EventId(t), metavar="ID...", nargs=-1, required=True)
    @click.option("--by", default=getpass.getuser, metavar="NAME", help=t("Who decides; else who you are here."))
    def redrive(state: Path, events: Sequence[tuple[str, int]], by: str) -> None:
        installation = Installation.at(state)
        for service, number in events:
            _in_database(t, installation, service, partial(quarantine.redrive, consumer=service, number=number, by=by))
            click.echo(t("✓ {event} is tried again", event=f"{service}/{number}"))

    return redrive


def _skip(t: Texts) -> click.Command:
    @click.command(
        "skip",
        help=t(
            "Give an event up for ever and let the following ones of its case through. What it says is lost to this"
            " service: mend that by hand. Your name and reason are recorded beside it."
        ),
    )
    @state_option(t)
    @click.argument("event", type=EventId(t), metavar="ID")
    @click.option("--reason", required=True, help=t("Why, without anything that tells who the case is about."))
    @click.option("--by", required=True, metavar="NAME", help=t("Who decides."))
    def skip(state: Path, event: tuple[str, int], reason: str, by: str) -> None:
        service, number = event
        _in_database(
            t,
            Installation.at(state),
            service,
            partial(quarantine.skip, consumer=service, number=number, by=by, reason=reason),
        )
        click.echo(t("✓ {event} was skipped; the events behind it take effect now", event=f"{service}/{number}"))

    return skip


def _resume(t: Texts) -> click.Command:
    @click.command("resume", help=t("Let a consumer run again that was told to hold, e.g. by its quarantine budget."))
    @state_option(t)
    @click.argument("service", type=click.Choice(SERVICES))
    def resume(state: Path, service: str) -> None:
        _in_database(t, Installation.at(state), service, partial(quarantine.resume, consumer=service))
        click.echo(t("✓ {service} consumes again within a second", service=service))

    return resume


def _in_database(
    t: Texts, installation: Installation, service: str, work: Callable[[AsyncConnection], Awaitable[T]]
) -> T:
    """Run the work in one transaction of the service's database; what cannot be done ends the command."""
    url = installation.database(service, t)

    async def run() -> T:
        engine = create_engine(url, "homeward-operator", pool_size=1)
        try:
            async with engine.begin() as connection:
                return await work(connection)
        finally:
            await engine.dispose()

    try:
        return asyncio.run(run())
    except quarantine.NotQuarantined as error:
        event = f"{service}/{error}"
        raise Refusal(
            Kind.NOT_FOUND,
            "NOT_QUARANTINED",
            t("{event} is not in quarantine; it may have been redriven or skipped meanwhile.", event=event),
        ) from error
    except quarantine.NotReadable as error:
        raise Refusal(
            Kind.REFUSED,
            "NOT_READABLE",
            t("{event} is no event that could be read: nothing can be tried again.", event=f"{service}/{error}"),
            advice=[t("Skip it. If an event is missing, publish it again with: homeward events republish")],
        ) from error
    except quarantine.EarlierEventMissing as error:
        raise Refusal(
            Kind.REFUSED,
            "EARLIER_EVENT_MISSING",
            t("An earlier event of the case has not taken effect yet: redrive, skip or republish that one first."),
        ) from error
    except ValueError as error:
        raise bad_input(
            "BAD_DECISION", t("A name and a reason are needed, each on one line; a reason has at most 500 characters.")
        ) from error
    except SQLAlchemyError as error:
        raise database_failure(t, service, type(getattr(error, "orig", None) or error).__name__) from error
