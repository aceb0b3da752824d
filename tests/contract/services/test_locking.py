"""What a statement locks, it locks once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVICES = Path(__file__).resolve().parents[3] / "services"
_BEGINS = re.compile(r"\bIN \(\s*SELECT\b", re.IGNORECASE)
_LOCKS = re.compile(r"\bFOR (NO KEY )?UPDATE\b|\bFOR (KEY )?SHARE\b", re.IGNORECASE)


def texts_in(source: str) -> Iterator[str]:
    """Every text of a program, with a blank for whatever is filled in."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else " " for part in node.values)


def locks_behind_in(sql: str) -> bool:
    """Whether a sub-select behind IN locks rows: the server may run it again for each row, and then its LIMIT holds
    nothing back."""
    return any(_LOCKS.search(_within(sql[found.end() :])) for found in _BEGINS.finditer(sql))


def _within(rest: str) -> str:
    """What stands before the parenthesis that was opened is closed."""
    open_ones = 1
    for at, letter in enumerate(rest):
        open_ones += (letter == "(") - (letter == ")")
        if open_ones == 0:
            return rest[:at]
    return rest


@pytest.mark.parametrize(
    ("sql", "locks"),
    [
        ("DELETE FROM a WHERE id IN (SELECT id FROM a ORDER BY f(id) LIMIT 1 FOR UPDATE SKIP LOCKED)", True),
        ("UPDATE a SET b = 1 WHERE id in (\n  SELECT id FROM a FOR NO KEY UPDATE\n)", True),
        ("DELETE FROM a WHERE id = ANY(ARRAY(SELECT id FROM a LIMIT 1 FOR UPDATE SKIP LOCKED))", False),
        ("SELECT 1 FROM a WHERE id IN (SELECT id FROM b) FOR UPDATE", False),
    ],
)
def test_it_is_seen_where_a_sub_select_locks(sql: str, locks: bool) -> None:
    assert locks_behind_in(sql) is locks


def test_no_sub_select_that_may_be_run_again_locks_anything() -> None:
    found = {
        str(path.relative_to(SERVICES))
        for path in SERVICES.rglob("*.py")
        for sql in texts_in(path.read_text(encoding="utf-8"))
        if locks_behind_in(sql)
    }
    assert found == set()
