from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.chassis.country import directory as d
from services.chassis.country import offices, provinces, reference_lists
from services.chassis.country.directory import Directory
from services.chassis.country.offices import Office, Provenance
from services.chassis.country.provinces import DirectoryError
from services.chassis.kernel.errors import (
    OfficeEnded,
    OfficeNotFound,
    OfficeNotYetOpen,
    ProvinceNotFound,
    ProvinceNotYetFormed,
)
from services.chassis.kernel.places import ProvinceRef
from services.chassis.kernel.roles import FacilityKind, Role

BEFORE, INTERIM, AFTER = date(2025, 2, 28), date(2025, 3, 1), date(2025, 7, 1)
QUANG_NINH_2004, QUANG_NINH = ProvinceRef("22", "2004"), ProvinceRef("22", "2025")
YEN_BAI, LAO_CAI_2004, LAO_CAI = (
    ProvinceRef("15", "2004"),
    ProvinceRef("10", "2004"),
    ProvinceRef("15", "2025"),
)
OLD = sorted(ref for ref in provinces.provinces() if ref.vintage == "2004")
NEW = sorted(ref for ref in provinces.provinces() if ref.vintage == "2025")

# Which units went into which, Resolution 202/2025/QH15: written out here once more so that a
# slip in the list cannot pass.
MERGED = {
    "01": "01",
    "04": "04",
    "08": "02 08",
    "11": "11",
    "12": "12",
    "14": "14",
    "15": "10 15",
    "19": "06 19",
    "20": "20",
    "22": "22",
    "24": "24 27",
    "25": "17 25 26",
    "31": "30 31",
    "33": "33 34",
    "37": "35 36 37",
    "38": "38",
    "40": "40",
    "42": "42",
    "44": "44 45",
    "46": "46",
    "48": "48 49",
    "51": "51 62",
    "52": "52 64",
    "56": "56 58",
    "66": "54 66",
    "68": "60 67 68",
    "75": "70 75",
    "79": "74 77 79",
    "80": "72 80",
    "82": "82 87",
    "86": "83 84 86",
    "91": "89 91",
    "92": "92 93 94",
    "96": "95 96",
}


@pytest.fixture
def directory() -> Directory:
    return d.built_in_directory()


# Provinces


def test_63_units_became_34() -> None:
    assert (len(OLD), len(NEW)) == (63, 34)
    assert {code: set(olds.split()) for code, olds in MERGED.items()} == {
        ref.code: {old.code for old in provinces.province(ref).predecessors} for ref in NEW
    }


@pytest.mark.parametrize("ref", OLD, ids=str)
def test_every_old_unit_has_its_successor(ref: ProvinceRef) -> None:
    heir = provinces.successor(ref)
    assert ref.code in MERGED[heir.code].split()
    assert heir.vintage == "2025"
    assert ref in provinces.province(heir).predecessors
    assert provinces.province_at(ref.code, ref.vintage, date(2025, 6, 30)).ref == ref
    assert provinces.province_at(ref.code, ref.vintage, AFTER).ref == heir


def test_a_reused_code_means_another_province() -> None:
    assert provinces.province(YEN_BAI).short_name == "Yên Bái"
    assert provinces.province(LAO_CAI).short_name == "Lào Cai"
    assert provinces.successor(LAO_CAI_2004) == provinces.successor(YEN_BAI) == LAO_CAI
    assert provinces.successor(LAO_CAI) == LAO_CAI


def test_names_stand_alone_and_in_a_sentence() -> None:
    assert provinces.province(ProvinceRef("01", "2025")).short_name == "Hà Nội"
    assert provinces.province(ProvinceRef("01", "2025")).name_in_sentence == "thành phố Hà Nội"


def test_a_new_unit_before_its_time_is_the_old_one_where_that_is_certain() -> None:
    assert provinces.province_at("22", "2025", BEFORE).ref == QUANG_NINH_2004
    with pytest.raises(ProvinceNotYetFormed, match="15@2025"):
        provinces.province_at("15", "2025", BEFORE)


def test_unknown_provinces_are_refused() -> None:
    with pytest.raises(ProvinceNotFound, match="99@2004"):
        provinces.province(ProvinceRef("99", "2004"))
    with pytest.raises(ProvinceNotFound, match="10@2025"):
        provinces.successor(ProvinceRef("10", "2025"))


# Gates and code lists


def test_gates_stand_in_provinces_that_succeed_each_other() -> None:
    assert len(reference_lists.gates()) == 34
    for gate in reference_lists.gates().values():
        assert provinces.successor(gate.province_2004) == gate.province_2025
        assert gate.neighbour in {"CN", "LA", "KH"}
    lao_cai = reference_lists.gates()["CN-LAO-CAI"]
    assert lao_cai.province_on(date(2025, 6, 30)) == LAO_CAI_2004
    assert lao_cai.province_on(AFTER) == LAO_CAI


def test_code_lists_are_read() -> None:
    assert len(reference_lists.ethnic_groups()) == 54
    assert "Feminine" in reference_lists.code_lists()["prs_Gender"]
    assert len(reference_lists.consent_questions()) == 7
    assert reference_lists.protective_factors()
    assert "route_of_return" in reference_lists.demonstration_profile()
    matrix = reference_lists.support_matrix()
    assert matrix.entitled["IN_PROCESS_IN_VIET_NAM"] == ("a", "b", "c", "d", "dd", "e", "g")
    assert set(matrix.by_case["FOREIGNER"]) <= set(matrix.kinds)
    assert matrix.example_tariff
    signs = {sign.id: sign for sign in reference_lists.warning_signs()}
    assert signs["RF44"].restricted
    assert not signs["RF01"].restricted


def test_two_schemes_of_ethnic_groups_are_each_unique() -> None:
    assert len({group.gso_1979 for group in reference_lists.ethnic_groups()}) == 54
    assert len({group.gso_2008 for group in reference_lists.ethnic_groups()}) == 54


# Built-in offices


def test_each_role_has_its_offices(directory: Directory) -> None:
    counts = Counter(office.role for office in directory.offices())
    assert counts[Role.BORDER_POST] == 34
    assert counts[Role.SUPPORT_AGENCY] == 63 + 63 + 34
    assert counts[Role.VERIFIER] == 63 + 34
    assert counts[Role.SUPERVISOR] == 34 + 1
    assert set(counts) == set(Role)
    assert len(directory) == sum(counts.values())


@pytest.mark.parametrize("ref", OLD, ids=str)
def test_every_old_agency_resolves_to_the_one_in_charge(directory: Directory, ref: ProvinceRef) -> None:
    agency_id = f"SA-{ref.code}-2004"
    today = f"SA-{provinces.successor(ref).code}"
    for on, expected in (
        (BEFORE, agency_id),
        (INTERIM, f"SA-{ref.code}-INTERIM"),
        (date(2025, 6, 30), f"SA-{ref.code}-INTERIM"),
        (AFTER, today),
        (date(2040, 1, 1), today),
    ):
        assert directory.resolve(agency_id, on).id == expected
        assert directory.support_agency_for(ref, on).id == expected
    assert directory.resolve(f"VF-{ref.code}-2004", AFTER).id == f"VF-{provinces.successor(ref).code}"
    assert directory.resolve(f"CM-{ref.code}-01-2004", AFTER).id == f"CM-{provinces.successor(ref).code}-01"


@pytest.mark.parametrize("ref", NEW, ids=str)
def test_every_new_province_is_served(directory: Directory, ref: ProvinceRef) -> None:
    assert directory.support_agency_for(ref, AFTER).id == f"SA-{ref.code}"
    assert [o.id for o in directory.offices(role=Role.VERIFIER, province=ref, on=AFTER)] == [f"VF-{ref.code}"]
    assert len(directory.offices(role=Role.COMMUNE, province=ref, on=AFTER)) == 3


def test_what_is_not_settled_is_not_presented_as_official(directory: Directory) -> None:
    for office in directory.offices(role=Role.SUPPORT_AGENCY):
        if office.id.endswith("-INTERIM"):
            assert office.provenance is Provenance.OPEN
            assert "not confirmed" in office.name_en
            assert "chưa xác nhận" in office.name_vi
    assert {o.provenance for o in directory.offices(role=Role.COMMUNE)} == {Provenance.INVENTED}


def test_facilities_say_what_kind_they_are(directory: Directory) -> None:
    centres = directory.offices(role=Role.RECEPTION_CENTRE)
    assert {office.facility_kind for office in centres} == set(FacilityKind)


def test_a_border_post_outlives_the_reform_and_moves_with_its_province(
    directory: Directory,
) -> None:
    post = directory.resolve("BP-CN-LAO-CAI", date(2030, 1, 1))
    assert post.id == "BP-CN-LAO-CAI"
    assert directory.province_of(post, date(2025, 6, 30)) == LAO_CAI_2004
    assert directory.province_of("BP-CN-LAO-CAI", AFTER) == LAO_CAI
    assert post in directory.offices(role=Role.BORDER_POST, province=LAO_CAI, on=AFTER)
    assert directory.province_of("AUDIT-NATIONAL", AFTER) is None


# Resolving


def test_an_office_is_not_resolved_before_it_began(directory: Directory) -> None:
    with pytest.raises(OfficeNotYetOpen, match="SA-22"):
        directory.resolve("SA-22", date(2025, 6, 30))


def test_an_office_that_ended_without_successor_says_so() -> None:
    office = _office("NGO-09", valid_to=date(2026, 1, 31))
    with pytest.raises(OfficeEnded, match="2026-01-31"):
        Directory([office]).resolve("NGO-09", date(2026, 2, 1))
    assert Directory([office]).resolve("NGO-09", date(2026, 1, 31)) == office


@pytest.mark.parametrize("office_id", ["SA-99", "", "Nguyen Thi Example", "A" * 500])
def test_unknown_offices_are_refused(directory: Directory, office_id: str) -> None:
    with pytest.raises(OfficeNotFound) as caught:
        directory.office(office_id)
    assert "Example" not in str(caught.value)
    assert len(str(caught.value)) < 100


def test_a_merged_province_named_too_early_has_no_certain_agency(directory: Directory) -> None:
    with pytest.raises(ProvinceNotYetFormed):
        directory.support_agency_for(LAO_CAI, BEFORE)
    assert directory.support_agency_for(QUANG_NINH, BEFORE).id == "SA-22-2004"


def test_a_province_without_agency_is_an_error() -> None:
    with pytest.raises(OfficeNotFound, match="22@2025"):
        Directory([]).support_agency_for(QUANG_NINH, AFTER)


@pytest.mark.parametrize(
    ("office_id", "supervisors"),
    [
        ("SA-22-2004", ["SV-22", "SV-NATIONAL"]),
        ("BP-CN-LAO-CAI", ["SV-15", "SV-NATIONAL"]),
        ("SA-15", ["SV-15", "SV-NATIONAL"]),
        ("NGO-01", ["SV-NATIONAL"]),
    ],
)
def test_supervisors(directory: Directory, office_id: str, supervisors: list[str]) -> None:
    assert [office.id for office in directory.supervisors_for(office_id)] == supervisors
    assert [office.id for office in directory.supervisors_for(office_id, BEFORE)] == supervisors


def test_offices_of_an_unknown_province_are_an_error(directory: Directory) -> None:
    with pytest.raises(ProvinceNotFound):
        directory.offices(province=ProvinceRef("99", "2025"))


# Contradictions


def _office(
    office_id: str,
    *,
    role: Role = Role.NGO,
    province: ProvinceRef | None = None,
    valid_from: date = date(2020, 1, 1),
    valid_to: date | None = None,
    successor_id: str | None = None,
) -> Office:
    return Office(office_id, role, province, office_id, office_id, valid_from, valid_to, successor_id)


END = date(2025, 12, 31)
NEXT = END + timedelta(days=1)
AGENCY = _office("SA-1", role=Role.SUPPORT_AGENCY, province=QUANG_NINH)


@pytest.mark.parametrize(
    ("offices", "problem"),
    [
        ([_office("A"), _office("A")], "given twice"),
        ([_office("a b")], "capitals"),
        ([_office("A" * 41)], "capitals"),
        ([_office("A", valid_to=date(2019, 1, 1))], "ends before"),
        ([_office("A", province=ProvinceRef("10", "2025"))], "no province"),
        ([_office("A", successor_id="B"), _office("B")], "no end"),
        ([_office("A", valid_to=END, successor_id="B")], "no office B"),
        (
            [_office("A", valid_to=END, successor_id="B"), _office("B", role=Role.COMMUNE)],
            "another role",
        ),
        (
            [
                _office("A", valid_to=END, successor_id="B"),
                _office("B", valid_from=NEXT + timedelta(days=1)),
            ],
            "days are missing",
        ),
        (
            [
                _office("A", valid_to=END, successor_id="B"),
                _office("B", valid_to=END, successor_id="A"),
            ],
            "circle",
        ),
        ([AGENCY, replace(AGENCY, id="SA-2", valid_from=NEXT)], "at once"),
        (
            [replace(_office("A"), facility_kind=FacilityKind.SHELTER)],
            "only a reception centre",
        ),
    ],
)
def test_offices_that_contradict_one_another_are_refused(offices: list[Office], problem: str) -> None:
    with pytest.raises(DirectoryError, match=problem):
        Directory(offices)


# The deployment's own offices

INTERIM_ROW = {
    "id": "SA-22-INTERIM",
    "role": "SUPPORT_AGENCY",
    "province": "22@2004",
    "name_en": "Interim office",
    "name_vi": "Văn phòng tạm thời",
    "valid_from": "2025-03-01",
    "valid_to": "2025-06-30",
    "successor_id": "SA-22",
}


def _file(folder: Path, document: object) -> Path:
    path = folder / "offices.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_deployment_names_its_own_interim_office(tmp_path: Path) -> None:
    shelter = {
        "id": "RC-NEW",
        "role": "RECEPTION_CENTRE",
        "name_en": "New",
        "name_vi": "Mới",
        "valid_from": "2026-01-01",
        "province": None,
        "facility_kind": "SHELTER",
    }
    directory = Directory.load(_file(tmp_path, {"offices": [INTERIM_ROW, shelter]}))
    agency = directory.resolve("SA-22-2004", date(2025, 4, 1))
    assert (agency.name_en, agency.provenance) == ("Interim office", Provenance.CONFIGURED)
    assert directory.office("RC-NEW").facility_kind is FacilityKind.SHELTER
    assert directory.office("RC-NEW").province is None
    assert len(directory) == len(d.built_in_directory()) + 1


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], 'list "offices"'),
        ({"offices": {}}, 'list "offices"'),
        ({"offices": ["SA-22"]}, "office 1 .* not an object"),
        ({"offices": [INTERIM_ROW, {}]}, "office 2 .* lacks id"),
        ({"offices": [INTERIM_ROW | {"sucessor_id": "SA-22"}]}, "unknown fields: sucessor_id"),
        ({"offices": [INTERIM_ROW | {"valid_from": 2025}]}, "no text"),
        ({"offices": [INTERIM_ROW | {"valid_from": "2025-02-30"}]}, "office 1"),
        ({"offices": [INTERIM_ROW | {"role": "POLICE"}]}, "office 1"),
        ({"offices": [INTERIM_ROW | {"province": "22"}]}, "office 1"),
        ({"offices": [INTERIM_ROW, INTERIM_ROW]}, "twice"),
        ({"offices": [INTERIM_ROW | {"valid_to": "2025-07-01", "id": "SA-X"}]}, "at once"),
    ],
)
def test_a_wrong_offices_file_says_what_is_wrong(tmp_path: Path, document: object, problem: str) -> None:
    with pytest.raises(DirectoryError, match=problem):
        Directory.load(_file(tmp_path, document))


def test_an_offices_file_that_is_not_json_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "offices.json"
    path.write_bytes(b"\xff{")
    with pytest.raises(DirectoryError, match="not JSON"):
        Directory.load(path)
    monkeypatch.setattr(offices, "MAX_OFFICES_FILE_BYTES", 1)
    with pytest.raises(DirectoryError, match="larger"):
        Directory.load(path)
