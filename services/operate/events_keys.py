"""`homeward events keys`: what the services sign their events with."""

from __future__ import annotations

import json
from pathlib import Path

import click

from services.chassis.kernel.texts import Texts
from services.operate.event_keys import EventKeyFiles
from services.operate.options import json_option
from services.operate.state_dir import make_folder


def build(t: Texts) -> click.Command:
    """The command, in the language of `t`."""

    @click.command(
        "keys",
        help=t(
            "Make the keys with which the four services sign their events, in a folder; those that exist stay.\n\n"
            "An event counts only when the service whose stream it is signed it. Give each service its own file"
            " (HOMEWARD_EVENT_KEY) and nobody else, and all of them the file with the public keys"
            " (HOMEWARD_EVENT_KEYS). On one machine `homeward up` does this by itself.\n\n"
            "When a key is replaced, leave its public half in the file: what it signed is published again one day."
        ),
    )
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
    @json_option(t)
    def keys(folder: Path, as_json: bool) -> None:
        files = EventKeyFiles(folder.resolve())
        make_folder(files.folder, 0o700)
        files.create()
        if as_json:
            private = {service: str(path) for service, path in files.all_private.items()}
            click.echo(json.dumps({"private": private, "public": str(files.public)}, indent=2))
            return
        for service, path in files.all_private.items():
            click.echo(f"✓ {service}: HOMEWARD_EVENT_KEY={path}")
        click.echo(f"✓ HOMEWARD_EVENT_KEYS={files.public}")

    return keys
