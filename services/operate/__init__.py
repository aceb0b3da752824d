"""What whoever runs Homeward does: prove, examine, watch and republish events, move schemas."""

from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent / "locale"
"""Texts of this room."""
