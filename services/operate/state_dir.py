"""The folder in which an engine keeps its data: permissions, ownership, small files."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.operate.errors import StateDirectoryInUse


def prepare_state_dir(path: Path) -> Path:
    """Create ``path`` and what is missing above it, so that the engines can live in it.

    Folders that exist keep their permissions. New ones are 0700; as root they are 0711, because
    PostgreSQL then runs as a user of its own who has to pass through them.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    path = path.resolve()
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        make_folder(folder, mode)
    return path


def make_folder(path: Path, mode: int, owner: tuple[int, int] | None = None) -> None:
    """Create ``path`` if missing and give it exactly ``mode`` and ``owner`` (uid, gid)."""
    path.mkdir(mode=mode, exist_ok=True)
    path.chmod(mode)
    if owner is not None:
        os.chown(path, *owner)


def tail(paths: list[Path], lines: int = 8) -> str:
    """Return the last ``lines`` lines of those logs that exist, oldest file first."""
    found: list[str] = []
    for path in paths:
        if path.is_file():
            found += path.read_text(encoding="utf-8", errors="replace").splitlines()
    return " / ".join(line.strip() for line in found[-lines:]) or "(nothing)"


class OwnerLock:
    """At most one living launcher owns an engine's folder; the lock ends with its process."""

    def __init__(self, path: Path) -> None:
        """Name the lock file; nothing is locked yet."""
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock; taking it again is fine.

        Raises:
            StateDirectoryInUse: another launcher has it.
        """
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise StateDirectoryInUse(path=self._path.parent) from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back, if it is held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @contextmanager
    def released_on_error(self) -> Iterator[None]:
        """Give back, when the body raises, a lock that was not held before it."""
        held_before = self._descriptor is not None
        try:
            yield
        except BaseException:
            if not held_before:
                self.release()
            raise
