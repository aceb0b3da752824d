"""Disks, sticks and shares as they fail: whatever breaks at whichever step, the officer is told in her words."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NoReturn

import click
import pytest

from services.chassis.kernel.texts import Language
from services.cli import LOCALE
from services.cli.__main__ import run
from services.cli.checked_file import draft_of
from services.cli.options import PeopleFile
from services.client import files, sidecar
from services.client.people_file.read import read_people_file
from services.client.refusals import Kind, Refusal
from services.client.sidecar import BatchState, SentBatch
from services.client.submission import Delivered, Manner, Parcel, Submission
from services.client.texts import texts_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the calls of POSIX are made to fail")

TABLE: Final = "Họ và tên;Giới tính;Ngày sinh\r\nThí Dụ Một;Nữ;2000\r\n"
ERRNOS: Final = (
    *(errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EBADF, errno.EPERM, errno.EACCES),
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENAMETOOLONG, errno.ESTALE, errno.ENOENT),
    *(errno.EISDIR, errno.ELOOP, errno.EMFILE, errno.EINTR, errno.EEXIST, errno.EAGAIN, errno.ETIMEDOUT),
)
NO_LOCKS: Final = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EBADF}
NO_SYNC: Final = {errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EPERM, errno.EBADF, errno.EISDIR}
Breaks = Callable[[pytest.MonkeyPatch, int], None]


def _raising(number: int) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number), "secret-path")

    return fail


class _Failing:
    """An open file that fails at what is done with it."""

    def __init__(self, file: Any, number: int) -> None:
        self._file = file
        self.read = self.write = _raising(number)

    def __enter__(self) -> _Failing:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _opening(suffix: str, *, first: int, read: bool) -> Breaks:
    """The opening or the reading of files with this end fails, from the first so many on."""

    def breaks(patch: pytest.MonkeyPatch, number: int) -> None:
        real, seen = Path.open, 0

        def fake(path: Path, *arguments: Any, **options: Any) -> Any:
            nonlocal seen
            if not path.name.endswith(suffix):
                return real(path, *arguments, **options)
            seen += 1
            if seen < first:
                return real(path, *arguments, **options)
            return _Failing(real(path, *arguments, **options), number) if read else _raising(number)()

        patch.setattr(Path, "open", fake)

    return breaks


def _broken(owner: Any, name: str) -> Breaks:
    return lambda patch, number: patch.setattr(owner, name, _raising(number))


def _written(patch: pytest.MonkeyPatch, number: int) -> None:
    real = os.fdopen
    patch.setattr(os, "fdopen", lambda *given, **options: _Failing(real(*given, **options), number))


def _mode_set(patch: pytest.MonkeyPatch, number: int) -> None:
    for owner in (os, Path):
        patch.setattr(owner, "chmod", _raising(number))


def _synced(nth: int) -> Breaks:
    def breaks(patch: pytest.MonkeyPatch, number: int) -> None:
        real, seen = os.fsync, 0

        def fake(descriptor: int) -> None:
            nonlocal seen
            seen += 1
            if seen % 2 == nth % 2:
                _raising(number)()
            real(descriptor)

        patch.setattr(os, "fsync", fake)

    return breaks


STEPS: Final[dict[str, Breaks]] = {
    "open": _opening("people.csv", first=1, read=False),
    "read": _opening("people.csv", first=1, read=True),
    "open to lock": _opening("people.csv", first=2, read=False),
    "lock": _broken(sidecar, "_lock"),
    "sidecar open": _opening(sidecar.SUFFIX, first=1, read=False),
    "sidecar create": _broken(tempfile, "mkstemp"),
    "sidecar write": _written,
    "fsync": _synced(1),
    "fsync of the folder": _synced(2),
    "chmod": _mode_set,
    "replace": _broken(os, "replace"),
    "links": _broken(os.path, "realpath"),
    "longest name": _broken(os, "pathconf"),
}


def _send(file: Path, language: Language, notes: list[str]) -> list[Delivered]:
    texts = texts_in(language, LOCALE)
    draft = draft_of(file, read_people_file, texts)
    assert len(draft.people) == 1
    manner = Manner("submit", Refusal(Kind.REFUSED, "CHANGED", ""))
    parcel = Parcel("ab" * 32, (2,), lambda sent: replace(sent, state=BatchState.DELIVERED))
    return Submission(file, "BP-CN-MONG-CAI", manner, texts, notes.append).run([parcel], new=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "people.csv"
    made.write_text(TABLE, encoding="utf-8")
    return made


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("number", ERRNOS, ids=[errno.errorcode[each] for each in ERRNOS])
def test_whatever_breaks_is_told_and_leaves_nothing_half_written(
    file: Path, step: str, number: int, language: Language
) -> None:
    notes: list[str] = []
    told: Refusal | None = None
    with pytest.MonkeyPatch.context() as patch:
        STEPS[step](patch, number)
        try:
            _send(file, language, notes)
        except Refusal as refusal:
            told = refusal
    goes_on = (
        step in ("chmod", "links", "longest name")
        or (step == "lock" and number in NO_LOCKS)
        or (step == "fsync of the folder" and number in NO_SYNC)
        or (step == "sidecar open" and number in (errno.ENOENT, errno.ENAMETOOLONG))
    )
    assert (told is None) == goes_on
    assert bool(notes) == (step == "lock" and goes_on)
    if told is not None:
        assert told.kind in (Kind.USAGE, Kind.REFUSED)
        said = " ".join((told.message, *told.details, *told.advice))
        assert os.strerror(number) not in said
        assert "secret-path" not in said
    assert {each.name for each in file.parent.iterdir()} <= {"people.csv", f"people.csv{sidecar.SUFFIX}"}
    # What is left beside the file is whole, and the next run goes well.
    (done,) = _send(file, language, [])
    assert done.again == goes_on


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(file: Path) -> None:
    texts, notes = texts_in("vi", LOCALE), list[str]()
    sent_ids = []
    with pytest.MonkeyPatch.context() as patch:

        def send(sent: SentBatch) -> SentBatch:
            sent_ids.append(sent.request_id)
            patch.setattr(os, "replace", _raising(errno.ENOSPC))
            return replace(sent, state=BatchState.DELIVERED)

        manner = Manner("submit", Refusal(Kind.REFUSED, "CHANGED", ""))
        run_ = Submission(file, "", manner, texts, notes.append)
        assert [each.again for each in run_.run([Parcel("ab" * 32, (2,), send)], new=False)] == [False]
    assert notes == ["Lưu ý: không lưu được câu trả lời của dịch vụ bên cạnh tệp (ổ đĩa đã hết chỗ)"]
    with pytest.MonkeyPatch.context() as patch:
        Submission(file, "", manner, texts, notes.append).run([Parcel("ab" * 32, (2,), send)], new=False)
    assert len(set(sent_ids)) == 1, "asked again, it is the same request"


@pytest.mark.parametrize(
    ("number", "vi", "en"),
    [
        (errno.ENOSPC, "ổ đĩa đã hết chỗ", "there is no room left on the disk"),
        (errno.EROFS, "ổ đĩa hoặc thư mục chỉ cho đọc, không cho ghi", "the disk or the folder can only be read"),
        (errno.EACCES, "bạn không có quyền làm việc đó ở đây", "you are not permitted to do that there"),
        (errno.ENAMETOOLONG, "tên hoặc đường dẫn quá dài", "the name or the path is too long"),
        (errno.EIO, "ổ đĩa hoặc USB bị lỗi", "the disk or the stick fails"),
        (errno.EMFILE, "EMFILE", "EMFILE"),
    ],
)
def test_the_cause_is_said_in_the_officers_words(file: Path, number: int, vi: str, en: str) -> None:
    for language, words in (("vi", vi), ("en", en)):
        with pytest.MonkeyPatch.context() as patch:
            _broken(tempfile, "mkstemp")(patch, number)
            with pytest.raises(Refusal) as told:
                _send(file, "vi" if language == "vi" else "en", [])
        assert told.value.reason == "FOLDER_NOT_WRITABLE"
        assert words in told.value.details[0]


def test_where_files_cannot_be_locked_the_officer_is_asked_to_see_to_it(file: Path) -> None:
    for language, words in (
        ("vi", "Ổ đĩa này không khóa được tệp: trong lúc gửi, đừng gửi tệp này từ cửa sổ khác."),
        ("en", "Files cannot be locked on this disk: do not send this file from another window meanwhile."),
    ):
        notes: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            _broken(sidecar, "_lock")(patch, errno.ENOLCK)
            _send(file, "vi" if language == "vi" else "en", notes)
        assert words in notes[0]


@pytest.mark.parametrize("number", ERRNOS, ids=[errno.errorcode[each] for each in ERRNOS])
def test_a_name_that_cannot_be_looked_up_is_bad_input(file: Path, number: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _broken(Path, "stat")(patch, number)
        with pytest.raises(click.UsageError) as told:
            PeopleFile(texts_in("vi", LOCALE)).convert(str(file), None, None)
    assert os.strerror(number) not in told.value.message


@pytest.mark.parametrize("command", ["validate", "submit", "register", "receipt"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_no_file_is_bad_input(
    tmp_path: Path, command: str, language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "folder").mkdir()
    environ = {"HOMEWARD_STATE": str(tmp_path / "state"), "HOMEWARD_OFFICE": "BP-CN-MONG-CAI"}
    for name, vi, en in (
        ("pipe", "không phải tệp", "is no file"),
        ("folder", "là thư mục", "is a folder"),
        ("loop", "liên kết trỏ về chính nó", "the link leads to itself"),
        ("x" * 5000, "quá dài", "too long"),
        ("/".join(["x" * 200] * 30), "quá dài", "too long"),
    ):
        code = run(["--lang", language, command, str(tmp_path / name)], environ)
        assert code == 2, name
        assert (vi if language == "vi" else en) in " ".join(capsys.readouterr().err.split())


def test_a_form_that_cannot_be_written_whole_is_not_left(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _opening("form.csv", first=1, read=True)(patch, errno.ENOSPC)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            files.write_new(tmp_path / "form.csv", b"x", overwrite=False)
    assert list(tmp_path.iterdir()) == []
