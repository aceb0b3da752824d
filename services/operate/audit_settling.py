"""Events travel: a finding counts when it still stands after what was on its way must have arrived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.operate.audit_rules import Finding

QUIET_S = 10.0
"""A finding that stands so long with nothing in flight for its case in any database is broken."""
WAIT_S = 60.0
"""A case with findings for so long is broken, whatever is in flight."""


@dataclass(frozen=True)
class Looked:
    """What one look at a case found, and whether an event of the case was on its way then."""

    findings: tuple[Finding, ...]
    in_flight: bool


@dataclass(frozen=True)
class _Waiting:
    findings: tuple[Finding, ...]
    since_s: float
    quiet_since_s: float | None


class Settling:
    """The cases with findings, until each is either clean or broken. Time is the caller's monotonic clock."""

    def __init__(self, *, wait_s: float = WAIT_S, quiet_s: float = QUIET_S) -> None:
        self._wait_s = wait_s
        self._quiet_s = min(quiet_s, wait_s)
        self._waiting: dict[str, _Waiting] = {}
        self.broken: dict[str, tuple[Finding, ...]] = {}

    @property
    def waiting(self) -> list[str]:
        """Cases to look at again, in the order of their ids."""
        return sorted(self._waiting)

    def look(self, looked: Mapping[str, Looked], now_s: float) -> None:
        """Take in a look at cases: all that wait, or new ones."""
        for case_id, one in looked.items():
            before = self._waiting.pop(case_id, None)
            if not one.findings:
                continue
            after = self._after(before, one, now_s)
            if self._is_broken(after, now_s):
                self.broken[case_id] = after.findings
            else:
                self._waiting[case_id] = after

    def _after(self, before: _Waiting | None, one: Looked, now_s: float) -> _Waiting:
        quiet_since_s = None if one.in_flight else now_s
        if before is None:
            return _Waiting(one.findings, now_s, quiet_since_s)
        moved = {finding.code for finding in one.findings} != {finding.code for finding in before.findings}
        if not one.in_flight and not moved and before.quiet_since_s is not None:
            quiet_since_s = before.quiet_since_s
        return replace(before, findings=one.findings, quiet_since_s=quiet_since_s)

    def _is_broken(self, case: _Waiting, now_s: float) -> bool:
        quiet = case.quiet_since_s is not None and now_s - case.quiet_since_s >= self._quiet_s
        return quiet or now_s - case.since_s >= self._wait_s
