"""How messages are shown."""

from __future__ import annotations

from typing import Any, Final

from services.chassis.kernel.texts import Texts
from services.client import plain
from services.client.dates import written_moment

SHORT_ID_CHARS: Final = 8
"""So many characters of a message's id are shown; two messages of an inbox sharing them is told, not guessed."""


def row(each: Any, _: Texts) -> tuple[str, ...]:
    """A line of the inbox."""
    mark = "! " if each.action_required else "✓ " if each.HasField("done_time") else ""
    # What is done asks for nothing: the line says by what it was done, and no longer what to do.
    text = "\n".join(part for part in (f"{mark}{each.title}", each.done or each.body) if part)
    return (each.case_number, written_moment(plain.instant(each.post_time)), text, each.message_id[:SHORT_ID_CHARS])
