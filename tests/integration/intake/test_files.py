"""Files as officers have them, by the command line against a real intake: sorted, copied, edited, corrected."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from homeward.events.v1 import handover_pb2
from homeward.intake.v1 import submissions_pb2
from homeward.type.v1 import types_pb2 as types
from services.cli.__main__ import run
from services.client import sidecar
from services.intake.__main__ import build
from tests.integration.intake.world import OTHER_POST, POST, World
from tests.support.processes import serve

TITLES = "STT;Họ và tên;Giới tính;Ngày sinh;Địa chỉ;Sức khỏe;Tờ khai nạn nhân;Thời gian bàn giao;Số biên bản"
A = "1;Nguyễn Thị Ví Dụ A;Nữ;15/03/2004;Thôn Ví Dụ;Mang thai, cần khám;Có;01/03/2026 14:30;01/BB-VD"
B = "2;Trần Thị Giả Định B;Nữ;15/03/2004;Thôn Ví Dụ;;;;"
C = "3;Lò Thị Thí Dụ C;Nữ;15/03/2004;Thôn Ví Dụ;;;;"
D = "4;Vàng Thị Ví Dụ D;Nữ;15/03/2004;Thôn Giả Định;;;;"
REASON = ("--reason", "ghi nhầm", "--yes")


@dataclass
class Officer:
    """Somebody at an office, with a folder."""

    world: World
    folder: Path
    capture: pytest.CaptureFixture[str]
    environ: dict[str, str]

    def file(self, name: str, *rows: str, titles: str = TITLES) -> str:
        path = self.folder / name
        path.write_text("\r\n".join((titles, *rows, "")), encoding="utf-8-sig")
        return str(path)

    async def homeward(self, *arguments: str) -> tuple[int, str]:
        """Run one command; exit code and all that was said. The handover is long past by the officer's own clock."""
        self.capture.readouterr()
        arguments += ("--sure",) if arguments[0] == "submit" else ()
        code = await asyncio.to_thread(run, arguments, self.environ)
        out, err = self.capture.readouterr()
        return int(code), out + err

    async def rows(self, file: str) -> dict[int, str]:
        """Case numbers by row."""
        self.capture.readouterr()
        await asyncio.to_thread(run, ("--json", "receipt", file), self.environ)
        out = self.capture.readouterr().out
        # The service's own lines stand on the same screen here.
        document, _end = json.JSONDecoder().raw_decode(out, out.index("{\n"))
        return {each["row"]: each["case_number"] for each in document["entries"]}

    async def record(self, number: str) -> Any:
        return (await self.world.read(POST, number)).person


@asynccontextmanager
async def officer_of(
    world: World, folder: Path, capture: pytest.CaptureFixture[str], office_id: str = POST, language: str = "en"
) -> AsyncIterator[Officer]:
    async with serve(build(world.chassis), world.chassis) as address:
        environ = {
            "HOMEWARD_INTAKE": address,
            "HOMEWARD_TOKEN": world.token_for(office_id),
            "HOMEWARD_OFFICE": office_id,
            "HOMEWARD_LANG": language,
            "HOMEWARD_STATE": str(folder / "state"),
        }
        yield Officer(world, folder, capture, environ)


@pytest.mark.parametrize("language", ["en", "vi"])
async def test_a_list_is_sorted_copied_edited_and_corrected_and_nobody_is_lost_or_doubled(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    async with officer_of(world, tmp_path, capsys, language=language) as officer:
        file = officer.file("handover.csv", A, B, C)
        code, said = await officer.homeward("submit", file)
        assert code == 0, said
        a, b, c = (await officer.rows(file)).values()

        # Sorted: the numbers go with the people.
        officer.file("handover.csv", C, B, A)
        assert (await officer.homeward("submit", file))[0] == 0
        assert await officer.rows(file) == {2: c, 3: b, 4: a}
        code, said = await officer.homeward("correct", a, file, "--row", "2", *REASON)
        assert (code, "ROW_IS_OTHER_CASE" in said, c in said) == (1, True, True)

        # A copy, on another computer, with a birth date set right in it.
        (tmp_path / "elsewhere").mkdir()
        copy = officer.file("elsewhere/a (1).csv", A, B.replace("15/03", "16/03"), C)
        code, said = await officer.homeward("submit", copy)
        assert code == 1
        assert all(number in said for number in (a, b, c))
        assert re.search(r"\b02/03/2026 \d\d:\d\d", said)
        assert await world.count("intake_case") == 3
        # What is told of it names everybody, and B as somebody who stands there otherwise.
        assert await officer.rows(copy) == {2: a, 3: b, 4: c}
        code, said = await officer.homeward("correct", b, copy, "--row", "3", *REASON)
        assert code == 0, said
        assert (await officer.record(b)).birth_date == "2004-03-16"

        # One more in the list: she alone is sent.
        officer.file("handover.csv", A, B, C, D)
        assert (await officer.homeward("submit", file))[0] == 1
        assert (await officer.homeward("submit", file, "--new"))[0] == 1
        sidecar.path_of(Path(file)).unlink()
        code, said = await officer.homeward("submit", file, "--rest")
        assert code == 0, said
        assert await world.count("intake_case") == 4

        # A table of three columns changes what it says, and nothing else.
        few = officer.file("few.csv", "Nguyễn Thị Ví Dụ A;Nữ;15/03/2005", titles="Họ và tên;Giới tính;Ngày sinh")
        code, said = await officer.homeward("correct", a, few, *REASON)
        assert code == 0, said
        record = await officer.record(a)
        assert (record.birth_date, record.health_remarks) == ("2005-03-15", "Mang thai, cần khám")
        assert record.victim_declaration
        told = [list(one.message.fields) for one in await world.said(handover_pb2.CaseCorrected)]
        assert told == [["birth_date"], ["birth_date"]]


async def test_two_officers_send_one_list_from_two_computers_at_once(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with officer_of(world, tmp_path, capsys) as officer:
        files = []
        for name in ("one", "two", "three"):
            (tmp_path / name).mkdir()
            files.append(officer.file(f"{name}/handover.csv", A, B, C))
        sent = [("submit", file, "--sure") for file in files]
        codes = await asyncio.gather(*(asyncio.to_thread(run, each, officer.environ) for each in sent))
        assert sorted(map(int, codes)) == [0, 1, 1]
        assert await world.count("intake_case") == 3
        first = await officer.rows(files[0])
        assert [await officer.rows(file) for file in files] == [first] * 3


async def test_another_office_sends_the_same_list_and_learns_nothing(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    async with officer_of(world, tmp_path / "a", capsys) as officer:
        file = officer.file("handover.csv", A, B)
        assert (await officer.homeward("submit", file))[0] == 0
        mine = set((await officer.rows(file)).values())
    async with officer_of(world, tmp_path / "b", capsys, OTHER_POST) as officer:
        copy = str(officer.folder / "handover.csv")
        shutil.copy(file, copy)
        assert (await officer.homeward("receipt", copy))[0] == 4
        code, said = await officer.homeward("submit", copy)
        assert code == 0, said
        assert not mine & set((await officer.rows(copy)).values())


async def test_what_was_withdrawn_may_be_sent_again(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with officer_of(world, tmp_path, capsys) as officer:
        file = officer.file("handover.csv", A)
        assert (await officer.homeward("submit", file))[0] == 0
        [a] = (await officer.rows(file)).values()
        reason = types.WITHDRAW_REASON_REGISTERED_BY_MISTAKE
        request = submissions_pb2.WithdrawCaseRequest(request_id=str(uuid.uuid4()), case=a, reason=reason)
        await world.call(POST, request)
        os.replace(file, tmp_path / "new.csv")
        code, said = await officer.homeward("submit", str(tmp_path / "new.csv"))
        assert code == 0, said
        assert await world.count("intake_case") == 2
