"""News are late while Kafka does not answer, while what was taken in waits, and a while after that."""

from __future__ import annotations

import asyncio

from services.chassis.service.news import CATCHES_UP_S, News
from services.chassis.storage.database import create_engine
from tests.support.fixtures import ServiceDatabase

WAITS = """
    INSERT INTO inbox (consumer, event_id, topic, partition, record_offset, type, subject, version, correlation_id,
        payload, state, attempts, next_attempt_at, error, received_at)
    VALUES ('x', gen_random_uuid(), 'homeward.handover.v1', 0, 0, 'x', gen_random_uuid(), 1, '', '', 'PENDING', 0,
        now(), '', now() - interval '10 s')
"""


async def test_they_are_late_while_nobody_answers_or_something_waits_and_until_it_is_worked_off(
    service_database: ServiceDatabase,
) -> None:
    engine, now_s = create_engine(service_database("chassis"), "news"), 0.0
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    news = News(engine, f"127.0.0.1:1, 127.0.0.1:{port}", now_s=lambda: now_s)
    try:
        await news.look()
        assert not news.are_late(), "one of the brokers answers"
        server.close()
        await server.wait_closed()
        await news.look()
        assert news.are_late()

        server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port)
        await news.look()
        now_s += CATCHES_UP_S - 1
        assert news.are_late(), "what was said meanwhile is still on its way"
        now_s += 1
        await news.look()
        assert not news.are_late()

        async with engine.begin() as connection:
            await connection.exec_driver_sql(WAITS)
        await news.look()
        assert news.are_late()
    finally:
        server.close()
        await engine.dispose()
