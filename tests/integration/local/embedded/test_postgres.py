"""The embedded PostgreSQL: keeps what it confirmed, and lets in nobody without a password."""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped,unused-ignore]
import psycopg
import pytest

from services.local.embedded import EmbeddedPostgres, children, postgres, remove_databases
from services.local.embedded.errors import (
    ClusterVersionMismatch,
    DatabasesGone,
    EngineNotStarted,
    EngineRunning,
    EngineStopped,
    FolderNotReachable,
    PortBusy,
    SuperuserPasswordMissing,
)
from services.local.embedded.ports import free_port
from services.operate.errors import StateDirectoryInUse
from tests.support.waiting import patient

AS_ROOT = os.geteuid() == 0
only_as_root = pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as another user")
ON_LINUX = sys.platform == "linux"
DEADLINE_S = patient(60.0)
ANY_NAME = "Đủ dấu, 'x' %d $HOME"

LAUNCHER = """
import psutil, sys, threading
from pathlib import Path
from services.local.embedded import EmbeddedPostgres
{before}
server = EmbeddedPostgres(Path({state!r}))
def launch():
    server.start()
    server.wait_ready(300)
thread = threading.Thread(target=launch)
thread.start()
thread.join()
print(server.process.pid, flush=True)
threading.Event().wait()
"""


@pytest.fixture(scope="module")
def shared(shared_state: Path) -> Iterator[EmbeddedPostgres]:
    """A server whose first start was interrupted before it was done."""
    half_made = shared_state / "postgres" / "data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    one = EmbeddedPostgres(shared_state)
    yield one
    one.stop()


@pytest.fixture
def server(shared: EmbeddedPostgres) -> EmbeddedPostgres:
    """One that runs and has no tables of ours, whatever became of it in the test before."""
    if shared.process is None or shared.process.poll() is not None:
        run(shared)
    with psycopg.connect(shared.admin_url) as connection:
        connection.execute("DROP TABLE IF EXISTS kept, person")
    return shared


@pytest.fixture
def own(state_dir: Path) -> Iterator[EmbeddedPostgres]:
    """A server of the test's own that was never started."""
    one = EmbeddedPostgres(state_dir, durable=False)
    yield one
    one.stop()


def run(server: EmbeddedPostgres) -> None:
    server.start()
    server.wait_ready(DEADLINE_S)


def store(server: EmbeddedPostgres, value: int) -> None:
    with psycopg.connect(server.admin_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        connection.execute("INSERT INTO kept VALUES (%s)", (value,))


def stored(server: EmbeddedPostgres) -> list[int]:
    with psycopg.connect(server.admin_url) as connection:
        return [row[0] for row in connection.execute("SELECT value FROM kept ORDER BY value")]


def setting(server: EmbeddedPostgres, name: str) -> str:
    with psycopg.connect(server.admin_url) as connection:
        row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return str(row[0])


def test_serves_durably_on_loopback_only(server: EmbeddedPostgres) -> None:
    assert setting(server, "fsync") == "on"
    assert setting(server, "synchronous_commit") == "on"
    assert setting(server, "server_version").startswith("18")
    assert server.process is not None
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(server.process.pid).net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening == ["127.0.0.1"]


def test_keeps_its_data_password_and_port_when_stopped(server: EmbeddedPostgres) -> None:
    store(server, 1)
    before = server.admin_url
    server.stop()
    run(server)
    assert server.admin_url == before
    assert stored(server) == [1]


def test_keeps_its_data_when_killed(server: EmbeddedPostgres) -> None:
    store(server, 1)
    server.kill()
    run(server)
    assert stored(server) == [1]


def test_refuses_a_wrong_password_and_none(server: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url("postgres", "postgres", "wrong"))
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(server.url("postgres", "postgres"))


def test_refuses_them_on_the_unix_socket_too(server: EmbeddedPostgres) -> None:
    folder = server.socket_dir
    assert folder is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    by_socket = f"host={folder} port={server.port} user=postgres dbname=postgres"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(by_socket, password="wrong")
    psycopg.connect(by_socket, password=server.superuser_password).close()


def test_trusts_nobody_in_either_rules_file(server: EmbeddedPostgres, shared_state: Path) -> None:
    for rules in (shared_state / "postgres" / "pg_hba.conf", server.data_dir / "pg_hba.conf"):
        lines = rules.read_text(encoding="utf-8").splitlines()
        active = [line.split() for line in lines if line.strip() and not line.startswith("#")]
        assert active
        assert {words[-1] for words in active} == {"scram-sha-256"}


def test_password_file_is_for_its_owner_only(own: EmbeddedPostgres, state_dir: Path) -> None:
    own.initialize()
    own.initialize()
    file = state_dir / "postgres" / "superuser.password"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(own.superuser_password) >= 32
    assert not (state_dir / "postgres" / "initdb.password").exists()


def test_a_special_character_in_a_login_survives_the_url(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute("""CREATE ROLE "a@b/c" LOGIN PASSWORD 'p:/@ %?'""")
    with psycopg.connect(server.url("postgres", "a@b/c", "p:/@ %?")) as connection:
        row = connection.execute("SELECT current_user").fetchone()
    assert row == ("a@b/c",)


def test_values_of_a_failed_statement_stay_out_of_the_log(server: EmbeddedPostgres, shared_state: Path) -> None:
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('Nguyen Thi Mot')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('Nguyen Thi Mot')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT 'Nguyen Thi Mot'::int")
    server.stop()
    logs = [*server.log_dir.iterdir(), shared_state / "postgres" / "start.log"]
    assert "database system is ready" in "".join(log.read_text() for log in logs)
    assert not [log for log in logs if "Nguyen" in log.read_text()]


@pytest.mark.skipif(not ON_LINUX, reason="only Linux can bind a child's life to its parent's")
def test_ends_with_a_killed_launcher_but_not_with_the_thread_that_started_it(
    state_dir: Path, launcher: Callable[[str], Any], own: EmbeddedPostgres
) -> None:
    other = launcher(LAUNCHER.format(before="", state=str(state_dir)))
    engine = other.engine()
    assert children.is_alive(engine)
    other.kill()
    assert children.wait_until(lambda: not children.is_alive(engine), DEADLINE_S)
    run(own)


def test_stops_the_orphan_of_a_killed_launcher_without_losing_data(
    state_dir: Path, launcher: Callable[[str], Any], own: EmbeddedPostgres
) -> None:
    other = launcher(LAUNCHER.format(before="sys.platform = 'elsewhere'", state=str(state_dir)))
    orphan = other.engine()
    other.kill()
    assert children.is_alive(orphan)
    run(own)
    assert not children.is_alive(orphan)
    store(own, 1)
    assert stored(own) == [1]


def test_stops_a_helper_whose_postmaster_was_killed(
    state_dir: Path, launcher: Callable[[str], Any], own: EmbeddedPostgres
) -> None:
    other = launcher(LAUNCHER.format(before="sys.platform = 'elsewhere'", state=str(state_dir)))
    orphan = other.engine()
    # Asked of each in one go: a backend may end between two questions, which running() passes over.
    [helper] = children.running(lambda each: each.ppid() == orphan.pid and "checkpointer" in " ".join(each.cmdline()))
    other.kill()
    # A stopped helper does not notice that its postmaster is gone.
    helper.suspend()
    orphan.kill()
    run(own)
    assert not children.is_alive(helper)


def test_is_not_misled_by_a_reused_process_number(server: EmbeddedPostgres) -> None:
    store(server, 1)
    server.kill()
    pid_file = server.data_dir / "postmaster.pid"
    lines = pid_file.read_text(encoding="utf-8").splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", encoding="utf-8")
    run(server)
    assert stored(server) == [1]


def test_a_second_launcher_is_refused(server: EmbeddedPostgres, shared_state: Path) -> None:
    with pytest.raises(StateDirectoryInUse, match="another running Homeward"):
        EmbeddedPostgres(shared_state).start()
    with pytest.raises(EngineRunning):
        server.start()
    store(server, 1)


def test_starts_again_after_an_interrupted_first_start(server: EmbeddedPostgres, shared_state: Path) -> None:
    assert not (shared_state / "postgres" / "data.new").exists()
    store(server, 1)


def test_says_which_port_is_busy(state_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(PortBusy, match=f"Port {port} .* PostgreSQL"):
            EmbeddedPostgres(state_dir, port=port).start()
    # A failed start gives the folder back.
    other = EmbeddedPostgres(state_dir, port=port, durable=False)
    run(other)
    other.stop()


def test_takes_another_port_when_its_last_one_is_taken(server: EmbeddedPostgres) -> None:
    store(server, 1)
    last = server.port
    server.stop()
    with socket.create_server(("127.0.0.1", last)):
        run(server)
        assert server.port != last
        assert stored(server) == [1]


def test_does_without_a_socket_where_its_path_is_too_long(state_dir: Path) -> None:
    deep = state_dir / ("d" * 60) / ("e" * 60)
    server = EmbeddedPostgres(deep, durable=False)
    assert server.socket_dir is None
    run(server)
    store(server, 1)
    server.stop()


def test_a_folder_may_bear_any_name(state_dir: Path) -> None:
    server = EmbeddedPostgres(state_dir / ANY_NAME, durable=False)
    assert server.socket_dir is not None
    run(server)
    store(server, 1)
    assert (server.socket_dir / f".s.PGSQL.{server.port}").exists()
    server.stop()


def test_reports_why_it_ended_before_it_was_ready(own: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres._SETTINGS, "shared_buffers", "nonsense")
    own.start()
    with pytest.raises(EngineStopped, match="shared_buffers"):
        own.wait_ready(DEADLINE_S)


def test_says_what_is_wrong_with_a_damaged_state_folder(own: EmbeddedPostgres, state_dir: Path) -> None:
    with pytest.raises(EngineNotStarted):
        _ = own.admin_url
    own.initialize()
    (state_dir / "postgres" / "superuser.password").rename(state_dir / "away")
    with pytest.raises(SuperuserPasswordMissing, match="backup"):
        own.start()
    (state_dir / "away").rename(state_dir / "postgres" / "superuser.password")
    (own.data_dir / "PG_VERSION").write_text("17\n")
    with pytest.raises(ClusterVersionMismatch, match="17"):
        own.start()


@pytest.fixture
def private(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the server's user may not enter, on a machine of this test's own."""
    monkeypatch.setattr(postgres, "ELSEWHERE", state_dir / "elsewhere")
    folder = state_dir / "private"
    folder.mkdir(mode=0o700)
    return folder


@only_as_root
def test_data_lie_elsewhere_for_a_closed_folder_and_are_found_again(private: Path) -> None:
    first = EmbeddedPostgres(private / "state")
    run(first)
    store(first, 1)
    elsewhere = first.moved_to
    first.stop()
    assert elsewhere is not None
    assert elsewhere.is_relative_to(postgres.ELSEWHERE)
    assert (private / "state" / "postgres").resolve() == elsewhere
    assert (elsewhere / "state-folder").read_text() == f"{private / 'state'}\n"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    again = EmbeddedPostgres(private / "state")
    try:
        run(again)
        assert stored(again) == [1]
        assert again.moved_to is None
    finally:
        again.stop()
    remove_databases(private / "state")
    assert not elsewhere.exists()


@only_as_root
def test_a_start_that_was_refused_is_no_hindrance(private: Path) -> None:
    (private / "state" / "postgres").mkdir(parents=True)
    (private / "state" / "postgres" / "owner.lock").touch()
    server = EmbeddedPostgres(private / "state", durable=False)
    server.initialize()
    assert server.data_dir.is_relative_to(postgres.ELSEWHERE)
    server.stop()


@only_as_root
def test_says_when_the_folder_elsewhere_is_gone(private: Path) -> None:
    server = EmbeddedPostgres(private / "state", durable=False)
    server.initialize()
    server.stop()
    remove_databases(private / "state")
    with pytest.raises(DatabasesGone, match="backup"):
        EmbeddedPostgres(private / "state").start()


@only_as_root
def test_never_opens_a_closed_folder_to_others(private: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ELSEWHERE", private / "closed too")
    with pytest.raises(FolderNotReachable, match=f"{private} .*chmod o\\+x"):
        EmbeddedPostgres(private / "state").start()
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@only_as_root
def test_data_in_a_folder_that_was_closed_later_are_not_passed_over(private: Path) -> None:
    private.chmod(0o711)
    server = EmbeddedPostgres(private / "state", durable=False)
    server.initialize()
    server.stop()
    private.chmod(0o700)
    with pytest.raises(FolderNotReachable, match=f"{private} "):
        EmbeddedPostgres(private / "state").start()
    assert server.data_dir.exists()


@only_as_root
def test_runs_from_a_copy_where_its_user_cannot_reach_the_programs(
    own: EmbeddedPostgres, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_can_run", lambda programs, user: False)
    run(own)
    assert own.bin_dir.is_relative_to(state_dir)
    assert own.process is not None
    assert psutil.Process(own.process.pid).exe().startswith(str(state_dir))
    assert psutil.Process(own.process.pid).username() == "pgserver"


def test_session_server_is_shared_and_fast(postgres_server: EmbeddedPostgres) -> None:
    assert setting(postgres_server, "fsync") == "off"
