"""Calls as any office of one machine, with a token of the built-in issuer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Self

from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import built_in_directory
from services.chassis.kernel.texts import Language
from services.client.door import CallPlan, Door
from services.client.stubs import Stubs
from services.client.tokens import PLAYER, OfficeTokens


class OfficeCalls:
    """Stubs of the services by office; use it in a `with`."""

    def __init__(self, addresses: Mapping[str, str], issuer: TokenIssuer, language: Language = "en") -> None:
        self._addresses = addresses
        self._tokens = OfficeTokens(issuer, built_in_directory())
        self._language: Language = language
        self._doors: dict[tuple[str, str], Door] = {}
        self._open = ExitStack()

    def at(self, office_id: str, who: str = PLAYER) -> Stubs:
        """The services, as somebody at this office calls them."""
        if (office_id, who) not in self._doors:
            plan = CallPlan(self._addresses.__getitem__, partial(self._tokens.of, office_id, who), self._language)
            self._doors[office_id, who] = self._open.enter_context(Door(plan))
        return self._doors[office_id, who].stubs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()
