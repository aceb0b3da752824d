"""The contracts as tests need them: what changes something; and one that no service has, or must not have."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf import descriptor_pb2, descriptor_pool, wrappers_pb2
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor, ServiceDescriptor

from homeward.type.v1 import options_pb2
from services.client.contracts import CONTRACTS

MUTATIONS: Mapping[str, tuple[MethodDescriptor, ...]] = {
    service: tuple(
        method
        for contract in contracts
        for method in contract.methods
        # What asks for the answer to a request id changes nothing.
        if "request_id" in method.input_type.fields_by_name and method.name != "GetReceipt"
    )
    for service, contracts in CONTRACTS.items()
}
"""The methods of each service that change something: all that take a request id."""

_COUNT = f".{wrappers_pb2.Int32Value.DESCRIPTOR.full_name}"


def _described() -> FileDescriptor:
    file = descriptor_pb2.FileDescriptorProto(
        name="homeward/tests/v1/counting.proto",
        package="homeward.tests.v1",
        syntax="proto3",
        dependency=[wrappers_pb2.DESCRIPTOR.name, options_pb2.DESCRIPTOR.name],
    )
    service = file.service.add(name="CountingService")
    agency = options_pb2.Callers(roles=[options_pb2.ROLE_SUPPORT_AGENCY], scoped=[options_pb2.ROLE_SUPERVISOR])
    for name, client_streams, server_streams, callers in (
        ("Double", False, False, agency),
        ("CountTo", False, True, agency),
        ("Sum", True, False, agency),
        ("Running", True, True, agency),
        ("Forgotten", False, False, None),
        ("Nobody", False, False, options_pb2.Callers()),
    ):
        method = service.method.add(
            name=name,
            input_type=_COUNT,
            output_type=_COUNT,
            client_streaming=client_streams,
            server_streaming=server_streams,
        )
        if callers is not None:
            method.options.Extensions[options_pb2.callers].CopyFrom(callers)
    # Written and read, so that the option arrives as it does in generated code.
    described: FileDescriptor = descriptor_pool.Default().AddSerializedFile(file.SerializeToString())
    return described


COUNTING: FileDescriptor = _described()
"""CountingService: a method of each kind, for SUPPORT_AGENCY and SUPERVISOR; Forgotten has no callers, Nobody none."""
COUNTING_SERVICE: ServiceDescriptor = COUNTING.services_by_name["CountingService"]


def counting(name: str) -> MethodDescriptor:
    """A method of it."""
    return COUNTING_SERVICE.methods_by_name[name]
