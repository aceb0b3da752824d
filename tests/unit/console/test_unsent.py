"""What stood in a form that did not go through is shown again at its address, to the same sign-in, for a while."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from homeward.handover.v1 import custody_pb2
from homeward.intake.v1 import submissions_pb2
from homeward.type.v1 import types_pb2
from services.console.sessions import IDLE_S
from services.console.unsent import ALL_CHARS_MAX, CHARS_MAX, FORMS_MAX, OF_SESSION_MAX, Unsent
from tests.support.pages import Answer, Browser, failure

POST = "BP-CN-MONG-CAI"
CASE = "HW-647-273-1535"
TYPED = {"count": "1", "handover_time": "hôm qua 09:00", "p1.full_name": "Nguyễn Thị Thí Dụ", "p1.sex": "?"}
NOTHING_YET = {"GetReceipt": failure("NOT_FOUND", "RECEIPT_NOT_FOUND")}
ME, OTHER = b"m" * 32, b"o" * 32


class Now:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def test_a_form_is_its_own_sessions_alone_and_for_half_an_hour() -> None:
    now = Now()
    kept = Unsent(now)
    kept.keep(ME, "/a", [("name", "x"), ("file", object())])
    assert dict(kept.find(ME, "/a") or {}) == {"name": "x"}
    assert kept.find(OTHER, "/a") is None
    assert kept.find(ME, "/b") is None
    now.s = IDLE_S + 1
    assert kept.find(ME, "/a") is None
    kept.keep(ME, "/a", [("name", "y")])
    kept.end(ME)
    assert kept.find(ME, "/a") is None


def test_there_is_a_limit_on_everything() -> None:
    kept = Unsent(Now())
    kept.keep(ME, "/large", [("name", "x" * CHARS_MAX)])
    assert kept.find(ME, "/large") is None
    for number in range(OF_SESSION_MAX + 1):
        kept.keep(ME, f"/{number}", [("name", "x")])
    assert kept.find(ME, "/0") is None
    assert kept.find(ME, "/1") is not None
    for number in range(FORMS_MAX):
        kept.keep(number.to_bytes(32), "/a", [("name", "x")])
    assert kept.find(ME, "/1") is None
    for number in range(ALL_CHARS_MAX // CHARS_MAX + 1):
        kept.keep(number.to_bytes(32), "/a", [("name", "x" * (CHARS_MAX - 4))])
    assert kept.find((0).to_bytes(32), "/a") is None


@pytest.mark.parametrize("kind", ["handovers", "returns"])
async def test_a_refused_form_is_shown_again_with_what_is_wrong_and_a_new_one_is_empty(key: Path, kind: str) -> None:
    browser = await Browser(key, NOTHING_YET).sign_in(POST)
    path = f"/{kind}/{uuid.uuid4()}"
    assert (await browser.post(path, TYPED | {"action": "send"})).status == 422
    again = await browser.get(path)
    assert 'value="Nguyễn Thị Thí Dụ"' in again.text
    assert 'href="#p1.sex"' in again.text
    assert "did not go through" in again.text
    assert "Thí Dụ" not in (await browser.get(f"/{kind}/{uuid.uuid4()}")).text
    await browser.post("/sign-out")
    await browser.sign_in(POST)
    assert "Thí Dụ" not in (await browser.get(path)).text


async def test_people_added_and_read_are_there_again(key: Path) -> None:
    browser = await Browser(key, NOTHING_YET).sign_in(POST)
    path = f"/handovers/{uuid.uuid4()}"
    await browser.post(path, TYPED | {"action": "add"})
    assert 'name="p2.full_name"' in (await browser.get(path)).text
    await browser.post(path, TYPED | {"count": "2", "p2.full_name": "Trần", "action": "remove:1"})
    again = (await browser.get(path)).text
    assert 'value="Trần"' in again
    assert "Thí Dụ" not in again


async def test_what_went_through_is_kept_no_more(key: Path) -> None:
    answers = NOTHING_YET | {"SubmitHandover": submissions_pb2.SubmitHandoverResponse()}
    browser = await Browser(key, answers).sign_in(POST)
    path = f"/handovers/{uuid.uuid4()}"
    right = TYPED | {"p1.sex": "Nữ", "gate": "Móng Cái"}
    assert (await browser.post(path, right | {"action": "check"})).status == 200
    assert "Thí Dụ" in (await browser.get(path)).text
    assert (await browser.post(path, right | {"action": "send"})).status == 303
    assert "Thí Dụ" not in (await browser.get(path)).text


def custody(phase: types_pb2.CasePhase.ValueType) -> dict[str, Answer]:
    found = custody_pb2.Custody(case_number=CASE, phase=phase, accountable_office_id=POST)
    return {"GetCustody": custody_pb2.GetCustodyResponse(custody=found)}


async def test_the_form_of_a_verb_is_shown_again_as_long_as_it_fits_the_case(key: Path) -> None:
    answers: dict[str, Answer] = {**custody(types_pb2.CASE_PHASE_REGISTERED)}
    nothing = failure("NOT_FOUND", "CASE_NOT_FOUND")
    answers |= dict.fromkeys(("GetCase", "GetFamily", "GetStory", "ListFollowUps"), nothing)
    browser = await Browser(key, answers).sign_in(POST)
    path = f"/cases/{CASE}/dispatch/{uuid.uuid4()}"
    assert (await browser.post(path, {"departed_on": "31/02/2026"})).status == 422
    again = await browser.get(path)
    assert 'value="31/02/2026"' in again.text
    assert f'href="/cases/{CASE}/dispatch"' in again.text
    browser.door.answers = answers | custody(types_pb2.CASE_PHASE_CLOSED)
    closed = await browser.get(path)
    assert "does not fit the case" in closed.text
    assert f'href="/cases/{CASE}"' in closed.text
    assert "departed_on" not in closed.text
    browser.door.answers = answers | {"GetCustody": nothing}
    gone = await browser.get(path)
    assert gone.status == 404
    assert "departed_on" not in gone.text
    browser.door.answers = {}
    assert "departed_on" in (await browser.get(path)).text


async def test_an_act_is_shown_again(key: Path) -> None:
    browser = await Browser(key).sign_in("ADMIN-NATIONAL")
    path = f"/acts/open-office/{uuid.uuid4()}"
    assert (await browser.post(path, {"office_id": "SA-99-X"})).status == 422
    assert 'value="SA-99-X"' in (await browser.get(path)).text
