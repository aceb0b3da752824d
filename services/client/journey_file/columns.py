"""The columns that a file of a journey may have, by the titles that officers give them."""

from __future__ import annotations

from typing import Final

from services.client.people_file import columns as people
from services.client.people_file.columns import Column, field_by_title
from services.client.texts import N_

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


_FIELD_BY_TITLE: Final = field_by_title(COLUMNS)


def field_of(title: str) -> str | None:
    """The field that a column title means, as in a file of people."""
    return people.field_of(title, _FIELD_BY_TITLE)
