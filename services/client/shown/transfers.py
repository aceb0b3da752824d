"""How transfers are shown: a line of a list, all facts of one, and what was done for several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown.values import day_of, enum_word, moment_of, province_text
from services.client.travel import travel_facts

if TYPE_CHECKING:
    from homeward.handover.v1 import transfers_pb2


def titles(_: Texts) -> tuple[str, ...]:
    """Of a list of transfers."""
    return (_("Case number"), _("State"), _("From and to"), _("Expected"), _("Seen, accepted"), _("Acknowledge by"))


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of a list of transfers."""
    due = written(each.acknowledge_due_on)
    return (
        each.case_number,
        enum_word(_, each, "state", words.TRANSFER_STATES),
        f"{each.from_office_id} → {each.to_office_id}",
        written(each.expected_arrival_on),
        _known_there(each, _),
        _("{day} overdue", day=due) if each.overdue else due,
    )


def _known_there(each: Any, _: Texts) -> str:
    """Reading the message and accepting the duty are two facts; the arrival is a third."""
    parts = []
    if each.HasField("see_time"):
        parts.append(_("seen {day}", day=day_of(each.see_time)))
    if each.HasField("accept_time"):
        parts.append(_("accepted {day}", day=day_of(each.accept_time)))
    return "\n".join(parts)


def transfer_facts(transfer: transfers_pb2.Transfer, _: Texts) -> list[tuple[str, str]]:
    """All that is known of a transfer, as names and values."""

    def moment(name: str) -> str:
        present = transfer.HasField(name)  # type: ignore[arg-type]
        return moment_of(getattr(transfer, name)) if present else ""

    return [
        (_("Case number"), transfer.case_number),
        (_("State"), enum_word(_, transfer, "state", words.TRANSFER_STATES)),
        (_("Reason"), enum_word(_, transfer, "reject_reason", words.REJECT_REASONS)),
        (_("From"), transfer.from_office_id),
        (_("To"), transfer.to_office_id),
        (_("Age at the return"), enum_word(_, transfer, "age_band", words.AGE_BANDS)),
        (_("Home province"), province_text(transfer.home_province)),
        (_("Planned"), moment("create_time")),
        (_("To leave"), "" if transfer.departed_on else written(transfer.expected_departure_on)),
        (_("Left"), written(transfer.departed_on)),
        (_("Expected"), written(transfer.expected_arrival_on)),
        *travel_facts(transfer.travel, _),
        (_("Message seen"), moment("see_time")),
        (_("Accepted"), moment("accept_time")),
        (_("Arrived"), written(transfer.arrived_on)),
        (_("Acknowledge by"), _due(transfer, _)),
        (_("Ended"), moment("end_time")),
        (_("Journey"), transfer.journey_id),
        (_("Transfer"), transfer.transfer_id),
    ]


def _due(transfer: transfers_pb2.Transfer, _: Texts) -> str:
    due = written(transfer.acknowledge_due_on)
    return _("{day} overdue", day=due) if transfer.overdue else due


# Several at once --------------------------------------------------------------------------------
