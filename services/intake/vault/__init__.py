"""The vault: the only room that seals and opens what may name a person."""
