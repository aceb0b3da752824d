"""Claims that somebody was found. Proto in, command, proto out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homeward.handover.v1 import claims_pb2, claims_pb2_grpc
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.pages import Pages
from services.chassis.calls.security import current_call
from services.chassis.events.units import UnitOfWork, Units
from services.handover.api.requests import Context, read_at
from services.handover.application import claims
from services.handover.application.desk import Ports
from services.handover.domain.reading import Page
from services.handover.wire import answers


class ClaimServicer(claims_pb2_grpc.ClaimServiceServicer):
    """What an office calls that is said to have somebody."""

    def __init__(self, units: Units, ports: Ports, digest_key: bytes) -> None:
        self._units = units
        self._ports = ports
        self._answers = Answers(units, digest_key)
        self._pages = Pages(digest_key)

    async def ListClaims(  # noqa: N802
        self, request: claims_pb2.ListClaimsRequest, context: Context
    ) -> claims_pb2.ListClaimsResponse:
        """See the contract."""
        fields, caller = Fields(), current_call().caller
        size = fields.page_size(request.page_size)
        fields.done()
        page = self._pages.page(caller, "claims", size, request.page_token)
        wanted = Page(page.limit, page.start(datetime.fromisoformat, UUID))
        rows, now = await read_at(self._units, lambda uow: claims.list_claims(uow, self._ports, caller, wanted))
        given, token = page.cut(rows, lambda row: (row.search.opened_at, row.search.id))
        return claims_pb2.ListClaimsResponse(
            searches=[answers.search(row, now) for row in given], next_page_token=token
        )

    async def ConfirmFound(  # noqa: N802
        self, request: claims_pb2.ConfirmFoundRequest, context: Context
    ) -> claims_pb2.ConfirmFoundResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = claims.ConfirmFound(
            case=fields.case(request.case), version=fields.version(request.etag), since_on=fields.day("on", request.on)
        )
        fields.done()

        async def work(uow: UnitOfWork) -> claims_pb2.ConfirmFoundResponse:
            found, shown = await claims.confirm_found(uow, self._ports, asked.caller, command)
            return claims_pb2.ConfirmFoundResponse(
                search=answers.search(found, uow.now), custody=answers.custody(shown)
            )

        return await self._answers.once(asked, claims_pb2.ConfirmFoundResponse, work)

    async def DenyFound(  # noqa: N802
        self, request: claims_pb2.DenyFoundRequest, context: Context
    ) -> claims_pb2.DenyFoundResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = claims.DenyFound(case=fields.case(request.case), version=fields.version(request.etag))
        fields.done()

        async def work(uow: UnitOfWork) -> claims_pb2.DenyFoundResponse:
            await claims.deny_found(uow, self._ports, asked.caller, command)
            return claims_pb2.DenyFoundResponse()

        return await self._answers.once(asked, claims_pb2.DenyFoundResponse, work)

    async def WithdrawClaim(  # noqa: N802
        self, request: claims_pb2.WithdrawClaimRequest, context: Context
    ) -> claims_pb2.WithdrawClaimResponse:
        """See the contract."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        command = claims.WithdrawClaim(case=fields.case(request.case), version=fields.version(request.etag))
        fields.done()

        async def work(uow: UnitOfWork) -> claims_pb2.WithdrawClaimResponse:
            found = await claims.withdraw_claim(uow, self._ports, asked.caller, command)
            return claims_pb2.WithdrawClaimResponse(search=answers.search(found, uow.now))

        return await self._answers.once(asked, claims_pb2.WithdrawClaimResponse, work)
