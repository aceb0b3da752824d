"""Offices at their desks: calls the four services as any office, with a token of the built-in issuer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

from services.chassis.calls.client import Client
from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import Directory, built_in_directory
from services.chassis.kernel.roles import OWN, Role
from services.chassis.kernel.texts import Language
from services.client.stubs import Stubs

TOKEN_LIFETIME_S = 3_600

_PROVINCE_WIDE = frozenset({Role.SUPERVISOR, Role.VERIFIER})


def scope_of(office_id: str, directory: Directory, on: date) -> str:
    """The scope of an office's token: a supervisor and a verifier see their province, or the whole country."""
    office = directory.office(office_id)
    if office.role not in _PROVINCE_WIDE:
        return OWN
    province = directory.province_of(office, on)
    return "national" if province is None else str(province)


def token_for(issuer: TokenIssuer, office_id: str, directory: Directory, on: date) -> str:
    """A token with which somebody acts as that office for an hour."""
    office = directory.office(office_id)
    return issuer.issue(
        subject=f"demo@{office_id}",
        office_id=office_id,
        role=office.role,
        scope=scope_of(office_id, directory, on),
        lifetime_s=TOKEN_LIFETIME_S,
    )


class Desks:
    """Synchronous stubs by office; use it in a `with`."""

    def __init__(self, addresses: Mapping[str, str], issuer: TokenIssuer, language: Language = "en") -> None:
        self._addresses = addresses
        self._issuer = issuer
        self._language: Language = language
        self._directory = built_in_directory()
        self._stubs: dict[str, Stubs] = {}
        self._open = ExitStack()

    def at(self, office_id: str) -> Stubs:
        """The services, as this office calls them."""
        if office_id not in self._stubs:
            self._stubs[office_id] = Stubs(lambda service: self._channel(service, office_id))
        return self._stubs[office_id]

    def _channel(self, service: str, office_id: str) -> Any:
        client = Client(
            self._addresses[service],
            token=lambda: token_for(self._issuer, office_id, self._directory, datetime.now().astimezone().date()),
            language=self._language,
        )
        return self._open.enter_context(client.channel())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()
