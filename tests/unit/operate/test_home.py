"""A key that nothing replaces is made once: where it is lost, that is told, and no other one is made in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.operate.errors import KeyLost
from services.operate.home import Home


@pytest.mark.parametrize(
    ("name", "lost"), [("kek.key", "who everybody is"), ("care.key", "said at visits"), ("number.key", "case numbers")]
)
def test_a_lost_key_is_told_with_what_is_lost_and_not_made_anew(tmp_path: Path, name: str, lost: str) -> None:
    home = Home(tmp_path / "var")
    home.create(demonstration=False)
    (home.keys / name).unlink()
    with pytest.raises(KeyLost, match=lost):
        home.create(demonstration=False)
    assert not (home.keys / name).exists()


def test_keys_that_are_kept_stay_and_those_of_a_later_version_are_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    home.create(demonstration=False)
    kept = home.kek.read_bytes()
    # As a version before care left it: without its key, and without the list of those made.
    home.care_kek.unlink()
    home.made_file.unlink()
    home.create(demonstration=False)
    assert home.kek.read_bytes() == kept
    assert home.care_kek.exists()


def test_whoever_gives_what_is_lost_up_says_so_in_the_list(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    home.create(demonstration=False)
    home.care_kek.unlink()
    home.made_file.write_text(home.made_file.read_text().replace('"care.key", ', ""))
    home.create(demonstration=False)
    assert home.care_kek.exists()
