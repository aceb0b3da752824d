"""How xdist gives tests to its workers: see tests/support/order.py. Loaded only where several workers are asked for."""

from __future__ import annotations

from xdist.scheduler import LoadGroupScheduling

from tests.support.order import file_of


class ByUnit(LoadGroupScheduling):  # type: ignore[misc] # xdist has no types
    """A group goes to one worker as a whole, and so does the rest of a file."""

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return file_of(scope)
