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
    kind = enum_word(_, found.segments[-1], "kind", words.CUSTODY_KINDS) if found.segments and not ended else ""
    return [
        (_("Case number"), found.case_number),
        (_("Phase"), enum_word(_, found, "phase", words.PHASES)),
        (_("Accountable now"), found.accountable_office_id),
        (_("Where she is"), kind),
        (_("Deadline"), f"{deadline}: {written(found.deadline_on)}" if deadline else ""),
        *return_facts(found.returns, _),
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
            _where(each, _),
            # Journeys are stretches of a segment: what began it is said once.
            enum_word(_, each, "cause", words.CUSTODY_CAUSES) if each.segment not in numbers[:position] else "",
            moment_of(each.start_time),
            moment_of(each.end_time) if each.HasField("end_time") else _("now"),
        )
        for position, each in enumerate(segments)
    ]


def _where(segment: Any, _: Texts) -> str:
    kind = enum_word(_, segment, "kind", words.CUSTODY_KINDS)
    return f"{kind} → {segment.to_office_id}" if segment.to_office_id else kind
