from __future__ import annotations

from uuid import UUID

import pytest

from homeward.intake.v1 import submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.etags import NO_VERSION, etag_of
from services.chassis.calls.fields import MAX_OFFICE_CHARS, Fields
from services.chassis.calls.pages import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.words import Phase

ID = "01890a5d-ac96-774b-bcce-b302099a8057"


def codes(fields: Fields) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in fields.violations]


def test_what_is_in_order_is_read_without_a_word() -> None:
    fields = Fields()
    assert fields.request_id(submissions_pb2.GetReceiptRequest(request_id=ID)) == UUID(ID)
    assert fields.case(ID) == UUID(ID)
    assert fields.case("hw 618 033 991", "other_case") == "HW-618-033-991"
    assert fields.office("office_id", "") is None
    assert fields.required_office("office_id", "SA-22") == "SA-22"
    assert fields.province("province", None) is None
    assert fields.province("province", types.ProvinceRef(code="22", vintage="2025")) == ProvinceRef("22", "2025")
    assert fields.member("phase", Phase, types.CasePhase, 0) is None
    assert fields.member("phase", Phase, types.CasePhase, types.CASE_PHASE_SEARCH) is Phase.SEARCH
    assert fields.members("phases", Phase, types.CasePhase, [types.CASE_PHASE_SEARCH]) == {Phase.SEARCH}
    assert [fields.page_size(asked) for asked in (0, 7, 10_000)] == [DEFAULT_PAGE_SIZE, 7, MAX_PAGE_SIZE]
    assert [fields.version(etag) for etag in ("", etag_of(7), "seven", '"07"', "7")] == [
        None,
        7,
        NO_VERSION,
        NO_VERSION,
        NO_VERSION,
    ]
    fields.done()


@pytest.mark.parametrize("number", [-1, 999])
def test_a_number_that_is_no_word_is_told_with_the_name_of_the_list(number: int) -> None:
    fields = Fields()
    assert fields.member("phase", Phase, types.CasePhase, number) is None
    assert fields.violations[0].params == {"list": "phases of a case"}
    assert codes(fields) == [("phase", "NOT_IN_LIST")]


def test_all_faults_of_a_request_are_told() -> None:
    fields = Fields()
    fields.request_id(submissions_pb2.GetReceiptRequest())
    fields.case("", "other_case")
    fields.at(row=2).case("nonsense")
    fields.required_office("office_id", "")
    fields.office("to_office_id", "x" * (MAX_OFFICE_CHARS + 1))
    fields.province("province", types.ProvinceRef(code="22"))
    assert fields.required_member("phase", Phase, types.CasePhase, 0, Phase.CLOSED) is Phase.CLOSED
    fields.members("phases", Phase, types.CasePhase, [0])
    fields.page_size(-1)
    assert codes(fields) == [
        ("request_id", "REQUIRED"),
        ("other_case", "REQUIRED"),
        ("case", "BAD_FORMAT"),
        ("office_id", "REQUIRED"),
        ("to_office_id", "UNKNOWN_OFFICE"),
        ("province", "UNKNOWN_PROVINCE"),
        ("phase", "REQUIRED"),
        ("phases", "NOT_IN_LIST"),
        ("page_size", "TOO_SMALL"),
    ]
    assert [each.row for each in fields.violations if each.field == "case"] == [2]
