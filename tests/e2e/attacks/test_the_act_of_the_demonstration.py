"""Each attack of the demonstration is refused by the running system, as it should be, and soon."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest

from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import built_in_directory
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.kernel.clock import local_date
from services.client.tokens import TOKEN_ISSUER
from services.demo import attacks
from services.demo.office_calls import AioOfficeCalls
from services.operate.kafka_access import as_login
from tests.e2e import work
from tests.support.waiting import patient
from tests.support.whole import Whole

SECONDS_MAX = 5.0


@pytest.mark.attack(26, "the demonstration's attacks, each of a kind")
async def test_each_attack_of_the_demonstration_is_refused(calm: Whole) -> None:
    with calm.desks() as desks:
        (case,) = work.submit(desks, [work.person(home="04")])
        work.wait_custody(desks, work.POST, case)
        work.dispatch(desks, case, "04")
        work.acknowledge(desks, case, "04")
        calm.wait_quiet()
        work.wait_custody(desks, "SA-04", case, "FOLLOW_UP")
    issuer = TokenIssuer.from_file(calm.home.signing_key, TOKEN_ISSUER)
    password = json.loads(calm.home.kafka_logins.read_text())["notify"]
    run = json.loads(calm.home.run_file.read_text())
    broker = as_login(KafkaSettings(run["kafka"], "SASL_PLAINTEXT"), "notify", password)
    directory, today = built_in_directory(), local_date(work.real_now())
    async with AioOfficeCalls(calm.addresses, issuer, directory) as offices:
        victim = await attacks.find_victim(offices, directory, [case], today)
        assert victim is not None
        stage = attacks.Stage(offices, issuer, directory, calm.addresses, broker, victim, today)
        began_s = time.monotonic()
        outcomes = await attacks.tried(stage)
        took = timedelta(seconds=time.monotonic() - began_s)
    assert {each.attack.title: each.reason for each in outcomes if not each.is_as_expected} == {}
    assert took.total_seconds() < patient(SECONDS_MAX)
