"""How a request names a case: by its id, or by the number that people write and say."""

from __future__ import annotations

import re
import uuid
from typing import Final, TypeAlias

from services.chassis.kernel.case_number import InvalidCaseNumber, parse_case_number
from services.chassis.kernel.errors import FieldViolation, InvalidInput

CaseRef: TypeAlias = uuid.UUID | str
"""A case id, or a case number in its one form `HW-123-456-789`: tell them apart by type."""

EXAMPLE: Final = "HW-999-999-957"
"""A number that is never given to a case."""

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def parse_case_ref(text: str, field: str = "case") -> CaseRef:
    """Read a request's `case` field.

    Raises InvalidInput on that field when it is empty or neither a UUID nor a case number. What
    was submitted is no part of the error: people type names into number fields.
    """
    plain = text.strip()
    if not plain:
        raise InvalidInput([FieldViolation(None, field, "REQUIRED")])
    if _UUID.fullmatch(plain):
        return uuid.UUID(plain)
    try:
        return parse_case_number(plain)
    except InvalidCaseNumber:
        violation = FieldViolation(None, field, "BAD_FORMAT", {"example": EXAMPLE})
        raise InvalidInput([violation]) from None
