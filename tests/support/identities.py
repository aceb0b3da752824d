"""Tokens of a test issuer for the offices of the directory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from services.chassis.calls.security import TokenIssuer, write_jwks
from services.chassis.country.directory import built_in_directory
from services.chassis.country.offices import Office
from services.chassis.kernel.places import NATIONAL
from services.chassis.kernel.roles import OWN, Caller, Grade, Role
from services.chassis.storage.key_files import create_signing_key

TEST_ISSUER = "https://issuer.homeward.test"


def officer_of(office_id: str) -> str:
    """The one person at an office whom tests know: another one at each, as in life."""
    return f"tester@{office_id}"


class Identities:
    """An issuer with a key of its own, and the file with its public key."""

    def __init__(self, folder: Path) -> None:
        key = folder / "issuer.pem"
        create_signing_key(key)
        self._issuer = TokenIssuer.from_file(key, TEST_ISSUER)
        self.jwks = folder / "jwks.json"
        write_jwks(self.jwks, self._issuer.public_key)

    def token_for(
        self,
        office_id: str,
        *,
        subject: str | None = None,
        scope: str | None = None,
        grades: Iterable[Grade] = tuple(Grade),
    ) -> str:
        """A token of somebody at this office of the directory, with all grades."""
        caller = caller_for(office_id, subject=subject, scope=scope)
        return self._issuer.issue(caller.subject, caller.office_id, caller.role, caller.scope, grades=grades)


def caller_for(office_id: str, *, subject: str | None = None, scope: str | None = None) -> Caller:
    """Who that somebody is, with all grades; a supervisor's scope is its province, or the nation."""
    office = built_in_directory().office(office_id)
    grades = frozenset(Grade)
    return Caller(subject or officer_of(office_id), office.id, office.role, scope or _scope_of(office), grades)


def _scope_of(office: Office) -> str:
    if office.role is not Role.SUPERVISOR:
        return OWN
    return NATIONAL if office.province is None else str(office.province)


def call_metadata(token: str, language: str = "en") -> tuple[tuple[str, str], ...]:
    """The metadata of a call with this token."""
    return (("authorization", f"Bearer {token}"), ("accept-language", language))
