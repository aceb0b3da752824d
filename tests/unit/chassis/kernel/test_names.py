"""What may be a person's name."""

from __future__ import annotations

import pytest

from services.chassis.kernel.names import is_name


@pytest.mark.parametrize(
    "name",
    [
        "Nga",
        "Nguyễn Thị Thí Dụ",
        "Y Bhĭm",
        "K’Ho",
        "李娜",
        "សុខ",
        "ສົມ",
        "Con của Nguyễn Thị Dụ",
        "Lan (Hoa)",
        "Nam",
        "Mỹ",
    ],
)
def test_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", ".", "x", "123456789", "1. Nguyễn Thị Dụ", "=cmd|'/C calc'!A0", "@SUM(A1)", "+84912345678", "-Lan"),
        *("Nữ", "NULL", "nan", "Không rõ", "Họ và tên", "😀", "\u200d", "\u3164\u3164", "\u2800", "\u0301", "\ufe0f"),
        *("\u034f", "Việt Nam", "L" + "\u0336" * 90 + "an", "٣٤ Lan"),
    ],
)
def test_no_names(text: str) -> None:
    assert not is_name(text)
