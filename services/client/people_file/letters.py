"""Damaged letters in a file: told by column with the cure, and turned back where that is certain and asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from services.chassis.kernel.letters import FONTS, DamageKind, converted, diagnose
from services.client.people_file.draft import Cell, Draft, Problem, UnreadableFile
from services.client.texts import N_

_CODES: Final[Mapping[DamageKind, str]] = {
    DamageKind.TCVN3: "OLD_FONT",
    DamageKind.VNI: "OLD_FONT",
    DamageKind.MOJIBAKE: "MISREAD_LETTERS",
    DamageKind.ENTITIES: "WEB_LETTERS",
    DamageKind.LOST: "LOST_LETTERS",
}
_SENTENCES: Final[Mapping[DamageKind, str]] = {
    DamageKind.TCVN3: N_(
        "typed in a .VnTime font (TCVN3), in the rows {rows}: look at what --convert-letters makes of it, or convert "
        "it to Unicode with UniKey and paste it again"
    ),
    DamageKind.VNI: N_(
        "typed in a VNI font, in the rows {rows}: look at what --convert-letters makes of it, or convert it to "
        "Unicode with UniKey and paste it again"
    ),
    DamageKind.MOJIBAKE: N_(
        "UTF-8 was opened as another encoding, and the letters are damaged in the rows {rows}: look at what "
        "--convert-letters makes of it, or import the first file in Excel with Data, From Text, UTF-8"
    ),
    DamageKind.ENTITIES: N_(
        "a web page wrote letters as numbers such as &#7877;, in the rows {rows}: look at what --convert-letters makes "
        "of it, or copy the text from the page as it is shown"
    ),
    DamageKind.LOST: N_(
        "letters were lost and became “?” in the rows {rows}; nobody can bring them back: type them again, or save "
        "the file from before as CSV UTF-8"
    ),
}


@dataclass(frozen=True, slots=True, repr=False)
class Mended:
    """A cell whose letters were turned back: to be shown to whoever asked for it, nowhere else."""

    row: int | None
    title: str
    before: str
    after: str

    def __repr__(self) -> str:
        return f"Mended(row={self.row})"


class Damages:
    """Gathers damaged cells, so that each column is told of once and not once for each of thirty rows."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.font = font_of(cells)
        self._found: dict[tuple[str, DamageKind], list[Cell]] = {}

    def look(self, cell: Cell, name: str) -> bool:
        """Whether the letters of a cell are damaged; if so it is remembered."""
        damage = diagnose(cell.text, self.font)
        if damage is not None:
            self._found.setdefault((name, damage.kind), []).append(cell)
        return damage is not None

    def __bool__(self) -> bool:
        return bool(self._found)

    def found_in(self, cell: Cell) -> bool:
        """Whether the letters of a cell were found damaged."""
        return any(cell is each for cells in self._found.values() for each in cells)

    def problems(self) -> Iterator[Problem]:
        """One for each column and kind of damage, in the first row that has it."""
        for (name, kind), cells in self._found.items():
            rows = ", ".join(dict.fromkeys(str(cell.row) for cell in cells if cell.row is not None)) or "-"
            first = cells[0]
            yield Problem(first.row, first.title, name, _CODES[kind], _SENTENCES[kind], {"rows": rows})


def font_of(cells: Iterable[Cell]) -> DamageKind | None:
    """The old font that cells of a file are certainly typed in; None for none."""
    for cell in cells:
        damage = diagnose(cell.text)
        if damage is not None and damage.kind in FONTS:
            return damage.kind
    return None


def cells_of(draft: Draft) -> Iterator[Cell]:
    """Every cell of a file."""
    for cells in draft.shared.values():
        yield from cells
    for person in draft.people:
        yield from person.cells.values()


def with_letters_mended(draft: Draft) -> tuple[Draft, tuple[Mended, ...]]:
    """The file with its letters turned back where that is certain, and which cells those are."""
    font = font_of(cells_of(draft))
    mended: list[Mended] = []

    def mend(cell: Cell) -> Cell:
        after = converted(cell.text, font)
        if after == cell.text:
            return cell
        mended.append(Mended(cell.row, cell.title, cell.text, after))
        parts = None if cell.parts is None else tuple(converted(part, font) for part in cell.parts)
        return replace(cell, text=after, parts=parts)

    people = tuple(
        replace(person, cells={name: mend(cell) for name, cell in person.cells.items()}) for person in draft.people
    )
    shared = {name: tuple(mend(cell) for cell in cells) for name, cells in draft.shared.items()}
    return replace(draft, people=people, shared=shared), tuple(mended)


def guessed_encoding(draft: Draft) -> str:
    """The encoding of a file where it was only guessed, for want of a mark; empty when it is certain.

    What was guessed is never sent unasked.
    """
    return next((each.params["encoding"] for each in draft.warnings if each.code == "OLD_ENCODING"), "")


def in_utf8(data: bytes, encoding: str) -> bytes:
    """The bytes of a text file in UTF-8, from an encoding by its name. Raises UnreadableFile."""
    name = encoding.strip().lower().replace("windows-", "cp")
    try:
        return data.decode(name).encode("utf-8-sig")
    except LookupError:
        text = N_("There is no encoding of that name; usual are utf-8, windows-1258 and windows-1252.")
        raise UnreadableFile("NO_SUCH_ENCODING", text) from None
    except ValueError:
        raise UnreadableFile("OTHER_ENCODING", N_("The file is not written in that encoding.")) from None
