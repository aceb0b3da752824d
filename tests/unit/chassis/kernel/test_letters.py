"""Damaged letters are found and turned back; the names of nobody's people are damage."""

from __future__ import annotations

import unicodedata

import pytest

from services.chassis.country.provinces import provinces
from services.chassis.country.reference_lists import countries, ethnic_groups, gates, languages, spellings
from services.chassis.kernel.letters import Damage, DamageKind, converted, diagnose, one_way

TCVN3, VNI, MOJIBAKE = DamageKind.TCVN3, DamageKind.VNI, DamageKind.MOJIBAKE


@pytest.mark.parametrize(
    ("text", "kind", "mended"),
    [
        ("NguyÔn ThÞ ThÝ Dô", TCVN3, "Nguyễn Thị Thí Dụ"),
        ("Th«n VÝ Dô, x· §ång Gi¶", TCVN3, "Thôn Ví Dụ, xã Đồng Giả"),
        ("Tr\u00adêng", TCVN3, "Trường"),
        ("Nh\u00ad Quúnh", TCVN3, "Như Quỳnh"),
        ("Hµ Néi", TCVN3, "Hà Nội"),
        ("nguyÔn thÞ hµ", TCVN3, "nguyễn thị hà"),
        ("Nguyeãn Thò Thí Duï", VNI, "Nguyễn Thị Thí Dụ"),
        ("Phaïm Vaên Ñoàng", VNI, "Phạm Văn Đồng"),
        ("NGUYEÃN THÒ HOÀ", VNI, "NGUYỄN THỊ HỒ"),
        ("Trung Quoác", VNI, "Trung Quốc"),
        ("Nguyá»…n Thá»‹ ThÃ\u00ad Dá»¥", MOJIBAKE, "Nguyễn Thị Thí Dụ"),
        ("HÃ  Ná»™i", MOJIBAKE, "Hà Nội"),
        ("Nguy&#7877;n Th&#7883; Th&iacute; D&#7909;", DamageKind.ENTITIES, "Nguyễn Thị Thí Dụ"),
        ("Th?n V? D?, x? ??ng Gi?", DamageKind.LOST, ""),
        ("Nguy\ufffdn", DamageKind.LOST, ""),
        ("Bị đau, ở Th«n Bản", TCVN3, ""),
        ("Bị đau, anh Nguyeãn", VNI, ""),
    ],
)
def test_damage_is_named_and_turned_back_where_that_is_certain(text: str, kind: DamageKind, mended: str) -> None:
    assert diagnose(text) == Damage(kind, mended)
    assert converted(text) == (mended or text)


def test_beside_cells_in_an_old_font_one_sign_is_enough() -> None:
    assert diagnose("Hång") is None
    assert diagnose("Hång", TCVN3) == Damage(TCVN3, "Hồng")


def test_nobody_reads_a_name_in_the_repr() -> None:
    assert "Nguy" not in repr(diagnose("NguyÔn ThÞ Dô"))


def _from_lists() -> set[str]:
    names = {unit.name for unit in provinces().values()}
    names |= {group.name for group in ethnic_groups()} | {gate.name for gate in gates().values()}
    names |= {gate.foreign_side or "" for gate in gates().values()}
    names |= {name for each in countries().values() for name in (each.name_vi, each.name_en)}
    names |= {name for each in languages().values() for name in (each.name_vi, each.name_en)}
    for name in ("countries", "ethnic_groups", "gates", "provinces"):
        names |= {spelling for known in spellings(name).values() for spelling in known}
    return names


PEOPLE = (
    *(
        "Y Bhĭm Niê Kđăm",
        "H'Hen Niê",
        "Ñiă",
        "Y Ñin",
        "Ƀrâo",
        "K’Tư",
        "K'Ñó",
        "Ksor H’Bơ",
        "Siu Ñơ",
        "Rơ Châm Pŭi",
        "Ŏng",
    ),
    *(
        "Lò Văn Òn",
        "Vàng A Pò",
        "Yàng Mí Súa",
        "Sùng Thị Mỉ",
        "Chẻo Tả Mẩy",
        "Tẩn Lở Mẩy",
        "Pờ Dần Sinh",
        "Giàng A Páo",
    ),
    *("Hoà", "Thuý Loan", "Toàn", "Mã Thị Hoà", "Lê Công Khoá", "Quách Thuỳ", "Ái Oanh", "Là Thì Hoà", "Gò", "Áo", "Ý"),
    *("សុខ សារ៉ាន", "ສົມ ພອນ", "李娜", "Lü", "Nü Lü", "Müller", "François", "João", "Conceição", "Noël", "Loïc", "Anaïs"),
    *("Chloë", "Raúl", "Íñigo Peña", "Björk Guðmundsdóttir", "Zoë Müller", "Söng", "Bäch", "Xoóng", "Boóng"),
    *("Mang thai?", "đau bụng?Sốt", "AT&T", "5µg, «vàng»", "10×20 m², 1½", "bsĐức", "Ai đưa? Không rõ."),
)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_name_of_any_people_is_no_damage(name: str) -> None:
    for written in (name, name.upper(), name.title(), unicodedata.normalize("NFD", name)):
        assert diagnose(written) is None


def test_no_entry_of_any_list_is_damage() -> None:
    for name in _from_lists():
        for written in (name, name.upper(), name.lower()):
            assert diagnose(written) is None, written
            assert converted(written) == written


def _in_tcvn3(text: str) -> str:
    from services.chassis.kernel.letters import _TCVN3_LETTERS, _TCVN3_SIGNS

    return text.translate(str.maketrans(_TCVN3_LETTERS, _TCVN3_SIGNS))


def test_all_provinces_typed_in_tcvn3_become_what_they_are() -> None:
    for unit in provinces().values():
        sentence = f"thôn Bản, xã Giả, {unit.name}"
        assert converted(_in_tcvn3(sentence)) == sentence


def test_d_is_one_letter_and_full_width_is_plain() -> None:
    assert one_way("Ðặng ê-ðê Ɖà ２２　Ｎ") == "Đặng ê-đê Đà 22 N"
