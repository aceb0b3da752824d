"""Pages out of templates: everything is escaped, and every text comes from the catalogues."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import TOKEN_LPAREN, TOKEN_NAME, TOKEN_RPAREN, TOKEN_STRING, Token, TokenStream
from markupsafe import Markup

from services.chassis.kernel.texts import Language
from services.client.dates import written
from services.console.texts import page_texts

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"
HASH_CHARS: Final = 12
_IMPORTED: Final = re.compile(rb'"\./([a-z_]+\.js)"')
SHELL: Final = (
    *("homeward.css", "homeward.js", "icon.svg"),
    *("handover.js", "drafts.js", "sending.js", "listing.js", "people.js", "shell.js"),
)


@dataclass(frozen=True, slots=True)
class ShellFiles:
    """What the empty form stands on, and a version that changes with any of it or with a template."""

    version: str
    addresses: tuple[str, ...]


@cache
def static_files() -> Mapping[str, bytes]:
    """What browsers may keep for ever, by a name with the hash of its content."""
    return {static_name(file.name): _content(file.name) for file in sorted(STATIC.iterdir())}


@cache
def _content(name: str) -> bytes:
    """A file; modules import one another by names with hashes."""
    content = (STATIC / name).read_bytes()
    if not name.endswith(".js"):
        return content
    return _IMPORTED.sub(lambda found: b'"./%s"' % static_name(found[1].decode()).encode(), content)


@cache
def static_name(name: str) -> str:
    """A file of `static` by its name with the hash. Raises FileNotFoundError when there is none."""
    stem, _dot, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(_content(name)).hexdigest()[:HASH_CHARS]}.{suffix}"


@cache
def shell_files() -> ShellFiles:
    """Everything that the empty form needs without a line."""
    addresses = tuple(f"/static/{static_name(name)}" for name in SHELL)
    parts = [*addresses, *(file.read_text(encoding="utf-8") for file in sorted(TEMPLATES.glob("*.html")))]
    return ShellFiles(hashlib.sha256("".join(parts).encode()).hexdigest()[:HASH_CHARS], addresses)


def static_address(name: str) -> str:
    """The address of a file of `static`. Raises FileNotFoundError when there is none."""
    return f"/static/{static_name(name)}"


class _Translated(Extension):
    """Texts of a template that are filled with nothing stand translated in what is made of it, so that no page looks
    them up: a table has a dozen in each row."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """`_("…")` as the text itself."""
        texts = page_texts(cast(_InLanguage, self.environment).language)
        waiting: list[Token] = []
        for token in stream:
            waiting.append(token)
            if not _begins_text(waiting):
                yield from waiting
                waiting.clear()
            elif len(waiting) == len(_TEXT):
                yield Token(token.lineno, TOKEN_STRING, texts(waiting[2].value))
                waiting.clear()
        yield from waiting


_TEXT: Final = (TOKEN_NAME, TOKEN_LPAREN, TOKEN_STRING, TOKEN_RPAREN)


def _begins_text(tokens: Sequence[Token]) -> bool:
    return tokens[0].value == "_" and all(token.type == kind for token, kind in zip(tokens, _TEXT, strict=False))


class _InLanguage(Environment):
    """The templates in one language."""

    def __init__(self, language: Language) -> None:
        # Read by the extension, which is made with the rest.
        self.language = language
        super().__init__(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            # The files of a program that runs stay as they are.
            auto_reload=False,
            extensions=[_Translated],
        )
        self.globals["static"] = static_address
        self.filters["day"] = written


@cache
def templates(language: Language) -> Environment:
    """The templates in a language, each compiled when it is first shown."""
    return _InLanguage(language)


def form_token(token: str) -> Markup:
    """The hidden field by which a form is known to come from a page of this sign-in."""
    return Markup('<input type="hidden" name="form_token" value="{}">').format(token)


def render(template: str, language: Language, values: Mapping[str, Any]) -> str:
    """A page as text."""
    return templates(language).get_template(template).render(values)
