"""The console as one thing: the door to the services, the offices, the clock, tokens and sessions."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from types import TracebackType
from typing import Final, Self

from services.chassis.calls.client import RpcFailure
from services.chassis.calls.security import TokenIssuer
from services.chassis.country.clock import clock_for
from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office
from services.chassis.country.provinces import DirectoryError
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.roles import Role
from services.client.door import AioDoor, CallPlan, Door
from services.client.offices import listed
from services.client.tokens import TOKEN_ISSUER, grades_of, scope_of
from services.console.provider import Provider, SignInEnded
from services.console.secret import Secret
from services.console.sessions import MAX_SESSIONS, Sessions, SignedIn
from services.console.settings import Settings
from services.console.storage import StoredSessions
from services.console.unsent import Unsent

CALL_S: Final = 5.0
"""For one call with its repetitions: a page rather says what is missing than waits."""
OFFICES_S: Final = 30.0
"""How old the list of offices may be; opening or ending one is an act of weeks."""
UNREAD_S: Final = 2.0
"""For so long the count of unread messages is told to all windows of an office without asking again."""
LIST_S: Final = 3.0
TOKEN_S: Final = 900
"""A token lives for a quarter of an hour, and is made anew at half of it."""


class Console:
    """What every page stands on."""

    def __init__(
        self,
        settings: Settings,
        secret: Secret,
        door: AioDoor | None = None,
        sessions: Sessions | None = None,
        provider: Provider | None = None,
    ) -> None:
        """`sessions`: kept elsewhere than in the settings' database; `provider`: reached in another way."""
        self.settings = settings
        self.secret = secret
        self.door = door or AioDoor(CallPlan(settings.addresses.__getitem__, deadline_s=CALL_S))
        self._stored = StoredSessions(settings.database_url)
        self.sessions = sessions or Sessions(self._stored, secret)
        self.unsent = Unsent()
        self.provider = provider or (Provider(settings.provider) if settings.provider else None)
        self._clock = clock_for(settings.clock_file)
        self._issuer = TokenIssuer.from_file(settings.signing_key, TOKEN_ISSUER) if settings.signing_key else None
        self._directory = Directory.load(settings.offices_file)
        self._listed_s = -OFFICES_S
        self._listing = asyncio.Lock()
        self._unread: dict[str, tuple[int | None, float]] = {}
        self._heard: dict[str, float] = {}
        self._tokens: OrderedDict[bytes, tuple[str, float]] = OrderedDict()

    async def __aenter__(self) -> Self:
        """Raises SchemaOutOfDate."""
        await self._stored.check()
        await self.door.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.door.__aexit__(kind, error, traceback)
        await self._stored.close()

    @property
    def demonstration(self) -> bool:
        """Whether an office is chosen instead of signing in."""
        return self._issuer is not None

    def now(self) -> datetime:
        """Business time."""
        return self._clock.now()

    def today(self) -> date:
        """The local day in Viet Nam."""
        return local_date(self.now())

    async def directory(self, token: str = "") -> Directory:
        """The offices as handover lists them, asked for anew after a while; the last ones while it is away.

        `token`: of somebody who is signed in with an account; without it only a demonstration can ask.
        """
        asks = bool(token) or self.demonstration
        if asks and time.monotonic() - self._listed_s > OFFICES_S and not self._listing.locked():
            async with self._listing:
                self._listed_s = time.monotonic()
                found: Directory | None = await asyncio.to_thread(self._list, token)
                self._directory = found or self._directory
        return self._directory

    def keep_offices(self) -> None:
        """Ask for no list any more: the offices known now stand."""
        self._listed_s = float("inf")

    def _list(self, token: str) -> Directory | None:
        # Whoever sees no case may look up offices, too.
        office = next(each for each in self._directory.offices() if each.role is Role.NGO)
        try:
            plan = CallPlan(
                self.settings.addresses.__getitem__, lambda: token or self._issued(office), deadline_s=LIST_S
            )
            with Door(plan) as door:
                return listed(door.stubs.directory.ListOffices, self.settings.listed_offices)
        except (RpcFailure, DirectoryError):
            return None

    async def unread(self, office: Office, ask: Callable[[], Awaitable[int | None]]) -> int | None:
        """How many messages of an office are unread, asked once for all its windows; None when that is not known."""
        count, asked_s = self._unread.get(office.id, (None, -UNREAD_S))
        if time.monotonic() - asked_s < UNREAD_S:
            return count
        self._unread[office.id] = count, time.monotonic()
        count = await ask()
        self._unread[office.id] = count, time.monotonic()
        return count

    def heard(self, service: str) -> None:
        """A service has answered just now."""
        self._heard[service] = time.monotonic()

    def heard_ago_s(self, service: str) -> float | None:
        """How long ago a service answered last; None when it has not since this console started."""
        return _ago_s(self._heard.get(service))

    def looked_ago_s(self, office: Office) -> float | None:
        """How long ago new messages of an office were counted last; None when nobody there looks."""
        count, asked_s = self._unread.get(office.id, (None, 0.0))
        return None if count is None else _ago_s(asked_s)

    async def signed_out(self, session: SignedIn) -> None:
        """Its sign-ins were ended: nobody goes on here with a token that is made anew. Raises SessionsAway."""
        self._tokens.pop(session.id, None)
        self.unsent.end(session.id)
        await self.sessions.end_all(await self.sessions.of(session.office_id, session.subject))

    async def token(self, session: SignedIn, office: Office) -> str:
        """With what a session calls the services for its office. Raises SignInEnded, ProviderAway, SessionsAway."""
        if session.granted is None:
            return self._issued(office, session)
        if self.provider is None:
            raise SignInEnded
        return await self.provider.fresh(self.sessions, session)

    def _issued(self, office: Office, session: SignedIn | None = None) -> str:
        """A token of an office from the built-in issuer, which says since when the session is signed in.

        Raises RuntimeError where there is none.
        """
        if self._issuer is None:
            raise RuntimeError("this console has no issuer of tokens")
        whose, since_s = (session.id, session.began_s) if session else (office.id.encode(), None)
        token, renew_s = self._tokens.get(whose, ("", 0.0))
        if not token or time.monotonic() >= renew_s:
            scope, grades = scope_of(office), grades_of(office)
            subject = session.subject if session else subject_of(office)
            token = self._issuer.issue(subject, office.id, office.role, scope, TOKEN_S, grades, since_s)
            self._tokens[whose] = token, time.monotonic() + TOKEN_S / 2
            if len(self._tokens) > MAX_SESSIONS:
                self._tokens.popitem(last=False)
        return token


def _ago_s(at_s: float | None) -> float | None:
    return None if at_s is None else time.monotonic() - at_s


def subject_of(office: Office, *, second: bool = False) -> str:
    """The account of everybody who chose this office in a demonstration; `second`: as another person there."""
    return f"{'second' if second else 'console'}@{office.id}"
