"""`python -m services.console`: the web console as one process."""

from __future__ import annotations

import os
import sys
from typing import Final

import uvicorn

from services.chassis.telemetry.log import configure_logging
from services.console.app import build
from services.console.console import Console
from services.console.secret import Secret
from services.console.settings import Settings

STOP_S: Final = 2
"""Open streams of messages would otherwise keep the process for ever."""
CONNECTIONS_MAX: Final = 4_000
"""Each window holds one open for its messages."""


def main() -> None:
    """Serve pages until SIGTERM."""
    try:
        settings = Settings.of(os.environ)
        secret = Secret.from_file(settings.secret)
    except ValueError as error:
        sys.exit(f"console: {error}")
    configure_logging("console", settings.log_level, file=settings.log_file)
    config = uvicorn.Config(
        lambda: build(Console(settings, secret)),
        factory=True,
        host=settings.host,
        port=settings.port,
        # Addresses of pages have no place in a log.
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        lifespan="on",
        timeout_graceful_shutdown=STOP_S,
        limit_concurrency=CONNECTIONS_MAX,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
