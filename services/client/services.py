"""The services by name, and where each is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

SERVICES: Final = ("intake", "handover", "followup", "notify")
DATABASES: Final = (*SERVICES, "console")
"""Who keeps a database of its own: the services, and the console for its sessions."""


def address_of(service: str, environ: Mapping[str, str], run: Mapping[str, Any]) -> str:
    """Host and port at which a service answers calls: as the environment says, else what runs here; empty: unknown.

    `run` is what the launcher wrote into `run.json`.
    """
    return environ.get(f"HOMEWARD_{service.upper()}") or str(run.get("services", {}).get(service, {}).get("grpc") or "")
