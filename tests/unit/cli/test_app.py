"""Options before a command's name reach commands that have such options of their own."""

from __future__ import annotations

from typing import Any

import click
import pytest

from services.cli import app
from services.cli.app import build
from services.client.session import Session
from services.client.texts import texts_in


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a command of another room was called with, in place of `events`."""
    found: dict[str, Any] = {}

    def build_events(_: object) -> click.Command:
        group = click.Group("events")

        @group.command("tail")
        @click.option("--state", "state_dir", default="nowhere")
        @click.option("--json", "as_json", is_flag=True)
        @click.pass_obj
        def tail(session: Session, state_dir: str, as_json: bool) -> None:
            found.update(state=state_dir, as_json=as_json, office=session.office_option)

        return group

    entry = app.Entry("events", f"{__name__}:build_events", "")
    monkeypatch.setitem(app._ENTRIES, "events", entry)
    monkeypatch.setattr(app, "import_module", lambda _: type("Room", (), {"build_events": staticmethod(build_events)}))
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        ["--state", "here", "--json", "--as", "SA-22", "events", "tail"],
        ["events", "tail", "--state", "here", "--json", "--as", "SA-22"],
        ["--state", "elsewhere", "events", "tail", "--state", "here", "--json", "--as", "SA-22"],
    ],
)
def test_options_may_stand_before_or_behind(seen: dict[str, Any], arguments: list[str]) -> None:
    _ = texts_in("en")
    build(_).main(arguments, "homeward", standalone_mode=False, obj=Session(_))
    assert seen == {"state": "here", "as_json": True, "office": "SA-22"}


def test_without_them_the_command_decides(seen: dict[str, Any]) -> None:
    _ = texts_in("en")
    build(_).main(["events", "tail"], "homeward", standalone_mode=False, obj=Session(_))
    assert seen == {"state": "nowhere", "as_json": False, "office": None}
