"""`homeward kafka`: a broker that knows its clients."""

from __future__ import annotations

import json
from pathlib import Path

import click

from services.chassis.events.kafka_admin import KafkaAdminError, topic_specs
from services.chassis.kernel.texts import Texts
from services.client.files import write_file
from services.client.services import SERVICES
from services.operate.installation import Installation
from services.operate.kafka_access import MECHANISM, OPERATOR, login_of, new_passwords, provision_kafka
from services.operate.options import json_option, state_option
from services.operate.outages import kafka_failure


def build(t: Texts) -> click.Command:
    """The group, in the language of `t`."""
    group = click.Group("kafka", help=t("Let the services, and nobody else, into a Kafka of your own."))
    group.add_command(_provision(t))
    return group


def _provision(t: Texts) -> click.Command:
    @click.command(
        "provision",
        help=t(
            "Make a login for each service and one for the operator, with the rights that each needs, and the topics."
            "\n\n"
            "HOMEWARD_KAFKA and HOMEWARD_KAFKA_SASL_… name the cluster and an administrator's login. The passwords are"
            " made here and kept in a file that only you may read; those in the file stay when it is run again. Each"
            " service then gets its own as HOMEWARD_KAFKA_SASL_USERNAME and …_PASSWORD. A service writes to its own"
            " streams only, so one that falls into wrong hands speaks for no other."
        ),
    )
    @state_option(t)
    @click.argument("passwords", type=click.Path(dir_okay=False, path_type=Path))
    @json_option(t)
    def provision(state: Path, passwords: Path, as_json: bool) -> None:
        installation = Installation.at(state)
        kafka = installation.kafka(t)
        known = json.loads(passwords.read_text(encoding="utf-8")) if passwords.exists() else {}
        made = new_passwords() | known
        # Kept before they are set: a login whose password nobody knows would be of no use.
        write_file(passwords, json.dumps(made, indent=2))
        try:
            provision_kafka(kafka, made, topic_specs(embedded=installation.kafka_is_embedded))
        except KafkaAdminError as error:
            raise kafka_failure(t, error) from error
        logins = {name: login_of(name) for name in (*SERVICES, OPERATOR)}
        if as_json:
            click.echo(json.dumps({"logins": logins, "mechanism": MECHANISM, "passwords": str(passwords)}, indent=2))
            return
        for name, login in logins.items():
            click.echo(t("✓ {name}: login {login}, {mechanism}", name=name, login=login, mechanism=MECHANISM))
        click.echo(t("✓ Their passwords are in {path}", path=passwords))

    return provision
