from __future__ import annotations

import base64
import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.calls.pages import (
    DEFAULT_PAGE_SIZE,
    MAX_PAGE_SIZE,
    MAX_TOKEN_CHARS,
    Page,
    Pages,
    decode_token,
    encode_token,
    page_size_of,
)
from services.chassis.kernel.errors import BadPageToken, InvalidInput
from services.chassis.kernel.roles import Caller, Role

KEY = b"k" * 32
FILTERS = {"list": "overdue", "office": "SA-22", "only": True, "state": None}


@pytest.mark.parametrize(
    ("requested", "given_size"),
    [(0, DEFAULT_PAGE_SIZE), (1, 1), (200, 200), (201, MAX_PAGE_SIZE), (2**31 - 1, MAX_PAGE_SIZE)],
)
@pytest.mark.attack(37, "page_size 2147483647")
def test_page_sizes_have_a_default_and_a_maximum(requested: int, given_size: int) -> None:
    assert page_size_of(requested) == given_size


@pytest.mark.attack(37, "page_size -1")
def test_a_negative_page_size_is_refused_by_field() -> None:
    with pytest.raises(InvalidInput) as refused:
        page_size_of(-1)
    assert [(v.field, v.code) for v in refused.value.violations] == [("page_size", "TOO_SMALL")]


def test_no_token_is_the_first_page() -> None:
    assert decode_token("", FILTERS, KEY) is None


def test_dates_and_ids_come_back_as_text() -> None:
    instant, row = datetime(2026, 3, 1, 2, 3, 4, 5, tzinfo=UTC), uuid.UUID(int=7)
    token = encode_token(FILTERS, [date(2026, 3, 1), instant, row, 5, None], KEY)
    assert decode_token(token, FILTERS, KEY) == [
        "2026-03-01",
        instant.isoformat(),
        str(row),
        5,
        None,
    ]


def test_filters_are_bound_whatever_their_order() -> None:
    token = encode_token(FILTERS, [1], KEY)
    assert decode_token(token, dict(reversed(FILTERS.items())), KEY) == [1]


@pytest.mark.parametrize(
    "other",
    [{}, FILTERS | {"office": "SA-24"}, FILTERS | {"only": False}, FILTERS | {"more": 1}],
)
@pytest.mark.attack(36, "page token of other filters")
def test_a_token_of_other_filters_is_refused(other: dict[str, object]) -> None:
    token = encode_token(FILTERS, ["2026-03-01", 1], KEY)
    with pytest.raises(BadPageToken):
        decode_token(token, other, KEY)


@pytest.mark.attack(36, "page token of another service")
def test_a_token_of_another_service_is_refused() -> None:
    with pytest.raises(BadPageToken):
        decode_token(encode_token(FILTERS, [1], b"o" * 32), FILTERS, KEY)


@pytest.mark.attack(36, "forged position")
def test_a_token_that_someone_wrote_by_hand_is_refused() -> None:
    made = base64.urlsafe_b64encode(b"\0" * 16 + b"[99]").decode().rstrip("=")
    with pytest.raises(BadPageToken):
        decode_token(made, FILTERS, KEY)


@given(st.text(max_size=80))
def test_nonsense_is_refused_and_nothing_else_happens(text: str) -> None:
    if text:
        with pytest.raises(BadPageToken):
            decode_token(text, FILTERS, KEY)


def test_an_endless_token_is_refused() -> None:
    with pytest.raises(BadPageToken):
        decode_token("A" * (MAX_TOKEN_CHARS + 1), FILTERS, KEY)


def test_a_changed_token_is_refused_at_every_place() -> None:
    token = encode_token(FILTERS, ["2026-03-01", 17], KEY)
    for place, old in enumerate(token[:-1]):
        changed = token[:place] + ("A" if old != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadPageToken):
            decode_token(changed, FILTERS, KEY)


def test_only_plain_values_fit_into_a_token() -> None:
    with pytest.raises(TypeError, match="set"):
        encode_token(FILTERS, [{1}], KEY)


@given(st.lists(st.none() | st.booleans() | st.integers() | st.text(max_size=40), max_size=4))
def test_a_position_survives_the_way_there_and_back(position: list[object]) -> None:
    assert decode_token(encode_token(FILTERS, position, KEY), FILTERS, KEY) == position


OFFICER = Caller("an.officer", "SA-22", Role.SUPPORT_AGENCY)
FIRST = uuid.UUID(int=1)


def page_of(size: int, token: str, caller: Caller = OFFICER, **filters: object) -> Page:
    return Pages(KEY).page(caller, "things", size, token, **filters)


def test_pages_follow_one_another_until_the_last() -> None:
    rows = [(date(2026, 1, day), uuid.UUID(int=day)) for day in range(1, 6)]
    given_rows: list[tuple[date, uuid.UUID]] = []
    token = ""
    for _ in range(3):
        page = page_of(2, token)
        start = page.start(date.fromisoformat, uuid.UUID)
        found = [row for row in rows if start is None or row > start][: page.limit]
        part, token = page.cut(found, lambda row: row)
        given_rows += part
    assert given_rows == rows
    assert token == ""


def test_a_full_last_page_has_no_next_one() -> None:
    assert page_of(2, "").cut([1, 2], lambda row: [row]) == ([1, 2], "")


def test_a_page_is_the_callers_own_and_of_its_filters() -> None:
    _, token = page_of(1, "", open=True).cut([1, 2], lambda row: [row])
    assert page_of(1, token, open=True).after == [1]
    other_office = Caller("an.officer", "SA-24", Role.SUPPORT_AGENCY)
    other_scope = Caller("an.officer", "SA-22", Role.SUPPORT_AGENCY, "national")
    for caller, filters in ((OFFICER, {"open": False}), (other_office, {"open": True}), (other_scope, {"open": True})):
        with pytest.raises(BadPageToken):
            page_of(1, token, caller, **filters)


@pytest.mark.parametrize("position", [["2026-01-01"], ["2026-01-01", "no id"], [7, str(FIRST)], []])
def test_a_position_of_another_shape_is_no_page(position: list[object]) -> None:
    page = Page(2, position, {}, KEY)
    with pytest.raises(BadPageToken):
        page.start(date.fromisoformat, uuid.UUID)
