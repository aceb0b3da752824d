"""`homeward events tail`: what happens, as it happens."""

from __future__ import annotations

import json
import uuid
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click

from services.chassis.calls.case_ref import CaseRef, parse_case_ref
from services.chassis.events.kafka_admin import KafkaAdminError
from services.chassis.events.streams import FOLLOWUP, HANDOVER, IDENTIFICATION, NOTIFICATION, OFFICE, TRANSFER, Stream
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.texts import Texts
from services.client.plain import as_dict
from services.client.refusals import Kind, Refusal, bad_input
from services.operate.event_reader import Seen, Source
from services.operate.event_text import codes_of, local_time, short_type
from services.operate.installation import Installation
from services.operate.options import json_option, state_option
from services.operate.outages import kafka_failure

STREAM_OF_NAME: Final[Mapping[str, Stream]] = {
    "handover": HANDOVER,
    "identification": IDENTIFICATION,
    "transfer": TRANSFER,
    "followup": FOLLOWUP,
    "notification": NOTIFICATION,
    "office": OFFICE,
}
NUMBERS_KEPT: Final = 10_000
"""Case numbers remembered, so that events that name only the id can be shown with the number."""


def build(t: Texts) -> click.Command:
    """The command, in the language of `t`."""

    @click.command(
        "tail",
        help=t(
            "Show events as they are published: time, type, case, and the codes in them. Ctrl-C ends it.\n\n"
            "It reads beside the services: nobody's position moves, nothing is committed. Bytes that are no event are"
            " counted, not shown. Events of one case come in order; those of different cases may not."
        ),
    )
    @state_option(t)
    @click.option("--stream", "stream_name", type=click.Choice(list(STREAM_OF_NAME)), help=t("Only this stream."))
    @click.option("--case", "case_text", metavar="CASE", help=t("Only this case, by its number or id."))
    @click.option("--from-start", is_flag=True, help=t("Begin with the oldest event rather than the next one."))
    @click.option(
        "--follow/--no-follow",
        default=True,
        show_default=True,
        help=t("Wait for more. With --no-follow: from the oldest event to the newest one now, then end."),
    )
    @click.option("--limit", type=click.IntRange(1), help=t("End after so many."))
    @json_option(t)
    def tail(
        state: Path,
        stream_name: str | None,
        case_text: str | None,
        from_start: bool,
        follow: bool,
        limit: int | None,
        as_json: bool,
    ) -> None:
        installation = Installation.at(state)
        source = Source(installation.kafka(t), installation.event_keys(t))
        streams = [STREAM_OF_NAME[stream_name]] if stream_name else list(STREAM_OF_NAME.values())
        numbers = CaseNumbers()
        try:
            topics = source.existing([stream.topic for stream in streams])
            if not topics:
                raise _no_topics(t)
            wanted = _wanted(t, source, case_text, numbers)
            seen = source.records(topics, from_start=from_start or not follow, follow=follow)
            for one in islice(_of_case(seen, wanted), limit):
                numbers.learn(one)
                click.echo(_as_json(one, numbers) if as_json else _as_text(t, one, numbers))
        except KafkaAdminError as error:
            raise kafka_failure(t, error) from error
        except KeyboardInterrupt:
            return

    return tail


def _no_topics(t: Texts) -> Refusal:
    return Refusal(
        Kind.NOT_FOUND,
        "NO_TOPICS",
        t("Kafka has no topics of Homeward."),
        advice=[t("When the cluster was lost, run: homeward events republish")],
    )


class CaseNumbers:
    """Numbers of the cases seen last, by id."""

    def __init__(self) -> None:
        self._numbers: OrderedDict[uuid.UUID, str] = OrderedDict()

    def learn(self, seen: Seen) -> None:
        """Remember the number when the event names it."""
        if seen.envelope is None:
            return
        number = getattr(seen.envelope.message(), "case_number", "")
        if number:
            self._numbers[seen.envelope.subject] = number
            self._numbers.move_to_end(seen.envelope.subject)
            if len(self._numbers) > NUMBERS_KEPT:
                self._numbers.popitem(last=False)

    def number_of(self, case_id: uuid.UUID) -> str:
        """The number; empty when it is not known."""
        return self._numbers.get(case_id, "")


def _wanted(t: Texts, source: Source, case_text: str | None, numbers: CaseNumbers) -> uuid.UUID | None:
    if case_text is None:
        return None
    try:
        case = parse_case_ref(case_text)
    except InvalidInput as error:
        # The text is not repeated: people type names into number fields.
        raise bad_input("BAD_CASE", t("A case is named by its number, such as HW-999-999-957, or its id.")) from error
    return case if isinstance(case, uuid.UUID) else _id_of(t, source, case, numbers)


def _id_of(t: Texts, source: Source, number: CaseRef, numbers: CaseNumbers) -> uuid.UUID:
    """The id under which the case was registered: only some events name the number."""
    for seen in source.records(source.existing([HANDOVER.topic]), from_start=True, follow=False):
        if seen.envelope is not None and getattr(seen.envelope.message(), "case_number", "") == number:
            numbers.learn(seen)
            return seen.envelope.subject
    raise Refusal(
        Kind.NOT_FOUND,
        "CASE_NOT_FOUND",
        t("No event registers a case {number}.", number=number),
        advice=[t("When Kafka was emptied, run: homeward events republish")],
    )


def _of_case(seen: Iterator[Seen], wanted: uuid.UUID | None) -> Iterator[Seen]:
    if wanted is None:
        return seen
    return (one for one in seen if one.envelope is not None and one.envelope.subject == wanted)


def _as_text(t: Texts, seen: Seen, numbers: CaseNumbers) -> str:
    place = f"{seen.topic}/{seen.partition}/{seen.offset}"
    if seen.envelope is None:
        return t(
            "{place}: unknown bytes ({count}), {reason}", place=place, count=seen.bytes_count, reason=seen.unreadable
        )
    event = seen.envelope
    case = numbers.number_of(event.subject) or str(event.subject)
    return f"{local_time(event.time)}  {short_type(event.type):<24}  {case}  {codes_of(event.message())}".rstrip()


def _as_json(seen: Seen, numbers: CaseNumbers) -> str:
    facts: dict[str, Any] = {"topic": seen.topic, "partition": seen.partition, "offset": seen.offset}
    if seen.envelope is None:
        facts |= {"unreadable": seen.unreadable, "bytes": seen.bytes_count}
    else:
        event = seen.envelope
        facts |= {
            "time": event.time.isoformat(),
            "type": event.type,
            "case_id": str(event.subject),
            "case_number": numbers.number_of(event.subject) or None,
            "version": event.version,
            "event_id": str(event.event_id),
            "data": as_dict(event.message()),
        }
    return json.dumps(facts, ensure_ascii=False)
