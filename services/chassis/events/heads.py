"""What is signed of a chained log: how far it had come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.chassis.events.signing import Said
from services.chassis.events.streams import log_subject


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log of a service had come: the number and the hash of its last entry, in business time."""

    service: str
    log: str
    sequence: int
    hash: bytes
    at: datetime

    def said(self) -> Said:
        """What is signed: as of an event, so that one key and one set of public keys do for both."""
        return Said(
            event_id=log_subject(self.service, f"{self.log}.{self.sequence}"),
            type="homeward.log-head.v1",
            source=self.service,
            subject=log_subject(self.service, self.log),
            version=self.sequence,
            time=self.at,
            correlation_id=self.log,
            causation_id="",
            payload=self.hash,
        )
