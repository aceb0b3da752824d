"""What one service was told the others learn a moment later: a refusal that a moment mends is asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from services.client.refusals import Refusal
from services.client.session import Session

LAG_S: Final = 5.0
AGAIN_S: Final = 0.25

_Answer = TypeVar("_Answer")


def once_known(session: Session, ask: Callable[[], _Answer], mended_by_time: frozenset[str]) -> _Answer:
    """Ask, and for some seconds ask again while it is refused for one of these reasons. Raises the last Refusal."""
    ends_at = session.now_s() + LAG_S
    while True:
        try:
            return ask()
        except Refusal as refused:
            if refused.reason not in mended_by_time or session.now_s() >= ends_at:
                raise
        session.sleep(AGAIN_S)
