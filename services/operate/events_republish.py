"""`homeward events republish`: for when the cluster was lost, or a consumer's database was emptied."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from services.chassis.events.kafka_admin import KafkaAdminError, KafkaSettings, TopicSpec, topic_specs
from services.chassis.kernel.texts import Texts
from services.client.refusals import Kind, Refusal
from services.client.services import SERVICES
from services.operate.installation import Installation
from services.operate.options import json_option, state_option
from services.operate.outages import database_failure, kafka_failure
from services.operate.progress import Progress
from services.operate.republishing import Done, StillConsuming, StillHeld, StoreUnavailable, republish


def build(t: Texts) -> click.Command:
    """The command, in the language of `t`."""

    @click.command(
        "republish",
        help=t(
            "Publish every event of all four databases again.\n\n"
            "Use it when the Kafka cluster or a topic was lost, or when notify's database was emptied. The databases"
            " are the truth: nothing is lost with Kafka. Running it without need does no harm: every consumer knows the"
            " events it has taken in by their id, and steps over them. It does not bring back what a service itself had"
            " decided: restore the databases of intake, handover and followup from a backup.\n\n"
            "It tells the consumers to hold, waits until they have left, makes missing topics, lets the groups begin"
            " at the oldest record, marks all events as not sent, and tells the consumers to run again. The services"
            " then publish by themselves; watch it with: homeward doctor. Ctrl-C lets the consumers run again at once."
        ),
    )
    @state_option(t)
    @click.option("--yes", is_flag=True, help=t("Do not ask."))
    @json_option(t)
    def republish_all(state: Path, yes: bool, as_json: bool) -> None:
        installation = Installation.at(state)
        urls = {service: installation.database(service, t) for service in SERVICES}
        kafka, specs = installation.kafka(t), topic_specs(embedded=installation.kafka_is_embedded)
        if not yes:
            click.confirm(t("Publish all events of all four databases again?"), abort=True)
        done = _run(t, urls, kafka, specs)
        click.echo(json.dumps(asdict(done), indent=2) if as_json else _as_text(t, done))

    return republish_all


def _run(t: Texts, urls: Mapping[str, str], kafka: KafkaSettings, specs: Sequence[TopicSpec]) -> Done:
    progress = Progress()

    def tell(sentence: str, facts: Mapping[str, object]) -> None:
        progress.say(t(sentence, **facts))

    async def work() -> Done:
        task = asyncio.current_task()
        assert task is not None
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        return await republish(urls, kafka, specs, tell=tell)

    try:
        return asyncio.run(work())
    except StillConsuming as error:
        raise _still_consuming(t, error) from error
    except StillHeld as error:
        raise _still_held(t, error) from error
    except StoreUnavailable as error:
        raise database_failure(t, error.service, error.reason) from error
    except KafkaAdminError as error:
        raise kafka_failure(t, error) from error
    except asyncio.CancelledError as error:
        raise click.Abort from error
    finally:
        progress.end()


def _still_consuming(t: Texts, error: StillConsuming) -> Refusal:
    return Refusal(
        Kind.REFUSED,
        "STILL_CONSUMING",
        t("These groups still have members: {groups}. Nothing was published again.", groups=", ".join(error.groups)),
        advice=[
            t("Replicas on other machines must reach the same databases to hear that they should hold."),
            t("Stop those services, then run it again; they may be started at once after it."),
        ],
    )


def _still_held(t: Texts, error: StillHeld) -> Refusal:
    return Refusal(
        Kind.UNREACHABLE,
        "STILL_HELD",
        t("These consumers still hold: {services}. Their database is away.", services=", ".join(error.services)),
        advice=[
            t("When it is back: homeward events quarantine resume {service}", service=service)
            for service in error.services
        ],
    )


def _as_text(t: Texts, done: Done) -> str:
    lines = [
        t("Consumers held and running again: {names}", names=", ".join(done.held) or "-"),
        t("Topics made: {count}", count=len(done.topics)),
        t("Groups that begin at the oldest record: {count}", count=len(done.groups)),
        *(
            t("{service}: {count} events to be published again", service=service, count=count)
            for service, count in done.events.items()
        ),
    ]
    lines += [
        t("! {service} held before for another reason and still does; see homeward doctor.", service=service)
        for service in done.left_held
    ]
    lines.append(t("✓ The services publish now. Watch outbox and inbox with: homeward doctor"))
    return "\n".join(lines)
