"""The options that say how a person travels and what was asked before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.options import Word
from services.client import words
from services.client.travel import DOCUMENTS

if TYPE_CHECKING:
    pass
    pass


def travel_options(_: Texts) -> Callable[[Any], Any]:
    """--escort, --means, --consent, --home-safety, --document and --choice."""

    def decorate(function: Any) -> Any:
        for option in (
            click.option(
                "--choice", type=Word(_, words.DESTINATIONS), metavar=_("CHOICE"), help=_("Why she goes there.")
            ),
            click.option(
                "--document",
                DOCUMENTS,
                multiple=True,
                type=Word(_, words.TRANSFER_DOCUMENTS),
                metavar=_("PAPER"),
                help=_("A paper that travels along; may be said several times."),
            ),
            click.option(
                "--home-safety",
                type=Word(_, words.HOME_SAFETIES),
                metavar=_("RESULT"),
                help=_("What the check of her home said."),
            ),
            click.option(
                "--consent", type=Word(_, words.CONSENTS), metavar=_("CONSENT"), help=_("Whether she agrees.")
            ),
            click.option("--means", type=Word(_, words.MEANS), metavar=_("MEANS"), help=_("How she travels.")),
            click.option("--escort", type=Word(_, words.ESCORTS), metavar=_("ESCORT"), help=_("Who travels along.")),
        ):
            function = option(function)
        return function

    return decorate
