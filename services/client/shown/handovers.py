"""How handovers are shown: a line of a list, and where and by whom people were handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.chassis.country.reference_lists import gates
from services.chassis.kernel.texts import Texts
from services.client import plain, words
from services.client.dates import written_moment
from services.client.shown.values import enum_word

if TYPE_CHECKING:
    from homeward.intake.v1 import handovers_pb2


def titles(_: Texts) -> tuple[str, ...]:
    """Of a list of handovers."""
    return (_("When"), _("Where"), _("Route"), _("People"), _("Case numbers"), _("Id"))


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of a list of handovers."""
    return (
        written_moment(plain.instant(each.handover_time)),
        gate_text(each.gate_id),
        enum_word(_, each, "route", words.ROUTES),
        str(len(each.case_numbers)),
        ", ".join(each.case_numbers),
        each.handover_id,
    )


def gate_text(gate_id: str) -> str:
    """A gate by its name; its id when it is not known, empty for none."""
    known = gates().get(gate_id)
    return known.name if known is not None else gate_id


def place_text(shown: handovers_pb2.GetHandoverResponse, _: Texts) -> str:
    """Where it was, in words."""
    match shown.place.WhichOneof("place"):
        case "gate_id":
            return gate_text(shown.place.gate_id)
        case "marker":
            return _("border marker {marker}", marker=shown.place.marker)
        case "other":
            return shown.place.other
    return ""


def handover_facts(shown: handovers_pb2.GetHandoverResponse, _: Texts) -> list[tuple[str, str]]:
    """A handover without its people, as names and values."""
    return [
        (_("When"), written_moment(plain.instant(shown.handover.handover_time))),
        (_("Where"), place_text(shown, _)),
        (_("Route"), enum_word(_, shown.handover, "route", words.ROUTES)),
        (_("Handed over by"), shown.handing_body),
        (_("Number of the minutes"), shown.joint_minutes_number),
        (_("People"), str(len(shown.handover.case_numbers))),
    ]
