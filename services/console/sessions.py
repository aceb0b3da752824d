"""Who is signed in: sessions that end by themselves, known by the hash of a random id that only the browser holds."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

COOKIE: Final = "__Host-homeward"
"""The prefix makes browsers refuse it from another host, another path, or without `Secure`."""
ID_BYTES: Final = 32
IDLE_S: Final = 30 * 60
"""A shared computer in an office is left standing for half an hour at most."""
LIFETIME_S: Final = 12 * 60 * 60
"""One long shift, as for tokens."""
MAX_SESSIONS: Final = 5_000
"""Above all offices of the country at once; the one unused longest goes first."""


@dataclass(slots=True)
class SignedIn:
    """One browser in which an office is signed in. Times are real ones, in seconds of a clock that never goes back."""

    office_id: str
    began_s: float
    seen_s: float
    form_token: str = field(repr=False)
    """In each form, so that no other page can send one."""


class Sessions:
    """Sessions in memory: they end with the process, and nothing of them is ever on a disk."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._open: OrderedDict[bytes, SignedIn] = OrderedDict()

    def begin(self, office_id: str) -> str:
        """A new session; returns the id for the cookie, which is kept nowhere here."""
        key, now_s = secrets.token_urlsafe(ID_BYTES), self._now_s()
        self._open[_hash(key)] = SignedIn(office_id, now_s, now_s, secrets.token_urlsafe(ID_BYTES))
        while len(self._open) > MAX_SESSIONS:
            self._open.popitem(last=False)
        return key

    def find(self, key: str, *, active: bool = True) -> SignedIn | None:
        """The session of a cookie; None when it ended. `active`: somebody did something, so it is extended."""
        hashed = _hash(key)
        found = self._open.get(hashed)
        if found is None:
            return None
        now_s = self._now_s()
        if now_s - found.seen_s > IDLE_S or now_s - found.began_s > LIFETIME_S:
            del self._open[hashed]
            return None
        if active:
            found.seen_s = now_s
            self._open.move_to_end(hashed)
        return found

    def end(self, key: str) -> None:
        """Sign out. An id that is not known changes nothing."""
        self._open.pop(_hash(key), None)

    def end_all(self, office_id: str) -> None:
        """Sign everybody of an office out."""
        for hashed in [hashed for hashed, each in self._open.items() if each.office_id == office_id]:
            del self._open[hashed]


def fits(session: SignedIn, given: str) -> bool:
    """Whether a form came from a page of this session."""
    return hmac.compare_digest(session.form_token.encode(), given.encode())


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
