"""The embedded Kafka: keeps its topics, and runs nothing that is not what the lock names."""

from __future__ import annotations

import hashlib
import http.server
import multiprocessing
import multiprocessing.synchronize
import shutil
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped,unused-ignore]
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from services.chassis.events.kafka_admin import TopicSpec, ensure_topics, list_topics
from services.local.embedded import EmbeddedKafka, children, kafka_jars
from services.local.embedded.errors import (
    EngineNotStarted,
    EngineRunning,
    EngineStopped,
    JarChecksumMismatch,
    JarMissing,
    JarsNotDownloaded,
    LockMissing,
    PortBusy,
)
from services.local.embedded.ports import free_port
from services.operate.errors import StateDirectoryInUse
from tests.support.waiting import patient

DEADLINE_S = patient(60.0)
TOPIC = "homeward.test.v1"
ANY_NAME = "Đủ dấu, 'x' %d ${HOME}"

LAUNCHER = """
import psutil, sys, threading
from pathlib import Path
from services.local.embedded import EmbeddedKafka
{before}
node = EmbeddedKafka(Path({state!r}))
node.start()
node.wait_ready(600)
print(node.process.pid, flush=True)
threading.Event().wait()
"""


@pytest.fixture(scope="module")
def shared(shared_state: Path) -> Iterator[EmbeddedKafka]:
    """A node in a folder of any name, whose first start was interrupted before it was done."""
    state = shared_state / ANY_NAME
    half_made = state / "kafka" / "data.new"
    half_made.mkdir(parents=True)
    (half_made / "meta.properties").write_text("version=1\n")
    one = EmbeddedKafka(state)
    run(one)
    assert list_topics(one.settings) == {}
    yield one
    one.stop()


@pytest.fixture
def node(shared: EmbeddedKafka) -> EmbeddedKafka:
    """One that runs and has no topics of ours, whatever became of it in the test before."""
    if shared.process is None or shared.process.poll() is not None:
        run(shared)
    if TOPIC in list_topics(shared.settings):
        with KafkaAdminClient(**shared.settings.kafka_python_arguments()) as admin:
            admin.delete_topics([TOPIC])
        assert children.wait_until(lambda: TOPIC not in list_topics(shared.settings), DEADLINE_S)
    return shared


@pytest.fixture
def own(state_dir: Path) -> Iterator[EmbeddedKafka]:
    """A node of the test's own that was never started."""
    one = EmbeddedKafka(state_dir)
    yield one
    one.stop()


def run(node: EmbeddedKafka) -> None:
    node.start()
    node.wait_ready(DEADLINE_S)


def store(node: EmbeddedKafka, value: bytes) -> None:
    ensure_topics(node.settings, [TopicSpec(TOPIC, partitions=2)])
    producer = KafkaProducer(**node.settings.kafka_python_arguments())
    producer.send(TOPIC, value, partition=0).get(timeout=DEADLINE_S)
    producer.close()


def stored(node: EmbeddedKafka) -> list[bytes]:
    place = TopicPartition(TOPIC, 0)
    consumer = KafkaConsumer(**node.settings.kafka_python_arguments(), auto_offset_reset="earliest", group_id=None)
    consumer.assign([place])
    found: list[bytes] = []

    def read_all() -> bool:
        for records in consumer.poll(timeout_ms=200).values():
            found.extend(record.value for record in records)
        return bool(consumer.position(place) >= consumer.end_offsets([place])[place])

    assert children.wait_until(read_all, DEADLINE_S)
    consumer.close()
    return found


def test_serves_on_loopback_only_and_keeps_topics_when_stopped(node: EmbeddedKafka) -> None:
    store(node, b"one")
    assert node.process is not None
    listening = {
        connection.laddr.ip.removeprefix("::ffff:")
        for connection in psutil.Process(node.process.pid).net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}
    address, cluster = node.bootstrap, node.cluster_id
    node.stop()
    run(node)
    assert (node.bootstrap, node.cluster_id) == (address, cluster)
    assert stored(node) == [b"one"]


def test_keeps_its_records_when_killed(node: EmbeddedKafka) -> None:
    store(node, b"one")
    assert node.log_path.exists()
    node.kill()
    run(node)
    assert stored(node) == [b"one"]
    store(node, b"two")
    assert stored(node) == [b"one", b"two"]


def test_keeps_its_records_when_both_ports_had_to_change(node: EmbeddedKafka, shared_state: Path) -> None:
    store(node, b"one")
    old = {node.port, node.controller_port}
    node.kill()
    with (
        socket.create_server(("127.0.0.1", node.port)),
        socket.create_server(("127.0.0.1", node.controller_port)),
    ):
        run(node)
        assert not old & {node.port, node.controller_port}
        assert stored(node) == [b"one"]
        store(node, b"two")
    with pytest.raises(StateDirectoryInUse):
        EmbeddedKafka(shared_state / ANY_NAME).start()
    with pytest.raises(EngineRunning):
        node.wipe()


def test_forgets_everything_when_wiped(node: EmbeddedKafka) -> None:
    store(node, b"one")
    cluster = node.cluster_id
    node.kill()
    node.wipe()
    assert node.cluster_id is None
    run(node)
    assert list_topics(node.settings) == {}
    assert node.cluster_id != cluster


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux binds a child to its parent's life")
def test_ends_with_a_killed_launcher(state_dir: Path, launcher: Callable[[str], Any]) -> None:
    other = launcher(LAUNCHER.format(before="", state=str(state_dir)))
    engine = other.engine()
    assert children.is_alive(engine)
    other.kill()
    assert children.wait_until(lambda: not children.is_alive(engine), DEADLINE_S)


def test_stops_the_orphan_of_a_killed_launcher(
    state_dir: Path, launcher: Callable[[str], Any], own: EmbeddedKafka
) -> None:
    other = launcher(LAUNCHER.format(before="sys.platform = 'elsewhere'", state=str(state_dir)))
    orphan = other.engine()
    other.kill()
    assert children.is_alive(orphan)
    run(own)
    assert not children.is_alive(orphan)


def test_starts_again_after_an_interrupted_first_start(node: EmbeddedKafka, shared_state: Path) -> None:
    assert not (shared_state / ANY_NAME / "kafka" / "data.new").exists()
    store(node, b"one")


def test_says_which_port_is_busy(state_dir: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", free_port())) as holder,
        pytest.raises(PortBusy, match=f"Port {holder.getsockname()[1]} .* Kafka's controller"),
    ):
        EmbeddedKafka(state_dir, controller_port=holder.getsockname()[1]).start()


def test_knows_no_address_before_it_was_started(own: EmbeddedKafka) -> None:
    with pytest.raises(EngineNotStarted):
        _ = own.bootstrap


def test_reports_why_it_ended_before_it_was_ready(node: EmbeddedKafka) -> None:
    node.stop()
    metadata = node.data_dir / "meta.properties"
    right = metadata.read_text()
    metadata.write_text(right.replace("node.id=1", "node.id=7"))
    try:
        node.start()
        with pytest.raises(EngineStopped, match=r"node\.id|7"):
            node.wait_ready(DEADLINE_S)
    finally:
        metadata.write_text(right)


def nothing_to_fetch(done: int, total: int) -> None:
    pytest.fail("something was fetched")


@pytest.fixture
def jars_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of this test's own: links to the checked files of the one that all tests use."""
    paths = kafka_jars.ensure_jars(lambda done, total: None)
    monkeypatch.delenv(kafka_jars.JARS_VARIABLE, raising=False)
    folder = tmp_path / "jars"
    folder.mkdir()
    for path in paths:
        (folder / path.name).symlink_to(path)
    return folder


def test_refuses_to_run_a_jar_with_a_wrong_sum_and_names_it(state_dir: Path, jars_dir: Path) -> None:
    victim = next(jar for jar in kafka_jars.locked_jars() if jar.artifact == "kafka-clients")
    path = jars_dir / victim.filename
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    node = EmbeddedKafka(state_dir, jars_dir=jars_dir)
    with pytest.raises(JarChecksumMismatch, match=victim.filename):
        node.start()
    assert node.process is None


def test_uses_a_given_folder_and_downloads_nothing(
    jars_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEWARD_KAFKA_JARS", str(jars_dir))
    paths = kafka_jars.ensure_jars(nothing_to_fetch, folder=tmp_path / "unused")
    assert {path.parent for path in paths} == {jars_dir}
    paths[0].unlink()
    with pytest.raises(JarMissing, match=paths[0].name):
        kafka_jars.ensure_jars(nothing_to_fetch, folder=tmp_path / "unused")
    assert not (tmp_path / "unused").exists()


def test_the_lock_names_a_sum_for_each_jar_and_no_address() -> None:
    jars = kafka_jars.locked_jars()
    assert len({jar.filename for jar in jars}) == len(jars) > 40
    assert all(len(bytes.fromhex(jar.sha256)) == 32 for jar in jars)
    text = kafka_jars.LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    assert str(Path.home()) not in text
    ours = [jar for jar in jars if jar.group == "org.apache.kafka"]
    assert {jar.version for jar in ours} == {kafka_jars.KAFKA_VERSION}


def test_says_what_is_wrong_with_the_lock(tmp_path: Path) -> None:
    with pytest.raises(LockMissing, match="FileNotFoundError"):
        kafka_jars.locked_jars(tmp_path / "nothing.toml")
    (tmp_path / "half.toml").write_text("[[dependencies]]\ngroupId = 'a'\n")
    with pytest.raises(LockMissing, match="KeyError"):
        kafka_jars.locked_jars(tmp_path / "half.toml")


class Repository(http.server.ThreadingHTTPServer):
    """A Maven repository with two small jars, which counts what is asked of it."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.asked: Counter[str] = Counter()
        super().__init__(("127.0.0.1", 0), RepositoryHandler)


class RepositoryHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Repository)
        name = self.path.rsplit("/", 1)[-1]
        self.server.asked[name] += 1
        content = self.server.files.get(name)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *args: object) -> None:
        pass


CONTENTS = {f"part{number}-1.0.jar": bytes([number]) * 500_000 for number in range(6)}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    server = Repository(dict(CONTENTS))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.delenv(kafka_jars.JARS_VARIABLE, raising=False)
    settings = tmp_path / "jgo.conf"
    address = f"http://127.0.0.1:{server.server_address[1]}"
    settings.write_text(f"[repositories]\nmirror = {address}\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def small_lock(tmp_path: Path) -> Path:
    entries = [
        f'[[dependencies]]\ngroupId = "g"\nartifactId = "{name.split("-")[0]}"\n'
        f'version = "1.0"\nsha256 = "{hashlib.sha256(content).hexdigest()}"\n'
        for name, content in CONTENTS.items()
    ]
    path = tmp_path / "jgo.lock.toml"
    path.write_text("\n".join(entries))
    return path


def download(folder: Path, lock: Path, barrier: multiprocessing.synchronize.Barrier) -> None:
    barrier.wait()
    kafka_jars.ensure_jars(lambda done, total: None, folder=folder, lock=lock)


def test_two_downloads_at_once_fetch_each_jar_once(tmp_path: Path, small_lock: Path, repository: Repository) -> None:
    folder = tmp_path / "cache"
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    both = [context.Process(target=download, args=(folder, small_lock, barrier)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(DEADLINE_S)
    assert [process.exitcode for process in both] == [0, 0]
    assert {name: repository.asked[name] for name in CONTENTS} == dict.fromkeys(CONTENTS, 1)
    assert {path.name for path in folder.glob("[!.]*")} == set(CONTENTS)


def test_reports_progress_and_resumes_after_an_interruption(
    tmp_path: Path, small_lock: Path, repository: Repository
) -> None:
    folder = tmp_path / "cache"
    half = folder / ".download-killed" / "part0-1.0.jar"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half of it")
    (folder / "part1-1.0.jar").write_bytes(CONTENTS["part1-1.0.jar"])
    told: list[tuple[int, int]] = []
    kafka_jars.ensure_jars(lambda done, total: told.append((done, total)), folder=folder, lock=small_lock)
    assert told == [(done, 5) for done in range(6)]
    assert repository.asked["part1-1.0.jar"] == 0
    assert not half.exists()


def test_refuses_a_download_with_a_wrong_sum(tmp_path: Path, small_lock: Path, repository: Repository) -> None:
    repository.files["part3-1.0.jar"] = b"something else"
    with pytest.raises(JarChecksumMismatch, match=r"part3-1\.0\.jar"):
        kafka_jars.ensure_jars(lambda done, total: None, folder=tmp_path / "cache", lock=small_lock)
    assert not (tmp_path / "cache" / "part3-1.0.jar").exists()


def test_says_how_to_go_on_without_access(tmp_path: Path, small_lock: Path, repository: Repository) -> None:
    del repository.files["part2-1.0.jar"]
    with pytest.raises(JarsNotDownloaded, match=r"part2-1\.0\.jar .*HOMEWARD_KAFKA_JARS"):
        kafka_jars.ensure_jars(lambda done, total: None, folder=tmp_path / "cache", lock=small_lock)


def test_a_cache_can_be_copied_whole(tmp_path: Path, jars_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(jars_dir, tmp_path / "copied")
    monkeypatch.setenv(kafka_jars.JARS_VARIABLE, str(tmp_path / "copied"))
    assert len(kafka_jars.ensure_jars(nothing_to_fetch)) == len(kafka_jars.locked_jars())


def test_session_node_is_shared(kafka_node: EmbeddedKafka) -> None:
    assert kafka_node.log_path.exists()
    assert kafka_node.bootstrap.startswith("127.0.0.1:")
