"""What an office should think about after what it did: codes in the address, sentences on the page."""

from __future__ import annotations

from typing import Final

from services.client import words
from services.client.travel import warning_text
from services.console.desk import Desk

NOTES_MAX: Final = 10


def notes(desk: Desk) -> list[str]:
    """The sentences of the codes that are known; others are left out."""
    codes = dict.fromkeys(desk.request.query_params.getlist("note"))
    return [warning_text(code, desk.texts) for code in codes if code in words.TRANSFER_WARNINGS.codes][:NOTES_MAX]
