"""What becomes of each file as it comes: by its code, and by the sentences in both languages that stand beside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.chassis.kernel.texts import LANGUAGES, Language
from services.client.people_file.account import told
from services.client.people_file.check import Checked, Defaults, check_handover
from services.client.people_file.draft import ASKED as ASKED_ABOUT
from services.client.people_file.draft import UnreadableFile
from services.client.people_file.read import read_people
from services.client.texts import texts_in
from tests.unit.client.as_they_come import ASKED, CASES, REFUSED, TAKEN
from tests.unit.client.people_files import NOW

GOLDEN = Path(__file__).parent / "golden"


def understood(data: bytes) -> Checked | UnreadableFile:
    """By the post at Móng Cái."""
    try:
        return check_handover(read_people(data), Defaults(gate_of_office="CN-MONG-CAI"), NOW)
    except UnreadableFile as unreadable:
        return unreadable


@pytest.mark.parametrize("name", CASES)
def test_what_becomes_of_it(name: str) -> None:
    expected, found = CASES[name], understood(CASES[name].data)
    if isinstance(found, UnreadableFile):
        assert (REFUSED, frozenset({found.reason})) == (expected.outcome, expected.codes)
        return
    noted = frozenset(each.code for each in found.warnings)
    outcome = REFUSED if found.problems else ASKED if noted & ASKED_ABOUT else TAKEN
    assert outcome == expected.outcome, [each.said(texts_in("en")) for each in found.problems]
    assert expected.codes <= noted | {each.code for each in found.problems}
    # Every line of the file is something: nobody is lost without a word.
    assert found.lines is not None
    assert len(found.lines.people) == len(found.rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_are_these(language: Language) -> None:
    """A sentence that changes is read again by somebody who knows the language: HOMEWARD_WRITE_GOLDEN=1 writes."""
    _ = texts_in(language)
    said = []
    for name, case in CASES.items():
        said.append(f"= {name}")
        found = understood(case.data)
        if isinstance(found, UnreadableFile):
            said.append(_(found.text, **found.params))
            continue
        said += [told(found.lines, _)] if found.lines is not None else []
        said += [
            f"{kind} {each.row or '-'} {each.title}: {each.said(_)}"
            for kind, all_of_it in (("!", found.problems), ("?", found.warnings))
            for each in all_of_it
        ]
    path = GOLDEN / f"as_they_come.{language}.txt"
    whole = "\n".join(said) + "\n"
    if os.environ.get("HOMEWARD_WRITE_GOLDEN"):
        path.write_text(whole, encoding="utf-8")
    assert whole == path.read_text(encoding="utf-8")
