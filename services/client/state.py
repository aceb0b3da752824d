"""Where the files stand in a state folder that whoever calls the services reads, too; the others: operate/home."""

from __future__ import annotations

from typing import Final

RUN_FILE: Final = "run.json"
"""Addresses and process ids of what runs now."""
CLOCK_FILE: Final = "clock.json"
"""Offset of business time, in a folder made for demonstration only."""
KEYS: Final = "keys"
SIGNING_KEY: Final = f"{KEYS}/issuer.key"
"""Private key of the built-in issuer of tokens."""
TOKENS: Final = "tokens"
"""Tokens that were kept, one of an office each."""
LISTED_OFFICES_FILE: Final = "listed_offices.json"
"""The offices as the running Homeward listed them last, with their edition."""
