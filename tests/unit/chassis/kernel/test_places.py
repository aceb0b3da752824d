from __future__ import annotations

import pytest

from services.chassis.kernel.errors import ProvinceNotFound
from services.chassis.kernel.places import ProvinceRef


def test_a_province_is_written_with_its_vintage() -> None:
    assert ProvinceRef.parse("22@2004") == ProvinceRef("22", "2004")
    assert str(ProvinceRef("22", "2004")) == "22@2004"
    assert ProvinceRef("15", "2004") != ProvinceRef("15", "2025")


@pytest.mark.parametrize("text", ["", "22", "22@", "2@2004", "22@2004 ", "22@2004@1", "\u0662\u0662@2004"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ProvinceNotFound):
        ProvinceRef.parse(text)


def test_the_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(ProvinceNotFound) as caught:
        ProvinceRef.parse("Nguyen Thi Example")
    assert "Nguyen" not in str(caught.value)
