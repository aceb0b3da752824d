"""Who may do what, and who sees what: what an office has to do with a case × state of the case × every method.

The table stands in `matrix.txt`, for people to read. It is made anew by asking the running rooms, and must come out the
same. `HOMEWARD_WRITE_MATRIX=1` writes it, so that a diff shows whose rights changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from difflib import unified_diff
from typing import Final

import pytest
from google.protobuf.message import Message

from services.chassis.calls.policy import full_name
from services.chassis.kernel.words import Phase
from tests.integration.matrix.asking import (
    METHODS,
    POLICIES,
    Asking,
    asked_about,
    asking,
    is_asked,
    is_list,
    names_a_case,
)
from tests.integration.matrix.page import FILE, PAGE, page_of, read_lines
from tests.integration.matrix.stories import RELATIONS, ROLES, Story, Teller
from tests.integration.matrix.table import Cell, cells_of, lines
from tests.support.clocks import FakeClock
from tests.support.fixtures import ChassisFor, ServiceDatabase

WRITE: Final = "HOMEWARD_WRITE_MATRIX"
ABOUT: Final = """\
Who may do what, and who sees what. Written by HOMEWARD_WRITE_MATRIX=1 pytest tests/integration/matrix; read the diff.

method
  answer | who [in which states; none named: whenever somebody stands so to the case]; …

who: what an office has to do with the case, and its role; "relation *" is every role in it. States:
{states}.
OK of a read tells how much of the person is shown (NONE, PREVIEW, VERIFICATION, FULL) and what of the case, as against
the most that anybody is shown of it then.
"""
MALFORMED: Final = frozenset({"REQUIRED", "BAD_FORMAT", "NOT_IN_LIST", "TOO_FEW", "UNKNOWN_OFFICE", "REQUIRED_WITH"})
"""What a request is answered that does not say what its method asks for."""


@pytest.mark.attack(18, "identity by every office in every state")
async def test_everybody_gets_the_answer_that_stands_in_the_table(
    service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock
) -> None:
    ask = asking(service_database, chassis_for, clock)
    stories = await Teller(ask.country).told()
    phases = {row.phase for row in await ask.country.rows("handover", "SELECT DISTINCT phase FROM custody")}
    assert phases == set(Phase), "a phase in which nobody is"
    assert {who.rpartition(" ")[0] for each in stories for who in each.who} == set(RELATIONS)
    ask.from_now_on_nothing_stays()
    cells = cells_of(await _answers(ask, stories), await _names(ask))
    _are_all_well_asked(cells)
    written = ABOUT.format(states=", ".join(dict.fromkeys(each.state for each in stories)))
    written += "\n".join(lines(cells, _denied(), list(dict.fromkeys(each.state for each in stories)))) + "\n"
    if os.environ.get(WRITE):
        FILE.write_text(written, encoding="utf-8")
        PAGE.write_text(page_of(tuple(read_lines(written))), encoding="utf-8")
    known = FILE.read_text(encoding="utf-8")
    diff = "\n".join(unified_diff(known.splitlines(), written.splitlines(), lineterm="", n=0))
    assert not diff, f"Somebody's rights changed, or a method is new. If it is meant: {WRITE}=1\n{diff}"


def _are_all_well_asked(cells: Mapping[Cell, str]) -> None:
    asked = {
        name for name, (_, method) in METHODS.items() if names_a_case(method) and POLICIES[full_name(method)].roles
    }
    assert {cell.method for cell in cells} == asked, "a method that nobody asked"
    badly = {cell.method: answer for cell, answer in cells.items() if MALFORMED & set(re.findall(r"\w+", answer))}
    assert not badly, f"asked badly; say in asking.py, _OF_METHOD, a line each, what they need: {badly}"


def _denied() -> Mapping[str, Collection[str]]:
    """The words of the roles that may never call a method."""
    return {
        name: [word for role, word in ROLES.items() if role not in POLICIES[full_name(method)].roles]
        for name, (_, method) in METHODS.items()
    }


async def _names(ask: Asking) -> Mapping[str, frozenset[str]]:
    """How rows of lists name the cases."""
    rows = await ask.country.rows("handover", "SELECT case_id::text AS id, case_number FROM custody")
    return {row.id: frozenset({row.id, row.case_number}) for row in rows}


async def _answers(ask: Asking, stories: tuple[Story, ...]) -> Mapping[tuple[Cell, str], Message | str]:
    """What each is answered, about each case, by each method that their role may call at all."""
    found: dict[tuple[Cell, str], Message | str] = {}
    lists: dict[tuple[str, str], Message | str] = {}
    for name, (service, method) in METHODS.items():
        if not names_a_case(method):
            continue
        for story in (each for each in stories if is_asked(service, method, each)):
            for who, office_id in story.who.items():
                if not ask.may_ever_call(name, office_id):
                    continue
                key = (name, office_id) if is_list(method) else (name, f"{office_id}/{story.case}")
                if key not in lists:
                    lists[key] = await ask.answer(name, asked_about(method, story, ask.country.day()), office_id)
                found[Cell(name, who, story.state), story.case] = lists[key]
    return found
