"""How xdist gives tests to its workers: see tests/support/order.py. Loaded only where several workers are asked for."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

from tests.support.order import Recorded, file_of, recorded_files


class ByUnit(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """A file goes to one worker as a whole, and so do all files that share something."""

    known: dict[str, Recorded] = recorded_files()

    def _split_scope(self, nodeid: str) -> str:
        name = file_of(nodeid)
        found = self.known.get(name)
        return found.shares if found and found.shares else name
