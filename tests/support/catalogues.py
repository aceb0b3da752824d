"""What is wrong with a catalogue of texts: all of it at once."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

KEYWORDS: Mapping[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "t": None,
    "_t": None,
    "_translate": None,
    "texts": None,
    "plural": (1, 2),
    "ngettext": (1, 2),
}

Sentence = tuple[str, ...]
"""A text in English; where there are forms for one and for many, both."""
Code = tuple[str, str]
"""A context and a code."""


def sentences(paths: Iterable[Path]) -> set[Sentence]:
    """All texts that these files mark."""
    found: set[Sentence] = set()
    for path in paths:
        for _, text, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            found.add((text,) if isinstance(text, str) else tuple(text))
    return found - {("",)}


def sentences_of_templates(paths: Iterable[Path]) -> set[Sentence]:
    """All texts that these templates of pages mark."""
    found: set[Sentence] = set()
    for path in paths:
        with path.open("rb") as file:
            for _, _, text, _ in babel_extract(file, [*KEYWORDS], (), {"silent": "false"}):
                found.add((text,) if isinstance(text, str) else tuple(each for each in text or () if each is not None))
    return found - {("",), ()}


def placeholders(text: str) -> set[str]:
    """Names of the {placeholders} and %(placeholders)s of a text."""
    percent = set(re.findall(r"%\((\w+)\)s", text))
    return percent | {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def problems_of_sentences(po: Path, wanted: set[Sentence]) -> list[str]:
    """Sentences without a text, texts of no sentence, texts with other placeholders or not yet looked at."""
    found = {_forms(entry.id): entry for entry in entries(po)}
    problems = [f"missing: {each[0]}" for each in sorted(wanted - found.keys())]
    problems += [f"for nothing: {each[0]}" for each in sorted(found.keys() - wanted)]
    for sentence in sorted(wanted & found.keys()):
        texts = _forms(found[sentence].string)
        if not texts or not all(texts) or found[sentence].fuzzy:
            problems.append(f"not done: {sentence[0]}")
        for text in texts:
            # English has forms of its own for one and for many; the Vietnamese one serves both.
            asked, given = placeholders(text), set().union(*map(placeholders, sentence))
            if asked != given and (len(sentence) == 1 or asked - given):
                problems.append(f"other placeholders: {text}")
    return problems


def problems_of_codes(po: Path, wanted: Mapping[Code, str]) -> list[str]:
    """Codes without a text, texts of no code, texts with other placeholders than the sentence that is given."""
    found = coded(po)
    problems = [f"missing: {' '.join(each)}" for each in sorted(wanted.keys() - found.keys())]
    problems += [f"for nothing: {' '.join(each)}" for each in sorted(found.keys() - wanted.keys())]
    for code in sorted(wanted.keys() & found.keys()):
        if placeholders(found[code]) != placeholders(wanted[code]):
            problems.append(f"other placeholders: {' '.join(code)}: {found[code]}")
    return problems


def coded(po: Path) -> dict[Code, str]:
    """The texts of a catalogue that is kept by codes, those not done left out."""
    return {(entry.context or "", str(entry.id)): str(entry.string) for entry in entries(po) if _done(entry)}


def entries(po: Path) -> Iterator[Message]:
    """What stands in a catalogue. Raises ValueError when a text stands there twice."""
    with po.open("rb") as source:
        catalogue = read_po(source, abort_invalid=True)
    count = len(re.findall(r"^msgid ", po.read_text(encoding="utf-8"), re.MULTILINE)) - 1
    if count != len(catalogue):
        raise ValueError(f"{po.name}: {count} texts, {len(catalogue)} of them different")
    return (entry for entry in catalogue if entry.id)


def write_catalogue(folder: Path, language: str, body: str) -> Path:
    """A catalogue with these texts in one language, compiled; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    source = io.BytesIO(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{body}\n'.encode())
    with (folder / f"{language}.mo").open("wb") as binary:
        write_mo(binary, read_po(source, locale=language, abort_invalid=True))
    return folder


def _done(entry: Message) -> bool:
    return bool(entry.string) and not entry.fuzzy


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())
