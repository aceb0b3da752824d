"""What `--help` says, word for word, in both languages.

When a text changes on purpose, write the files anew with `HOMEWARD_WRITE_GOLDEN=1 pytest tests/unit/cli/test_help.py`
and read the difference.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from services.chassis.kernel.texts import LANGUAGES, Language
from services.cli import LOCALE
from services.cli.app import SECTIONS, build
from services.cli.click_texts import localise_click
from services.client.session import Session
from services.client.texts import texts_in

GOLDEN = Path(__file__).parent / "golden"
OWN = [
    entry.name for section in SECTIONS for entry in section.entries if entry.target.startswith("services.cli.commands.")
]
BELOW = [
    ["case", "show"],
    ["case", "history"],
    *(["followups", verb] for verb in ("list", "entries", "correct", "take-back", "reschedule", "drop", "due")),
    *(["wishes", verb] for verb in ("show", "set")),
    *(["visit", verb] for verb in ("form", "record", "show", "correct", "safe")),
    *(["handovers", verb] for verb in ("list", "show")),
    *(["transfers", verb] for verb in ("list", "board", "show")),
    *(["offices", verb] for verb in ("list", "end", "open")),
    *(["rules", verb] for verb in ("list", "change")),
    *(["calendar", verb] for verb in ("show", "change")),
    *(["searches", verb] for verb in ("list", "show", "step", "resolve")),
    *(["returns", verb] for verb in ("list", "confirm", "deny", "undo")),
    *(["searches", verb] for verb in ("claims", "confirm-found", "deny-found", "withdraw-claim")),
]
TOPICS = ["files", "journeys", "dates", "offices", "options", "environment", "exit-codes", "network", "privacy"]


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    localise_click("en")


def screens(language: Language, capsys: pytest.CaptureFixture[str]) -> str:
    """Every help screen of the commands of this room, one after the other."""
    _ = texts_in(language, LOCALE)
    localise_click(language)
    shown = []
    for arguments in ([], *([name] for name in OWN), *BELOW):
        build(_).main([*arguments, "--help"], "homeward", standalone_mode=False, obj=Session(_), terminal_width=80)
        shown.append(capsys.readouterr().out)
    for topic in TOPICS:
        build(_).main(["help", topic], "homeward", standalone_mode=False, obj=Session(_))
        shown.append(capsys.readouterr().out)
    return f"\n{'-' * 80}\n".join(shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_says_what_it_said(language: Language, capsys: pytest.CaptureFixture[str]) -> None:
    path = GOLDEN / f"help.{language}.txt"
    said = screens(language, capsys)
    if os.environ.get("HOMEWARD_WRITE_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", OWN)
def test_every_command_teaches_by_an_example(name: str, language: Language) -> None:
    _ = texts_in(language, LOCALE)
    root = build(_)
    context = click.Context(root, info_name="homeward")
    command = root.get_command(context, name)
    assert command is not None
    leaves = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    for leaf in leaves:
        assert leaf.help is not None
        assert re.search(rf"^  homeward (--as \S+ )?{name}\b|homeward {name}\b", leaf.help, re.MULTILINE)
        assert _("Examples:") in leaf.help or _("Example:") in leaf.help


def test_every_command_of_the_table_can_be_loaded() -> None:
    root = build(texts_in("en"))
    context = click.Context(root, info_name="homeward")
    for name in root.list_commands(context):
        assert root.get_command(context, name) is not None


def test_a_command_that_is_not_there_is_guessed_at() -> None:
    with pytest.raises(click.UsageError, match=r"There is no command 'sumbit'\. Did you mean submit\?"):
        build(texts_in("en")).main(["sumbit"], "homeward", standalone_mode=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_loads_neither_grpc_nor_tables(language: Language) -> None:
    probe = (
        "import sys; from services.cli.__main__ import run; code = run(['--help']); "
        "heavy = {'grpc', 'rich', 'babel', 'sqlalchemy', 'google.protobuf'} & set(sys.modules); "
        "sys.exit(f'loaded: {heavy}' if heavy or code else 0)"
    )
    environ = {**os.environ, "HOMEWARD_LANG": language, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, env=environ, check=False)
    assert done.returncode == 0, done.stderr
