"""Offices at their desks: calls the four services as any office, with a token of the built-in issuer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date, datetime
from types import TracebackType
from typing import Any, Self

from homeward.followup.v1 import followup_pb2_grpc
from homeward.handover.v1 import handover_pb2_grpc
from homeward.intake.v1 import intake_pb2_grpc
from homeward.notify.v1 import notify_pb2_grpc
from services.chassis.calls.client import Client
from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import Directory, built_in_directory
from services.chassis.kernel.roles import OWN, Role
from services.chassis.kernel.texts import Language

TOKEN_LIFETIME_S = 3_600

_STUBS: Mapping[str, Callable[[Any], Any]] = {
    "intake": intake_pb2_grpc.IntakeServiceStub,
    "handover": handover_pb2_grpc.HandoverServiceStub,
    "followup": followup_pb2_grpc.FollowUpServiceStub,
    "notify": notify_pb2_grpc.NotifyServiceStub,
}
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
    """Synchronous stubs by service and office; use it in a `with`."""

    def __init__(self, addresses: Mapping[str, str], issuer: TokenIssuer, language: Language = "en") -> None:
        self._addresses = addresses
        self._issuer = issuer
        self._language: Language = language
        self._directory = built_in_directory()
        self._stubs: dict[tuple[str, str], Any] = {}
        self._open = ExitStack()

    def intake(self, office_id: str) -> intake_pb2_grpc.IntakeServiceStub:
        """Intake, as this office."""
        stub: intake_pb2_grpc.IntakeServiceStub = self._stub("intake", office_id)
        return stub

    def handover(self, office_id: str) -> handover_pb2_grpc.HandoverServiceStub:
        """Handover, as this office."""
        stub: handover_pb2_grpc.HandoverServiceStub = self._stub("handover", office_id)
        return stub

    def followup(self, office_id: str) -> followup_pb2_grpc.FollowUpServiceStub:
        """Followup, as this office."""
        stub: followup_pb2_grpc.FollowUpServiceStub = self._stub("followup", office_id)
        return stub

    def notify(self, office_id: str) -> notify_pb2_grpc.NotifyServiceStub:
        """Notify, as this office."""
        stub: notify_pb2_grpc.NotifyServiceStub = self._stub("notify", office_id)
        return stub

    def _stub(self, service: str, office_id: str) -> Any:
        key = service, office_id
        if key not in self._stubs:
            client = Client(
                self._addresses[service],
                token=lambda: token_for(self._issuer, office_id, self._directory, datetime.now().astimezone().date()),
                language=self._language,
            )
            self._stubs[key] = _STUBS[service](self._open.enter_context(client.channel()))
        return self._stubs[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()
