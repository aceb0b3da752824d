"""The columns that a file of a journey may have, by the titles that officers give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from services.cli.fold import fold, squeeze
from services.cli.people_file.columns import Column
from services.cli.texts import N_

CASE: Final = "case"
TO: Final = "to"
ARRIVES: Final = "arrives"
LEFT: Final = "left"

COLUMNS: Final = (
    Column(
        CASE,
        "Số hồ sơ",
        "Case number",
        N_("as in HW-999-999-957"),
        ("hồ sơ", "mã hồ sơ", "case", "case id"),
    ),
    Column(
        TO,
        "Nơi đến",
        "To",
        N_("office, province, or home; empty as planned"),
        ("đơn vị tiếp nhận", "nơi nhận", "đến", "office", "destination office"),
    ),
    Column(
        ARRIVES,
        "Ngày dự kiến đến",
        "Expected arrival",
        N_("dd/mm/yyyy; empty as planned"),
        ("dự kiến đến", "ngày đến", "arrives", "expected"),
    ),
    Column(
        "escort",
        "Người đi cùng",
        "Escort",
        N_("officer, social-worker, collaborator, family, none"),
        ("đi cùng", "người hộ tống"),
    ),
    Column("means", "Phương tiện", "Means", N_("bus, train, plane, office-vehicle, other"), ("phương tiện đi lại",)),
    Column(
        "consent",
        "Sự đồng ý",
        "Consent",
        N_("given, given-by-guardian"),
        ("đồng ý", "ý kiến của người được chuyển"),
    ),
    Column(
        "home_safety",
        "An toàn tại nhà",
        "Home safety",
        N_("safe, warning-signs-decided; empty when not checked"),
        ("kiểm tra an toàn", "safety of the home"),
    ),
    Column(
        "documents",
        "Giấy tờ gửi kèm",
        "Papers",
        N_("declaration; medical-file …, one after the other with ;"),
        ("giấy tờ", "documents"),
    ),
    Column(
        "choice",
        "Lý do chọn nơi đến",
        "Destination",
        N_("home, person, facility"),
        ("lựa chọn nơi đến", "choice", "destination choice"),
    ),
    Column(
        LEFT,
        "Ngày khởi hành",
        "Left",
        N_("dd/mm/yyyy; in the first row is enough, today when empty"),
        ("khởi hành", "ngày đi", "departed", "departure"),
        shared=True,
    ),
)
ROW_FIELDS: Final = tuple(column.field for column in COLUMNS if not column.shared)


def _titles() -> dict[str, str]:
    titles: dict[str, str] = {}
    for column in COLUMNS:
        for title in (column.field, column.title_vi, column.title_en, *column.also):
            word = squeeze(title)
            assert titles.setdefault(word, column.field) == column.field, f"{title} is the title of two columns"
    return titles


_FIELD_BY_TITLE: Final[Mapping[str, str]] = _titles()


def field_of(title: str) -> str | None:
    """The field that a column title means; what stands in brackets is a remark. None for other columns."""
    plain = fold(re.sub(r"[(\[].*?[)\]]", " ", title))
    return _FIELD_BY_TITLE.get(squeeze(plain)) if plain else None
