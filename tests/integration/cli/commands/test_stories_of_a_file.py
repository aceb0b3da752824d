"""Random stories of a list: sorted, copied, linked, corrected and sent again, in any order, by several officers.

Whatever happens, everybody is registered once, no case changes its person, and what is told adds up to the file.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.client import sidecar
from tests.integration.cli.commands.conftest import Desk
from tests.support.examples import examples

TITLES = ("STT", "Họ và tên", "Giới tính", "Ngày sinh", "Sức khỏe", "Thời gian bàn giao")
STEPS = 9
HAPPENS = (
    *("sort", "sort", "add", "health", "copy", "rename", "hard", "link", "lose", "xlsx"),
    *("receipt", "correct", "submit", "rest", "new"),
)
FAMILY_NAMES = ("Nguyễn", "Trần", "Lò", "Vàng", "Hồ", "Đinh")


class Story:
    """One list and what becomes of it."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk = desk
        self.seed = seed
        self.random = random.Random(seed)
        self.people: list[list[str]] = []
        self.files: list[Path] = []
        self.steps = 0
        for _each in range(self.random.randint(2, 4)):
            self._one_more()
        self.write(desk.folder / f"list-{seed}.csv")

    def _one_more(self) -> None:
        number = len(self.people) + 1
        name = f"{self.random.choice(FAMILY_NAMES)} Thị A{self.seed} {chr(64 + number)}{number}"
        self.people.append([str(number), name, "Nữ", "15/03/2004", "", ""])

    def write(self, path: Path) -> None:
        """The list as it is now; what concerns everybody stands in the first row."""
        rows = [list(each) for each in self.people]
        rows[0][-1] = "15/01/2026 14:30"
        lines = [["DANH SÁCH"]] * self.random.choice((0, 0, 1)) + [list(TITLES)] + rows
        if path.suffix == ".xlsx":
            book = Workbook()
            sheet = book.active
            assert sheet is not None
            for line in lines:
                sheet.append([text or None for text in line])
            book.save(path)
        else:
            text = "\r\n".join(";".join(line) for line in lines)
            path.write_text(text + "\r\n", encoding=self.random.choice(("utf-8", "utf-8-sig")))
        if path not in self.files:
            self.files.append(path)

    def any_file(self) -> Path:
        """One of the names that the list has."""
        return self.random.choice(self.files)

    def step(self) -> None:
        """Something happens."""
        desk, file = self.desk, self.any_file()
        self.steps += 1
        other = desk.folder / f"x{self.steps}-{self.seed}{file.suffix}"
        match self.random.choice(HAPPENS):
            case "sort":
                self.random.shuffle(self.people)
                self.write(file)
            case "add":
                self._one_more()
                self.write(file)
            case "health":
                self.random.choice(self.people)[4] = self.random.choice(("Sốt", "Mang thai", ""))
                self.write(file)
            case "copy":
                shutil.copy(file, other)
                self.files.append(other)
            case "rename":
                os.replace(file, other)
                self.files[self.files.index(file)] = other
            case "hard":
                os.link(file, other)
                self.files.append(other)
            case "link":
                other.symlink_to(file.resolve())
                self.files.append(other)
            case "lose":
                sidecar.path_of(file).unlink(missing_ok=True)
            case "xlsx":
                self.write(desk.folder / f"{file.stem}-{len(self.files)}.xlsx")
            case "receipt":
                self.check_receipt(file)
            case "correct":
                self.correct(file)
            case "submit":
                desk.homeward("submit", str(file))
            case "rest":
                desk.homeward("submit", str(file), "--rest")
            case "new":
                desk.homeward("submit", str(file), "--new")
        # A link whose file was renamed leads nowhere.
        self.files = [each for each in self.files if each.exists()] or [self._written_anew()]
        self.check()

    def _written_anew(self) -> Path:
        path = self.desk.folder / f"anew-{self.seed}-{self.random.randint(0, 9999)}.csv"
        self.write(path)
        return path

    def correct(self, file: Path) -> None:
        """Somebody's number and some row of the file."""
        if numbers := list(self.cases()):
            row = str(self.random.randint(2, len(self.people) + 1))
            self.desk.homeward("correct", self.random.choice(numbers), str(file), "--row", row, "--reason", "x")

    def cases(self) -> dict[str, str]:
        """The name of each case of this story, by its number."""
        of_case = {e.case_number: e.case_id for one in self.desk.services.receipts.values() for e in one.entries}
        names = {number: self.desk.services.people[case].full_name for number, case in of_case.items()}
        return {number: name for number, name in names.items() if f"{self.seed} " in name}

    def check(self) -> None:
        """Everybody at most once, and as whom she was registered."""
        cases = self.cases()
        assert len(set(cases.values())) == len(cases)
        for one in self.desk.services.sent.items():
            assert self.desk.services.people[one[0]].full_name == one[1][1].full_name

    def check_receipt(self, file: Path) -> None:
        """Each row of the file is told with the number of who stands there, or as not registered."""
        done = self.desk.homeward("--json", "receipt", str(file))
        if done.code == 4:
            return
        assert done.code in (0, 5, 6), done.err
        from services.client.people_file.read import read_people_file

        names = {person.row: person.cells["full_name"].text for person in read_people_file(file).people}
        cases = self.cases()
        told = {each["row"]: cases[each["case_number"]] for each in done.document["entries"]}
        assert told.items() <= names.items()
        if "not_registered_rows" in done.document and done.code != 5:
            assert set(told) | set(done.document["not_registered_rows"]) >= set(names) or done.code == 6


@pytest.mark.parametrize("seed", range(1, examples(12) + 1))
def test_any_story_of_a_list_registers_everybody_once(desk: Desk, seed: int) -> None:
    story = Story(desk, seed)
    for _step in range(STEPS):
        story.step()
    # At last everybody is sent, and told.
    file = story.any_file()
    story.write(file)
    desk.homeward("submit", str(file), "--rest")
    assert sorted(story.cases().values()) == sorted(each[1] for each in story.people)
    story.check_receipt(file)
    document = desk.homeward("--json", "receipt", str(file)).document
    assert len(document["entries"]) == len(story.people)
