"""Lists of thirty people read and understood per second, from a workbook, against the same list from CSV."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from openpyxl import load_workbook

from services.chassis.kernel.record import PEOPLE_MAX
from services.client.people_file.check import Defaults, check_handover
from services.client.people_file.read import read_people
from services.client.people_file.template import csv_template, xlsx_template
from services.client.texts import texts_in
from tests.perf.engines import Engines
from tests.perf.measure import ROUNDS, Result, in_turns

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Sizes:
    """How much is measured: lists in a round, and rounds."""

    lists: int = 10
    rounds: int = ROUNDS


TINY = Sizes(lists=1, rounds=1)


async def measure(engines: Engines, sizes: Sizes = Sizes()) -> list[Result]:
    """One result; the engines are not needed."""
    del engines
    mine, peer = await in_turns(_round(_workbook(), sizes), _round(_csv(), sizes), sizes.rounds)
    return [Result("lists", "lists/s", mine, peer, f"{PEOPLE_MAX} people; the same from CSV")]


def _round(data: bytes, sizes: Sizes) -> Callable[[], Awaitable[float]]:
    async def run() -> float:
        began_s = time.perf_counter()
        for _ in range(sizes.lists):
            found = check_handover(read_people(data), Defaults(), NOW)
            assert found.content is not None, found.problems
            assert len(found.rows) == PEOPLE_MAX
        return sizes.lists / (time.perf_counter() - began_s)

    return run


def _rows() -> list[dict[str, str]]:
    first = {"Thời gian bàn giao": "22/11/2026 14:30", "Cửa khẩu": "Móng Cái"}
    return [
        {
            "STT": str(number),
            "Họ và tên": f"Nguyễn Thị Thí Dụ {['Một', 'Hai', 'Ba', 'Bốn', 'Năm'][number % 5]}",
            "Giới tính": "Nữ",
            "Ngày sinh": f"{number % 28 + 1:02d}/03/2004",
            "Quốc tịch": "Việt Nam",
            "Dân tộc": "Kinh",
            "Tỉnh/thành phố quê quán": "Quảng Ninh",
            "Địa chỉ quê quán": "Thôn Ví Dụ, xã Giả Định",
            "Trở về từ nước": "Trung Quốc",
            **(first if number == 1 else {}),
        }
        for number in range(1, PEOPLE_MAX + 1)
    ]


def _workbook() -> bytes:
    book = load_workbook(io.BytesIO(xlsx_template(texts_in("vi"))))
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for at, row in enumerate(_rows(), start=3):
        for title, text in row.items():
            sheet.cell(at, columns[title], text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv() -> bytes:
    text = csv_template("vi")
    titles = next(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, titles, delimiter=";", lineterminator="\r\n")
    writer.writerows(_rows())
    return (text + out.getvalue()).encode()
