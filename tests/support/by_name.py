"""Calls by the name of their method, for what was kept as data."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from services.client.contracts import CONTRACTS
from services.client.stubs import Stubs

_CAPABILITIES = [name for name, each in vars(Stubs).items() if isinstance(each, cached_property)]
_METHODS: dict[str, MethodDescriptor] = {
    method.name: method for services in CONTRACTS.values() for service in services for method in service.methods
}


def request_of(method: str) -> Message:
    """An empty request of a method."""
    found: Message = GetMessageClass(_METHODS[method].input_type)()
    return found


def call(stubs: Stubs, method: str, request: Message) -> Message:
    """Call the one method of this name."""
    (stub,) = (stub for name in _CAPABILITIES if hasattr(stub := getattr(stubs, name), method))
    answer: Any = getattr(stub, method)(request)
    found: Message = answer
    return found
