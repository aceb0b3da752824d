"""PostgreSQL and Apache Kafka as plain child processes, from Python packages alone."""

from __future__ import annotations

from services.cli.embedded.errors import EmbeddedError
from services.cli.embedded.kafka import EmbeddedKafka
from services.cli.embedded.postgres import EmbeddedPostgres
from services.cli.embedded.state import prepare_state_dir

__all__ = ["EmbeddedError", "EmbeddedKafka", "EmbeddedPostgres", "prepare_state_dir"]
