"""The calls of several gRPC services of one server, as if they were one."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any


def merged(channel: Any, *stubs: Callable[[Any], Any]) -> Any:
    """All calls of these generated stubs on one channel; the names of methods are unique."""
    return SimpleNamespace(**{name: call for stub in stubs for name, call in vars(stub(channel)).items()})
