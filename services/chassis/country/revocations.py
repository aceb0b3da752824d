"""Sign-ins that were ended before their time: which tokens count no more, though their signature is good.

An account is kept as a digest: it may be a person's name, and this is known in every service.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.chassis.kernel.errors import ErrorKind, HomewardError
from services.chassis.kernel.roles import Caller, account_of
from services.chassis.kernel.words import Whose

KEPT_H: Final = 14
"""No token lives longer; what was ended before that has expired by itself."""


class SessionRevoked(HomewardError):
    """Your sign-in was ended by the administrators; sign in again, or ask them why."""

    kind = ErrorKind.UNAUTHENTICATED


@dataclass(frozen=True, slots=True)
class Revocation:
    """`named`: the digest of an account, an office's id, or a token's; `not_before`: real time."""

    id: UUID
    whose: Whose
    named: str
    not_before: datetime


class Revocations:
    """What holds in this process: the same object all along, which follows the changes."""

    __slots__ = ("_until_s",)

    def __init__(self, revoked: Iterable[Revocation] = ()) -> None:
        self._until_s: dict[tuple[Whose, str], float] = {}
        self.show(revoked)

    def show(self, revoked: Iterable[Revocation]) -> None:
        """Know these from now on, and no others."""
        until_s: dict[tuple[Whose, str], float] = {}
        for each in revoked:
            key = each.whose, each.named
            until_s[key] = max(until_s.get(key, 0.0), each.not_before.timestamp())
        self._until_s = until_s

    def refuse(self, caller: Caller) -> None:
        """Raise SessionRevoked when the caller's token was made until a revocation that names it.

        Tokens tell their time in whole seconds: one of the very second of a revocation counts as made before.
        """
        if not self._until_s:
            return
        for whose, named in (
            (Whose.SUBJECT, subject_digest(caller.subject)),
            (Whose.OFFICE, caller.office_id),
            (Whose.TOKEN, caller.token_id),
        ):
            if caller.issued_at_s <= self._until_s.get((whose, named), -1.0):
                raise SessionRevoked


def subject_digest(subject: str) -> str:
    """An account as it is kept: SHA-256 in hex."""
    return hashlib.sha256(subject.encode()).hexdigest()


def account_digest(subject: str) -> str:
    """The same for every spelling of an account, to tell whether it is one person."""
    return subject_digest(account_of(subject))
