"""How custody is shown: where a case stands now, and the stretches of accountability that led there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown.returns import return_facts
from services.client.shown.values import enum_word, moment_of

if TYPE_CHECKING:
    from homeward.handover.v1 import custody_pb2


def custody_facts(found: custody_pb2.Custody, _: Texts) -> list[tuple[str, str]]:
    """Where a case stands now, as names and values."""
    deadline = words.word(_, words.RULES, found.deadline_rule) if found.deadline_rule else ""
    ended = found.segments and found.segments[-1].HasField("end_time")
    return [
        (_("Case number"), found.case_number),
        (_("Phase"), enum_word(_, found, "phase", words.PHASES)),
        (_("Accountable now"), found.accountable_office_id),
        (_("Where she is"), where(found.segments[-1], _) if found.segments and not ended else ""),
        (_("Deadline"), f"{deadline}: {written(found.deadline_on)}" if deadline else ""),
        *return_facts(found.returns, _),
        (_("Apart from a relative"), "; ".join(_apart(found, _))),
        *_of_former_addressee(found, _),
    ]


def _of_former_addressee(found: custody_pb2.Custody, _: Texts) -> list[tuple[str, str]]:
    """How the transfer ended that brought her nowhere near, and what may still be said of it."""
    if found.phase or found.segments or not found.transfers:
        return []
    ways = []
    if found.arrival_still_taken:
        ways.append(_("that she has come all the same"))
    if found.take_back_until:
        ways.append(_("until {day}, that the answer was a mistake", day=written(found.take_back_until)))
    return [
        (_("Transfer to your office"), enum_word(_, found.transfers[-1], "state", words.TRANSFER_STATES)),
        (_("You may still say"), "; ".join(ways)),
    ]


def _apart(found: custody_pb2.Custody, _: Texts) -> list[str]:
    """How she is apart now from relatives from whom she must not be parted."""
    return [
        enum_word(_, each, "reason", words.PARTINGS) for each in found.partings if not each.HasField("reunite_time")
    ]


def stretch_titles(_: Texts) -> tuple[str, ...]:
    """Of the stretches of custody."""
    return ("", _("Accountable"), _("Where"), _("Because"), _("Since"), _("Until"))


def stretch_rows(segments: Sequence[Any], _: Texts) -> list[tuple[str, ...]]:
    """The stretches of custody, oldest first."""
    numbers = [each.segment for each in segments]
    return [
        (
            str(each.segment),
            each.office_id,
            where(each, _),
            # Journeys are stretches of a segment: what began it is said once.
            enum_word(_, each, "cause", words.CUSTODY_CAUSES) if each.segment not in numbers[:position] else "",
            moment_of(each.start_time),
            moment_of(each.end_time) if each.HasField("end_time") else _("now"),
        )
        for position, each in enumerate(segments)
    ]


def where(segment: Any, _: Texts) -> str:
    """Where she is in a stretch of custody: at which office if not at the accountable one, or on the way whereto."""
    kind = enum_word(_, segment, "kind", words.CUSTODY_KINDS)
    if segment.to_office_id:
        return f"{kind} → {segment.to_office_id}"
    elsewhere = segment.place_office_id not in ("", segment.office_id)
    return f"{kind} {segment.place_office_id}" if elsewhere else kind
