"""Who is signed in: sessions that end by themselves, known by the hash of a random id that only the browser holds.

They stand in a database, so that a console that is started again, or another one beside it, knows them. All times are
real ones, in seconds since 1970: a demonstration that moves business time signs nobody out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Protocol

from services.console.secret import SealBroken, Secret

COOKIE: Final = "__Host-homeward"
"""The prefix makes browsers refuse it from another host, another path, or without `Secure`."""
ID_BYTES: Final = 32
IDLE_S: Final = 30 * 60
"""A shared computer in an office is left standing for half an hour at most."""
LIFETIME_S: Final = 12 * 60 * 60
"""One long shift, as for tokens."""
SEEN_S: Final = 10
"""An input is written down when none was for so long: a page of a busy officer costs no write."""
MAX_SESSIONS: Final = 5_000
"""Above all offices of the country at once; the one unused longest goes first."""
SIGN_INS_A_MINUTE: Final = 1_200
"""The whole country within some minutes of a morning; above it somebody makes sessions to push others out."""
FORM_S: Final = LIFETIME_S


class SessionsAway(Exception):
    """The database of the sessions does not answer: nobody can be known at the moment."""


class TooManySignIns(Exception):
    """More people sign in at once than there are."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Tokens of an identity provider. `expires_s`: when the access token ends. `refresh`: empty when there is none."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_s: float


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One browser in which somebody acts for an office. `subject`: the account, by the name that tokens give it."""

    id: bytes = field(repr=False)
    office_id: str
    subject: str
    began_s: float
    seen_s: float
    granted: Granted | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A session as it is kept."""

    id: bytes
    sealed: bytes = field(repr=False)
    seen_s: float


class SessionStore(Protocol):
    """Where sessions are kept. Every method raises SessionsAway."""

    async def add(self, row: Row, *, ended_s: float, most: int) -> None:
        """Keep a session; those not seen since `ended_s` go, and the oldest ones above `most`."""

    async def find(self, id: bytes) -> Row | None:  # noqa: A002
        """By its id."""

    async def change(self, row: Row) -> None:
        """Keep what changed. Does nothing when it ended meanwhile."""

    async def remove(self, ids: Sequence[bytes]) -> None:
        """End sessions. Ids that are not known change nothing."""

    async def all(self) -> Sequence[Row]:
        """Every session."""


class Sessions:
    """What the guard asks and signing in and out changes. Every method raises SessionsAway."""

    def __init__(self, store: SessionStore, secret: Secret, now_s: Callable[[], float] = time.time) -> None:
        self._store = store
        self._secret = secret
        self._now_s = now_s
        self._begun_s: deque[float] = deque(maxlen=SIGN_INS_A_MINUTE)

    async def begin(self, office_id: str, subject: str, granted: Granted | None = None) -> str:
        """A new session; returns the id for the cookie, which is kept nowhere here. Raises TooManySignIns."""
        key, now_s = secrets.token_urlsafe(ID_BYTES), self._now_s()
        if len(self._begun_s) == SIGN_INS_A_MINUTE and now_s - self._begun_s[0] < 60:
            raise TooManySignIns
        self._begun_s.append(now_s)
        session = SignedIn(_hash(key), office_id, subject, now_s, now_s, granted)
        await self._store.add(self._row(session), ended_s=now_s - IDLE_S, most=MAX_SESSIONS)
        return key

    async def find(self, key: str, *, active: bool = True) -> SignedIn | None:
        """The session of a cookie; None when it ended. `active`: somebody did something, so it is extended."""
        row = await self._store.find(_hash(key)) if key else None
        found = self._opened(row) if row is not None else None
        if found is None:
            return None
        now_s = self._now_s()
        if self._has_ended(found):
            await self._store.remove([found.id])
            return None
        if active and now_s - found.seen_s > SEEN_S:
            found = replace(found, seen_s=now_s)
            await self._store.change(self._row(found))
        return found

    async def again(self, session: SignedIn) -> SignedIn | None:
        """A session as it is kept now; None when it ended."""
        row = await self._store.find(session.id)
        return self._opened(row) if row is not None else None

    async def end(self, key: str) -> None:
        """Sign out. An id that is not known changes nothing."""
        await self._store.remove([_hash(key)])

    async def renew(self, session: SignedIn, granted: Granted) -> SignedIn:
        """The same session with new tokens."""
        renewed = replace(session, granted=granted)
        await self._store.change(self._row(renewed))
        return renewed

    async def of(self, office_id: str, subject: str = "") -> list[SignedIn]:
        """Sessions in which somebody, or an account, acts for an office; the one used last is first."""
        # Whose a session is, is sealed as well: few enough are open that all may be opened.
        opened = [self._opened(row) for row in await self._store.all()]
        found = [
            each
            for each in opened
            if each is not None
            and not self._has_ended(each)
            and each.office_id == office_id
            and subject in ("", each.subject)
        ]
        return sorted(found, key=lambda each: each.seen_s, reverse=True)

    async def end_all(self, ended: Sequence[SignedIn]) -> None:
        """End these."""
        await self._store.remove([each.id for each in ended])

    def form_token(self, session: SignedIn) -> str:
        """For each form, so that no other page can send one.

        It is of the account and the office, so a form still stands after its officer signed in anew, and no other's.
        """
        when = f"{int(self._now_s()):x}"
        return f"{when}.{self._secret.signed(_form(session, when))}"

    def fits(self, session: SignedIn, given: str) -> bool:
        """Whether a form came from a page of this officer, within a shift."""
        when, _dot, signature = given.partition(".")
        if not hmac.compare_digest(self._secret.signed(_form(session, when)).encode(), signature.encode()):
            return False
        return self._now_s() - int(when, 16) <= FORM_S

    def _has_ended(self, session: SignedIn) -> bool:
        now_s = self._now_s()
        return now_s - session.seen_s > IDLE_S or now_s - session.began_s > LIFETIME_S

    def _row(self, session: SignedIn) -> Row:
        what: dict[str, Any] = {
            "office": session.office_id,
            "subject": session.subject,
            "began": session.began_s,
            "granted": None if session.granted is None else asdict(session.granted),
        }
        return Row(session.id, self._secret.seal(json.dumps(what).encode(), session.id), session.seen_s)

    def _opened(self, row: Row) -> SignedIn | None:
        """None for one that another secret sealed."""
        try:
            what: dict[str, Any] = json.loads(self._secret.open(row.sealed, row.id))
        except SealBroken:
            return None
        granted = Granted(**what["granted"]) if what["granted"] else None
        return SignedIn(row.id, what["office"], what["subject"], what["began"], row.seen_s, granted)


def _form(session: SignedIn, when: str) -> str:
    return f"{session.office_id}|{session.subject}|{when}"


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
