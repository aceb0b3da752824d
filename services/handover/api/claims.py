"""Claims that somebody was found. Proto in, command, proto out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homeward.handover.v1 import claims_pb2, claims_pb2_grpc
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.handover.api.requests import Context, read_at
from services.handover.api.verbs import Verbs
from services.handover.application import claims
from services.handover.domain.reading import Page
from services.handover.wire import answers


class ClaimServicer(Verbs, claims_pb2_grpc.ClaimServiceServicer):
    """What an office calls that is said to have somebody."""

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

        def read(fields: Fields) -> claims.ConfirmFound:
            return claims.ConfirmFound(
                case=fields.case(request.case),
                version=fields.version(request.etag),
                since_on=fields.day("on", request.on),
            )

        return await self.carried_out(
            request,
            claims_pb2.ConfirmFoundResponse,
            read,
            claims.confirm_found,
            lambda both, now: claims_pb2.ConfirmFoundResponse(
                search=answers.search(both[0], now), custody=answers.custody(both[1])
            ),
        )

    async def DenyFound(  # noqa: N802
        self, request: claims_pb2.DenyFoundRequest, context: Context
    ) -> claims_pb2.DenyFoundResponse:
        """See the contract."""

        def read(fields: Fields) -> claims.DenyFound:
            return claims.DenyFound(case=fields.case(request.case), version=fields.version(request.etag))

        return await self.carried_out(
            request,
            claims_pb2.DenyFoundResponse,
            read,
            claims.deny_found,
            lambda _done, _now: claims_pb2.DenyFoundResponse(),
        )

    async def WithdrawClaim(  # noqa: N802
        self, request: claims_pb2.WithdrawClaimRequest, context: Context
    ) -> claims_pb2.WithdrawClaimResponse:
        """See the contract."""

        def read(fields: Fields) -> claims.WithdrawClaim:
            return claims.WithdrawClaim(case=fields.case(request.case), version=fields.version(request.etag))

        return await self.carried_out(
            request,
            claims_pb2.WithdrawClaimResponse,
            read,
            claims.withdraw_claim,
            lambda found, now: claims_pb2.WithdrawClaimResponse(search=answers.search(found, now)),
        )
