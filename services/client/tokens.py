"""Tokens of the built-in issuer, and what a token says."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from services.chassis.calls.security import TokenIssuer
    from services.chassis.country.directory import Directory
    from services.chassis.country.offices import Office
    from services.chassis.kernel.roles import Grade

TOKEN_ISSUER: Final = "homeward"  # noqa: S105
PLAYER: Final = "demo"
"""Who plays an office, where it needs nobody else."""
OFFICE_LIFETIME_S: Final = 1_200
"""Half of it is less than the quarter of an hour for which a sign-in is fresh: a program signs in anew each time."""


def scope_of(office: Office) -> str:
    """What the built-in issuer lets an office see beyond single cases: its province as it is today, or the country."""
    from services.chassis.calls.policy import SCOPED_ROLES
    from services.chassis.country.provinces import successor
    from services.chassis.kernel.places import NATIONAL
    from services.chassis.kernel.roles import OWN

    if office.role not in SCOPED_ROLES:
        return OWN
    return NATIONAL if office.province is None else str(successor(office.province))


def grades_of(office: Office) -> frozenset[Grade]:
    """What the built-in issuer lets somebody do inside an office: all. One machine is one person, who plays them."""
    from services.chassis.kernel.roles import Grade

    return frozenset(Grade)


def claims_of(token: str) -> Mapping[str, Any]:
    """What a token says, unchecked: the services check it. Empty for anything that is no token."""
    if not token:
        return {}
    import jwt

    try:
        claims: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return {}
    return claims


class OfficeTokens:
    """Tokens with which one program acts as any office of a directory; each is used for half of its life."""

    def __init__(
        self, issuer: TokenIssuer, directory: Directory, *, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = issuer
        self._directory = directory
        # Tokens go by real time, whatever a demonstration does to business time.
        self._now_s = now_s
        self._made: dict[tuple[str, str], tuple[str, float]] = {}

    def of(self, office_id: str, who: str = PLAYER) -> str:
        """A token of somebody at an office. Raises OfficeNotFound."""
        token, renew_s = self._made.get((office_id, who), ("", 0.0))
        if not token or self._now_s() >= renew_s:
            office = self._directory.office(office_id)
            token = self._issuer.issue(
                f"{who}@{office.id}",
                office.id,
                office.role,
                scope_of(office),
                OFFICE_LIFETIME_S,
                grades_of(office),
            )
            self._made[office_id, who] = token, self._now_s() + OFFICE_LIFETIME_S / 2
        return token
