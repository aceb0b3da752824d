"""Tokens of the built-in issuer: what they let an office see, and how long each is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.chassis.calls.policy import FRESH_S
from services.chassis.calls.security import TokenIssuer
from services.chassis.country.directory import built_in_directory
from services.chassis.storage.key_files import create_signing_key
from services.client.tokens import OFFICE_LIFETIME_S, TOKEN_ISSUER, OfficeTokens, claims_of, scope_of

DIRECTORY = built_in_directory()


@pytest.mark.parametrize(
    ("office", "scope"),
    [("SA-22", "own"), ("BP-CN-MONG-CAI", "own"), ("VF-22", "22@2025"), ("SV-NATIONAL", "national")],
)
def test_supervisors_verifiers_and_auditors_see_their_province_or_the_country(office: str, scope: str) -> None:
    assert scope_of(DIRECTORY.office(office)) == scope


def test_a_program_signs_in_anew_before_that_is_too_long_ago() -> None:
    assert OFFICE_LIFETIME_S / 2 < FRESH_S


def test_a_token_is_used_for_half_of_its_life(tmp_path: Path) -> None:
    create_signing_key(tmp_path / "issuer.key")
    now = 0.0
    tokens = OfficeTokens(TokenIssuer.from_file(tmp_path / "issuer.key", TOKEN_ISSUER), DIRECTORY, now_s=lambda: now)
    first = tokens.of("SA-22")
    assert claims_of(first)["office"] == "SA-22"
    now = OFFICE_LIFETIME_S / 2 - 1
    assert tokens.of("SA-22") is first
    now += 1
    assert tokens.of("SA-22") is not first
