"""A chain shows what was changed, taken out or put in between."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from services.chassis.storage.chained import CHAIN_START, ChainedLog, entry_hash, faults

LOG = ChainedLog("log", "", ("sequence", "who"), later=("code",))


def chain(*entries: tuple[str, str | None]) -> list[dict[str, Any]]:
    """Rows of a whole log."""
    rows: list[dict[str, Any]] = []
    previous = CHAIN_START
    for sequence, (who, code) in enumerate(entries, start=1):
        row: dict[str, Any] = {"sequence": sequence, "who": who, "code": code}
        previous = row["hash"] = entry_hash(previous, LOG.values(row))
        rows.append(row)
    return rows


WHOLE = (("a", None), ("b", None), ("c", "X"), ("d", "Y"))


def broken(rows: list[dict[str, Any]]) -> list[int]:
    return [fault.sequence for fault in faults(LOG, rows)]


def test_a_whole_chain_has_no_fault() -> None:
    assert broken(chain(*WHOLE)) == []
    assert broken([]) == []


@pytest.mark.parametrize(("position", "field"), [(1, "who"), (3, "code"), (0, "hash")])
def test_a_changed_entry_is_found(position: int, field: str) -> None:
    rows = chain(*WHOLE)
    rows[position][field] = b"other" if field == "hash" else "other"
    assert position + 1 in broken(rows)


def test_a_code_put_into_an_old_entry_is_found() -> None:
    rows = chain(*WHOLE)
    rows[0]["code"] = "X"
    assert broken(rows) == [1]


def test_a_missing_entry_is_found() -> None:
    rows = chain(*WHOLE)
    assert broken(rows[1:]) == [1]
    assert broken([*rows[:1], *rows[2:]]) == [2]


def test_an_entry_put_in_between_is_found() -> None:
    rows = chain(*WHOLE)
    assert broken([*rows[:2], rows[1], *rows[2:]]) != []


def test_a_hash_is_over_what_a_value_is_not_how_it_came() -> None:
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=7)))
    one, other = uuid.UUID(int=1), uuid.UUID(int=2)
    same = entry_hash(CHAIN_START, [moment, [one, other], b"x"])
    assert entry_hash(CHAIN_START, [elsewhere, [str(one), str(other)], memoryview(b"x")]) == same
    assert entry_hash(CHAIN_START, [moment, [other, one], b"x"]) != same
