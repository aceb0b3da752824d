"""The whole cluster is lost, and notify's database with it: republishing gives what a run without the loss gives."""

from __future__ import annotations

import os
import shutil
import signal

import psutil
import psycopg
import pytest

from services.chassis.events.kafka_admin import cluster_is_ready
from services.local.office_calls import OfficeCalls
from tests.e2e import work
from tests.e2e.work import HOMES, POST, agency, stopped
from tests.robustness.facts import facts
from tests.support import homes
from tests.support.waiting import patient
from tests.support.whole import Whole, until

PEOPLE = 6
ARRIVED = (0, 1, 2)
WRONG = 3
KEPT = frozenset({"alembic_version", "act", "act_link", "list_read", "log_head"})
"""The number of the schema, and the logs that no login of a service may empty."""


def before_the_loss(whole: Whole, desks: OfficeCalls) -> list[str]:
    """Six people are sent home; three arrive, one is rejected. Nothing here waits for followup or notify: what followup
    would say of their homes stands in handover."""
    cases = work.submit(desks, [work.person(index) for index in range(PEOPLE)])
    for index, case in enumerate(cases):
        work.wait_custody(desks, POST, case)
        work.identify(desks, case, "IDENTIFIED" if index % 2 else "DECLINED")
        whole.as_owner("handover", homes.may_go(case, POST, agency(HOMES[index])))
        work.leave(desks, case, HOMES[index])
    for index in ARRIVED:
        work.acknowledge(desks, cases[index], HOMES[index])
    work.reject(desks, cases[WRONG], HOMES[WRONG])
    return cases


def after_the_loss(whole: Whole, desks: OfficeCalls, cases: list[str]) -> None:
    """One more arrives."""
    work.again_while_away(lambda: work.acknowledge(desks, cases[PEOPLE - 1], HOMES[PEOPLE - 1]))
    whole.wait_quiet()


def message_ids(whole: Whole, cases: list[str]) -> set[str]:
    """They are made from event and office, so a rebuild makes the same."""
    sql = "SELECT id FROM message WHERE case_id = ANY(CAST(%s AS uuid[]))"
    return {str(found) for (found,) in whole.rows("notify", sql, cases)}


def empty_database(whole: Whole, service: str) -> None:
    """Truncate every table of a service that its login may."""
    tables = [
        name
        for (name,) in whole.rows(service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        if name not in KEPT
    ]

    def truncated() -> bool:
        try:
            whole.as_owner(service, f"TRUNCATE {', '.join(tables)}")
        except psycopg.errors.DeadlockDetected:
            # The service works meanwhile, and takes its locks in another order.
            return False
        return True

    until(truncated, what="the service lets its tables be emptied")


def lose_kafka(whole: Whole) -> None:
    """Kafka dies and its data are gone before the launcher starts it again."""
    before = whole.pid("Kafka")
    launcher = psutil.Process(whole.process.pid)
    launcher.suspend()
    try:
        os.kill(before, signal.SIGKILL)
        until(lambda: psutil.Process(before).status() == psutil.STATUS_ZOMBIE, what="Kafka is dead")
        shutil.rmtree(whole.home.path / "kafka" / "data")
    finally:
        launcher.resume()
    until(lambda: whole.pid("Kafka") != before, what="Kafka is started again")
    until(lambda: cluster_is_ready(whole.kafka(), timeout_s=patient(2)), 60, what="Kafka answers")


@pytest.fixture
def whole(rough: Whole) -> Whole:
    """One whose handover knows nothing of a while before, in which Kafka was away: whoever lets somebody go then would
    wait for followup, which is stopped here."""
    rough.ensure_runs()
    rough.kill("handover")
    rough.wait_ready()
    return rough


def test_everything_is_rebuilt(whole: Whole) -> None:
    with whole.desks() as desks:
        control = before_the_loss(whole, desks)
        whole.wait_quiet()
        after_the_loss(whole, desks, control)
        expected = facts(whole, control)

        early = before_the_loss(whole, desks)
        whole.wait_quiet()
        told = message_ids(whole, early)
        with stopped(whole.pid("followup"), whole.pid("notify")):
            cases = before_the_loss(whole, desks)
            until(
                lambda: (
                    not any(
                        whole.rows(service, "SELECT 1 FROM outbox WHERE sent_at IS NULL LIMIT 1")
                        for service in ("intake", "handover")
                    )
                ),
                what="all that was said is in Kafka, where followup and notify have not read it",
            )
            lose_kafka(whole)
        empty_database(whole, "notify")
        # Said on the new cluster already, before anybody republishes.
        later = work.submit(desks, [work.person(0)])
        work.publish_again(whole)
        whole.wait_quiet()
        for mine in (early, cases):
            after_the_loss(whole, desks, mine)
            assert facts(whole, mine) == expected
        assert facts(whole, control) == expected
        assert told <= message_ids(whole, early)
        work.wait_custody(desks, POST, later[0])
        assert work.homeward(whole, "audit", "--wait-s", "10").returncode == 0
        assert agency(HOMES[0]) in {one.office_id for one in work.messages(desks, agency(HOMES[0]))}
