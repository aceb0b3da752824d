"""How a province is named: its code together with the vintage of the code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Self

from services.chassis.kernel.errors import ProvinceNotFound

NATIONAL: Final = "national"
"""The scope that covers every province and every national office."""

_FORM: Final = re.compile(r"([0-9]{2})@([0-9]{4})")


@dataclass(frozen=True, slots=True, order=True)
class ProvinceRef:
    """A province by code and vintage, always written `22@2004`.

    A code means nothing without its vintage: on 2025-07-01 some codes kept their digits and
    changed their province (15 was Yên Bái and is Lào Cai). `code` has two digits, `vintage` is
    the year of the list. Whether the province exists is for the directory to say.
    """

    code: str
    vintage: str

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(str(self)):
            raise ProvinceNotFound(province=self._safe())

    def _safe(self) -> str:
        # The text came from outside and may be anything, even a name typed in the wrong field.
        return re.sub(r"[^0-9@]", "?", f"{self.code}@{self.vintage}"[:8])

    def __str__(self) -> str:
        return f"{self.code}@{self.vintage}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `22@2004`; raises ProvinceNotFound for anything not of that form."""
        code, _, vintage = text.partition("@")
        return cls(code, vintage)
