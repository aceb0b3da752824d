"""Options that every command of this room has, with what was given before the command's name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from services.chassis.kernel.texts import Texts
from services.client.session import DEFAULT_STATE, ENV_STATE, Session

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _session() -> Session | None:
    context = click.get_current_context(silent=True)
    return context.find_object(Session) if context else None


def _state() -> Path:
    """What was given before the command's name, else the environment."""
    session = _session()
    return session.state if session else Path(os.environ.get(ENV_STATE) or DEFAULT_STATE)


def _as_json() -> bool:
    session = _session()
    return session is not None and session.as_json


def state_option(t: Texts) -> Callable[[Decorated], Decorated]:
    """The option --state, the same for every command."""
    return click.option(
        "--state",
        type=click.Path(file_okay=False, path_type=Path),
        default=_state,
        show_default=f"${ENV_STATE}, {DEFAULT_STATE}",
        help=t("Folder for the data, keys and logs."),
    )


def json_option(t: Texts) -> Callable[[Decorated], Decorated]:
    """The option --json, the same for every command."""
    return click.option(
        "--json", "as_json", is_flag=True, default=_as_json, help=t("For programs: JSON instead of text.")
    )
