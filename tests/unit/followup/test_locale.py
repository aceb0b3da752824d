"""Every refusal of followup has its Vietnamese sentence, with the same details."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis.calls.i18n import ERROR, translator
from services.chassis.kernel.errors import HomewardError, all_errors, placeholders
from services.followup import domain

ERRORS = [error for error in all_errors() if error.__module__ == domain.__name__]
CATALOGUE = Path(domain.__file__).parent / "locale" / "vi.po"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.reason)
def test_every_error_has_its_sentence(error: type[HomewardError]) -> None:
    template = translator(CATALOGUE, language="vi").template(ERROR, error.reason)
    assert template is not None
    assert sorted(placeholders(template)) == sorted(placeholders(error.sentence()))
