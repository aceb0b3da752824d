"""Sends the batches of a file so that each is registered once, whatever breaks in between.

Before anything is sent, the id of its request stands beside the file. What is known from earlier runs decides:

- the same content, delivered: nothing is sent, its receipt is shown again;
- the same content, not known to be delivered: the same request is sent again, and takes effect once;
- other content, and an earlier batch was delivered: refused, since those people would be registered twice;
- other content, and an earlier batch may have been delivered: the service is asked first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.texts import Texts
from services.client import sidecar
from services.client.people_file.batches import Batch
from services.client.plain import instant
from services.client.refusals import Kind, Refusal, bad_input, kind_of
from services.client.sidecar import BatchState, Entry, SentBatch, Sidecar

if TYPE_CHECKING:
    from homeward.intake.v1 import submissions_pb2


@dataclass(frozen=True, slots=True)
class Wire:
    """How to send and how to ask; both raise RpcFailure. `find` answers None for a request never taken in."""

    send: Callable[[str, Batch], submissions_pb2.Receipt]
    find: Callable[[str], submissions_pb2.Receipt | None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """A batch with its receipt; `again`: it had been delivered by an earlier run."""

    batch: SentBatch
    again: bool


class BatchRefused(Exception):
    """The service refused a batch, or it could not be delivered; `done` holds those before it."""

    def __init__(self, failure: RpcFailure, batch: Batch, done: Sequence[Delivered]) -> None:
        super().__init__(failure.reason)
        self.failure = failure
        self.batch = batch
        self.done = tuple(done)


class Submission:
    """One run of sending a file."""

    def __init__(self, file: Path, command: str, office_id: str, wire: Wire, _: Texts) -> None:
        self._file = file
        self._command = command
        self._office_id = office_id
        self._wire = wire
        self._translate = _

    def run(self, batches: Sequence[Batch], *, new: bool, tell: Callable[[int, int], None]) -> list[Delivered]:
        """Send what is not delivered yet. `tell(number, of)` is called before each batch that is sent.

        Raises Refusal when the file may not be sent, BatchRefused when a batch failed.
        """
        with only_sender(self._file, self._translate):
            return self._run(batches, new=new, tell=tell)

    def _run(self, batches: Sequence[Batch], *, new: bool, tell: Callable[[int, int], None]) -> list[Delivered]:
        known = self._prepare(batches, new=new)
        done: list[Delivered] = []
        for number, batch in enumerate(batches, start=1):
            sent = known.batch_of(batch.content.digest())
            assert sent is not None, "every batch was prepared"
            if sent.state is BatchState.DELIVERED:
                done.append(Delivered(sent, again=True))
                continue
            tell(number, len(batches))
            try:
                receipt = self._wire.send(sent.request_id, batch)
            except RpcFailure as failure:
                # It stays prepared even when refused: an attempt before, whose answer was lost, may have succeeded.
                raise BatchRefused(failure, batch, done) from failure
            sent = with_receipt(sent, receipt)
            known = self._keep(known.with_batch(sent))
            done.append(Delivered(sent, again=False))
        return done

    def _prepare(self, batches: Sequence[Batch], *, new: bool) -> Sidecar:
        """The sidecar with a request id for every batch, kept on the disk."""
        known = load(self._file, self._translate) or Sidecar(self._command, self._office_id)
        if new:
            known = replace(known.started_anew(), command=self._command, office_id=self._office_id)
        self._check_same_sender(known)
        wanted = {batch.content.digest() for batch in batches}
        for stale in [each for each in known.batches if each.sha256 not in wanted]:
            known = self._without_stale(known, stale)
        for batch in batches:
            digest = batch.content.digest()
            if known.batch_of(digest) is None:
                known = known.with_batch(sidecar.new_batch(digest, batch.rows))
        return self._keep(known)

    def _check_same_sender(self, known: Sidecar) -> None:
        _ = self._translate
        if known.batches and known.office_id and self._office_id and known.office_id != self._office_id:
            raise Refusal(
                Kind.REFUSED,
                "FILE_OF_OTHER_OFFICE",
                _("This file was sent for the office {office}.", office=known.office_id),
                advice=(_("Send it for that office with --as, or make a copy of the file under another name."),),
            )
        if known.batches and known.command != self._command:
            raise Refusal(
                Kind.REFUSED,
                "FILE_SENT_OTHERWISE",
                _("This file was sent with: homeward {command}", command=known.command),
                advice=(_("Put the people who are still to be sent into a file of their own."),),
            )

    def _without_stale(self, known: Sidecar, stale: SentBatch) -> Sidecar:
        if stale.state is BatchState.PREPARED:
            receipt = self._find(stale)
            if receipt is None:
                return known.without(stale)
            self._keep(known.with_batch(with_receipt(stale, receipt)))
        _ = self._translate
        raise Refusal(
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

    def _find(self, stale: SentBatch) -> submissions_pb2.Receipt | None:
        try:
            return self._wire.find(stale.request_id)
        except RpcFailure as failure:
            if kind_of(failure) is not Kind.UNREACHABLE:
                raise
            _ = self._translate
            raise Refusal(
                Kind.UNREACHABLE,
                failure.reason,
                _(
                    "The file was changed after an attempt whose outcome is not known, and the service cannot be "
                    "reached to ask."
                ),
                advice=(_("Nothing is lost. Check the connection, then run the same command again."),),
            ) from None

    def _keep(self, known: Sidecar) -> Sidecar:
        return keep(self._file, known, self._translate)


@contextmanager
def only_sender(file: Path, _: Texts) -> Iterator[None]:
    """Nobody else sends the file meanwhile. Raises Refusal when somebody does."""
    try:
        with sidecar.only_sender(file):
            yield
    except sidecar.SidecarBusy:
        text = _("Another window is sending this file; wait until it is done.")
        raise Refusal(Kind.REFUSED, "FILE_IS_BEING_SENT", text) from None


def keep(file: Path, known: Sidecar, _: Texts) -> Sidecar:
    """The sidecar, once it is on the disk. Raises Refusal when it cannot be written."""
    try:
        sidecar.save(file, known)
    except OSError as error:
        raise bad_input(
            "FOLDER_NOT_WRITABLE",
            _("Nothing can be written beside the file, and without that a second sending could not be told."),
            advice=(_("Copy the file to a folder of your own, and send it from there."),),
            details=(error.strerror or type(error).__name__,),
        ) from None
    return known


def load(file: Path, _: Texts) -> Sidecar | None:
    """The sidecar of a file. Raises Refusal when it cannot be understood."""
    try:
        return sidecar.load(file)
    except (sidecar.SidecarUnreadable, OSError):
        name = sidecar.path_of(file).name
        raise Refusal(
            Kind.REFUSED,
            "SIDECAR_UNREADABLE",
            _("The file {name} keeps what was sent before, and it cannot be read.", name=name),
            advice=(_("Bring it back from a backup, or ask the administrator whether these people are registered."),),
        ) from None


def with_receipt(sent: SentBatch, receipt: submissions_pb2.Receipt) -> SentBatch:
    """The batch as delivered; the rows of the receipt are those of the submission, ours those of the file."""
    return replace(
        sent,
        state=BatchState.DELIVERED,
        handover_id=receipt.handover_id,
        receive_time=instant(receipt.receive_time).isoformat(),
        entries=tuple(Entry(sent.rows[entry.row - 1], entry.case_id, entry.case_number) for entry in receipt.entries),
    )
