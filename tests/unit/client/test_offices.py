"""Offices as a running Homeward lists them: whole, by the page, and asked for again only when they changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from homeward.handover.v1 import directory_pb2
from homeward.type.v1 import types_pb2
from services.chassis.country.provinces import DirectoryError
from services.client.offices import listed


def told(office_id: str, **fields: object) -> directory_pb2.Office:
    """An agency."""
    base: dict[str, object] = {
        "role": "SUPPORT_AGENCY",
        "province": types_pb2.ProvinceRef(code="24", vintage="2025"),
        "name_en": "Agency",
        "name_vi": "Sở",
        "valid_from": "2025-07-01",
        "provenance": "CONFIGURED",
    }
    return directory_pb2.Office(office_id=office_id, **(base | fields))  # type: ignore[arg-type]


@dataclass
class Service:
    """Lists one office a page."""

    edition: str
    offices: list[directory_pb2.Office]
    asked: list[directory_pb2.ListOfficesRequest] = field(default_factory=list)

    def __call__(self, request: directory_pb2.ListOfficesRequest) -> directory_pb2.ListOfficesResponse:
        """Answer."""
        self.asked.append(request)
        if request.edition == self.edition:
            return directory_pb2.ListOfficesResponse(edition=self.edition, unchanged=True)
        position = int(request.page_token or 0)
        more = str(position + 1) if position + 1 < len(self.offices) else ""
        return directory_pb2.ListOfficesResponse(
            offices=[self.offices[position]], next_page_token=more, edition=self.edition
        )


def test_all_pages_are_read_and_what_stands_is_not_asked_for_again(tmp_path: Path) -> None:
    kept = tmp_path / "offices.json"
    ended = told("SA-OLD", valid_to="2026-01-01", successor_id="SA-NEW", ended=True)
    service = Service("one", [ended, told("SA-NEW")])
    first = listed(service, kept)
    assert [office.id for office in first.offices()] == ["SA-OLD", "SA-NEW"]
    assert first.was_ended("SA-OLD")
    assert len(service.asked) == 2
    again = listed(service, kept)
    assert again.offices() == first.offices()
    assert again.was_ended("SA-OLD")
    assert len(service.asked) == 3


def test_another_edition_is_read_whole(tmp_path: Path) -> None:
    kept = tmp_path / "offices.json"
    listed(Service("one", [told("SA-NEW")]), kept)
    found = listed(Service("two", [told("SA-NEW"), told("SA-LATER")]), kept)
    assert len(found) == 2


@pytest.mark.parametrize("text", ["", "{", '{"offices": [{"officeId": "SA-1", "role": "KING"}], "edition": "one"}'])
def test_what_is_kept_and_cannot_be_read_is_asked_for_anew(tmp_path: Path, text: str) -> None:
    kept = tmp_path / "offices.json"
    kept.write_text(text, encoding="utf-8")
    assert len(listed(Service("one", [told("SA-NEW")]), kept)) == 1


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "none" / "offices.json"
    assert len(listed(Service("one", [told("SA-NEW")]), kept)) == 1
    assert not kept.exists()


def test_a_list_that_makes_no_directory_is_refused() -> None:
    with pytest.raises(DirectoryError):
        listed(Service("one", [told("SA-NEW", role="KING")]), None)
