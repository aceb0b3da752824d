"""What stands beside a file of people: which request it was sent with, and which case numbers it became.

`FILE.homeward.json` is written before anything is sent, so that sending the file again, after whatever happened, is
the same request and never a second submission. It holds request ids, digests, rows and case numbers, and nothing
about a person.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from services.client.files import write_file

SUFFIX: Final = ".homeward.json"
FORMAT: Final = 1
MAX_BYTES: Final = 2_000_000
_BEYOND: Final = 2**30


class BatchState(StrEnum):
    """Where a batch stands."""

    PREPARED = "PREPARED"
    """Its id is kept; it may have reached the service or not."""
    DELIVERED = "DELIVERED"
    """Its receipt is here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A person of a batch: row of the file, and what she became."""

    row: int
    case_id: str
    case_number: str


@dataclass(frozen=True, slots=True)
class SentBatch:
    """One submission: the id of its request, the SHA-256 of its content, the rows of the file, its receipt.

    `receive_time` is an instant in ISO 8601, empty before the delivery.
    """

    request_id: str
    sha256: str
    rows: tuple[int, ...]
    state: BatchState = BatchState.PREPARED
    handover_id: str = ""
    receive_time: str = ""
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Sidecar:
    """All submissions of a file. `earlier`: those of before a deliberate `--new`. `command`: submit or register."""

    command: str
    office_id: str = ""
    batches: tuple[SentBatch, ...] = ()
    earlier: tuple[SentBatch, ...] = field(default=())

    def batch_of(self, sha256: str) -> SentBatch | None:
        """The batch with this content, if it was prepared here."""
        return next((batch for batch in self.batches if batch.sha256 == sha256), None)

    def with_batch(self, batch: SentBatch) -> Sidecar:
        """With this batch in the place of the one with its request id, or at the end."""
        if any(each.request_id == batch.request_id for each in self.batches):
            changed = tuple(batch if each.request_id == batch.request_id else each for each in self.batches)
            return replace(self, batches=changed)
        return replace(self, batches=(*self.batches, batch))

    def without(self, batch: SentBatch) -> Sidecar:
        """Without this batch."""
        return replace(self, batches=tuple(each for each in self.batches if each.request_id != batch.request_id))

    def started_anew(self) -> Sidecar:
        """With all batches put aside."""
        return replace(self, batches=(), earlier=(*self.earlier, *self.batches))


class SidecarUnreadable(Exception):
    """The file beside the people's file exists and cannot be understood."""


class SidecarBusy(Exception):
    """Another process is sending the same file."""


def path_of(file: Path) -> Path:
    """Where the sidecar of a file stands."""
    return file.with_name(file.name + SUFFIX)


def new_batch(sha256: str, rows: Sequence[int]) -> SentBatch:
    """A batch that has its request id and was not sent."""
    return SentBatch(str(uuid.uuid4()), sha256, tuple(rows))


def load(file: Path) -> Sidecar | None:
    """The sidecar of a file; None when there is none. Raises SidecarUnreadable, OSError."""
    path = path_of(file)
    try:
        with path.open("rb") as source:
            data = source.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    try:
        return _sidecar(json.loads(data))
    except (ValueError, TypeError, KeyError) as error:
        raise SidecarUnreadable from error


def save(file: Path, sidecar: Sidecar) -> None:
    """Write the sidecar in one step that survives a power cut. Raises OSError."""
    document = {"homeward": FORMAT, **asdict(sidecar)}
    write_file(path_of(file), json.dumps(document, indent=2) + "\n")


@contextmanager
def only_sender(file: Path) -> Iterator[None]:
    """While this lasts no other process of this machine sends the file. Raises SidecarBusy, OSError.

    The lock is on the file itself, so that nothing is left beside it, and ends with the process.
    """
    with file.open("rb") as locked:
        try:
            _lock(locked.fileno())
        except (BlockingIOError, PermissionError):
            raise SidecarBusy from None
        yield


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        # Windows keeps everybody from reading what is locked: it is a byte that no file has.
        os.lseek(descriptor, _BEYOND, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sidecar(document: Any) -> Sidecar:
    if document["homeward"] != FORMAT:
        raise ValueError("another format")
    return Sidecar(
        command=str(document["command"]),
        office_id=str(document["office_id"]),
        batches=tuple(map(_batch, document["batches"])),
        earlier=tuple(map(_batch, document["earlier"])),
    )


def _batch(document: Any) -> SentBatch:
    return SentBatch(
        request_id=str(uuid.UUID(document["request_id"])),
        sha256=str(document["sha256"]),
        rows=tuple(map(int, document["rows"])),
        state=BatchState(document["state"]),
        handover_id=str(document["handover_id"]),
        receive_time=str(document["receive_time"]),
        entries=tuple(
            Entry(int(entry["row"]), str(entry["case_id"]), str(entry["case_number"])) for entry in document["entries"]
        ),
    )
