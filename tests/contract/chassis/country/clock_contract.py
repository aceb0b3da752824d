"""What every clock promises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC

from services.chassis.kernel.clock import Clock


class ClockContract(ABC):
    """The suite; a subclass says which clock."""

    @abstractmethod
    def clock(self) -> Clock:
        """The clock under test."""

    def test_gives_aware_instants_in_utc(self) -> None:
        assert self.clock().now().tzinfo is UTC

    def test_never_goes_back(self) -> None:
        clock = self.clock()
        instants = [clock.now() for _ in range(1_000)]
        assert instants == sorted(instants)
