"""Kafka's program files: fetched once by ``jgo``, shared by all, and checked before every run."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.local.embedded.errors import (
    JarChecksumMismatch,
    JarMissing,
    JarsNotDownloaded,
    LockMissing,
)

JARS_VARIABLE = "HOMEWARD_KAFKA_JARS"
KAFKA_VERSION = "4.4.0"
SPECIFICATION = Path(__file__).resolve().parents[3] / "deploy" / "kafka" / "jgo.toml"
LOCK = SPECIFICATION.with_name("jgo.lock.toml")

_PARALLEL_DOWNLOADS = 4
_DOWNLOAD_ATTEMPTS = 3
_DOWNLOAD_TIMEOUT_S = 30

Progress = Callable[[int, int], None]
"""How many files have come, of how many that are fetched; 0 at the beginning."""


@dataclass(frozen=True)
class Jar:
    """One program file, as the lock names it."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        """Its name in the folder, the same as in Kafka's own distribution."""
        return f"{self.artifact}-{self.version}.jar"

    @property
    def coordinate(self) -> str:
        """Its name in a Maven repository."""
        return f"{self.group}:{self.artifact}:{self.version}"


def locked_jars(lock: Path = LOCK) -> list[Jar]:
    """Read the lock.

    Raises:
        LockMissing: it is not there, or not what it should be.
    """
    try:
        entries = tomllib.loads(lock.read_text(encoding="utf-8"))["dependencies"]
        return [Jar(each["groupId"], each["artifactId"], each["version"], each["sha256"]) for each in entries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LockMissing(path=lock, reason=f"{type(error).__name__}: {error}") from error


def default_cache() -> Path:
    """The folder that every state directory of this user shares."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "homeward" / f"kafka-{KAFKA_VERSION}"


def verify(jars: list[Jar], folder: Path) -> None:
    """Compare every jar in ``folder`` with its sum.

    Raises:
        JarChecksumMismatch: one differs; the message has its name.
        JarMissing: one is not there.
    """
    for jar in jars:
        path = folder / jar.filename
        if not path.is_file():
            raise JarMissing(jar=jar.filename, folder=folder)
        if _sha256(path) != jar.sha256:
            raise JarChecksumMismatch(jar=jar.filename, folder=folder)


def ensure_jars(on_progress: Progress, *, folder: Path | None = None, lock: Path = LOCK) -> list[Path]:
    """Return the paths of all jars, downloaded where they are missing and checked in any case.

    Any number of processes may do this at once: one downloads, the others wait for it. Where
    ``HOMEWARD_KAFKA_JARS`` names a folder, it is used as it is and nothing is downloaded.

    Args:
        on_progress: told how far it is, when there is something to download.
        folder: the cache; :func:`default_cache` without it.
        lock: the list of jars and sums.

    Raises:
        JarsNotDownloaded: there is no way to the repository, or it hasn't got one.
        JarChecksumMismatch: a file has the wrong sum.
        JarMissing: the given folder lacks one.
        LockMissing: the lock is not there.
    """
    jars = locked_jars(lock)
    given = os.environ.get(JARS_VARIABLE)
    if given:
        folder = Path(given).expanduser()
    else:
        folder = folder or default_cache()
        _download_missing(jars, folder, on_progress)
    verify(jars, folder)
    return [folder / jar.filename for jar in jars]


def write_lock(specification: Path = SPECIFICATION, lock: Path = LOCK) -> int:
    """Resolve the specification anew and write the lock; return the number of jars."""
    from jgo.env import EnvironmentSpec, LockFile, compute_spec_hash
    from jgo.maven import MavenContext, PythonResolver

    spec = EnvironmentSpec.load(specification)
    with tempfile.TemporaryDirectory() as scratch:
        context = MavenContext(resolver=PythonResolver(), repo_cache=Path(scratch))
        inputs = [context.create_dependency(each) for each in spec.coordinates]
        direct, further = context.resolver.resolve(inputs)
        needed = [each for each in further if each.scope in ("compile", "runtime")]
        LockFile.from_resolved_dependencies(
            direct + needed,
            environment_name=spec.name,
            entrypoints=spec.entrypoints,
            default_entrypoint=spec.default_entrypoint,
            spec_hash=compute_spec_hash(specification),
        ).save(lock)
    return len(direct) + len(needed)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _download_missing(jars: list[Jar], folder: Path, on_progress: Progress) -> None:
    if all((folder / jar.filename).is_file() for jar in jars):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with _exclusive(folder / ".lock"):
        # Asked again: whoever held the lock before may have fetched them.
        missing = [jar for jar in jars if not (folder / jar.filename).is_file()]
        if not missing:
            return
        on_progress(0, len(missing))
        # Only the holder of the lock writes here, so what is left of others is rubbish.
        for leftover in folder.glob(".download-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as scratch:
            _download_all(missing, Path(scratch), folder, on_progress)


def _download_all(jars: list[Jar], scratch: Path, folder: Path, on_progress: Progress) -> None:
    with ThreadPoolExecutor(_PARALLEL_DOWNLOADS) as pool:
        tasks = [pool.submit(_download, jar, scratch, folder) for jar in jars]
        try:
            for number, task in enumerate(as_completed(tasks), start=1):
                task.result()
                on_progress(number, len(jars))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _download(jar: Jar, scratch: Path, folder: Path) -> None:
    for attempt in range(1, _DOWNLOAD_ATTEMPTS + 1):
        try:
            fetched = _fetch(jar, scratch / f"{jar.artifact}-{attempt}")
            break
        except Exception as error:  # jgo lets every kind through, from requests' to its own
            if attempt == _DOWNLOAD_ATTEMPTS:
                reason = type(error).__name__
                raise JarsNotDownloaded(jar=jar.filename, reason=reason, folder=folder) from error
    if _sha256(fetched) != jar.sha256:
        raise JarChecksumMismatch(jar=jar.filename, folder=folder)
    fetched.replace(folder / jar.filename)


def _fetch(jar: Jar, repository: Path) -> Path:
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext, PythonResolver

    # A mirror is the machine's business: it stands in the user's own settings of jgo.
    mirrors = GlobalSettings.load().repositories or None
    context = MavenContext(
        resolver=PythonResolver(),
        repo_cache=repository,
        remote_repos=mirrors,
        timeout=_DOWNLOAD_TIMEOUT_S,
    )
    return Path(context.create_dependency(jar.coordinate).artifact.resolve())


if __name__ == "__main__":
    if sys.argv[1:] != ["lock"]:
        sys.exit("usage: python -m services.local.embedded.kafka_jars lock")
    print(f"{write_lock()} program files locked in {LOCK.name}")
