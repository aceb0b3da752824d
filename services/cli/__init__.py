"""The command line of the officers."""

from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent / "locale"
"""Texts of this room."""
