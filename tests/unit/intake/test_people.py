"""What a correct record looks like, and what is said about one that isn't."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.chassis.kernel.case_number import format_case_number
from services.chassis.kernel.errors import InvalidInput
from services.chassis.kernel.findings import Findings
from services.intake.domain.people import AgeBand, FamilyLink, age_band, changed_fields, check_person, check_ties
from services.intake.domain.submissions import Place, PlaceKind, Route, Submission, check_handover, check_self_return
from tests.unit.intake.examples import NOW, PERSON, REFERENCE, handover

LONG_AGO = datetime(1989, 12, 31, tzinfo=UTC)


def violations(wrong: Submission) -> list[tuple[int | None, str, str]]:
    with pytest.raises(InvalidInput) as caught:
        check_handover(wrong, REFERENCE, NOW)
    return [(one.row, one.field, one.code) for one in caught.value.violations]


def test_a_correct_handover_passes() -> None:
    assert check_handover(handover(), REFERENCE, NOW) == handover()


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"full_name": ""}, "full_name", "REQUIRED"),
        ({"full_name": " \u3000 "}, "full_name", "REQUIRED"),
        ({"full_name": "Ví" * 61}, "full_name", "TOO_LONG"),
        ({"full_name": "Ví" * 1_000_000}, "full_name", "TOO_LONG"),
        ({"full_name": "Ví\x00Dụ"}, "full_name", "BAD_CHARACTERS"),
        ({"full_name": "Ví\nDụ"}, "full_name", "BAD_CHARACTERS"),
        ({"full_name": "Ví\u202eDụ"}, "full_name", "BAD_CHARACTERS"),
        ({"full_name": "Ví\u200bDụ"}, "full_name", "BAD_CHARACTERS"),
        ({"sex": ""}, "sex", "REQUIRED"),
        ({"sex": "Female"}, "sex", "NOT_IN_LIST"),
        ({"birth_date": "30/04/1998"}, "birth_date", "BAD_FORMAT"),
        ({"birth_date": "1998-4"}, "birth_date", "BAD_FORMAT"),
        ({"birth_date": "١٩٩٨"}, "birth_date", "BAD_FORMAT"),
        ({"birth_date": "1998-13"}, "birth_date", "NOT_A_DATE"),
        ({"birth_date": "2025-02-29"}, "birth_date", "NOT_A_DATE"),
        ({"birth_date": "0000"}, "birth_date", "NOT_A_DATE"),
        ({"birth_date": "2026-03-03"}, "birth_date", "IN_THE_FUTURE"),
        ({"birth_date": "2027"}, "birth_date", "IN_THE_FUTURE"),
        ({"birth_date": "1905"}, "birth_date", "TOO_EARLY"),
        ({"nationality": "Việt Nam"}, "nationality", "BAD_FORMAT"),
        ({"nationality": "ZZ"}, "nationality", "NOT_IN_LIST"),
        ({"returned_from_country": "cn"}, "returned_from_country", "BAD_FORMAT"),
        ({"ethnicity": "01"}, "ethnicity", "NOT_IN_LIST"),
        ({"language": "tiếng Mông"}, "language", "BAD_FORMAT"),
        ({"home_province": "22@2025"}, "home_province", "UNKNOWN_PROVINCE"),
        ({"home_address": "x" * 301}, "home_address", "TOO_LONG"),
        ({"health_remarks": "x" * 2_001}, "health_remarks", "TOO_LONG"),
        ({"documents": ("x",) * 21}, "documents", "TOO_MANY"),
        ({"documents": ("x", "x" * 201)}, "documents[2]", "TOO_LONG"),
        ({"belongings": ("",)}, "belongings[1]", "REQUIRED"),
        ({"return_certificate_number": "1" * 61}, "return_certificate_number", "TOO_LONG"),
        ({"handover_certificate_number": "1\t2"}, "handover_certificate_number", "BAD_CHARACTERS"),
        ({"family_links": (FamilyLink(2, "CHILD"),)}, "family_links[1].row", "UNKNOWN_ROW"),
        ({"family_links": (FamilyLink(1, "CHILD"),)}, "family_links[1].row", "UNKNOWN_ROW"),
        ({"family_links": (FamilyLink(1, "CHILD"),) * 30}, "family_links", "TOO_MANY"),
        ({"earlier_case": "Người Ví Dụ"}, "earlier_case", "BAD_FORMAT"),
        ({"earlier_case": "HW-999-999-950"}, "earlier_case", "BAD_FORMAT"),
    ],
)
def test_one_wrong_field_is_named(changes: dict[str, Any], field: str, code: str) -> None:
    assert violations(handover(replace(PERSON, **changes))) == [(1, field, code)]


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_date": ""},
        {"birth_date": "1998"},
        {"birth_date": "1998-04"},
        {"birth_date": "2024-02-29"},
        {"birth_date": "2026-03-02"},
        {"birth_date": "1926"},
        {"ethnicity": "FOREIGNER"},
        {"ethnicity": "UNKNOWN"},
        {"language": "zh-Hans-CN"},
        {"home_address": "Thôn Bịa\nxã Tưởng Tượng"},
        {"full_name": "क्\u200dष"},
    ],
)
def test_what_is_known_in_part_is_taken(changes: dict[str, Any]) -> None:
    one = handover(replace(PERSON, **changes))
    assert check_handover(one, REFERENCE, NOW) == one


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"route": None}, "handover.route", "REQUIRED"),
        ({"route": Route.HOTLINE_REFERRAL}, "handover.route", "NOT_ALLOWED"),
        ({"handover_time": None}, "handover.handover_time", "REQUIRED"),
        ({"handover_time": NOW + timedelta(minutes=5, seconds=1)}, "handover.handover_time", "IN_THE_FUTURE"),
        ({"handover_time": LONG_AGO}, "handover.handover_time", "TOO_EARLY"),
        ({"place": None}, "handover.place", "REQUIRED"),
        ({"place": Place(PlaceKind.GATE, "Bịa")}, "handover.place.gate_id", "UNKNOWN_GATE"),
        ({"place": Place(PlaceKind.MARKER, "")}, "handover.place.marker", "REQUIRED"),
        ({"place": Place(PlaceKind.OTHER, "x" * 201)}, "handover.place.other", "TOO_LONG"),
        ({"handing_body": "x" * 201}, "handover.handing_body", "TOO_LONG"),
        ({"joint_minutes_number": "x" * 61}, "handover.joint_minutes_number", "TOO_LONG"),
        ({"people": ()}, "handover.people", "TOO_FEW"),
        ({"people": (PERSON,) * 31}, "handover.people", "TOO_MANY"),
    ],
)
def test_one_wrong_field_of_the_handover_is_named(changes: dict[str, Any], field: str, code: str) -> None:
    assert violations(handover(**changes)) == [(None, field, code)]


def test_the_clock_of_a_post_may_run_ahead_a_little() -> None:
    early = handover(handover_time=NOW + timedelta(minutes=5))
    assert check_handover(early, REFERENCE, NOW) == early


def test_a_birth_is_judged_by_the_local_day_of_the_handover() -> None:
    # 20:00 UTC on 1 March is already 2 March in Viet Nam.
    night = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
    born = replace(PERSON, birth_date="2026-03-02")
    check_handover(handover(born, handover_time=night), REFERENCE, NOW)
    evening = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    assert violations(handover(born, handover_time=evening)) == [(1, "birth_date", "IN_THE_FUTURE")]


def test_names_come_out_written_one_way() -> None:
    decomposed = unicodedata.normalize("NFD", "  Nguyễn Thị Ví Dụ ")
    checked = check_handover(handover(replace(PERSON, full_name=decomposed)), REFERENCE, NOW)
    assert checked.people[0].full_name == "Nguyễn Thị Ví Dụ"


def test_two_links_to_one_person_contradict() -> None:
    tied = replace(PERSON, family_links=(FamilyLink(2, "CHILD"), FamilyLink(2, "SPOUSE")))
    assert violations(handover(tied, PERSON)) == [(1, "family_links[2].row", "DUPLICATE")]


def test_no_violation_repeats_what_was_written() -> None:
    secret = "Bí Mật"
    wrong = replace(
        PERSON,
        full_name=secret * 100,
        sex=secret,
        birth_date=secret,
        nationality=secret,
        ethnicity=secret,
        language=secret,
        home_province=secret,
        documents=(secret + "\x07",),
        family_links=(FamilyLink(7, secret),),
    )
    with pytest.raises(InvalidInput) as caught:
        check_handover(handover(wrong, place=Place(PlaceKind.GATE, secret)), REFERENCE, NOW)
    told = [str(caught.value), repr(caught.value), *map(repr, caught.value.violations)]
    assert len(caught.value.violations) == 11
    assert not [line for line in told if secret in line]


def test_somebody_who_came_alone_has_no_ties() -> None:
    alone = Submission(Route.SELF_RETURN, NOW, people=(replace(PERSON, family_links=(FamilyLink(1, "CHILD"),)),))
    with pytest.raises(InvalidInput) as caught:
        check_self_return(alone, REFERENCE, NOW)
    assert [one.field for one in caught.value.violations] == ["person.family_links[1].row"]
    with pytest.raises(InvalidInput) as caught:
        check_self_return(Submission(None, None), REFERENCE, NOW)
    assert [one.field for one in caught.value.violations] == ["route", "report_time", "person"]


@pytest.mark.parametrize(
    ("birth_date", "band"),
    [
        ("", AgeBand.UNKNOWN),
        ("2026", AgeBand.UNDER_16),
        ("2010-03-03", AgeBand.UNDER_16),
        ("2010-03-02", AgeBand.FROM_16_TO_17),
        ("2010-03", AgeBand.UNDER_16),
        ("2010-02", AgeBand.FROM_16_TO_17),
        ("2010", AgeBand.UNDER_16),
        ("2009", AgeBand.FROM_16_TO_17),
        ("2008-03-03", AgeBand.FROM_16_TO_17),
        ("2008-03-02", AgeBand.ADULT),
        ("2008", AgeBand.FROM_16_TO_17),
        ("2007", AgeBand.ADULT),
    ],
)
def test_in_doubt_a_child_is_a_child(birth_date: str, band: AgeBand) -> None:
    assert age_band(birth_date, date(2026, 3, 2)) is band


def test_who_was_born_on_29_february_comes_of_age_on_1_march() -> None:
    assert age_band("2008-02-29", date(2026, 2, 28)) is AgeBand.FROM_16_TO_17
    assert age_band("2008-02-29", date(2026, 3, 1)) is AgeBand.ADULT
    assert age_band("2008-02", date(2026, 2, 28)) is AgeBand.FROM_16_TO_17


def test_changed_fields_are_named_and_not_told() -> None:
    after = replace(PERSON, full_name="Người Khác Bịa", documents=("một",))
    assert changed_fields(PERSON, after) == ("full_name", "documents")
    assert changed_fields(PERSON, PERSON) == ()


def test_an_earlier_case_is_written_one_way_and_whether_there_is_one_is_not_said() -> None:
    number, case_id = format_case_number(7), str(uuid.UUID(int=7))
    plain = number.removeprefix("HW-").replace("-", " ")
    people = [replace(PERSON, earlier_case=written) for written in (f" {plain}", f"{case_id.upper()} ", "")]
    taken = check_handover(handover(*people), REFERENCE, NOW)
    assert [person.earlier_case for person in taken.people] == [number, case_id, ""]


def test_one_earlier_case_is_of_one_person() -> None:
    number = format_case_number(7)
    twice = handover(*(replace(PERSON, earlier_case=written) for written in (number, number.lower())))
    with pytest.raises(InvalidInput) as caught:
        check_handover(twice, REFERENCE, NOW)
    assert [(one.row, one.field, one.code) for one in caught.value.violations] == [(2, "earlier_case", "DUPLICATE")]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        *(({"full_name": text}, "full_name", "NOT_A_NAME") for text in ("123456789", "=cmd|'!A0", "-", "x", "Nữ")),
        *(({"full_name": text}, "full_name", "NOT_A_NAME") for text in ("\u200d", "\u3164" * 2, "\u2800", "\u0301")),
        ({"full_name": "L" + "\u0336" * 90 + "an"}, "full_name", "NOT_A_NAME"),
        ({"full_name": "Lan\uffff"}, "full_name", "BAD_CHARACTERS"),
        ({"full_name": "Nguy\ufffdn"}, "full_name", "LOST_LETTERS"),
        ({"full_name": "Nguy?n Thị"}, "full_name", "LOST_LETTERS"),
        ({"full_name": "Nguyá»…n Thá»‹"}, "full_name", "MISREAD_LETTERS"),
        ({"full_name": "NguyÔn ThÞ Dô"}, "full_name", "OLD_FONT"),
        ({"full_name": "Nguyeãn Thò Duï"}, "full_name", "OLD_FONT"),
        ({"health_remarks": "Nguy&#7877;n"}, "health_remarks", "WEB_LETTERS"),
        ({"home_address": "Th«n VÝ Dô"}, "home_address", "OLD_FONT"),
        ({"documents": ("Hé chiÕu",)}, "documents[1]", "OLD_FONT"),
        ({"language": "zzz"}, "language", "NOT_IN_LIST"),
        ({"language": "VI"}, "language", "BAD_FORMAT"),
        ({"return_certificate_number": "1.23E+11"}, "return_certificate_number", "BAD_FORMAT"),
    ],
)
def test_what_no_file_may_say_no_program_may_say(changes: dict[str, Any], field: str, code: str) -> None:
    assert violations(handover(replace(PERSON, **changes))) == [(1, field, code)]


def test_one_name_is_written_one_way() -> None:
    found = Findings()
    person = replace(PERSON, full_name="  Ðặng\u00a0Thị   Ｄụ ", home_address="Thôn  Giả\u00a0\n xã  Ví")
    checked = check_person(found, person, REFERENCE, NOW.date(), row=1, rows=1)
    assert (checked.full_name, checked.home_address) == ("Đặng Thị Dụ", "Thôn Giả\nxã Ví")


def test_two_people_cannot_be_each_others_child() -> None:
    found = Findings()
    both = [replace(PERSON, family_links=(FamilyLink(other, "CHILD"),)) for other in (2, 1)]
    check_ties(found, both)
    assert [(each.row, each.field, each.code) for each in found.violations] == [
        (1, "family_links[1].relation", "CONFLICTS_WITH")
    ]
    for relation in ("PARENT", "OTHER"):
        agreeing = Findings()
        check_ties(agreeing, [both[0], replace(PERSON, family_links=(FamilyLink(1, relation),))])
        assert agreeing.violations == []
