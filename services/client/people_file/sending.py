"""What the sending of a file of people is: what stands beside the file once it is delivered, and when it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.chassis.kernel.texts import Texts
from services.client.plain import instant
from services.client.refusals import Kind, Refusal
from services.client.sidecar import BatchState, Entry, SentBatch

if TYPE_CHECKING:
    from homeward.intake.v1 import submissions_pb2


def delivered(sent: SentBatch, receipt: submissions_pb2.Receipt) -> SentBatch:
    """The batch as delivered; the rows of the receipt are those of the submission, ours those of the file."""
    return replace(
        sent,
        state=BatchState.DELIVERED,
        handover_id=receipt.handover_id,
        receive_time=instant(receipt.receive_time).isoformat(),
        entries=tuple(Entry(sent.rows[entry.row - 1], entry.case_id, entry.case_number) for entry in receipt.entries),
    )


def changed(_: Texts) -> Refusal:
    """The file was changed after its people were registered."""
    return Refusal(
        Kind.REFUSED,
        "FILE_CHANGED_AFTER_SUBMISSION",
        _("The people of this file are registered already, and the file was changed since."),
        advice=(
            _("To correct a person: homeward correct CASE FILE --row NUMBER --reason TEXT"),
            _("Put people who are not registered yet into a file of their own."),
            _("The case numbers are shown by: homeward receipt FILE"),
            _("Only if the file now holds other people altogether: repeat with --new"),
        ),
    )
