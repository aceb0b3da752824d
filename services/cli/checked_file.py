"""A file that was read and checked: what is wrong with it, by row and title."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from services.chassis.kernel.texts import Texts
from services.client.refusals import Kind, Refusal, bad_input, of_rpc
from services.client.session import Session
from services.terminal import output
from services.terminal.exits import Exit

if TYPE_CHECKING:
    from services.chassis.calls.client import RpcFailure
    from services.client.journey_file.check import Checked as CheckedJourney
    from services.client.people_file.check import Checked
    from services.client.people_file.draft import Draft, Problem

    CheckedFile = Checked | CheckedJourney


def draft_of(file: Path, read: Callable[[Path], Draft], _: Texts) -> Draft:
    """A file as read. Raises Refusal when it cannot be."""
    from services.client.people_file.draft import UnreadableFile
    from services.client.submission import not_readable

    try:
        return read(file)
    except UnreadableFile as problem:
        raise bad_input(problem.reason, _(problem.text, **problem.params)) from None
    except OSError as error:
        raise not_readable(error, _) from None


def require_valid(session: Session, checked: CheckedFile) -> None:
    """Tell the warnings of a file. Raises Refusal with all that is wrong with it."""
    _ = session.texts
    show_file_warnings(checked, _)
    if checked.problems:
        raise bad_input(
            "FILE_HAS_MISTAKES",
            _.plural(
                "{count} thing in the file needs correction; nothing was sent.",
                "{count} things in the file need correction; nothing was sent.",
                len(checked.problems),
            ),
            details=[problem_line(each, _) for each in checked.problems],
        )


def sure_option(_: Texts) -> Callable[[Any], Any]:
    """`--sure`."""
    text = _("What is asked about the file is right: an age, a day, a gate, a total, a row crossed out.")
    return click.option("--sure", is_flag=True, help=text)


def require_looked_at(session: Session, checked: Checked, *, sure: bool) -> None:
    """Asks whether what is plausible to a machine only is right. Raises Refusal when nobody says so."""
    from services.client.people_file.draft import ASKED

    questions = [each for each in checked.warnings if each.code in ASKED]
    if not questions or sure:
        return
    _ = session.texts
    if not session.as_json and sys.stdin.isatty():
        if click.confirm(_("Is what is noted here right?")):
            return
        raise Refusal(Kind.REFUSED, "NOT_CONFIRMED", _("Nothing was sent."))
    raise bad_input(
        "FILE_HAS_QUESTIONS",
        _.plural(
            "{count} thing in the file is to be looked at; nothing was sent.",
            "{count} things in the file are to be looked at; nothing was sent.",
            len(questions),
        ),
        details=[problem_line(each, _) for each in questions],
        advice=(_("If it is right as it stands: repeat with --sure"),),
    )


def not_delivered_yet(told: Refusal, _: Texts) -> Refusal:
    """What a service that could not be reached means for a file that is sent."""
    return Refusal(
        Kind.UNREACHABLE,
        "NOT_DELIVERED_YET",
        _("Not delivered yet: the service could not be reached."),
        advice=(_("Nothing is lost and nothing is done twice: run the same command again."), *told.advice[1:]),
    )


def refused(
    failure: RpcFailure,
    rows: Sequence[int],
    draft: Draft,
    column_of: Callable[[str], str],
    _: Texts,
    *,
    partly: bool = False,
) -> Refusal:
    """The refusal of what was sent, with rows and titles of the file; network trouble as "not delivered yet".

    `column_of` gives our name of a field of the contract; `partly`: something was done before.
    """
    told = of_rpc(failure, _)
    if told.kind is Kind.UNREACHABLE:
        return not_delivered_yet(told, _)
    details = []
    for each in failure.violations:
        name = column_of(each.field)
        title = draft.titles.get(name, name)
        if each.row is not None and 1 <= each.row <= len(rows):
            row = rows[each.row - 1]
            details.append(_("row {row}, {title}: {problem}", row=row, title=title, problem=each.message))
        else:
            details.append(_("{title}: {problem}", title=title, problem=each.message))
    kind = Kind.PARTLY_DONE if partly else told.kind
    return Refusal(kind, told.reason, told.message, advice=told.advice, details=details)


def problem_line(problem: Problem, _: Texts) -> str:
    """Something wrong in a file, by the file's own row and title."""
    text = problem.said(_)
    if problem.row is not None and not problem.title:
        return _("row {row}: {problem}", row=problem.row, problem=text)
    if problem.row is None:
        return _("{title}: {problem}", title=problem.title, problem=text) if problem.title else text
    return _("row {row}, {title}: {problem}", row=problem.row, title=problem.title, problem=text)


def problem_document(problem: Problem, _: Texts) -> dict[str, Any]:
    """The same for programs."""
    return {
        "row": problem.row,
        "column": problem.title,
        "field": problem.field,
        "code": problem.code,
        "message": problem.said(_),
    }


def show_problems(problems: Sequence[Problem], _: Texts) -> None:
    """All that is wrong with a file, as a table."""
    output.table(
        (_("Row"), _("Column"), _("What is wrong")),
        [(str(each.row or ""), each.title, each.said(_)) for each in problems],
    )


def show_file_warnings(checked: CheckedFile, _: Texts) -> None:
    from services.client.people_file.account import is_plain, told

    if checked.lines is not None and not is_plain(checked.lines):
        output.warn(_("Note: {text}", text=told(checked.lines, _)))
    for each in checked.warnings:
        output.warn(_("Note: {text}", text=problem_line(each, _)))


def show_checked(session: Session, checked: CheckedFile) -> Exit:
    from services.client.people_file.account import document

    _ = session.texts
    if session.as_json:
        output.document(
            {
                "valid": not checked.problems,
                "people": len(checked.rows),
                "lines": document(checked.lines) if checked.lines is not None else None,
                "problems": [problem_document(each, _) for each in checked.problems],
                "warnings": [problem_document(each, _) for each in checked.warnings],
            }
        )
        return Exit.USAGE if checked.problems else Exit.DONE
    show_file_warnings(checked, _)
    if checked.problems:
        show_problems(checked.problems, _)
        return Exit.USAGE
    output.say(_.plural("{count} person, nothing wrong.", "{count} people, nothing wrong.", len(checked.rows)))
    return Exit.DONE
