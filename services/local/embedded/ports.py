"""Finding and checking TCP ports on 127.0.0.1."""

from __future__ import annotations

import random
import socket

import psutil  # type: ignore[import-untyped,unused-ignore]

from services.local.embedded.errors import NoFreePort, PortBusy

LOOPBACK = "127.0.0.1"

# Below Linux's and macOS's ranges for outgoing connections: a client that keeps trying to reach a
# broker which is down could otherwise be handed that very port for its own end and block it.
_LOWEST_PORT = 20_000
_HIGHEST_PORT = 32_000
_ATTEMPTS = 200


def port_is_busy(port: int) -> bool:
    """Tell whether nothing new can listen on ``port`` of 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # PostgreSQL and the JVM set it too: connections of a server that just ended don't count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError:
            return True
    return False


def free_port(exclude: frozenset[int] = frozenset()) -> int:
    """Return a port of 127.0.0.1 on which nothing listens, and that is not in ``exclude``.

    Raises:
        NoFreePort: every port that was tried is busy.
    """
    # Two launchers started together must not walk through the same sequence of ports.
    source = random.SystemRandom()
    for _ in range(_ATTEMPTS):
        port = source.randint(_LOWEST_PORT, _HIGHEST_PORT)
        if port not in exclude and not port_is_busy(port):
            return port
    raise NoFreePort(attempts=_ATTEMPTS)


def port_holder(port: int) -> str:
    """Say in words which program listens on ``port``, as far as this user may know."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            address, listening = connection.laddr, connection.status == psutil.CONN_LISTEN
            if listening and address and address.port == port and connection.pid:
                name = psutil.Process(connection.pid).name()
                return f"{name} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another program"


def require_free(port: int, purpose: str) -> None:
    """Make sure that ``port`` can be listened on.

    Raises:
        PortBusy: it cannot; the message names the ``purpose`` and, where known, the holder.
    """
    if port_is_busy(port):
        raise PortBusy(port=port, purpose=purpose, holder=port_holder(port))


def choose_port(wanted: int | None, last: int | None, purpose: str, exclude: frozenset[int] = frozenset()) -> int:
    """Return ``wanted`` if given, else the ``last`` port while it is free, else a free one.

    Raises:
        PortBusy: ``wanted`` was given and is in use.
        NoFreePort: no port is free.
    """
    if wanted is not None:
        require_free(wanted, purpose)
        return wanted
    if last is not None and last not in exclude and not port_is_busy(last):
        return last
    return free_port(exclude)
