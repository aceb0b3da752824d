"""The vault: the only room that seals and opens what is told in confidence at home."""
