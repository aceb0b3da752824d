"""Every row of the table of complaints has its story."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

ROWS: Final = {*range(1, 47)} - {13, 27}
"""Its rows; 13 and 27 are none."""
_NAMED: Final = re.compile(r"test_row_(\d+)_")


def test_no_row_is_without_a_story() -> None:
    told = set()
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(one, ast.AsyncFunctionDef) or not (named := _NAMED.match(one.name)):
                continue
            told.add(int(named[1]))
            assert (ast.get_docstring(one) or "").startswith(f"Row {named[1]}"), one.name
    assert told == ROWS
