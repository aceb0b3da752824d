"""Named places where a test can make this process die, fail, hang or leave.

HOMEWARD_FAILPOINT=name:action@nth[;name:action@nth…], read once: at import, or where a forked
process begins. Actions: kill9, raise, stop2s, exit.
Without the variable a failpoint costs one dictionary look-up.
"""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import Final

VARIABLE: Final = "HOMEWARD_FAILPOINT"
NAMES = frozenset(
    {
        "intake.before_tx",
        "intake.after_business_insert",
        "intake.before_commit",
        "intake.after_commit_before_reply",
        "unit.before_commit",
        "relay.after_read",
        "relay.after_send_before_mark",
        "relay.after_mark",
        "stream.before_inbox",
        "stream.after_inbox_before_ack",
        "dispatch.after_handle_before_commit",
        "schedule.after_claim",
        "schedule.after_effect_before_complete",
    }
)
ACTIONS = frozenset({"kill9", "raise", "stop2s", "exit"})
STOP_S = 2.0


class FailpointReached(Exception):
    """A failpoint raised on purpose."""


@dataclass
class _Armed:
    action: str
    nth: int
    seen: int = 0


def parse(text: str) -> dict[str, _Armed]:
    """Read the variable.

    Raises:
        ValueError: an unknown name or action: a test that arms nothing would pass for nothing.
    """
    armed: dict[str, _Armed] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, _, rest = part.partition(":")
        action, _, nth = rest.partition("@")
        if name not in NAMES or action not in ACTIONS:
            raise ValueError(f"no such failpoint: {part}")
        armed[name] = _Armed(action, int(nth or 1))
    return armed


_armed = parse(os.environ.get(VARIABLE, ""))


def arm(text: str) -> None:
    """Replace what is armed in this process."""
    _armed.clear()
    _armed.update(parse(text))


def failpoint(name: str) -> None:
    """Do what is armed here, at its nth passing; otherwise nothing."""
    armed = _armed.get(name)
    if armed is None:
        return
    armed.seen += 1
    if armed.seen != armed.nth:
        return
    match armed.action:
        case "kill9":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(1)
        case "stop2s":
            time.sleep(STOP_S)
        case _:
            raise FailpointReached(name)
