"""A file that was read and checked: what is wrong with it, by row and title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from services.client.desk import Session
from services.client.refusals import Kind, Refusal, bad_input
from services.client.texts import Translator
from services.terminal import output
from services.terminal.exits import Exit

if TYPE_CHECKING:
    from services.client.journey_file.check import Checked as CheckedJourney
    from services.client.people_file.batches import Batch
    from services.client.people_file.check import Checked
    from services.client.people_file.draft import Draft, Problem

    CheckedFile = Checked | CheckedJourney

_PLACE_FIELDS: Final = {
    "place": "gate",
    "place.gate_id": "gate",
    "place.marker": "marker",
    "place.other": "other_place",
    "report_time": "handover_time",
}



def require_valid(session: Session, checked: CheckedFile) -> None:
    """Tell the warnings of a file. Raises Refusal with all that is wrong with it."""
    _ = session.translator
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


def not_delivered_yet(told: Refusal, _: Translator) -> Refusal:
    """What a service that could not be reached means for a file that is sent."""
    return Refusal(
        Kind.UNREACHABLE,
        "NOT_DELIVERED_YET",
        _("Not delivered yet: the service could not be reached."),
        advice=(_("Nothing is lost and nothing is done twice: run the same command again."), *told.advice[1:]),
    )


def violation_line(row: int | None, field: str, message: str, batch: Batch, draft: Draft, _: Translator) -> str:
    name = field.removeprefix("person.").removeprefix("handover.").partition("[")[0]
    name = _PLACE_FIELDS.get(name, name)
    title = draft.titles.get(name, name)
    if row is not None and 1 <= row <= len(batch.rows):
        return _("row {row}, {title}: {problem}", row=batch.rows[row - 1], title=title, problem=message)
    return _("{title}: {problem}", title=title, problem=message)


def problem_line(problem: Problem, _: Translator) -> str:
    """Something wrong in a file, by the file's own row and title."""
    text = problem.said(_)
    if problem.row is not None and not problem.title:
        return _("row {row}: {problem}", row=problem.row, problem=text)
    if problem.row is None:
        return _("{title}: {problem}", title=problem.title, problem=text) if problem.title else text
    return _("row {row}, {title}: {problem}", row=problem.row, title=problem.title, problem=text)


def problem_document(problem: Problem, _: Translator) -> dict[str, Any]:
    """The same for programs."""
    return {
        "row": problem.row,
        "column": problem.title,
        "field": problem.field,
        "code": problem.code,
        "message": problem.said(_),
    }


def show_problems(problems: Sequence[Problem], _: Translator) -> None:
    """All that is wrong with a file, as a table."""
    output.table(
        (_("Row"), _("Column"), _("What is wrong")),
        [(str(each.row or ""), each.title, each.said(_)) for each in problems],
    )


def show_file_warnings(checked: CheckedFile, _: Translator) -> None:
    from services.client.people_file.account import is_plain, told

    if checked.lines is not None and not is_plain(checked.lines):
        output.warn(_("Note: {text}", text=told(checked.lines, _)))
    for each in checked.warnings:
        output.warn(_("Note: {text}", text=problem_line(each, _)))


def show_checked(session: Session, checked: CheckedFile) -> Exit:
    from services.client.people_file.account import document

    _ = session.translator
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
