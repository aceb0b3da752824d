"""Whoever rewrites a log is found, with all rights to its database too: by a command and by doctor."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import text

from services.chassis.events.streams import AUDIT
from services.chassis.service.log_heads import HEAD_ENTRIES, HEAD_S, LogHeads, handlers
from services.chassis.service.process import Chassis
from services.chassis.storage.chained import ACCESS_LOG, ACTS, CHAIN_START, ChainedLog, entry_hash
from services.client.services import SERVICES
from services.intake.domain.access import IdentityView
from services.intake.vault import access_log
from services.operate.chained_logs import LogReport, Wrong, examine_logs
from services.operate.said import examine_said
from tests.support.clocks import FakeClock
from tests.support.databases import Databases
from tests.support.fixtures import ChassisFor, ServiceDatabase
from tests.support.signing import event_keys

ACT = text(
    "INSERT INTO act (at, method, case_ids, office_id, role, subject, token_id, request_id, correlation_id, peer)"
    " VALUES (now(), 'AcknowledgeTransfer', ARRAY[CAST(:id AS uuid)], 'SA-22', 'SUPPORT_AGENCY', :subject, 'token',"
    " :id, 'correlation', 'ipv4:10.22.0.7:50312')"
)
WITHOUT_GUARD = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT tgrelid::regclass AS name FROM pg_trigger WHERE tgname LIKE '%append_only' LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one.name);
    END LOOP;
END $$
"""


@dataclass
class Homeward:
    """Four services, their logs and what a thief with the databases does."""

    chassis: Mapping[str, Chassis]
    urls: Mapping[str, str]
    heads: Mapping[str, LogHeads]
    databases: Databases

    async def act(self, service: str, *subjects: str) -> None:
        """These people do something."""
        async with self.chassis[service].engine.begin() as connection:
            for subject in subjects:
                await connection.execute(ACT, {"id": uuid.uuid4(), "subject": subject})

    async def read(self, *subjects: str) -> None:
        """These people read an identity."""
        async with self.chassis["intake"].engine.begin() as connection:
            for subject in subjects:
                read = access_log.Read(
                    self.chassis["intake"].clock.now(),
                    subject,
                    "SA-22",
                    "SUPPORT_AGENCY",
                    uuid.uuid4(),
                    IdentityView.FULL,
                    b"sealed",
                    None,
                )
                await access_log.append(connection, read)

    async def sign(self) -> None:
        """Each chains and signs, and the others hear of it."""
        for service, heads in self.heads.items():
            await heads.look()
            [stream] = [one for one in AUDIT if one.producer == service]
            async with self.chassis[service].engine.connect() as connection:
                said = (
                    await connection.execute(text("SELECT payload FROM outbox WHERE topic = :t"), {"t": stream.topic})
                ).all()
            for row in said:
                event = stream.types[0].FromString(row.payload)
                for other in SERVICES:
                    if keep := handlers(other).get(stream.types[0]):
                        await self.chassis[other].units.run(lambda uow, keep=keep, event=event: keep(uow, event))  # type: ignore[misc]

    def steal(self, service: str, *statements: str) -> None:
        """Change a database with all guards off."""
        self.databases.as_superuser(self.chassis[service].settings.database_url, WITHOUT_GUARD, *statements)

    def rehash(self, service: str, log: ChainedLog, table: str) -> None:
        """Compute the chain anew, with the product's own function."""
        with psycopg.connect(self.chassis[service].settings.database_url, row_factory=dict_row) as connection:
            rows = connection.execute(f"{log.entries} ORDER BY sequence".encode()).fetchall()
        previous = CHAIN_START
        for row in rows:
            previous = entry_hash(previous, log.values(row))
            where = f"WHERE sequence = {row['sequence']}"
            self.steal(service, f"UPDATE {table} SET hash = decode('{previous.hex()}', 'hex') {where}")

    def found(self) -> dict[tuple[str, str], set[Wrong]]:
        """What an operator is told, of the logs of which something is."""
        return {(one.service, one.log): {each.wrong for each in one.findings} for one in self.reports() if one.findings}

    def reports(self) -> list[LogReport]:
        """Of all logs."""
        return list(examine_logs(self.urls, event_keys()))


@pytest.fixture
async def homeward(
    service_database: ServiceDatabase, chassis_for: ChassisFor, clock: FakeClock, databases: Databases
) -> Homeward:
    """With two acts in each service and three reads, all of them signed and kept."""
    chassis = {service: chassis_for(service, service_database(service), clock) for service in SERVICES}
    urls = {
        service: databases.audit_url(str(psycopg.conninfo.conninfo_to_dict(one.settings.database_url)["dbname"]))
        for service, one in chassis.items()
    }
    seconds = [0.0]
    logs = {"intake": [ACCESS_LOG]}
    heads = {s: LogHeads(one.units, logs.get(s, ()), now_s=lambda: seconds[0]) for s, one in chassis.items()}
    made = Homeward(chassis, urls, heads, databases)
    for service in SERVICES:
        await made.act(service, "one", "two")
    await made.read("thief", "officer", "thief")
    seconds[0] += HEAD_S
    await made.sign()
    return made


async def test_whole_logs_are_proved(homeward: Homeward) -> None:
    assert homeward.found() == {}
    counted = {(one.service, one.log): (one.entries, one.heads) for one in homeward.reports()}
    assert counted == {
        **{(service, "act"): (2, len(SERVICES)) for service in SERVICES},
        ("intake", "access_log"): (3, len(SERVICES)),
        ("intake", "identity"): (0, 0),
        ("followup", "access_log"): (0, 0),
    }


async def test_what_comes_later_goes_on(homeward: Homeward) -> None:
    await homeward.act("handover", *(str(number) for number in range(HEAD_ENTRIES)))
    await homeward.sign()
    assert homeward.found() == {}
    [handover] = [one for one in homeward.reports() if one.service == "handover"]
    assert (handover.entries, handover.heads) == (HEAD_ENTRIES + 2, 2 * len(SERVICES))


@pytest.mark.attack(54, "access log: trigger off, one entry changed")
async def test_a_changed_entry_is_found(homeward: Homeward) -> None:
    homeward.steal("intake", "UPDATE access_log SET subject = 'officer' WHERE sequence = 3")
    homeward.steal("handover", "UPDATE act SET subject = 'somebody.else' WHERE id = 1")
    assert homeward.found() == {("intake", "access_log"): {Wrong.CHANGED}, ("handover", "act"): {Wrong.CHANGED}}


@pytest.mark.attack(54, "access log: trigger off, the tail cut, own heads too")
async def test_a_cut_tail_is_found(homeward: Homeward) -> None:
    homeward.steal("intake", "DELETE FROM access_log WHERE sequence > 1", "DELETE FROM log_head")
    homeward.steal("followup", "DELETE FROM act_link", "DELETE FROM act", "DELETE FROM log_head")
    found = homeward.found()
    assert found == {("intake", "access_log"): {Wrong.SHORTENED}, ("followup", "act"): {Wrong.SHORTENED}}


@pytest.mark.attack(54, "access log: entries rewritten, hashes computed anew, own heads taken out")
async def test_a_log_computed_anew_is_found(homeward: Homeward) -> None:
    homeward.steal("intake", "UPDATE access_log SET subject = 'officer'", "DELETE FROM log_head")
    homeward.rehash("intake", ACCESS_LOG, "access_log")
    homeward.steal("notify", "UPDATE act SET subject = 'somebody.else'", "DELETE FROM log_head")
    homeward.rehash("notify", ACTS, "act_link")
    assert homeward.found() == {("intake", "access_log"): {Wrong.REWRITTEN}, ("notify", "act"): {Wrong.REWRITTEN}}
    kept_by: set[Any] = {each.kept_by for one in homeward.reports() for each in one.findings}
    assert kept_by == {"handover", "followup"}


@pytest.mark.attack(54, "access log: rewritten in all four databases, heads made without the key")
async def test_heads_made_without_the_key_are_found(homeward: Homeward) -> None:
    homeward.steal("intake", "UPDATE access_log SET subject = 'officer'")
    homeward.rehash("intake", ACCESS_LOG, "access_log")
    with psycopg.connect(homeward.chassis["intake"].settings.database_url) as connection:
        (last,) = connection.execute("SELECT hash FROM access_log ORDER BY sequence DESC LIMIT 1").fetchall()
    for service in SERVICES:
        forged = f"UPDATE log_head SET hash = decode('{bytes(last[0]).hex()}', 'hex') WHERE log = 'access_log'"
        homeward.steal(service, forged)
    assert homeward.found() == {("intake", "access_log"): {Wrong.FORGED_HEAD}}


FORGED_EVENT = """
INSERT INTO outbox (event_id, topic, type, subject, version, time, correlation_id, causation_id, traceparent, payload,
                    signature, kid)
SELECT gen_random_uuid(), topic, type, subject, version + 1, time, correlation_id, causation_id, traceparent, payload,
       signature, kid
FROM outbox ORDER BY id LIMIT 1
"""


async def test_what_a_service_did_not_say_is_found_in_its_outbox(homeward: Homeward) -> None:
    def not_said(newest: int | None = None) -> dict[str, list[int]]:
        reports = examine_said(homeward.urls, event_keys(), newest)
        return {one.service: [each.sequence for each in one.findings] for one in reports if one.findings}

    said = {one.service: one.entries for one in examine_said(homeward.urls, event_keys())}
    assert said.keys() == set(SERVICES)
    assert all(said.values())
    assert not_said() == {}
    homeward.steal("intake", FORGED_EVENT)
    homeward.steal("notify", "UPDATE outbox SET payload = payload || payload WHERE id = 1")
    homeward.steal("followup", "UPDATE outbox SET version = 9 WHERE id = 1")
    assert not_said() == {"intake": [said["intake"] + 1], "notify": [1], "followup": [1]}
    assert not_said(newest=1)["intake"] == [said["intake"] + 1]
