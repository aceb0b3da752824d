"""The keys that services sign their events with: `<service>.event.pem` each, and one file with the public halves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.chassis.events.signing import EventSigner, write_event_keys
from services.chassis.storage.key_files import create_signing_key
from services.client.services import SERVICES

PUBLIC_KEYS: Final = "event-keys.json"


@dataclass(frozen=True)
class EventKeyFiles:
    """The files in one folder."""

    folder: Path

    def private(self, service: str) -> Path:
        """The service's own: for it alone."""
        return self.folder / f"{service}.event.pem"

    @property
    def public(self) -> Path:
        """Those of all services: for each of them, and for the operator."""
        return self.folder / PUBLIC_KEYS

    @property
    def all_private(self) -> Mapping[str, Path]:
        """By service."""
        return {service: self.private(service) for service in SERVICES}

    def create(self) -> None:
        """Make the keys that are missing; what exists stays as it is."""
        for path in self.all_private.values():
            if not path.exists():
                create_signing_key(path)
        if not self.public.exists():
            signers = [EventSigner.from_file(service, path) for service, path in self.all_private.items()]
            write_event_keys(self.public, [(one.service, one.key.public_key()) for one in signers])
