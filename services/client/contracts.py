"""The contracts that each service serves, for whoever asks what there is to call: a check, a front with its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from google.protobuf.descriptor import FileDescriptor, ServiceDescriptor

from homeward.followup.v1 import (
    care_pb2,
    contacts_pb2,
    entries_pb2,
    home_safety_pb2,
    oversight_pb2,
    steps_pb2,
    visits_pb2,
)
from homeward.handover.v1 import (
    accountable_pb2,
    approvals_pb2,
    claims_pb2,
    closing_pb2,
    custody_pb2,
    directory_pb2,
    journeys_pb2,
    open_cases_pb2,
    returns_pb2,
    searches_pb2,
    sessions_pb2,
    stays_pb2,
    transfers_pb2,
)
from homeward.intake.v1 import (
    break_glass_pb2,
    consents_pb2,
    family_pb2,
    handovers_pb2,
    identification_pb2,
    legal_steps_pb2,
    reading_pb2,
    submissions_pb2,
)
from homeward.notify.v1 import inbox_pb2
from homeward.office.v1 import acts_pb2, office_end_pb2


def _services(*files: FileDescriptor) -> tuple[ServiceDescriptor, ...]:
    return tuple(service for file in files for service in file.services_by_name.values())


CONTRACTS: Final[Mapping[str, tuple[ServiceDescriptor, ...]]] = MappingProxyType(
    {
        "intake": _services(
            submissions_pb2.DESCRIPTOR,
            identification_pb2.DESCRIPTOR,
            legal_steps_pb2.DESCRIPTOR,
            family_pb2.DESCRIPTOR,
            handovers_pb2.DESCRIPTOR,
            break_glass_pb2.DESCRIPTOR,
            consents_pb2.DESCRIPTOR,
            reading_pb2.DESCRIPTOR,
            office_end_pb2.DESCRIPTOR,
            acts_pb2.DESCRIPTOR,
        ),
        "handover": _services(
            transfers_pb2.DESCRIPTOR,
            journeys_pb2.DESCRIPTOR,
            stays_pb2.DESCRIPTOR,
            open_cases_pb2.DESCRIPTOR,
            searches_pb2.DESCRIPTOR,
            claims_pb2.DESCRIPTOR,
            returns_pb2.DESCRIPTOR,
            custody_pb2.DESCRIPTOR,
            closing_pb2.DESCRIPTOR,
            accountable_pb2.DESCRIPTOR,
            directory_pb2.DESCRIPTOR,
            approvals_pb2.DESCRIPTOR,
            sessions_pb2.DESCRIPTOR,
            office_end_pb2.DESCRIPTOR,
            acts_pb2.DESCRIPTOR,
        ),
        "followup": _services(
            visits_pb2.DESCRIPTOR,
            contacts_pb2.DESCRIPTOR,
            care_pb2.DESCRIPTOR,
            home_safety_pb2.DESCRIPTOR,
            entries_pb2.DESCRIPTOR,
            steps_pb2.DESCRIPTOR,
            oversight_pb2.DESCRIPTOR,
            office_end_pb2.DESCRIPTOR,
            acts_pb2.DESCRIPTOR,
        ),
        "notify": _services(inbox_pb2.DESCRIPTOR, office_end_pb2.DESCRIPTOR, acts_pb2.DESCRIPTOR),
    }
)
"""The gRPC services by the service that serves them."""
