"""How a command ends: exit codes, as `homeward help exit-codes` tells them."""

from __future__ import annotations

from enum import IntEnum

from services.client.refusals import Refusal


class Exit(IntEnum):
    """For the shell. A refusal ends with the code of its kind's name."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    NOT_PERMITTED = 3
    NOT_FOUND = 4
    UNREACHABLE = 5
    PARTLY_DONE = 6
    INTERNAL = 70
    INTERRUPTED = 130


def exit_of(refusal: Refusal) -> Exit:
    """The exit code of a command that ends with this."""
    return Exit[refusal.kind.name]
