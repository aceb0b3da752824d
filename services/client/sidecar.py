"""What stands beside a file of people: which request it was sent with, and which case numbers it became.

`FILE.homeward.json` is written before anything is sent, so that sending the file again, after whatever happened, is
the same request and never a second submission. It holds request ids, digests, rows and case numbers, and nothing that
says who somebody is: whose row it was is told by digests under the request id, since rows move. It stands beside the
file itself, not beside a link to it: one file is sent once by whatever name.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
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
_MAX_NAME_BYTES: Final = 255
_CUT_NAME_BYTES: Final = 100
"""With hash and suffix it fits into the 143 bytes that encrypted folders have."""
_HASH_DIGITS: Final = 16
_NONE_THERE: Final = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EBADF)
"""What shares say that know no locks."""


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
class Mark:
    """By what a person of the file is known again: digests of name and sex, of these and the birth, of all of her."""

    name: str
    who: str
    record: str


@dataclass(frozen=True, slots=True)
class SentBatch:
    """One submission: the id of its request, the SHA-256 of its content, the rows of the file, its receipt.

    `receive_time` is an instant in ISO 8601, empty before the delivery. `marks`: of the person in each of the rows;
    none where there are no people, or nobody kept them. `about`: the same of what concerns them all.
    """

    request_id: str
    sha256: str
    rows: tuple[int, ...]
    state: BatchState = BatchState.PREPARED
    handover_id: str = ""
    receive_time: str = ""
    entries: tuple[Entry, ...] = ()
    marks: tuple[Mark, ...] = ()
    about: str = ""

    def at_rows(self, rows: tuple[int, ...]) -> SentBatch:
        """The same content in other rows."""
        now = dict(zip(self.rows, rows, strict=True))
        return replace(
            self, rows=rows, entries=tuple(replace(each, row=now.get(each.row, each.row)) for each in self.entries)
        )


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
    """Where the sidecar of a file stands, or will. A name that would get too long is cut, and told by its hash."""
    file = _without_links(file)
    whole = file.with_name(file.name + SUFFIX)
    cut = file.with_name(_cut(file.name) + SUFFIX)
    wanted = whole if len(os.fsencode(whole.name)) <= _longest_name_bytes(file.parent) else cut
    # The file may have been sent where names may be longer or shorter.
    return next((each for each in (whole, cut) if os.path.lexists(each)), wanted)


def _without_links(file: Path) -> Path:
    try:
        real = os.path.realpath(file)
    except OSError:
        return file
    # A path that is short from here may be too long from the root.
    return file if os.path.exists(file) and not os.path.exists(real) else Path(real)


def _cut(name: str) -> str:
    end = _CUT_NAME_BYTES
    while len(os.fsencode(name[:end])) > _CUT_NAME_BYTES:
        end -= 1
    return f"{name[:end]}~{hashlib.sha256(os.fsencode(name)).hexdigest()[:_HASH_DIGITS]}"


def _longest_name_bytes(folder: Path) -> int:
    if sys.platform == "win32":
        return _MAX_NAME_BYTES
    try:
        told = os.pathconf(folder, "PC_NAME_MAX")
    except (OSError, ValueError):
        return _MAX_NAME_BYTES
    # FAT counts letters and tells six bytes for each.
    return min(told, _MAX_NAME_BYTES) if told > 0 else _MAX_NAME_BYTES


def new_batch(
    sha256: str, rows: Sequence[int], mark: Callable[[str], tuple[tuple[Mark, ...], str]] | None = None
) -> SentBatch:
    """A batch that has its request id and was not sent. `mark` gives marks and `about` under that id."""
    request_id = str(uuid.uuid4())
    marks, about = mark(request_id) if mark else ((), "")
    return SentBatch(request_id, sha256, tuple(rows), marks=marks, about=about)


def load(file: Path) -> Sidecar | None:
    """The sidecar of a file; None when there is none. Raises SidecarUnreadable, OSError."""
    # Beside a link stands what was sent by way of it before links were followed.
    found = map(_content, (path_of(file), file.with_name(file.name + SUFFIX)))
    data = next((each for each in found if each is not None), None)
    if data is None:
        return None
    try:
        return _sidecar(json.loads(data))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SidecarUnreadable from error


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as source:
            return source.read(MAX_BYTES + 1)
    except OSError as error:
        if error.errno in _NONE_THERE:
            return None
        raise


def save(file: Path, sidecar: Sidecar) -> None:
    """Write the sidecar in one step that survives a power cut. Raises OSError."""
    document = {"homeward": FORMAT, **asdict(sidecar)}
    write_file(path_of(file), json.dumps(document, indent=2) + "\n", mode=None)


@contextmanager
def only_sender(file: Path) -> Iterator[bool]:
    """While this lasts no other process of this machine sends the file. Raises SidecarBusy, OSError.

    The lock is on the file itself, so that nothing is left beside it, and ends with the process. Yields False where
    the file system knows no locks.
    """
    with file.open("rb") as locked:
        yield _locks(locked.fileno())


def _locks(descriptor: int) -> bool:
    try:
        _lock(descriptor)
    except (BlockingIOError, PermissionError):
        raise SidecarBusy from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return False
    return True


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
        # Nobody kept them before.
        marks=tuple(
            Mark(str(mark["name"]), str(mark["who"]), str(mark["record"])) for mark in document.get("marks", ())
        ),
        about=str(document.get("about", "")),
    )
