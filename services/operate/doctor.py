"""`homeward doctor`: looks at every part and says, one line each, whether it is well and what to do if not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from services.chassis.kernel.texts import Texts
from services.operate.doctor_checks import Line, Status, examine
from services.operate.installation import Installation
from services.operate.options import json_option, state_option
from services.terminal.exits import Exit

MARKS = {Status.OK: "✓", Status.WARNING: "!", Status.FAILURE: "✗"}


def build(t: Texts) -> click.Command:
    """The command, in the language of `t`."""

    @click.command(
        "doctor",
        help=t(
            "Examine everything: services, databases, Kafka, events that wait, watchers, disk, keys.\n\n"
            "One line a check, with what to do where something is wrong. Changes nothing.\n\n"
            "Exit status: 0 nothing fails (there may be warnings), 1 something fails."
        ),
    )
    @state_option(t)
    @json_option(t)
    def doctor(state: Path, as_json: bool) -> None:
        lines = examine(Installation.at(state), t)
        failed = _print_json(lines) if as_json else _print_text(t, lines)
        if failed:
            click.get_current_context().exit(Exit.REFUSED)

    return doctor


def _print_text(t: Texts, lines: Iterable[Line]) -> bool:
    """Each line as soon as it is known; whether something fails."""
    counted: Counter[Status] = Counter()
    for line in lines:
        counted[line.status] += 1
        click.echo(f"{MARKS[line.status]} {line.subject:<20} {line.text}")
        if line.remedy:
            click.echo(f"  {'':<20} → {line.remedy}")
    click.echo("")
    click.echo(
        t(
            "{ok} well, {warnings} warnings, {failures} failures.",
            ok=counted[Status.OK],
            warnings=counted[Status.WARNING],
            failures=counted[Status.FAILURE],
        )
    )
    return counted[Status.FAILURE] > 0


def _print_json(lines: Iterable[Line]) -> bool:
    found = list(lines)
    failed = any(line.status is Status.FAILURE for line in found)
    checks = [{name: value for name, value in asdict(line).items() if value} for line in found]
    click.echo(json.dumps({"ok": not failed, "checks": checks}, ensure_ascii=False, indent=2))
    return failed
