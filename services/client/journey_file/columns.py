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
        "wants_to_go",
        "Muốn về nơi này",
        "Wants to go there",
        N_("yes, no, unsure: asked alone, at the border"),
        ("muốn về", "muốn đến nơi này", "wants to go", "h01"),
    ),
    Column(
        "afraid",
        "Sợ ai ở đó",
        "Afraid of anyone there",
        N_("yes, no, unsure: asked alone; who is afraid goes to a centre"),
        ("có sợ ai không", "sợ", "afraid", "h05"),
    ),
    Column(
        "guardian",
        "Người giám hộ không liên quan",
        "Guardian who took no part",
        N_("of somebody under 18; without one she goes to a centre"),
        ("người giám hộ", "giám hộ", "guardian"),
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
TYPED_VERDICT: Final = Column(
    "home_safety",
    "An toàn tại nhà",
    "Home safety",
    N_("not here any more: home-safety"),
    ("kiểm tra an toàn", "safety of the home"),
)
"""In which former versions took a verdict; whoever fills it in is told where it is recorded now."""
ROW_FIELDS: Final = tuple(column.field for column in COLUMNS if not column.shared)


_FIELD_BY_TITLE: Final = field_by_title((*COLUMNS, TYPED_VERDICT))


def field_of(title: str) -> str | None:
    """The field that a column title means, as in a file of people."""
    return people.field_of(title, _FIELD_BY_TITLE)
