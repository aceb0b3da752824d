"""`homeward demo`: a year of invented handovers and three years of follow-up, driven through the public API."""

from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent / "locale"
"""Texts of this room."""
