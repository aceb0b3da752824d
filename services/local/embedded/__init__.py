"""PostgreSQL and Apache Kafka as plain child processes, from Python packages alone."""

from __future__ import annotations

from services.local.embedded.errors import EmbeddedError
from services.local.embedded.kafka import EmbeddedKafka
from services.local.embedded.postgres import EmbeddedPostgres, remove_databases
from services.operate.state_dir import prepare_state_dir

__all__ = ["EmbeddedError", "EmbeddedKafka", "EmbeddedPostgres", "prepare_state_dir", "remove_databases"]
