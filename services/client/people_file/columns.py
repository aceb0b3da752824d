"""The columns that a file of people may have, by the titles that officers give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.chassis.kernel.fold import squeeze
from services.chassis.kernel.texts import Language
from services.client.texts import N_


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a person or of the handover.

    `title_vi` and `title_en` are what the template writes, `also` other titles taken for it, `hint` what to write
    there; `hint_of_form`, where that is for a file alone, what to write into a form. `shared`: belongs to the handover,
    so that one row is enough.
    """

    field: str
    title_vi: str
    title_en: str
    hint: str
    also: tuple[str, ...] = ()
    shared: bool = False
    hint_of_form: str = ""


NUMBER: Final = "number"
FULL_NAME: Final = "full_name"

COLUMNS: Final = (
    Column(
        NUMBER,
        "STT",
        "No.",
        N_("1, 2, 3 …; a row that begins with # and a blank is not read"),
        ("tt", "so", "#", "số thứ tự", "số tt"),
    ),
    Column(
        FULL_NAME,
        "Họ và tên",
        "Full name",
        N_("as in her papers, up to 120 letters"),
        ("họ tên", "tên", "name", "họ và tên nạn nhân", "họ tên khai sinh"),
    ),
    Column("sex", "Giới tính", "Sex", N_("Nữ, Nam"), ("giới", "gender", "phái")),
    Column(
        "birth_date",
        "Ngày sinh",
        "Birth date",
        N_("dd/mm/yyyy, mm/yyyy or the year alone"),
        ("năm sinh", "ngày tháng năm sinh", "sinh ngày", "date of birth", "dob", "birth year", "born"),
    ),
    Column("nationality", "Quốc tịch", "Nationality", N_("Việt Nam, or a code such as VN"), ("nationality code",)),
    Column("ethnicity", "Dân tộc", "Ethnic group", N_("Kinh, Tày, Hmông …"), ("ethnic", "ethnicity")),
    Column("language", "Ngôn ngữ", "Language", N_("to speak with her: Việt, Hmông …"), ("tiếng nói", "thứ tiếng")),
    Column(
        "home_province",
        "Tỉnh/thành phố quê quán",
        "Home province",
        N_("name, or code with its list such as 22@2025"),
        (
            "tỉnh",
            "tỉnh thành",
            "tỉnh thành phố",
            "tỉnh/tp",
            "quê quán",
            "mã tỉnh",
            "nơi thường trú",
            "province",
            "home province code",
        ),
    ),
    Column(
        "home_address",
        "Địa chỉ quê quán",
        "Home address",
        N_("village, commune"),
        ("địa chỉ", "địa chỉ thường trú", "address", "chỗ ở"),
    ),
    Column(
        "returned_from_country",
        "Trở về từ nước",
        "Returned from",
        N_("Trung Quốc, Campuchia, Lào …"),
        ("từ nước", "nước", "trở về từ", "returned from country", "country"),
    ),
    Column(
        "health_remarks",
        "Sức khỏe",
        "Health",
        N_("in a few words"),
        ("tình trạng sức khỏe", "ghi chú sức khỏe", "sức khoẻ", "tình trạng sức khoẻ", "health remarks"),
    ),
    Column("documents", "Giấy tờ kèm theo", "Documents", N_("one after the other with ;"), ("giấy tờ",)),
    Column("belongings", "Tài sản kèm theo", "Belongings", N_("one after the other with ;"), ("tài sản", "property")),
    Column(
        "victim_declaration",
        "Tờ khai nạn nhân",
        "Victim declaration",
        N_("Có or Không: did she sign it"),
        ("tờ khai", "tờ khai là nạn nhân", "đã ký tờ khai", "declaration"),
    ),
    Column(
        "return_certificate_number",
        "Số giấy chứng nhận về nước",
        "Return certificate",
        N_("number, if issued"),
        ("giấy chứng nhận về nước", "số giấy về nước", "return certificate number"),
    ),
    Column(
        "handover_certificate_number",
        "Số giấy chứng nhận bàn giao",
        "Handover certificate",
        N_("number, if issued"),
        ("giấy chứng nhận bàn giao", "handover certificate number"),
    ),
    Column(
        "family_links",
        "Quan hệ gia đình",
        "Family",
        N_("number and relation, as in 2: con"),
        ("quan hệ", "người thân đi cùng", "family links", "relatives"),
    ),
    Column(
        "earlier_case",
        "Số hồ sơ lần trở về trước",
        "Earlier case",
        N_("case number on her paper, if she returned before"),
        ("hồ sơ trước", "số hồ sơ trước", "hồ sơ cũ", "số hồ sơ cũ", "earlier case number"),
    ),
    Column(
        "remarks",
        "Ghi chú",
        "Remarks",
        N_("what else is to be known about her; kept with her record"),
        ("ghi chú thêm", "ghi chú khác", "chú thích", "lưu ý", "remark", "notes", "note", "comments"),
    ),
    Column(
        "handover_time",
        "Thời gian bàn giao",
        "Handover time",
        N_("dd/mm/yyyy HH:MM; in the first row is enough"),
        ("thời điểm bàn giao", "ngày giờ bàn giao", "ngày bàn giao", "ngày tiếp nhận", "thời gian tiếp nhận", "time"),
        shared=True,
        hint_of_form=N_("dd/mm/yyyy HH:MM"),
    ),
    Column("handover_clock", "Giờ bàn giao", "Hour", N_("HH:MM"), ("giờ", "giờ tiếp nhận"), shared=True),
    Column(
        "gate",
        "Cửa khẩu",
        "Gate",
        N_("name of the gate; or fill the marker or the other place instead"),
        ("tên cửa khẩu", "border gate", "gate id"),
        shared=True,
        hint_of_form=N_("name of the gate"),
    ),
    Column("marker", "Mốc biên giới", "Border marker", N_("such as 1116/2"), ("mốc", "cột mốc", "marker"), shared=True),
    Column(
        "other_place",
        "Địa điểm khác",
        "Other place",
        N_("airport, station …"),
        ("nơi bàn giao", "địa điểm", "other"),
        shared=True,
    ),
    Column(
        "route",
        "Hình thức trở về",
        "Route of return",
        N_("Bàn giao chính thức, Giải cứu, Trục xuất …"),
        ("hình thức", "diện trở về", "route"),
        shared=True,
    ),
    Column(
        "handing_body",
        "Cơ quan bàn giao",
        "Handed over by",
        N_("the foreign authority"),
        ("bên giao", "cơ quan giao", "handing body"),
        shared=True,
    ),
    Column(
        "joint_minutes_number",
        "Số biên bản",
        "Joint minutes",
        N_("number of the minutes"),
        ("số biên bản bàn giao", "biên bản", "joint minutes number", "minutes"),
        shared=True,
    ),
)

BY_FIELD: Final[Mapping[str, Column]] = {column.field: column for column in COLUMNS}
PERSON_FIELDS: Final = tuple(column.field for column in COLUMNS if not column.shared and column.field != NUMBER)
SHARED_FIELDS: Final = tuple(column.field for column in COLUMNS if column.shared)


def title_of(field: str, language: Language) -> str:
    """The title of a field's column; the field's own name when no column has it."""
    column = BY_FIELD.get(field)
    if column is None:
        return field.replace("_", " ")
    return column.title_vi if language == "vi" else column.title_en


def hint_in_form(field: str) -> str:
    """What to write into the field of a form: a text to be translated."""
    column = BY_FIELD[field]
    return column.hint_of_form or column.hint


def field_by_title(columns: Iterable[Column]) -> Mapping[str, str]:
    """The fields of the columns by each of their titles, squeezed."""
    titles: dict[str, str] = {}
    for column in columns:
        for title in (column.field, column.title_vi, column.title_en, *column.also):
            word = squeeze(title)
            if word:
                assert titles.setdefault(word, column.field) == column.field, f"{title} is the title of two columns"
    return titles


FAMILY_NAME: Final = "family_name"
MIDDLE_NAME: Final = "middle_name"
GIVEN_NAME: Final = "given_name"
NAME_PARTS: Final = (FAMILY_NAME, MIDDLE_NAME, GIVEN_NAME)
"""Fields that lists have instead of the full name, in the order in which they make it."""
_PART_TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    FAMILY_NAME: (
        *("họ", "họ đệm", "họ và đệm", "họ và tên đệm", "họ tên đệm", "họ và chữ đệm", "họ chữ đệm"),
        *("họ lót", "họ và tên lót", "họ và chữ lót", "họ tên lót", "family name", "last name", "surname"),
    ),
    MIDDLE_NAME: ("tên đệm", "đệm", "chữ đệm", "tên lót", "chữ lót", "middle name"),
    GIVEN_NAME: ("tên gọi", "tên riêng", "first name", "given name"),
}
_GIVEN_AFTER_FAMILY: Final = frozenset({"ten", "name"})
"""Titles of the full name that mean the given name where the family name has a column of its own."""
_MAX_TITLE_CHARS: Final = 200
_TITLE_TWICE: Final = re.compile(r"[/|\r\n]|\s[-–]\s")
_IN_BRACKETS: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")


def _person_titles() -> Mapping[str, str]:
    parts = {squeeze(title): name for name, titles in _PART_TITLES.items() for title in titles}
    titles = field_by_title(COLUMNS)
    assert not parts.keys() & titles.keys(), "a title of a part of the name is the title of another column"
    return {**titles, **parts}


_FIELD_BY_TITLE: Final = _person_titles()


def field_of(title: str, known: Mapping[str, str] = _FIELD_BY_TITLE) -> str | None:
    """The field that a column title means; what stands in brackets is a remark. None for other columns.

    A title may be written in two languages, "Họ và tên / Full name".
    """
    if len(title) > _MAX_TITLE_CHARS:
        return None
    plain = _IN_BRACKETS.sub(" ", title)
    if found := known.get(squeeze(plain)):
        return found
    parts = _TITLE_TWICE.split(plain)
    # Every cell of a file is looked at so, to find the row of titles.
    words = [word for part in parts if (word := squeeze(part))] if len(parts) > 1 else []
    fields = {known.get(word) for word in words}
    return fields.pop() if len(words) > 1 and len(fields) == 1 else None


def settle_names(titles: Sequence[str], fields: list[str | None]) -> None:
    """Where the family name has a column, "Tên" beside it is the given name; beside a full name parts are not used."""
    if not {FAMILY_NAME, MIDDLE_NAME}.intersection(fields):
        return
    for position, title in enumerate(titles):
        if fields[position] == FULL_NAME and squeeze(_IN_BRACKETS.sub(" ", title)) in _GIVEN_AFTER_FAMILY:
            fields[position] = GIVEN_NAME
    if FULL_NAME in fields:
        fields[:] = [None if name in NAME_PARTS else name for name in fields]
