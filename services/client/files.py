"""Files that are there whole or not at all, whatever breaks while they are written."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import Final

_TEMPORARY: Final = ".homeward-"
"""Short, since a name that a file system just takes leaves no room for more."""
_FOLDER_NOT_SYNCED: Final = (
    *(errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS),
    *(errno.EACCES, errno.EPERM, errno.EBADF, errno.EISDIR),
)
"""What network shares and sticks say that have no such thing."""


def write_file(path: Path, text: str, mode: int | None = 0o600, group: int | None = None) -> None:
    """Replace ``path`` by ``text`` in one step, so that a crash leaves the old or the new one. Raises OSError.

    `mode` None: only the owner may read it where the file system knows owners, and elsewhere it is written all the
    same. With a mode, a file system that refuses it is an error.
    """
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=_TEMPORARY)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            Path(temporary).chmod(mode)
        if group is not None:
            os.chown(temporary, -1, group)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_new(path: Path, content: bytes, *, overwrite: bool) -> None:
    """Write a file that nobody else needs yet, whole or not at all. Raises FileExistsError, OSError."""
    target = path.open("wb" if overwrite else "xb")
    try:
        with target:
            target.write(content)
    except OSError:
        with contextlib.suppress(OSError):
            # Not a terminal or another device.
            if path.is_file():
                path.unlink()
        raise


def sync_folder(path: Path) -> None:
    """Make the names in ``path`` survive a power cut, where the file system can. Raises OSError."""
    if os.name != "posix":
        # Windows opens no folders; its file system keeps the rename in its journal.
        return
    try:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _FOLDER_NOT_SYNCED:
            raise
