"""The seeded bugs can still be put in, and the tests that are named for them exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.seeded_bugs import ROOT, SeededBug, seeded_bugs
from tests.seeded_bugs.__main__ import failed_tests

BUGS = seeded_bugs()
EXPECTED = {
    "mark_before_ack",
    "no_dedupe",
    "ack_on_error",
    "commit_before_insert",
    "check_then_act",
    "wrong_key",
    "missing_version_check",
    "timer_at_most_once",
}


def test_the_bugs_are_those_that_were_promised() -> None:
    assert {bug.name for bug in BUGS} == EXPECTED


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_patch_still_applies(bug: SeededBug) -> None:
    assert bug.apply(ROOT, check_only=True) == ""


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_says_what_is_wrong_and_who_catches_it(bug: SeededBug) -> None:
    assert bug.meaning.endswith(".")
    assert bug.tests
    for test in bug.tests:
        path, *_, name = test.split("::")
        assert name in _functions(ROOT / path), test


def test_a_patch_for_other_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "services" / "chassis").mkdir(parents=True)
    (tmp_path / "services" / "chassis" / "relay.py").write_text("nothing of it\n")
    (bug,) = (one for one in BUGS if one.name == "wrong_key")
    assert "relay.py" in bug.apply(tmp_path)


def test_a_fixture_that_breaks_is_no_catch(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite>"
        '<testcase name="test_a"><failure message="assert 1 == 2"/></testcase>'
        '<testcase name="test_b"><error message="fixture"/></testcase>'
        '<testcase name="test_c"/>'
        "</testsuite></testsuites>"
    )
    assert failed_tests(report) == {"test_a"}


def _functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    source = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    contracts = path.parent.glob("*_contract.py")
    return source.union(*(_functions(one) for one in contracts)) if not path.name.endswith("_contract.py") else source
