"""What was typed is still there, whatever goes wrong after it was sent: on its form, or on a page that can send it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import urlencode

import pytest
from google.protobuf.message import Message

from services.chassis.kernel.case_number import keyed_case_number
from tests.support.pages import Browser, failure

CASE = keyed_case_number(5)
ONE = "0197f0a4-7d3c-7b52-9c0e-2f6a5b1d4e90"
TYPED = "Một điều đã gõ"
POST, AGENCY, SUPERVISOR, ADMIN = "BP-CN-MONG-CAI", "SA-24", "SV-04", "ADMIN-NATIONAL"
FORMS: list[tuple[str, str, str, str]] = [
    (POST, f"/handovers/{ONE}", "p1.full_name", TYPED),
    (POST, f"/cases/{CASE}/correct/{ONE}", "full_name", TYPED),
    (POST, f"/cases/{CASE}/dispatch/{ONE}", "expected_arrival_on", "31/12/2026"),
    (POST, f"/journeys/{ONE}", "expected_arrival_on", "31/12/2026"),
    (POST, f"/cases/{CASE}/identity", "purpose", "RECEIVE"),
    (AGENCY, f"/cases/{CASE}/home-visit/{ONE}", "risk_reason", TYPED),
    (AGENCY, f"/cases/{CASE}/wishes/{ONE}", "reason", TYPED),
    (AGENCY, f"/cases/{CASE}/safe/{ONE}", "note", TYPED),
    (AGENCY, "/inbox/read", "message", ONE),
    (SUPERVISOR, f"/cases/{CASE}/break-glass", "words", TYPED),
    (SUPERVISOR, f"/break-glass/{ONE}/review", "verdict", "JUSTIFIED"),
    (SUPERVISOR, f"/approvals/{ONE}/refuse", "reason", "NO_REASON"),
    (ADMIN, f"/acts/change-rule/{ONE}", "legal_source", TYPED),
]
"""Who sends what form, and what was typed into it."""


@pytest.mark.parametrize(("office", "path", "name", "typed"), FORMS, ids=[path for _, path, _, _ in FORMS])
async def test_it_stands_when_every_service_is_away(key: Path, office: str, path: str, name: str, typed: str) -> None:
    browser = await Browser(key).sign_in(office)
    reply = await browser.post(path, {name: typed, "request_id": ONE, "count": "1"})
    assert reply.status in (422, 503)
    assert f'value="{typed}"' in reply.text or f">{typed}</textarea>" in reply.text
    field = re.search(rf'<(?:input|textarea|select)[^>]*name="{re.escape(name)}"', reply.text)
    assert field is not None, "it can be sent again"


def _wrong(_request: Any) -> Message:
    raise RuntimeError


async def test_what_this_program_does_wrong_loses_nothing_either(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.console.guard.log", Mock())
    browser = await Browser(key, {"SetWishes": _wrong}).sign_in(AGENCY)
    reply = await browser.post(f"/cases/{CASE}/wishes/{ONE}", {"reason": TYPED})
    assert reply.status == 500
    assert f'name="reason" value="{TYPED}"' in reply.text


async def test_a_form_that_comes_while_nobody_can_be_known_is_sent_again_later(key: Path) -> None:
    browser = await Browser(key).sign_in(AGENCY)
    form = {"reason": TYPED, "form_token": await browser.form_token()}
    browser.kept.away = True
    reply = await browser._ask(
        "POST",
        f"/cases/{CASE}/wishes/{ONE}",
        urlencode(form).encode(),
        {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"},
    )
    assert reply.status == 503
    assert f'name="reason" value="{TYPED}"' in reply.text
    assert 'name="form_token"' in reply.text


async def test_a_page_that_was_asked_for_keeps_nothing(key: Path) -> None:
    refused = failure("NOT_FOUND", "BREAK_GLASS_NOT_FOUND", "There is none.")
    browser = await Browser(key, {"GetBreakGlass": refused}).sign_in(SUPERVISOR)
    reply = await browser.post(f"/break-glass/{ONE}/person", {})
    assert reply.status == 404
    assert "Send again" not in reply.text
