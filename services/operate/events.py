"""`homeward events`: watch them, publish them again, decide about those that could not take effect."""

from __future__ import annotations

import click

from services.chassis.kernel.texts import Texts
from services.operate import events_keys, events_quarantine, events_republish, events_tail


def build(t: Texts) -> click.Command:
    """The group, in the language of `t`."""
    group = click.Group("events", help=t("Events between the services: watch them, publish them again, set free."))
    for room in (events_tail, events_republish, events_quarantine, events_keys):
        group.add_command(room.build(t))
    return group
