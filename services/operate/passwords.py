"""Passwords of the database logins: made here, for the embedded mode, for production and for tests."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from services.client.services import DATABASES

AUDIT: Final = "audit"
"""Key of the auditing login's password among the passwords."""
PASSWORD_BYTES: Final = 32


def mover_of(service: str) -> str:
    """Key of the password of the login that moves a service's schema."""
    return f"{service}_migrate"


def generated_passwords(services: Sequence[str] = DATABASES) -> dict[str, str]:
    """A fresh password for each service's login, for those that move the schemas, and for the auditing login (key
    "audit")."""
    return {name: secrets.token_urlsafe(PASSWORD_BYTES) for name in (*services, *map(mover_of, services), AUDIT)}
