"""People's files for tests. Everybody in them is invented."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

from services.client.people_file.check import Checked, Defaults, check_handover
from services.client.people_file.read import read_people

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

TITLES = (
    "STT;Họ và tên;Giới tính;Ngày sinh;Dân tộc;Tỉnh/thành phố quê quán;Quan hệ gia đình;Thời gian bàn giao;Cửa khẩu"
)
ONE = "1;Nguyễn Thị Thí Dụ Một;Nữ;15/03/2004;Hmông;Quảng Ninh;;22/11/2026 14:30;Móng Cái"
TWO = "2;Trần Văn Thí Dụ Hai;Nam;2010;Kinh;22@2025;1: mẹ;;"


def table(*rows: str, titles: str = TITLES) -> str:
    """A table with these rows below its titles."""
    return "\r\n".join((titles, *rows)) + "\r\n"


def checked(text: str | bytes, **options: str) -> Checked:
    """A file understood on a fixed day."""
    data = text if isinstance(text, bytes) else text.encode()
    return check_handover(read_people(data), Defaults(options), NOW)


def windows_1258(text: str) -> bytes:
    """Vietnamese as old programs of Windows wrote it: letters with their hats, tones behind them."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    written = b""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
        written += (base + "".join(c for c in parts if c in tones)).encode("cp1258")
    return written
