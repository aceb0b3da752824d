"""The doors to the services: one plan of a call, with an event loop and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest

from homeward.handover.v1 import custody_pb2
from services.chassis.calls.client import ClientTls
from services.client.door import AioDoor, CallPlan, Door

LOCAL = "127.0.0.1:9"
FAR = "homeward.example:443"
CA = ClientTls(ca=Path("ca.pem"))


def who_asks(_: custody_pb2.GetCustodyRequest, context: grpc.ServicerContext) -> custody_pb2.GetCustodyResponse:
    """With which token, and in which language."""
    told = dict(context.invocation_metadata())
    said = " ".join(str(told.get(name)) for name in ("authorization", "accept-language"))
    return custody_pb2.GetCustodyResponse(custody=custody_pb2.Custody(case_id=said))


@pytest.fixture
def address() -> Iterator[Callable[[str], str]]:
    handler = grpc.unary_unary_rpc_method_handler(
        who_asks,
        request_deserializer=custody_pb2.GetCustodyRequest.FromString,
        response_serializer=custody_pb2.GetCustodyResponse.SerializeToString,
    )
    name = custody_pb2.DESCRIPTOR.services_by_name["CustodyService"].full_name
    server = grpc.server(
        ThreadPoolExecutor(2), handlers=[grpc.method_handlers_generic_handler(name, {"GetCustody": handler})]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield lambda service: {"handover": f"127.0.0.1:{port}"}[service]
    server.stop(None)


@pytest.mark.parametrize(
    ("where", "certificates", "encrypted"),
    [(LOCAL, ClientTls(), False), (LOCAL, CA, True), (FAR, ClientTls(), True), (FAR, CA, True)],
)
def test_what_leaves_the_machine_is_encrypted(where: str, certificates: ClientTls, encrypted: bool) -> None:
    plan = CallPlan(lambda _: where, lambda: "token", certificates=certificates)
    assert plan.client("intake").tls == (certificates if encrypted else None)


def test_a_missing_token_is_told_before_the_channel_is_opened() -> None:
    def no_token() -> str:
        raise LookupError("nobody")

    with Door(CallPlan(lambda _: LOCAL, no_token)) as door, pytest.raises(LookupError):
        _ = door.stubs.custody


def test_a_door_calls_as_one_office_with_the_token_of_that_moment(address: Callable[[str], str]) -> None:
    tokens = iter(("at opening", "first", "second"))
    with Door(CallPlan(address, lambda: next(tokens), "vi")) as door:
        said = [door.stubs.custody.GetCustody(custody_pb2.GetCustodyRequest()).custody.case_id for _ in range(2)]
    assert said == ["Bearer first vi", "Bearer second vi"]


async def test_many_share_the_channels_of_an_asynchronous_door(address: Callable[[str], str]) -> None:
    async with AioDoor(CallPlan(address)) as door:
        method, request = door.stubs.custody.GetCustody, custody_pb2.GetCustodyRequest()
        first = await door.ask(method, request, token="a", language="vi")
        second = await door.ask(method, request, token="b")
    assert (first.custody.case_id, second.custody.case_id) == ("Bearer a vi", "Bearer b en")
