"""What stands beside a file: written in one step, readable by its owner, and nothing about a person."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from services.client import sidecar
from services.client.sidecar import BatchState, Entry, SentBatch, Sidecar, SidecarBusy, SidecarUnreadable

BATCH = SentBatch(
    "0198b2c4-0000-7000-8000-000000000001",
    "ab" * 32,
    (2, 3),
    BatchState.DELIVERED,
    "0198b2c4-0000-7000-8000-000000000002",
    "2026-11-22T07:30:00+00:00",
    (Entry(2, "0198b2c4-0000-7000-8000-000000000003", "HW-000-000-001"),),
)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "handover.csv"
    known = Sidecar("submit", "BP-CN-MONG-CAI", (BATCH,), (BATCH,))
    sidecar.save(file, known)
    assert sidecar.load(file) == known
    assert sidecar.path_of(file).name == "handover.csv.homeward.json"
    assert sidecar.path_of(file).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["handover.csv.homeward.json"]


def test_without_one_there_is_none(tmp_path: Path) -> None:
    assert sidecar.load(tmp_path / "handover.csv") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"homeward": 2}', '{"homeward": 1}', "\xff"])
def test_one_that_cannot_be_understood_is_never_taken_for_none(tmp_path: Path, text: str) -> None:
    sidecar.path_of(tmp_path / "x.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(SidecarUnreadable):
        sidecar.load(tmp_path / "x.csv")


def test_a_crash_while_saving_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.csv"
    sidecar.save(file, Sidecar("submit"))

    def die(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", die)
    with pytest.raises(OSError, match="no space"):
        sidecar.save(file, Sidecar("submit", batches=(BATCH,)))
    assert sidecar.load(file) == Sidecar("submit")
    assert len(list(tmp_path.iterdir())) == 1


def test_it_reaches_the_disk_before_it_takes_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def note_fsync(descriptor: int) -> None:
        steps.append("fsync")
        fsync(descriptor)

    def note_replace(source: str, target: Path) -> None:
        steps.append("replace")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "replace", note_replace)
    sidecar.save(tmp_path / "x.csv", Sidecar("submit"))
    assert steps == ["fsync", "replace", "fsync"]


def test_one_sender_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("x")
    with sidecar.only_sender(file), pytest.raises(SidecarBusy), sidecar.only_sender(file):
        pass
    with sidecar.only_sender(file):
        pass


def test_the_format_is_told_in_the_file(tmp_path: Path) -> None:
    sidecar.save(tmp_path / "x.csv", Sidecar("submit", batches=(BATCH,)))
    document = json.loads(sidecar.path_of(tmp_path / "x.csv").read_text())
    assert document["homeward"] == 1
    assert set(document["batches"][0]) == {
        "request_id",
        "sha256",
        "rows",
        "state",
        "handover_id",
        "receive_time",
        "entries",
        "marks",
        "about",
    }


def test_batches_are_found_replaced_and_put_aside() -> None:
    known = Sidecar("submit").with_batch(sidecar.new_batch("cd" * 32, [2]))
    first = known.batches[0]
    assert known.batch_of("cd" * 32) == first
    assert known.batch_of("ef" * 32) is None
    assert known.without(first).batches == ()
    assert known.started_anew() == Sidecar("submit", earlier=(first,))


def test_a_link_to_a_file_is_the_file(tmp_path: Path) -> None:
    file, link, chain = tmp_path / "a" / "x.csv", tmp_path / "b" / "link.csv", tmp_path / "chain.csv"
    for each in (file, link):
        each.parent.mkdir()
    file.touch()
    link.symlink_to(file)
    chain.symlink_to(link)
    sidecar.save(chain, Sidecar("submit"))
    assert [sidecar.load(each) for each in (file, link, chain)] == [Sidecar("submit")] * 3
    assert [each.name for each in link.parent.iterdir()] == ["link.csv"]


def test_what_was_once_sent_by_way_of_a_link_is_known_still(tmp_path: Path) -> None:
    file, link = tmp_path / "x.csv", tmp_path / "link.csv"
    file.touch()
    sidecar.save(link, Sidecar("submit"))
    link.symlink_to(file)
    assert sidecar.load(link) == Sidecar("submit")
    sidecar.save(link, Sidecar("register"))
    assert sidecar.load(link) == sidecar.load(file) == Sidecar("register")


@pytest.mark.parametrize("name", ["ệ" * 78 + ".csv", "x" * 251 + ".csv", "x" * 242, "\udcff" * 255])
def test_a_name_as_long_as_can_be_has_a_sidecar(tmp_path: Path, name: str) -> None:
    file, other = tmp_path / name, tmp_path / (name[:-1] + "y")
    file.touch()
    sidecar.save(file, Sidecar("submit", batches=(BATCH,)))
    assert sidecar.load(file) == Sidecar("submit", batches=(BATCH,))
    assert sidecar.load(other) is None
    assert len(list(tmp_path.iterdir())) == 2


def test_names_are_cut_only_where_they_must_be(tmp_path: Path) -> None:
    assert sidecar.path_of(tmp_path / ("x" * 241)).name == "x" * 241 + sidecar.SUFFIX
    assert len(os.fsencode(sidecar.path_of(tmp_path / ("x" * 242)).name)) < 143


def test_a_sidecar_from_where_names_may_be_longer_or_shorter_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = tmp_path / ("x" * 200), tmp_path / ("y" * 200)
    sidecar.save(whole, Sidecar("submit"))
    with monkeypatch.context() as encrypted:
        encrypted.setattr(os, "pathconf", lambda *_: 143)
        assert sidecar.load(whole) == Sidecar("submit")
        assert sidecar.path_of(whole).name == "x" * 200 + sidecar.SUFFIX
        sidecar.save(cut, Sidecar("submit"))
    assert sidecar.load(cut) == Sidecar("submit")
