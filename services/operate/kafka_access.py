"""Who may do what in Kafka: a login for each service and one for the operator, each with no more than it needs.

A service writes to its own streams, and copies to the quarantine topics of those that it hears; it reads those, in its
own group. The operator's commands make topics, read streams, and forget groups; they write no record. So one login that
falls into wrong hands can speak for nobody else, and what it says is refused by signature besides.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from services.chassis.events.kafka_admin import (
    Access,
    KafkaSettings,
    TopicSpec,
    ensure_access,
    ensure_logins,
    ensure_topics,
)
from services.chassis.events.streams import STREAMS, heard_by
from services.client.services import SERVICES
from services.operate.passwords import PASSWORD_BYTES

OPERATOR: Final = "operator"
MECHANISM: Final = "SCRAM-SHA-512"
LOGINS_FILE: Final = "logins.json"
"""In the folder of the embedded node: password by name."""
TOPICS: Final = "homeward."
GROUPS: Final = "homeward-"


def login_of(name: str) -> str:
    """The login of a service, or of the operator."""
    return f"homeward_{name}"


def new_passwords(*more: str) -> dict[str, str]:
    """A fresh password for each service, for the operator, and for whoever else is named."""
    return {name: secrets.token_urlsafe(PASSWORD_BYTES) for name in (*SERVICES, OPERATOR, *more)}


def as_login(cluster: KafkaSettings, name: str, password: str) -> KafkaSettings:
    """How a service, or the operator, reaches the cluster."""
    return replace(cluster, sasl_mechanism=MECHANISM, sasl_username=login_of(name), sasl_password=password)


def access_of(service: str) -> list[Access]:
    """What a service may do."""
    login, heard = login_of(service), heard_by(service)
    write = [stream.topic for stream in STREAMS if stream.producer == service]
    write += [stream.quarantine_topic for stream in heard]
    return [
        *(Access(login, "TOPIC", topic, ("WRITE", "DESCRIBE")) for topic in write),
        *(Access(login, "TOPIC", stream.topic, ("READ", "DESCRIBE")) for stream in heard),
        Access(login, "GROUP", f"{GROUPS}{service}", ("READ", "DESCRIBE")),
    ]


def operators_access() -> list[Access]:
    """What the operator's commands may do."""
    login = login_of(OPERATOR)
    return [
        Access(login, "CLUSTER", "kafka-cluster", ("DESCRIBE", "CREATE")),
        Access(login, "TOPIC", TOPICS, ("READ", "DESCRIBE", "CREATE"), is_prefix=True),
        Access(login, "GROUP", GROUPS, ("READ", "DESCRIBE", "DELETE"), is_prefix=True),
    ]


def everybodys_access() -> list[Access]:
    """What all of them may do."""
    return [one for service in SERVICES for one in access_of(service)] + operators_access()


def provision_kafka(administrator: KafkaSettings, passwords: Mapping[str, str], specs: Sequence[TopicSpec]) -> None:
    """Make logins, topics and access rights, as far as they are missing; existing logins get these passwords.

    Args:
        passwords: by service, and the operator's.

    Raises:
        KafkaAdminError: the cluster refused or did not answer.
    """
    ensure_logins(administrator, {login_of(name): passwords[name] for name in (*SERVICES, OPERATOR)})
    ensure_topics(administrator, specs)
    ensure_access(administrator, everybodys_access())
