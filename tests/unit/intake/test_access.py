"""Who may see how much, and why it is read."""

from __future__ import annotations

import pytest

from services.intake.domain.access import Purpose, purpose_of


@pytest.mark.parametrize(
    ("stated", "code", "words"),
    [
        ("PAPERS", Purpose.PAPERS, ""),
        (" follow-up ", Purpose.FOLLOW_UP, ""),
        ("Gọi cho mẹ chị Ví Dụ", Purpose.OTHER, "Gọi cho mẹ chị Ví Dụ"),
        ("other", Purpose.OTHER, ""),
    ],
)
def test_a_purpose_is_a_code_and_words_are_kept_apart(stated: str, code: Purpose, words: str) -> None:
    assert purpose_of(stated) == (code, words)
