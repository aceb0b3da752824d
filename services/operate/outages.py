"""What an operator is told when a database or Kafka does not answer."""

from __future__ import annotations

from services.chassis.events.kafka_admin import KafkaAdminError
from services.chassis.kernel.texts import Texts
from services.client.refusals import Kind, Refusal


def database_failure(t: Texts, service: str, reason: str) -> Refusal:
    """A service's database could not be reached; `reason` is the name of the driver's error."""
    return Refusal(
        Kind.UNREACHABLE,
        "DATABASE_UNREACHABLE",
        t("The database of {service} cannot be reached ({reason}).", service=service, reason=reason),
        advice=[t("Look at: homeward doctor")],
    )


def kafka_failure(t: Texts, error: KafkaAdminError) -> Refusal:
    """What the operator is told when Kafka did not do what was asked."""
    return Refusal(
        Kind.UNREACHABLE,
        "KAFKA_UNAVAILABLE",
        t("Kafka did not do what was asked: {error}", error=error),
        advice=[t("Events wait in the outboxes meanwhile, nothing is lost. Look at: homeward doctor")],
    )
