"""Lists by the page: how many rows, and an opaque token that says where the next page begins.

Keyset pagination: the token holds the sort key of the last row of a page, so a page costs the same
however deep it lies, and rows that come and go meanwhile neither repeat nor hide others. The
token is bound to the filters (put the caller's office and scope among them) and to the service
by an HMAC: it cannot be made by hand, nor carried over to another list, office or service.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

from services.chassis.kernel.errors import BadPageToken, FieldViolation, InvalidInput
from services.chassis.kernel.roles import Caller

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

DEFAULT_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 200
MAX_TOKEN_CHARS: Final = 2_048
"""Ours have some 150; a longer one is refused before anything is decoded."""
_MAC_BYTES: Final = 16

Row = TypeVar("Row")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


def page_size_of(requested: int) -> int:
    """How many rows to give: 0 means the default, more than the maximum means the maximum.

    Raises InvalidInput on the field `page_size` when it is negative.
    """
    if requested < 0:
        raise InvalidInput([FieldViolation(None, "page_size", "TOO_SMALL", {"limit": "0"})])
    return min(requested or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list as it was asked for; `after` is the sort key of the last row of the page before, as JSON."""

    size: int
    after: Sequence[Any] | None
    filters: Mapping[str, object] = field(repr=False)
    key: bytes = field(repr=False)

    @property
    def limit(self) -> int:
        """So many rows are to be read: one more than is given says whether there is a next page."""
        return self.size + 1

    @overload
    def start(self, read: Callable[[Any], A], /) -> tuple[A] | None: ...
    @overload
    def start(self, read: Callable[[Any], A], second: Callable[[Any], B], /) -> tuple[A, B] | None: ...
    @overload
    def start(
        self, read: Callable[[Any], A], second: Callable[[Any], B], third: Callable[[Any], C], /
    ) -> tuple[A, B, C] | None: ...
    def start(self, *read: Callable[[Any], Any]) -> tuple[Any, ...] | None:
        """The sort key behind which the page begins, its parts read from JSON; None for the first page.

        Raises BadPageToken when the parts are others.
        """
        if self.after is None:
            return None
        try:
            return tuple(one(part) for one, part in zip(read, self.after, strict=True))
        except (TypeError, ValueError):
            raise BadPageToken from None

    def cut(self, rows: Sequence[Row], sort_key: Callable[[Row], Sequence[object]]) -> tuple[Sequence[Row], str]:
        """Of at most `limit` rows those of this page, and the token of the next one, empty when there is none."""
        if len(rows) <= self.size:
            return rows, ""
        given = rows[: self.size]
        return given, encode_token(self.filters, sort_key(given[-1]), self.key)


class Pages:
    """The lists of one service by the page."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def page(self, caller: Caller, name: str, size: int, token: str, **filters: object) -> Page:
        """A page of the list of that name, for this caller and these filters alone; raises BadPageToken.

        Read the size with `Fields.page_size`, and the filters before: the token is bound to what they say.
        """
        bound = {"list": name, "office": caller.office_id, "scope": caller.scope, **filters}
        return Page(size, decode_token(token, bound, self._key), bound, self._key)


def filters_of(wanted: DataclassInstance) -> dict[str, str]:
    """What a token of a filtered list is bound to: each field of the filter, in the order of its values."""
    return {each.name: _bound(getattr(wanted, each.name)) for each in fields(wanted)}


def _bound(value: object) -> str:
    return ",".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


def encode_token(filters: Mapping[str, object], last_key: Sequence[object], key: bytes) -> str:
    """The token for the page after the row with this sort key.

    Both may hold text, numbers, booleans, None, dates, instants and UUIDs; the last three come
    back from `decode_token` as their standard text. Raises TypeError for anything else.
    """
    position = _json(list(last_key))
    return base64.urlsafe_b64encode(_mac(filters, position, key) + position).rstrip(b"=").decode()


def decode_token(token: str, filters: Mapping[str, object], key: bytes) -> list[Any] | None:
    """The sort key of the last row that was given; None for an empty token: the first page.

    Raises BadPageToken when the token is malformed, or made for other filters or by another
    service.
    """
    if not token:
        return None
    if len(token) > MAX_TOKEN_CHARS or not token.isascii():
        raise BadPageToken
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise BadPageToken from None
    mac, position = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(filters, position, key)):
        raise BadPageToken
    last_key: list[Any] = json.loads(position)
    return last_key


def _mac(filters: Mapping[str, object], position: bytes, key: bytes) -> bytes:
    bound = b"homeward page\n" + _json(dict(filters)) + b"\n" + position
    return hmac.digest(key, bound, hashlib.sha256)[:_MAC_BYTES]


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_text).encode()


def _text(value: object) -> str:
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"a page token cannot hold a {type(value).__name__}")
