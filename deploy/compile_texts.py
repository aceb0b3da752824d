"""Compiles the catalogues of texts, `*.po` to `*.mo`; with --check only tells which are out of step, and fails then."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SERVICES = Path(__file__).resolve().parents[1] / "services"
NO_DATE = datetime.fromtimestamp(0, UTC)


def compiled(po: Path) -> bytes:
    """The .mo of a .po file; the same for the same texts on every day."""
    with po.open("rb") as source:
        catalog = read_po(source, abort_invalid=True)
    catalog.creation_date = catalog.revision_date = NO_DATE
    binary = io.BytesIO()
    write_mo(binary, catalog)
    return binary.getvalue()


def out_of_step(folder: Path) -> dict[Path, bytes | None]:
    """What each .mo file should hold that holds something else, or is missing; None: nothing, its .po is gone."""
    wanted: dict[Path, bytes | None] = {po.with_suffix(".mo"): compiled(po) for po in folder.rglob("*.po")}
    wanted |= {mo: None for mo in folder.rglob("*.mo") if mo not in wanted}
    return {mo: data for mo, data in sorted(wanted.items()) if data != (mo.read_bytes() if mo.exists() else None)}


def main() -> None:
    """Write what is out of step, or tell."""
    found = out_of_step(SERVICES)
    if "--check" in sys.argv[1:]:
        if found:
            names = ", ".join(str(mo.relative_to(SERVICES.parent)) for mo in found)
            sys.exit(f"Out of step: run make texts and commit {names}")
        return
    for mo, data in found.items():
        mo.unlink() if data is None else mo.write_bytes(data)


if __name__ == "__main__":
    main()
