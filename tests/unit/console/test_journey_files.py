"""A journey out of a file: everything wrong at its row, and what is sent is what the command line would send."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from homeward.handover.v1 import journeys_pb2
from homeward.intake.v1 import cases_pb2, reading_pb2
from homeward.type.v1 import types_pb2
from services.chassis.kernel.case_number import format_case_number
from services.client.journey_file.template import csv_template
from services.console.said import ON_PAGES
from tests.support.catalogues import sentences
from tests.support.pages import Browser, Reply, failure, uploaded

POST = "BP-CN-MONG-CAI"
NUMBERS = [format_case_number(each) for each in (101, 102)]
TITLES = "Số hồ sơ;Nơi đến;Ngày dự kiến đến;Phương tiện;Ngày khởi hành\n"
RIGHT = f"{TITLES}{NUMBERS[0]};SA-24;29/11/2026;xe khách;28/11/2026\n\n{NUMBERS[1]};home;;;\n"
BAC_NINH = reading_pb2.GetCaseResponse(
    case=cases_pb2.Case(home_province=types_pb2.ProvinceRef(code="24", vintage="2025"))
)


def carried(reply: Reply) -> dict[str, str]:
    """What the page carries of the file."""
    from html import unescape

    return {name: unescape(value) for name, value in re.findall(r'name="(content|rows)" value="([^"]*)"', reply.text)}


async def test_a_file_is_read_looked_at_and_sent_once(key: Path) -> None:
    done = journeys_pb2.DispatchJourneyResponse(journey_id="11111111-1111-4111-8111-111111111111")
    browser = await Browser(key, {"GetCase": BAC_NINH, "DispatchJourney": done}).sign_in(POST)
    path = f"/journeys/file/{uuid.uuid4()}"
    read = await uploaded(browser, path, RIGHT)
    assert read.status == 200
    assert browser.door.named("DispatchJourney") == []
    assert read.text.count("SA-24") >= 2
    assert carried(read)["rows"] == "2,4"
    for _ in range(2):
        sent = await browser.post(path, {**carried(read), "action": "send"})
        assert sent.headers["location"].startswith(f"/transfers?journey={done.journey_id}&done=dispatch")
    first, second = browser.door.named("DispatchJourney")
    assert first == second
    assert first.request_id == path.rpartition("/")[2]
    assert first.departed_on == "2026-11-28"
    assert [(row.case, row.to_office_id) for row in first.rows] == [(number, "SA-24") for number in NUMBERS]


async def test_everything_wrong_is_told_at_once_at_its_row(key: Path) -> None:
    browser = await Browser(key).sign_in(POST)
    path = f"/journeys/file/{uuid.uuid4()}"
    wrong = f"{TITLES}HW-1;Atlantis;31/02/2026;;28/11/2026\n{NUMBERS[1]};SA-99-NOT;29/11/2026;rocket;\n"
    read = await uploaded(browser, path, wrong)
    assert read.status == 422
    assert re.findall(r'href="#(row\d+)"', read.text) == ["row2"] * 3 + ["row3"] * 2
    assert 'id="row3" class="wrong"' in read.text
    assert 'value="send"' not in read.text
    assert "homeward " not in read.text.partition("<main")[2]
    again = await browser.get(path)
    assert re.findall(r'href="#(row\d+)"', again.text) == ["row2"] * 3 + ["row3"] * 2


async def test_what_a_service_refuses_stands_at_the_row_of_the_file(key: Path) -> None:
    refusal = failure("INVALID_ARGUMENT", "INVALID", "No.", "rows.to_office_id")
    refusal.violations = tuple(each.__class__(2, *each_fields(each)) for each in refusal.violations)
    browser = await Browser(key, {"GetCase": BAC_NINH, "DispatchJourney": refusal}).sign_in(POST)
    path = f"/journeys/file/{uuid.uuid4()}"
    read = await uploaded(browser, path, RIGHT)
    sent = await browser.post(path, {**carried(read), "action": "send"})
    assert sent.status == 422
    assert re.findall(r'href="#(row\d+)"', sent.text) == ["row4"]
    assert carried(sent) == carried(read)


def each_fields(violation: Any) -> tuple[Any, ...]:
    """All of a violation but its row."""
    return tuple(getattr(violation, name) for name in list(violation.__dataclass_fields__)[1:])


@pytest.mark.parametrize("content", ["", "no table at all", "%PDF-1.7", "Số hồ sơ;Nơi đến\n", "{", "[]", "\x00\x01"])
async def test_what_is_no_journey_is_told_at_the_file(key: Path, content: str) -> None:
    browser = await Browser(key).sign_in(POST)
    read = await uploaded(browser, f"/journeys/file/{uuid.uuid4()}", content)
    assert read.status == 422
    assert 'href="#file"' in read.text
    assert "homeward " not in read.text.partition("<main")[2]


async def test_the_empty_form_is_read_as_one(key: Path) -> None:
    browser = await Browser(key).sign_in(POST)
    empty = await browser.get("/journeys/template/journey.csv")
    assert empty.text.removeprefix("\ufeff") == csv_template("en").removeprefix("\ufeff")
    assert (await browser.get("/journeys/template/other.csv")).status == 404


async def test_what_a_form_carries_that_is_no_file_is_refused(key: Path) -> None:
    browser = await Browser(key).sign_in(POST)
    for content, rows in (("{", "1"), ('{"people": [{"case": "x"}]}', ""), ('{"people": [{"case": "x"}]}', "1,2")):
        sent = await browser.post(
            f"/journeys/file/{uuid.uuid4()}", {"content": content, "rows": rows, "action": "send"}
        )
        assert sent.status == 422
    assert browser.door.named("DispatchJourney") == []


def test_no_page_names_a_command_of_the_command_line() -> None:
    files = [Path("services/client") / each for each in ("people_file", "journey_file")]
    elsewhere = {"sending.py", "template.py", "workbook_form.py"}
    found = sentences(file for folder in files for file in folder.glob("*.py") if file.name not in elsewhere)
    commands = {text for each in found for text in each if re.search(r"homeward [a-z]|--[a-z]", text)}
    assert commands == set(ON_PAGES)
    assert not any(re.search(r"homeward [a-z]|--[a-z]", text) for text in ON_PAGES.values())
