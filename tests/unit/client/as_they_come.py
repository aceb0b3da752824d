"""Files as people hand them in, each with what must become of it. Everybody in them is invented.

Damage that was seen, or is reported of such files: by programs of tables, by fonts of former times, by forms of
offices, by the hand. A file is taken, asked about (nothing is sent before somebody says that it is right), or refused.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from openpyxl import Workbook

from tests.unit.client.people_files import windows_1258

TAKEN, ASKED, REFUSED = "taken", "asked", "refused"
HEAD = ("STT", "Họ và tên", "Giới tính", "Ngày sinh", "Thời gian bàn giao", "Cửa khẩu")
NAME, SEX, BIRTH, TIME, GATE = "Nguyễn Thị Thí Dụ", "Nữ", "15/03/2004", "22/11/2026 14:30", "Móng Cái"
TWO = ("2", "Trần Văn Ví Dụ", "Nam", "1998", "", "")


@dataclass(frozen=True, slots=True)
class AsItComes:
    """A file, its outcome, and the codes of what is wrong and of what is noted."""

    data: bytes
    outcome: str
    codes: frozenset[str]


def one(**changed: str) -> bytes:
    """A list of one person; a title with blanks is written with underscores."""
    given = dict(zip(HEAD, ("1", NAME, SEX, BIRTH, TIME, GATE), strict=True))
    given |= {title.replace("_", " "): text for title, text in changed.items()}
    return rows(tuple(given), tuple(given.values()))


def rows(*lines: tuple[str, ...], sep: str = ";") -> bytes:
    """Rows of a table."""
    return "\r\n".join(sep.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines).encode()


def text(*lines: str) -> bytes:
    """Lines as they are."""
    return ("\r\n".join(lines) + "\r\n").encode()


def workbook(*lines: tuple[object, ...]) -> bytes:
    """An .xlsx."""
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**parts: str) -> bytes:
    """A zip with these parts; two underscores are a slash, one is a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def document(person: Mapping[str, object] | None = None, **more: object) -> bytes:
    """A list in JSON."""
    whole = {
        "handover_time": "2026-11-22T14:30:00+07:00",
        "place": {"gate_id": "CN-MONG-CAI"},
        "people": [{"full_name": NAME, "sex": "Feminine"} | dict(person or {})],
    }
    return json.dumps(whole | more).encode()


L1 = (*HEAD, "Ghi chú")
FIRST = ("1", NAME, SEX, BIRTH, TIME, GATE)
PLAIN = ";".join(HEAD)
A_LINE = ";".join(FIRST)

_CASES: dict[str, tuple[bytes, str, str]] = {
    # A person lost, doubled, mixed up
    "a quote never closed in a row": (
        text(f"{PLAIN};Sức khỏe", f'{A_LINE};"đau đầu', "2;Trần Văn Ví Dụ;Nam;1998;;;"),
        REFUSED,
        "QUOTE_NOT_CLOSED",
    ),
    "a quote never closed in the titles": (
        text(f'{PLAIN};"Ghi chú thêm', A_LINE + ";", '2;Trần Văn Ví Dụ;Nam;1998;;;"'),
        REFUSED,
        "ROWS_IN_CELL",
    ),
    "numbers that a formula lost": (
        rows(HEAD, FIRST, ("#REF!", *TWO[1:]), ("#VALUE!", "Lò Thị Ví Dụ", "Nữ", "", "", "")),
        REFUSED,
        "EXCEL_ERROR",
    ),
    "a column too narrow for its dates": (
        rows(HEAD, FIRST, ("2", "Trần Văn Ví Dụ", "Nam", "##########", "", "")),
        REFUSED,
        "EXCEL_ERROR",
    ),
    "one number with a hash": (rows(HEAD, FIRST, ("#2", *TWO[1:])), REFUSED, "HASH_BEFORE_NUMBER"),
    "all numbers with a hash": (rows(HEAD, ("#1", *FIRST[1:]), ("#2", *TWO[1:])), TAKEN, ""),
    "rows pasted with other separators": (
        text(PLAIN, A_LINE, "2,Trần Văn Ví Dụ,Nam,1998,,", "3\tLò Thị Dụ\tNữ\t1999"),
        REFUSED,
        "OTHER_SEPARATOR",
    ),
    "each the child of the other": (
        rows((*HEAD, "Quan hệ gia đình"), (*FIRST, "2: con"), (*TWO, "1: con")),
        REFUSED,
        "CONFLICTS_WITH",
    ),
    "a child older than its mother": (
        rows((*HEAD, "Quan hệ gia đình"), (*FIRST, "2: con"), (*TWO, "")),
        ASKED,
        "OLDER_THAN_PARENT",
    ),
    # Names and texts
    "TCVN3 in its own bytes": (
        "Full name;Sex;Handover time;Gate\r\nNguyÔn ThÞ ThÝ Dô;F;22/11/2026;Mong Cai\r\n".encode("cp1252"),
        REFUSED,
        "OLD_FONT OLD_ENCODING",
    ),
    "TCVN3 as Unicode": (one(Họ_và_tên="NguyÔn ThÞ ThÝ Dô"), REFUSED, "OLD_FONT"),
    "VNI as Unicode": (one(Họ_và_tên="Nguyeãn Thò Thí Duï"), REFUSED, "OLD_FONT"),
    "the whole file in TCVN3": (
        "STT;Hä vµ tªn;Giíi tÝnh;Ngµy sinh\r\n1;NguyÔn ThÞ ThÝ Dô;N÷;1998\r\n".encode(),
        REFUSED,
        "OTHER_LETTERS",
    ),
    "UTF-8 read as another encoding": (
        one(Họ_và_tên=NAME.encode().decode("cp1252", "ignore")),
        REFUSED,
        "MISREAD_LETTERS",
    ),
    "question marks in an address": (one(Địa_chỉ="Th?n V? D?, x? ??ng Gi?"), REFUSED, "LOST_LETTERS"),
    "a question without a blank behind": (one(Sức_khỏe="đau không?có sốt không?Không"), TAKEN, ""),
    "letters as numbers of a web page": (one(Họ_và_tên="Nguy&#7877;n Th&#7883;"), REFUSED, "WEB_LETTERS"),
    "a name over two columns": (
        rows(
            ("STT", "Họ và tên", "", "Giới tính", "Thời gian bàn giao", "Cửa khẩu"),
            ("1", "Nguyễn Thị", "Dụ", "Nữ", TIME, GATE),
        ),
        REFUSED,
        "UNTITLED_COLUMN",
    ),
    "a name in two columns": (
        rows(
            ("STT", "Họ đệm", "Tên", "Giới tính", "Thời gian bàn giao", "Cửa khẩu"),
            ("1", "Nguyễn Thị", "Dụ", "Nữ", TIME, GATE),
        ),
        TAKEN,
        "",
    ),
    "an unsure name": (one(Họ_và_tên="Lan?"), REFUSED, "NOT_A_NAME"),
    **{
        f"a name that is {word}": (one(Họ_và_tên=word), REFUSED, "NOT_A_NAME")
        for word in (
            "123456789",
            "-",
            ".",
            "x",
            "Nữ",
            "=cmd|'/C calc'!A0",
            "@SUM(A1)",
            "+84900000000",
            "😀",
            "NULL",
            "nan",
            "1. Nguyễn Thị Ví Dụ",
        )
    },
    "a name with a telephone": (one(Họ_và_tên="Nguyễn Thị Dụ 0912345678"), REFUSED, "NOT_A_NAME"),
    "a name with a letter of another alphabet": (one(Họ_và_tên="Ng\u0443y\u1ec5n Thị Dụ"), REFUSED, "NOT_A_NAME"),
    **{
        f"two people in one cell, {word}": (one(Họ_và_tên=word), ASKED, "SEVERAL_PEOPLE")
        for word in (
            *("Nguyễn Thị Dụ và con", "Lò Thị Dụ; Lò Văn Bịa", "Nguyễn Thị Dụ, Trần Văn Bịa", "Lò Thị Dụ/Lò Văn Bịa"),
            *("Lò Thị Dụ - Lò Văn Bịa", "Lò Thị Dụ + 2 con", "Lò Thị Dụ (con: Lò Văn Bịa)", "Lò Thị Dụ\nLò Văn Bịa"),
        )
    },
    "a name with a hyphen, on two lines": (one(Họ_và_tên="Nguyễn Thị\nAnne-Marie"), TAKEN, ""),
    "an alias": (one(Họ_và_tên="Nguyễn Thị Dụ (Hoa)"), TAKEN, ""),
    "a name with an apostrophe before it": (one(Họ_và_tên="'Nguyễn Thị Ví Dụ"), TAKEN, ""),
    "a name in full width": (one(Họ_và_tên="Ｎｇｕｙễｎ Ａｎ"), TAKEN, ""),
    "a newborn without a name": (one(Họ_và_tên=""), REFUSED, "REQUIRED"),
    "a newborn registered as unnamed": (one(Họ_và_tên="Chưa đặt tên"), TAKEN, "NO_NAME_YET"),
    "eth for Đ": (one(Tỉnh="Ðồng Nai"), TAKEN, "VINTAGE_DECIDED"),
    "eth in a title": (one(Ðịa_chỉ="Thôn Ví Dụ"), TAKEN, ""),
    "a bullet of Word": (one(Sức_khỏe="\uf0b7 đau đầu"), REFUSED, "BAD_CHARACTERS"),
    "blanks, marks of direction and joiners in a name": (
        one(Họ_và_tên="Nguyễn\u00a0Thị\u200b \u200eThí  Dụ\ufeff"),
        TAKEN,
        "",
    ),
    "names of many languages": (
        rows(
            HEAD,
            FIRST,
            ("2", "ສົມສີ ວົງໄຊ", "Nữ", "1990", "", ""),
            ("3", "សុខ សំណាង", "Nam", "1991", "", ""),
            ("4", "王小明", "Nam", "1992", "", ""),
            ("5", "H'Ƀia Niê", "Nữ", "1993", "", ""),
        ),
        TAKEN,
        "",
    ),
    # Columns, cells and values
    "remarks": (one(Ghi_chú="Đang mang thai 7 tháng; sợ chồng"), TAKEN, ""),
    "a column that means nothing here": (one(Màu_tóc="đen"), TAKEN, "COLUMN_NOT_USED"),
    "an unquoted separator in the last column": (
        text(PLAIN.replace(";", ",") + ",Địa chỉ", A_LINE.replace(";", ",") + ",Thôn Ví Dụ, xã Giả Định"),
        REFUSED,
        "EXTRA_CELL",
    ),
    **{
        f"a tick written {sign}": (one(Tờ_khai_nạn_nhân=sign), TAKEN, "")
        for sign in ("✓", "√", "☑", "✔", "x", "X", "V", "ü", "þ", "Có")
    },
    "a tick that nobody can read": (one(Tờ_khai_nạn_nhân="?"), REFUSED, "NOT_IN_LIST"),
    "stateless": (one(Quốc_tịch="Không quốc tịch"), TAKEN, "STATELESS"),
    **{
        f"a birth that is {word}": (one(Ngày_sinh=word), TAKEN, "")
        for word in ("không rõ", "Không nhớ", "không biết", "-", "N/A")
    },
    "apostrophes of Excel": (one(Ngày_sinh="'15/03/2004", Số_giấy_chứng_nhận_về_nước="'0012", Tỉnh="'22"), TAKEN, ""),
    "the gate of another post": (one(Cửa_khẩu="Mộc Bài"), ASKED, "GATE_OF_ANOTHER"),
    "a gate of another border": (
        one(Cửa_khẩu="Mộc Bài", Trở_về_từ_nước="Trung Quốc"),
        ASKED,
        "GATE_OF_ANOTHER OTHER_BORDER",
    ),
    # Dates and times
    "a year typed into a column of dates": (one(Ngày_sinh="20/06/1905"), REFUSED, "NOT_A_DATE"),
    "older than a hundred years": (one(Ngày_sinh="1921"), ASKED, "VERY_OLD"),
    "month first in one row": (
        rows(HEAD, FIRST, ("2", "Trần Văn Ví Dụ", "Nam", "3/15/1998", "", "")),
        REFUSED,
        "NOT_A_DATE",
    ),
    **{
        f"a birth written {word}": (one(Ngày_sinh=word), REFUSED, "NOT_A_DATE")
        for word in (
            "khoảng 1998",
            "~1998",
            "1998?",
            "20 tuổi",
            "98",
            "15/3/2004 ÂL",
            "30/02/2004",
            "0001-01-01 00:00:00",
        )
    },
    **{
        f"a birth read from {word}": (one(Ngày_sinh=word), TAKEN, "")
        for word in ("SN 1998", "1998.0", "00/00/1998", "03/1998")
    },
    "a handover of half a year ago": (one(Thời_gian_bàn_giao="11/5/2026"), ASKED, "LONG_AGO"),
    **{
        f"a time written {word}": (one(Thời_gian_bàn_giao=word), TAKEN, "")
        for word in (
            "22/11/2026 2:30 CH",
            "2h chiều 22/11/2026",
            "14 giờ 30 phút, ngày 22/11/2026",
            "14h30 ngày 22 tháng 11 năm 2026",
            "22/11/2026",
        )
    },
    "midnight of the day before": (one(Thời_gian_bàn_giao="24h00 22/11/2026"), REFUSED, "NOT_A_DATE"),
    "the empty date of a program": (one(Thời_gian_bàn_giao="0001-01-01 00:00:00"), REFUSED, "NOT_A_DATE"),
    "day and hour in two columns": (
        rows(
            (*HEAD[:4], "Ngày bàn giao", "Giờ bàn giao", "Cửa khẩu"),
            (*FIRST[:4], "2026-11-22 00:00:00", "14:30:00", GATE),
        ),
        TAKEN,
        "",
    ),
    # Lists
    "returned from MY": (one(Trở_về_từ_nước="MY"), TAKEN, ""),
    **{
        f"returned from {word}": (one(Trở_về_từ_nước=word), TAKEN, "")
        for word in ("Bỉ", "Áo", "Mỹ", "Mianma", "Philippin", "Đài Loan (TQ)")
    },
    **{
        f"a language written {word}": (one(Ngôn_ngữ=word), REFUSED, "NOT_IN_LIST")
        for word in ("han", "zzz", "Việt, Hmông")
    },
    **{f"a province written {word}": (one(Tỉnh=word), TAKEN, "") for word in ("BR-VT", "Daklak", "TP.HCM", "Sài Gòn")},
    "an old province that was divided": (one(Tỉnh="Hà Bắc"), REFUSED, "UNKNOWN_PROVINCE"),
    "a province almost spelt right": (one(Tỉnh="Quảng Nin"), REFUSED, "UNKNOWN_PROVINCE"),
    "a whole address as the province": (
        one(Tỉnh="Thôn Ví Dụ, xã Giả Định, Lào Cai"),
        TAKEN,
        "ADDRESS_DIVIDED VINTAGE_DECIDED",
    ),
    "a code and year in full width": (one(Tỉnh="２２@2025"), TAKEN, ""),
    **{
        f"an ethnic group written {word}": (one(Dân_tộc=word), TAKEN, "")
        for word in ("Dao đỏ", "Thái đen", "K'Ho", "Kinh (Việt)")
    },
    **{
        f"a gate written {word}": (one(Cửa_khẩu=word), TAKEN, "")
        for word in ("CKQT Móng Cái", "CK Móng Cái", "Bắc Luân II")
    },
    # Numbers
    "numbers made dates": (
        one(Số_biên_bản="01-Nov", Số_giấy_chứng_nhận_về_nước="05-Mar", Địa_chỉ="12-May"),
        REFUSED,
        "BAD_FORMAT",
    ),
    "a number made short": (one(Số_giấy_chứng_nhận_về_nước="1,23457E+11"), REFUSED, "BAD_FORMAT"),
    "a formula that keeps zeros": (one(Số_giấy_chứng_nhận_về_nước='="0012"'), TAKEN, ""),
    # JSON
    "half a letter in JSON": (
        b'{"people": [{"full_name": "\\ud83d Lan", "sex": "Feminine"}]}',
        REFUSED,
        "LOST_LETTERS REQUIRED",
    ),
    "one name twice in JSON": (
        b'{"people": [{"full_name": "A B", "full_name": "C D", "sex": "Feminine"}]}',
        REFUSED,
        "DUPLICATE_FIELD",
    ),
    "two places in JSON": (document(gate_id="CN-MONG-CAI"), REFUSED, "UNKNOWN_FIELD"),
    "a moment of another zone in JSON": (document({"birth_date": "2004-03-14T17:00:00.000Z"}), REFUSED, "NOT_A_DATE"),
    # Files
    "a workbook": (workbook(HEAD, FIRST), TAKEN, ""),
    "a document of Word": (packed(word__document_xml="<x/>"), REFUSED, "NOT_A_LIST"),
    "a binary workbook": (packed(xl__workbook_bin="x"), REFUSED, "BINARY_WORKBOOK"),
    "rich text": (b"{\\rtf1 x}", REFUSED, "NOT_A_LIST"),
    "a PDF": (b"%PDF-1.7 x", REFUSED, "NOT_A_LIST"),
    "a picture": (b"\x89PNG\r\n\x1a\n", REFUSED, "NOT_A_LIST"),
    "a web page saved as Excel": (
        (
            "<html><table>"
            + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in line) + "</tr>" for line in (HEAD, FIRST))
            + "</table></html>"
        ).encode(),
        TAKEN,
        "",
    ),
    "a heading in brackets": (text("[MẪU 01] DANH SÁCH NGƯỜI ĐƯỢC TRAO TRẢ", PLAIN, A_LINE), TAKEN, ""),
    "cut in the middle of a letter": (text(PLAIN, A_LINE)[:-2] + "ễ".encode()[:2], REFUSED, "FILE_INCOMPLETE"),
    "nothing": (b"", REFUSED, "EMPTY_FILE"),
    "more than two megabytes": (b"\n" * 2_000_001, REFUSED, "FILE_TOO_LARGE"),
    "a title of a thousand brackets": (text("(" * 60_000 + ";Họ và tên;Giới tính", ";A B;Nữ"), REFUSED, "REQUIRED"),
    # Forms
    "an office's form": (
        text(
            "CÔNG AN TỈNH BỊA ĐẶT;;;;;",
            "DANH SÁCH NẠN NHÂN;;;;;",
            PLAIN,
            "(1);(2);(3);(4);(5);(6)",
            "I. Nạn nhân trở về;;;;;",
            A_LINE,
            "2;Trần Văn Ví Dụ;Nam;1998;;",
            "Tổng cộng: 2 người;;;;;",
            "Người lập biểu;;;Chỉ huy;;",
        ),
        TAKEN,
        "",
    ),
    "titles repeated in the middle": (text(PLAIN, A_LINE, PLAIN, "2;Trần Văn Ví Dụ;Nam;1998;;"), TAKEN, ""),
    "two handovers in one file": (
        rows(HEAD, FIRST, ("2", *TWO[1:4], "21/11/2026 8:00", "Lào Cai")),
        REFUSED,
        "CONFLICTS_WITH",
    ),
    "no column of the sex": (rows((*HEAD[:2], *HEAD[3:]), (*FIRST[:2], *FIRST[3:])), REFUSED, "REQUIRED"),
    "a long heading": (text(*["Cộng hòa bịa đặt;;;;;"] * 18, PLAIN, A_LINE), TAKEN, ""),
    "the year of birth under Nam and Nữ": (
        text("STT;Họ và tên;Năm sinh;;Thời gian bàn giao;Cửa khẩu", ";;Nam;Nữ;;", f"1;{NAME};;2009;{TIME};{GATE}"),
        TAKEN,
        "",
    ),
    "floats of pandas": (rows(HEAD, ("1.0", NAME, SEX, "1998.0", TIME, GATE)), TAKEN, ""),
    "windows-1258": (windows_1258(text(PLAIN, A_LINE).decode()), TAKEN, "OLD_ENCODING"),
    # Plausible to the machine only
    **{
        f"somebody who is not there, {word}": (one(Họ_và_tên=word), ASKED, "NOT_THERE")
        for word in ("Nguyễn Thị Dụ (đã bỏ trốn)", "Nguyễn Thị Dụ - vắng mặt")
    },
    **{
        f"a remark that she is not there, {word}": (one(Ghi_chú=word), ASKED, "NOT_THERE")
        for word in ("Vắng mặt.", "vắng", "Vắng mặt có lý do", "đã bỏ trốn", "không đến")
    },
    "a remark of how she fled": (one(Ghi_chú="bỏ trốn khỏi nhà chủ, ở lại chùa hai ngày"), TAKEN, ""),
    **{
        f"a word before the name, {word}": (one(Họ_và_tên=word), ASKED, "TITLE_BEFORE_NAME")
        for word in ("Chị Nguyễn Thị Dụ", "Ms. Nguyễn Thị Dụ", "ÔNG TRẦN VĂN VÍ")
    },
    "a short name that begins like such a word": (one(Họ_và_tên="Anh Thư"), TAKEN, ""),
    "a remark in brackets behind the sex": (one(Giới_tính="Nữ (đang mang thai 7 tháng)"), ASKED, "IN_BRACKETS"),
    "another people in brackets": (one(Dân_tộc="Kinh (mẹ người Tày)"), ASKED, "IN_BRACKETS"),
    "the same in brackets": (one(Giới_tính="Nữ (female)", Dân_tộc="Hmông (Mông)"), TAKEN, ""),
    "an address with its province, and no column of provinces": (
        one(Địa_chỉ="Thôn Ví Dụ, xã Giả Định, tỉnh Quảng Ninh"),
        ASKED,
        "PROVINCE_OF_ADDRESS",
    ),
    "an address in another province": (
        one(Tỉnh="Quảng Ninh", Địa_chỉ="Thôn Ví Dụ, xã Giả Định, T. Lạng Sơn"),
        ASKED,
        "ADDRESS_ELSEWHERE",
    ),
    "an address in a province that is part of another now": (
        one(Tỉnh="Tuyên Quang", Địa_chỉ="Thôn Ví Dụ, xã Giả Định, tỉnh Hà Giang"),
        TAKEN,
        "",
    ),
    "a year of the Buddhist calendar": (one(Ngày_sinh="15/03/2547"), REFUSED, "IN_THE_FUTURE"),
    "a name alone under the numbers": (rows(HEAD, FIRST, ("Trần Văn Ví Dụ", "", "", "", "", "")), ASKED, "LONE_NAME"),
    "a signature under the numbers": (
        rows(HEAD, FIRST, ("Người lập", "", "", "", "", ""), ("Phạm Văn Lập", "", "", "", "", "")),
        TAKEN,
        "",
    ),
    "a separator left out in the middle of a row": (
        text(
            f"{PLAIN};Địa chỉ;Sức khỏe",
            f"{A_LINE};Thôn Một;yếu",
            "2;Trần Văn Ví Dụ;Nam;1998;;;mang thương tích",
        ),
        ASKED,
        "SHORT_ROWS",
    ),
    "rows that end where nothing more is known": (
        text(
            f"{PLAIN};Địa chỉ;Sức khỏe;Dân tộc",
            f"{A_LINE};Thôn Một;yếu;Tày",
            "2;Trần Văn Ví Dụ;Nam;1998",
            "3;Lò Thị Dụ;Nữ",
        ),
        TAKEN,
        "",
    ),
    "births on the first of January": (
        rows(
            HEAD,
            (*FIRST[:3], "01/01/2004", TIME, GATE),
            (*TWO[:3], "1/1/1998", "", ""),
            ("3", "Lò Thị Dụ", "Nữ", "2001"),
        ),
        ASKED,
        "FIRST_OF_JANUARY",
    ),
    "one birth on the first of January": (one(Ngày_sinh="01/01/2004"), TAKEN, ""),
    "two provinces in one cell": (one(Tỉnh="Lào Cai, Yên Bái"), REFUSED, "UNKNOWN_PROVINCE"),
    "a remark in brackets behind the province": (one(Tỉnh="Quảng Ninh (bị ép kết hôn)"), ASKED, "IN_BRACKETS"),
    "the province of today in brackets": (one(Tỉnh="Bắc Giang (nay là Bắc Ninh)"), TAKEN, ""),
    "the province of before in brackets": (one(Tỉnh="Tuyên Quang (Hà Giang)"), TAKEN, ""),
    "signatures under the columns of everybody": (
        rows(
            *(HEAD, FIRST, TWO, ("", "", "", "", "Móng Cái, ngày 22/11/2026", "")),
            *(("", "", "", "", "Thượng tá Phạm Văn Nhận", ""), ("Vương Văn Giao", "", "", "", "Phạm Văn Nhận", "")),
        ),
        TAKEN,
        "",
    ),
    "signatures under numbers and columns of everybody": (
        rows(
            HEAD, FIRST, ("BÊN GIAO", "", "", "", "BÊN NHẬN", ""), ("Vương Văn Giao", "", "", "", "Phạm Văn Nhận", "")
        ),
        TAKEN,
        "",
    ),
    "one time for everybody in a row of its own": (
        rows(HEAD, (*FIRST[:4], "", GATE), ("", "", "", "", "2h chiều ngày 22/11/2026", "")),
        TAKEN,
        "",
    ),
    "short titles in the middle": (rows(HEAD, FIRST, ("TT", "Họ tên", "GT", "NS", "", ""), TWO), TAKEN, ""),
    "a tick under Nam or Nữ": (
        text(
            *("STT;Họ và tên;Giới tính;;Ngày sinh;Thời gian bàn giao;Cửa khẩu", ";;Nam;Nữ;;;"),
            *(f"1;{NAME};;x;2004;{TIME};{GATE}", "2;Trần Văn Ví Dụ;X;;1998;;"),
        ),
        TAKEN,
        "",
    ),
    "a tick under Nam or Nữ without a common title": (
        text("STT;Họ và tên;Nam;Nữ;Ngày sinh;Thời gian bàn giao;Cửa khẩu", f"1;{NAME};0;1;2004;{TIME};{GATE}"),
        TAKEN,
        "",
    ),
    **{
        f"a sex of two columns, {nam or nu}": (
            text("STT;Họ và tên;Nam;Nữ;Thời gian bàn giao;Cửa khẩu", f"1;{NAME};{nam};{nu};{TIME};{GATE}"),
            REFUSED,
            "NOT_ONE_TICK",
        )
        for nam, nu in (("x", "x"), ("?", ""), ("", "2004"))
    },
    # Titles, numbers and signs of other hands
    "titles in two languages": (
        rows(
            (
                "STT / No.",
                "Họ và tên\nFull name",
                "Giới tính - Sex",
                "Ngày sinh|DOB",
                "Thời gian bàn giao/Time",
                "Cửa khẩu 口岸",
            ),
            FIRST,
        ),
        TAKEN,
        "",
    ),
    "a title of two meanings": (
        rows((*HEAD, "Dân tộc/Quốc tịch"), (*FIRST, "Kinh")),
        TAKEN,
        "COLUMN_NOT_USED",
    ),
    "numbers with a zero or a dot": (
        rows((*HEAD, "Quan hệ"), ("01.", *FIRST[1:], "2: chồng"), ("02.", *TWO[1:], "01: vợ")),
        TAKEN,
        "",
    ),
    "one number in two forms": (rows(HEAD, ("01", *FIRST[1:]), ("1", *TWO[1:])), REFUSED, "DUPLICATE"),
    "as above": (rows((*HEAD, "Địa chỉ"), (*FIRST, "Thôn Ví Dụ"), (*TWO, "-nt-")), REFUSED, "AS_ABOVE"),
    "as above, by its marks": (rows((*HEAD, "Địa chỉ"), (*FIRST, "Thôn Ví Dụ"), (*TWO, '"')), REFUSED, "AS_ABOVE"),
    "as above in the name": (rows(HEAD, FIRST, ("2", "như trên", *TWO[2:])), REFUSED, "AS_ABOVE"),
    "an unquoted separator in the middle of a row": (
        text(
            f"{PLAIN};Địa chỉ;Sức khỏe;Ghi chú",
            f"{A_LINE};Thôn Một;yếu;",
            "2;Trần Văn Ví Dụ;Nam;1998;;;Thôn Hai; xã Ba;ho;",
        ),
        REFUSED,
        "EXTRA_CELL",
    ),
    "a separator at the end of each row": (text(PLAIN, f"{A_LINE};", "2;Trần Văn Ví Dụ;Nam;1998;;;"), TAKEN, ""),
    "a province with T. before it": (one(Tỉnh="T. Bắc Giang"), TAKEN, ""),
    # Lists in one file
    "a second list with more titles": (
        rows(HEAD[:3], FIRST[:3], ("2", *TWO[1:3]), ("",), HEAD, ("3", "Lò Thị Ví Dụ", *FIRST[2:])),
        REFUSED,
        "ABOVE_TITLES",
    ),
    "titles sorted in among the people": (rows(("1", *TWO[1:]), HEAD, ("2", *FIRST[1:])), REFUSED, "ABOVE_TITLES"),
    "titles sorted below a person without a number": (rows(("", *TWO[1:]), HEAD, FIRST), REFUSED, "ABOVE_TITLES"),
    "an office's form with labels above": (
        rows(("Cửa khẩu:", GATE, "Số biên bản:", "12", "", ""), ("Số", "01", "", "", "", ""), HEAD, FIRST),
        TAKEN,
        "",
    ),
    "a second list with its columns in another order": (
        rows(
            (*HEAD, "Sức khỏe", "Địa chỉ"),
            (*FIRST, "yếu", "Thôn Một"),
            (*HEAD, "Địa chỉ", "Sức khỏe"),
            (*TWO, "B", "C"),
        ),
        REFUSED,
        "OTHER_TITLES",
    ),
    "a second list with another column": (
        rows((*HEAD, "Địa chỉ"), (*FIRST, "Thôn Một"), (*HEAD, "Điện thoại"), (*TWO, "không có")),
        REFUSED,
        "OTHER_TITLES",
    ),
    "two tables of a web page": (
        b"".join(
            f"<table><tr><td>{'<td>'.join(titles)}<tr><td>{'<td>'.join(person)}</table>".encode()
            for titles, person in (
                ((*HEAD, "Sức khỏe", "Địa chỉ"), (*FIRST, "yếu", "A")),
                ((*HEAD, "Địa chỉ", "Sức khỏe"), (*TWO, "B", "C")),
            )
        ),
        REFUSED,
        "OTHER_TITLES",
    ),
    "somebody without a sex, with a note like those below a list": (
        rows(L1, (*FIRST, ""), ("2", "Trần Văn Ví Dụ", "", "", "", "", "Lưu ý: đang nằm viện")),
        REFUSED,
        "REQUIRED",
    ),
    "somebody without sex and number, with an officer in the note": (
        rows(L1, (*FIRST, ""), ("", "Trần Văn Ví Dụ", "", "", "", "", "Cán bộ đưa đi khám")),
        REFUSED,
        "REQUIRED",
    ),
    "a total of more people than are read": (
        rows(HEAD, FIRST, TWO, ("", "Tổng cộng: 03 người", "", "", "", "")),
        ASKED,
        "TOTAL_DIFFERS",
    ),
    "a heading of more people than are read": (
        rows(("DANH SÁCH GỒM 12 NGƯỜI ĐƯỢC TRAO TRẢ", "", "", "", "", ""), HEAD, FIRST, TWO),
        ASKED,
        "TOTAL_DIFFERS",
    ),
    "a total of women and children": (
        rows(HEAD, FIRST, TWO, ("", "Tổng: 01 nạn nhân và 01 trẻ em đi kèm", "", "", "", "")),
        TAKEN,
        "",
    ),
    "a total with its parts, of whom one is missing": (
        rows(HEAD, FIRST, TWO, ("", "Tổng: 03 người, trong đó 01 trẻ em", "", "", "", "")),
        ASKED,
        "TOTAL_DIFFERS",
    ),
    "totals of groups": (
        rows(HEAD, FIRST, ("", "Cộng: 1 người", "", "", "", ""), TWO, ("", "Cộng: 01 người (01 nam)", "", "", "", "")),
        TAKEN,
        "",
    ),
    "two tables on one sheet": (text(PLAIN, A_LINE, ";;;;;", "STT;Tài sản;Số lượng;;;", "1;Túi vải;2;;;"), REFUSED, ""),
}

CASES = {name: AsItComes(data, outcome, frozenset(codes.split())) for name, (data, outcome, codes) in _CASES.items()}
