"""What the gRPC server and its clients must agree on: metadata, limits, the form of a refusal."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, LocalizedMessage  # type: ignore[import-untyped,unused-ignore]
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped,unused-ignore]

from services.chassis.kernel.texts import Language

AUTHORIZATION: Final = "authorization"
BEARER: Final = "Bearer "
CORRELATION_ID: Final = "x-correlation-id"
TRACEPARENT: Final = "traceparent"
ACCEPT_LANGUAGE: Final = "accept-language"

ERROR_DOMAIN: Final = "homeward"
DEFAULT_LANGUAGE: Final[Language] = "en"

MAX_MESSAGE_BYTES: Final = 4 * 1024 * 1024
MAX_STATUS_BYTES: Final = 64 * 1024
"""A refused batch lists every violation, in two languages; what does not fit is left out."""
MAX_METADATA_BYTES: Final = 2 * MAX_STATUS_BYTES
"""What a client must be ready to take: base64 and headers come on top of the status."""
KEEPALIVE_TIME_MS: Final = 30_000
KEEPALIVE_TIMEOUT_MS: Final = 10_000
MIN_PING_INTERVAL_MS: Final = 10_000
"""A server cuts off clients that ping more often; ours ping every KEEPALIVE_TIME_MS."""

Options = tuple[tuple[str, int], ...]

COMMON_OPTIONS: Final[Options] = (
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", KEEPALIVE_TIME_MS),
    ("grpc.keepalive_timeout_ms", KEEPALIVE_TIMEOUT_MS),
)

# Hex and dashes only: a correlation id reaches logs and events, so a name must not fit into it.
_CORRELATION_ID = re.compile(r"[0-9a-fA-F-]{8,64}")
_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_ROW_FIELD = re.compile(r"rows\[([1-9][0-9]*)\]\.(.*)")


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with one field, as it travels.

    `row` counts from 1, None when the field belongs to the whole request; `description` is
    English, `message` in the reader's language.
    """

    row: int | None
    field: str
    code: str
    description: str
    message: str


def valid_correlation_id(text: str) -> bool:
    """Whether a correlation id may be taken over from a caller."""
    return _CORRELATION_ID.fullmatch(text) is not None


def valid_traceparent(text: str) -> bool:
    """Whether a W3C trace context may be taken over from a caller."""
    return _TRACEPARENT.fullmatch(text) is not None


def choose_language(accept_language: str) -> Language:
    """The first language of an Accept-Language value that we speak, English by default."""
    known: tuple[Language, ...] = get_args(Language)
    for wish in accept_language.split(","):
        tag = wish.partition(";")[0].strip().lower().partition("-")[0]
        for language in known:
            if tag == language:
                return language
    return DEFAULT_LANGUAGE


def is_loopback(host: str) -> bool:
    """Whether a host name or address never leaves this machine."""
    if host == "localhost" or host.startswith("unix:"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def field_path(row: int | None, field: str) -> str:
    """`rows[3].birth_date`; the field alone when there is no row."""
    return field if row is None else f"rows[{row}].{field}"


def parse_field_path(path: str) -> tuple[int | None, str]:
    """The row and the field that `field_path` was made from."""
    match = _ROW_FIELD.fullmatch(path)
    return (int(match[1]), match[2]) if match else (None, path)


def encode_status(
    code: grpc.StatusCode,
    reason: str,
    description: str,
    message: str,
    language: Language,
    details: Mapping[str, str],
    violations: Iterable[Violation] = (),
) -> Status:
    """A refusal as `google.rpc.Status`; `description` is English, `message` in `language`.

    Violations beyond MAX_STATUS_BYTES are left out, the last ones first.
    """
    status = Status(
        code=code.value[0],
        message=description,
        details=[
            _packed(ErrorInfo(reason=reason, domain=ERROR_DOMAIN, metadata=dict(details))),
            _packed(LocalizedMessage(locale=language, message=message)),
        ],
    )
    bad_request = BadRequest()
    room = MAX_STATUS_BYTES - status.ByteSize()
    for violation in violations:
        encoded = _encode_violation(violation, language)
        # Tag and length of the entry, and of the list itself.
        room -= encoded.ByteSize() + 8
        if room < 0:
            break
        bad_request.field_violations.append(encoded)
    if bad_request.field_violations:
        status.details.append(_packed(bad_request))
    return status


def decode_status(
    status: Status,
) -> tuple[str, str, Mapping[str, str], tuple[Violation, ...]]:
    """Reason, message in the reader's language, details and violations of a refusal."""
    reason, metadata, message = "", {}, status.message
    violations: list[Violation] = []
    for detail in status.details:
        info, localized, bad_request = ErrorInfo(), LocalizedMessage(), BadRequest()
        if detail.Unpack(info):
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(localized):
            message = localized.message
        elif detail.Unpack(bad_request):
            violations.extend(map(_decode_violation, bad_request.field_violations))
    return reason, message, metadata, tuple(violations)


def _encode_violation(violation: Violation, language: Language) -> BadRequest.FieldViolation:
    encoded = BadRequest.FieldViolation(
        field=field_path(violation.row, violation.field),
        reason=violation.code,
        description=violation.description,
    )
    if violation.message != violation.description:
        encoded.localized_message.CopyFrom(LocalizedMessage(locale=language, message=violation.message))
    return encoded


def _decode_violation(encoded: BadRequest.FieldViolation) -> Violation:
    row, field = parse_field_path(encoded.field)
    message = encoded.localized_message.message or encoded.description
    return Violation(row, field, encoded.reason, encoded.description, message)


def _packed(message: Any) -> AnyMessage:
    packed = AnyMessage()
    packed.Pack(message)
    return packed
