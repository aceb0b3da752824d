"""Sends a file so that each part of it takes effect once, whatever breaks in between.

Before anything is sent, the id of its request stands beside the file. What is known from earlier runs decides:

- the same content, delivered: nothing is sent, what it became is shown again;
- the same content, not known to be delivered: the same request is sent again, and takes effect once;
- other content, and an earlier part was delivered: refused, since it would take effect twice;
- other content, and an earlier part may have been delivered: the service is asked first, where it matters.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from services.chassis.calls.client import RpcFailure
from services.chassis.kernel.texts import Texts
from services.client import sidecar
from services.client.causes import cause_of
from services.client.refusals import Kind, Refusal, bad_input, kind_of
from services.client.sidecar import BatchState, Mark, SentBatch, Sidecar


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one request sends: the SHA-256 of its content, the rows of the file that it stands in, and how.

    `send` sends it under the id of a prepared batch, and gives that back as delivered. It raises RpcFailure. `mark`:
    by what its people are known again, and what concerns them all, under the id of the request.
    """

    sha256: str
    rows: tuple[int, ...]
    send: Callable[[SentBatch], SentBatch]
    mark: Callable[[str], tuple[tuple[Mark, ...], str]] | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """What sending a kind of file means.

    `command` is what it was sent with, as the sidecar calls it. `changed` refuses other content after a delivery.
    `find` gives a prepared batch back as delivered, None when its request never arrived, and raises RpcFailure; where
    there is no `find`, sending other content after an attempt whose outcome is not known does no harm.
    """

    command: str
    changed: Refusal
    find: Callable[[SentBatch], SentBatch | None] | None = None
    is_rest: bool = False
    """Whether the parcels are what is left of the file: what was delivered before stays beside them."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A batch with what it became; `again`: it had been delivered by an earlier run."""

    batch: SentBatch
    again: bool


class ParcelRefused(Exception):
    """The service refused a parcel, or it could not be delivered; `done` holds those before it."""

    def __init__(self, failure: RpcFailure, parcel: Parcel, done: Sequence[Delivered]) -> None:
        super().__init__(failure.reason)
        self.failure = failure
        self.parcel = parcel
        self.done = tuple(done)


def _untold(_number: int, _of: int) -> None:
    """For a file that is one parcel."""


class Submission:
    """One run of sending a file. `note` tells what the officer should know though it goes on."""

    def __init__(self, file: Path, office_id: str, manner: Manner, _: Texts, note: Callable[[str], None]) -> None:
        self._file = file
        self._office_id = office_id
        self._manner = manner
        self._translate = _
        self._note = note

    def run(
        self, parcels: Sequence[Parcel], *, new: bool, tell: Callable[[int, int], None] = _untold
    ) -> list[Delivered]:
        """Send what is not delivered yet. `tell(number, of)` is called before each parcel that is sent.

        Raises Refusal when the file may not be sent or Ctrl-C ends it, ParcelRefused when a parcel failed.
        """
        _ = self._translate
        try:
            with only_sender(self._file, _, self._note):
                return self._run(parcels, new=new, tell=tell)
        except KeyboardInterrupt:
            text = _("Stopped before the service confirmed.")
            advice = (_("Nothing is lost and nothing is done twice: run the same command again."),)
            raise Refusal(Kind.UNREACHABLE, "INTERRUPTED", text, advice=advice) from None

    def _run(self, parcels: Sequence[Parcel], *, new: bool, tell: Callable[[int, int], None]) -> list[Delivered]:
        known = self._prepare(parcels, new=new)
        done: list[Delivered] = []
        for number, parcel in enumerate(parcels, start=1):
            sent = known.batch_of(parcel.sha256)
            assert sent is not None, "every parcel was prepared"
            if sent.state is BatchState.DELIVERED:
                if sent.rows != parcel.rows:
                    # The same content, with another heading above it.
                    sent = sent.at_rows(parcel.rows)
                    known = self._keep_receipt(known.with_batch(sent))
                done.append(Delivered(sent, again=True))
                continue
            tell(number, len(parcels))
            try:
                sent = parcel.send(sent)
            except RpcFailure as failure:
                # It stays prepared even when refused: an attempt before, whose answer was lost, may have succeeded.
                raise ParcelRefused(failure, parcel, done) from failure
            known = self._keep_receipt(known.with_batch(sent))
            done.append(Delivered(sent, again=False))
        return done

    def _prepare(self, parcels: Sequence[Parcel], *, new: bool) -> Sidecar:
        """The sidecar with a request id for every parcel, kept on the disk."""
        command, office_id = self._manner.command, self._office_id
        known = load(self._file, self._translate) or Sidecar(command, office_id)
        if new:
            known = replace(known.started_anew(), command=command, office_id=office_id)
        self._check_same_sender(known)
        wanted = {parcel.sha256 for parcel in parcels}
        for stale in [each for each in known.batches if each.sha256 not in wanted]:
            known = self._without_stale(known, stale)
        for parcel in parcels:
            if known.batch_of(parcel.sha256) is None:
                known = known.with_batch(sidecar.new_batch(parcel.sha256, parcel.rows, parcel.mark))
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
        if known.batches and known.command != self._manner.command:
            raise Refusal(
                Kind.REFUSED,
                "FILE_SENT_OTHERWISE",
                _("This file was sent with: homeward {command}", command=known.command),
                advice=(_("Put the people who are still to be sent into a file of their own."),),
            )

    def _without_stale(self, known: Sidecar, stale: SentBatch) -> Sidecar:
        if stale.state is BatchState.DELIVERED and self._manner.is_rest:
            return known
        if stale.state is BatchState.DELIVERED:
            raise self._manner.changed
        if (found := self._find(stale)) is not None:
            self._keep_receipt(known.with_batch(found))
            raise self._manner.changed
        return known.without(stale)

    def _find(self, stale: SentBatch) -> SentBatch | None:
        if self._manner.find is None:
            return None
        try:
            return self._manner.find(stale)
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

    def _keep_receipt(self, known: Sidecar) -> Sidecar:
        keep_receipt(self._file, known, self._translate, self._note)
        return known


@contextmanager
def only_sender(file: Path, _: Texts, note: Callable[[str], None]) -> Iterator[None]:
    """Nobody else sends the file meanwhile. Raises Refusal when somebody does, or the file cannot be opened.

    Where the file system knows no locks, `note` asks the officer to see to it.
    """
    with ExitStack() as held:
        try:
            locked = held.enter_context(sidecar.only_sender(file))
        except sidecar.SidecarBusy:
            text = _("Another window is sending this file; wait until it is done.")
            raise Refusal(Kind.REFUSED, "FILE_IS_BEING_SENT", text) from None
        except OSError as error:
            raise not_readable(error, _) from None
        if not locked:
            text = _("Files cannot be locked on this disk: do not send this file from another window meanwhile.")
            note(_("Note: {text}", text=text))
        yield


def not_readable(error: OSError, _: Texts) -> Refusal:
    """What is told of a file of people that cannot be opened or read."""
    return bad_input("FILE_NOT_READABLE", _("The file cannot be read."), details=(cause_of(error, _),))


def keep(file: Path, known: Sidecar, _: Texts) -> Sidecar:
    """The sidecar, once it is on the disk. Raises Refusal when it cannot be written."""
    try:
        sidecar.save(file, known)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            advice = _("Copy the file to a folder with a shorter path, and send it from there.")
        else:
            advice = _("Copy the file to a folder of your own, and send it from there.")
        raise bad_input(
            "FOLDER_NOT_WRITABLE",
            _("Nothing can be written beside the file, and without that a second sending could not be told."),
            advice=(advice,),
            details=(cause_of(error, _),),
        ) from None
    return known


def keep_receipt(file: Path, known: Sidecar, _: Texts, note: Callable[[str], None]) -> None:
    """Keep what a request became. If that fails, its id stands there still, and the service can be asked again."""
    try:
        sidecar.save(file, known)
    except OSError as error:
        text = _("what the service answered could not be kept beside the file ({cause})", cause=cause_of(error, _))
        note(_("Note: {text}", text=text))


def load(file: Path, _: Texts) -> Sidecar | None:
    """The sidecar of a file. Raises Refusal when it cannot be understood."""
    try:
        return sidecar.load(file)
    except (sidecar.SidecarUnreadable, OSError) as error:
        name = sidecar.path_of(file).name
        raise Refusal(
            Kind.REFUSED,
            "SIDECAR_UNREADABLE",
            _("The file {name} keeps what was sent before, and it cannot be read.", name=name),
            advice=(_("Move that file away, then ask the service what became of these people: homeward receipt FILE"),),
            details=(cause_of(error, _),) if isinstance(error, OSError) else (),
        ) from None
