"""Pages out of templates: everything is escaped, and every text comes from the catalogues."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.client.dates import written

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"
HASH_CHARS: Final = 12


@cache
def static_files() -> Mapping[str, bytes]:
    """What browsers may keep for ever, by a name with the hash of its content."""
    found = {}
    for file in sorted(STATIC.iterdir()):
        content = file.read_bytes()
        found[f"{file.stem}.{hashlib.sha256(content).hexdigest()[:HASH_CHARS]}{file.suffix}"] = content
    return found


def static_address(name: str) -> str:
    """The address of a file of `static`. Raises StopIteration when there is none."""
    stem, _dot, suffix = name.rpartition(".")
    fits = (each for each in static_files() if each.startswith(f"{stem}.") and each.endswith(f".{suffix}"))
    return f"/static/{next(fits)}"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = static_address
    environment.filters["day"] = written
    return environment


def form_token(token: str) -> Markup:
    """The hidden field by which a form is known to come from a page of this sign-in."""
    return Markup('<input type="hidden" name="form_token" value="{}">').format(token)


def render(template: str, values: Mapping[str, Any]) -> str:
    """A page as text."""
    return _templates().get_template(template).render(values)
