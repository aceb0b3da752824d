"""The options that say how a person travels and what was asked before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.options import Word
from services.client import words
from services.client.refusals import bad_input
from services.client.travel import DOCUMENTS


def _refuse(_: Texts) -> Callable[[click.Context, click.Parameter, str | None], None]:
    def refuse(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
        if value is not None:
            raise bad_input(
                "HOME_SAFETY_NOT_TYPED",
                _("Whether her home is safe is not said with a transfer any more."),
                advice=(_("Record it first: homeward home-safety --help. It counts from there."),),
            )

    return refuse


def travel_options(_: Texts) -> Callable[[Any], Any]:
    """--escort, --means, --consent, --document and --choice."""

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
            # Former versions took a verdict here: whoever still types it is told where it is recorded.
            click.option("--home-safety", "typed_verdict", hidden=True, expose_value=False, callback=_refuse(_)),
            click.option(
                "--consent", type=Word(_, words.CONSENTS), metavar=_("CONSENT"), help=_("Whether she agrees.")
            ),
            click.option("--means", type=Word(_, words.MEANS), metavar=_("MEANS"), help=_("How she travels.")),
            click.option("--escort", type=Word(_, words.ESCORTS), metavar=_("ESCORT"), help=_("Who travels along.")),
        ):
            function = option(function)
        return function

    return decorate
