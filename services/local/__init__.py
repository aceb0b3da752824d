"""`homeward up`: every service, with its database and broker, on this machine."""

from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent / "locale"
"""Texts of this room."""
