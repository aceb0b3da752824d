"""How a version is written on the wire: `"7"`, an entity tag after RFC 9110, quotes included."""

from __future__ import annotations

import re
from typing import Final

NO_VERSION: Final = -1
"""What an etag reads as that none of ours can be: it agrees with no version."""

_FORM: Final = re.compile(r'"(0|[1-9][0-9]{0,17})"')


def etag_of(version: int) -> str:
    """The etag of a version."""
    return f'"{version}"'


def version_of(etag: str) -> int | None:
    """The version that an etag names; None for an empty one, which agrees with every version."""
    if not etag:
        return None
    match = _FORM.fullmatch(etag)
    return int(match[1]) if match else NO_VERSION
