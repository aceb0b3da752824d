"""Real engines for one run of the benchmarks: durable PostgreSQL and Kafka on loopback, gone at its end."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.chassis.events.kafka_admin import KafkaSettings, TopicSpec, ensure_topics, topic_specs
from services.local.embedded import EmbeddedKafka, EmbeddedPostgres, remove_databases
from tests.support.databases import CHASSIS_ONLY, Databases

STOP_S = 10.0


@dataclass(frozen=True)
class Engines:
    """What the benchmarks run on."""

    folder: Path
    kafka_settings: KafkaSettings
    databases: Databases

    def topic(self, name: str, partitions: int = 4) -> str:
        """Make a topic and return its name."""
        ensure_topics(self.kafka_settings, [TopicSpec(name, partitions)])
        return name

    def database(self, service: str) -> str:
        """The URL of a fresh database of a service, as whoever owns it: it is filled and measured by one login."""
        url = self.databases.fresh(service)[1]
        return url if service == CHASSIS_ONLY else self.databases.owner_url(url)


@contextmanager
def engines() -> Iterator[Engines]:
    """Start both engines in a temporary folder."""
    with _folder() as folder:
        postgres = EmbeddedPostgres(folder / "state")
        try:
            postgres.start()
            postgres.wait_ready()
            with kafka_beside(Databases(postgres.admin_url), folder) as started:
                yield started
        finally:
            postgres.stop()


@contextmanager
def kafka_beside(databases: Databases, folder: Path) -> Iterator[Engines]:
    """Start Kafka alone; `databases` are those of a PostgreSQL that runs."""
    kafka = EmbeddedKafka(folder / "state")
    try:
        kafka.ensure_jars()
        kafka.start()
        kafka.wait_ready()
        ensure_topics(kafka.settings, topic_specs(embedded=True))
        yield Engines(folder, kafka.settings, databases)
    finally:
        # Nobody wants its data.
        kafka.kill()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="homeward-bench-"))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        yield folder
    finally:
        remove_databases(folder)
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def python_process(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A module as a process of its own, whose output can be read; it is ended with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, *arguments),
        env={**os.environ, **(environment or {})},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), STOP_S)
            except TimeoutError:
                process.kill()
                await process.wait()
