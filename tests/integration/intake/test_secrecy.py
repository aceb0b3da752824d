"""Invented names, written in any way, are in no table of the database as plain text."""

from __future__ import annotations

import json
import unicodedata
import uuid
from typing import Any, Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from homeward.intake.v1 import consents_pb2, identification_pb2, reading_pb2, submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services.intake.domain.people import Person
from services.intake.domain.submissions import Place, PlaceKind
from services.intake.vault.keys import KeyRing
from tests.integration.intake.people import person, submission
from tests.integration.intake.world import POLICE, POST, World

SECRETS: Final = (
    "Nguyễn Thị Ví Dụ",
    "Trần Văn Bịa",
    "Thôn Bịa Đặt, xã Tưởng Tượng",
    "Sốt bịa đặt",
    "Giấy tờ ví dụ số 12",
    "Túi vải tưởng tượng",
    "GCN-VIDU-77",
    "Công an Bịa Đặt",
    "BB-TƯỞNG-TƯỢNG-5",
    "Gõ nhầm tên chị Ví Dụ",
    "Lời kể của chị Ví Dụ",
    "CC-VIDU-9",
    "Biên bản lời khai Ví Dụ",
    "Gọi cho mẹ chị Ví Dụ",
    "1998-04-30",
    "Bà Giám Hộ Tưởng Tượng",
    "OTHER_RELATIVE",
)


def spellings(secret: str) -> set[str]:
    """As written, decomposed, without diacritics, and as JSON writes it; all in lower case."""
    decomposed = unicodedata.normalize("NFD", secret)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")
    escaped = json.dumps(secret)[1:-1]
    return {form.casefold() for form in (secret, decomposed, bare, escaped)}


async def every_cell(engine: AsyncEngine) -> list[tuple[str, str]]:
    """Every text and every byte string of every table, with the name of its column."""
    cells = []
    async with engine.connect() as connection:
        columns = (
            await connection.exec_driver_sql(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name <> 'audit_case'"
            )
        ).fetchall()
        for one in columns:
            statement = f'SELECT "{one.column_name}" FROM "{one.table_name}"'
            rows = await connection.exec_driver_sql(statement)
            name = f"{one.table_name}.{one.column_name}"
            cells += [(name, readable(row[0])) for row in rows]
    return cells


def readable(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        return raw.decode("utf-8", "replace") + "\n" + raw.decode("utf-16-le", "replace")
    return str(value)


def found(cells: list[tuple[str, str]], secrets: tuple[str, ...] = SECRETS) -> set[tuple[str, str]]:
    forms = {secret: spellings(secret) for secret in secrets}
    return {
        (column, secret)
        for column, content in cells
        for secret in secrets
        if any(form in content.casefold() for form in forms[secret])
    }


async def everything_said(world: World) -> None:
    """A case through every command that takes a free text, each of which names somebody."""
    request = submission(person(), person("Trần Văn Bịa"), at=world.clock.now())
    case = (await world.call(POST, request)).receipt.entries[0].case_id
    corrected = person(health_remarks="Sốt bịa đặt, đã khỏi")
    await world.call(
        POST,
        submissions_pb2.CorrectCaseRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            reason="Gõ nhầm tên chị Ví Dụ",
            person=corrected,
        ),
    )
    await world.call(
        POLICE,
        identification_pb2.DecideIdentificationRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            status=types.IDENTIFICATION_STATUS_IDENTIFIED,
            decided_on="2026-03-02",
            grounds=["FORCED_MARRIAGE"],
            evidence=["Biên bản lời khai Ví Dụ"],
            reason="Lời kể của chị Ví Dụ",
            certificate_number="CC-VIDU-9",
        ),
    )
    await world.call(
        POST,
        consents_pb2.RecordConsentRequest(
            request_id=str(uuid.uuid4()),
            case=case,
            purpose="STAY",
            state=types.CONSENT_STATE_GIVEN,
            giver=types.CONSENT_GIVER_GUARDIAN,
            guardian=consents_pb2.Guardian(
                name="Bà Giám Hộ Tưởng Tượng", relation=types.GUARDIAN_RELATION_OTHER_RELATIVE
            ),
            text_version=1,
        ),
    )
    purpose = "Gọi cho mẹ chị Ví Dụ"
    read = await world.call(POST, reading_pb2.GetCaseRequest(case=case, include_identity=True, purpose=purpose))
    assert read.case.person == corrected


async def test_no_table_holds_a_name_in_plain_text(world: World) -> None:
    await everything_said(world)
    cells = await every_cell(world.chassis.engine)
    assert {column.partition(".")[0] for column, _ in cells} >= {
        "handover",
        "intake_case",
        "identity",
        "identity_history",
        "identification_decision",
        "access_log",
        "consent",
        "guardian",
        "outbox",
        "request_log",
    }
    assert found(cells) == set()


@pytest.mark.parametrize("secret", SECRETS)
def test_the_search_would_find_one(secret: str) -> None:
    for form in spellings(secret):
        cells = [("here", readable(b"\x0a\x12" + form.encode() + b"\x00"))]
        assert found(cells, (secret,)) == {("here", secret)}


def test_nothing_that_holds_an_identity_shows_it() -> None:
    named = Person(full_name=SECRETS[0], sex="Feminine")
    key, wrapped = KeyRing(bytes(32)).new_key(uuid.UUID(int=1))
    for one in (named, key, wrapped, Place(PlaceKind.OTHER, SECRETS[1]), [named], {"who": named}):
        shown = f"{one!r} {one!s} {one}"
        assert not found([("repr", shown)])
        assert "bytes" not in shown
        assert "b'" not in shown
