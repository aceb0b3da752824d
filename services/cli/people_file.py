"""A file of people at a command: its options, how it is read and understood, and the submissions that it makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from services.chassis.kernel.texts import Texts
from services.cli.checked_file import draft_of
from services.cli.options import Number
from services.client.refusals import bad_input
from services.client.session import Session

if TYPE_CHECKING:
    from services.client.people_file.batches import Batch
    from services.client.people_file.check import Checked, Defaults
    from services.client.people_file.content import HandoverContent
    from services.client.people_file.draft import Draft

MAX_ROW: Final = 1_048_576
"""Rows of a sheet in Excel."""


def handover_options(_: Texts) -> Callable[[Any], Any]:
    """Options for what a file may leave out about the handover."""

    def decorate(function: Any) -> Any:
        for option in (
            click.option(
                "--minutes", "joint_minutes_number", metavar=_("NUMBER"), help=_("Number of the joint minutes.")
            ),
            click.option("--handing-body", metavar=_("TEXT"), help=_("The foreign body that handed over.")),
            click.option("--route", metavar=_("ROUTE"), help=_("How they came back (homeward codes routes).")),
            click.option("--other-place", metavar=_("TEXT"), help=_("Another place, such as an airport.")),
            click.option("--marker", metavar=_("MARKER"), help=_("Border marker, such as 1116/2.")),
            click.option("--gate", metavar=_("GATE"), help=_("Border gate, by name or id.")),
            click.option("--time", metavar=_("TIME"), help=_("When, such as 22/11/2026 14:30 or “today 14:30”.")),
        ):
            function = option(function)
        return function

    return decorate


def again_option(_: Texts) -> Callable[[Any], Any]:
    """`--again`, once for each row."""
    return click.option(
        "--again",
        type=Number(_, 1, MAX_ROW),
        multiple=True,
        metavar=_("ROW"),
        help=_("In this row stands another person of the same name, sex and birth date; register her too."),
    )


def read(file: Path, _: Texts, encoding: str | None = None) -> Draft:
    """The cells of a file. Raises Refusal when it cannot be read."""
    from services.client.people_file.read import read_people_file

    return draft_of(file, lambda path: read_people_file(path, encoding or ""), _)


def understand(
    session: Session, draft: Draft, given: Mapping[str, str | None], *, alone: bool, again: Collection[int] = ()
) -> Checked:
    """What a file says. `given`: the options of the handover; `alone`: one person who came back alone.

    `again`: rows of people who are others than those whom they are like; raises Refusal when there is no such row.
    """
    from services.client.people_file.check import check_handover

    unknown = set(again).difference(person.row for person in draft.people)
    if unknown:
        text = session.texts("There is no person in row {row} of the file.", row=min(unknown))
        raise bad_input("NO_SUCH_ROW", text)
    return check_handover(draft, _defaults(session, given, again), session.now(), self_return=alone)


def _defaults(session: Session, given: Mapping[str, str | None], again: Collection[int]) -> Defaults:
    from services.client.people_file.check import Defaults

    values = {name: value for name, value in given.items() if value}
    if "time" in values:
        values["handover_time"] = values.pop("time")
    return Defaults(values, _gate_of(session.office_id), office_unknown=not session.office_id, again=frozenset(again))


def _gate_of(office_id: str) -> str:
    """The gate that a border post stands at, when its id says so."""
    from services.chassis.country.reference_lists import gates

    gate = office_id.removeprefix("BP-")
    return gate if gate != office_id and gate in gates() else ""


def batches_of(content: HandoverContent, rows: tuple[int, ...], *, split: bool, _: Texts) -> tuple[Batch, ...]:
    """The submissions of a file. Raises Refusal when it is too long for one, or a family for any."""
    from services.chassis.kernel.record import PEOPLE_MAX
    from services.client.people_file.batches import FamilyTooLarge
    from services.client.people_file.batches import split as split_content

    if len(rows) > PEOPLE_MAX and not split:
        raise bad_input(
            "TOO_MANY_PEOPLE",
            _(
                "The file has {count} people, and one submission takes at most {limit}.",
                count=len(rows),
                limit=PEOPLE_MAX,
            ),
            advice=(_("Send it as several submissions, families kept together, with --split."),),
        )
    try:
        return split_content(content, rows)
    except FamilyTooLarge:
        text = _("More than {limit} people of the file are linked as one family.", limit=PEOPLE_MAX)
        raise bad_input("FAMILY_TOO_LARGE", text) from None
