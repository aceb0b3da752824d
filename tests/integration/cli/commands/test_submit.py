"""Submitting a file: once, whatever breaks in between."""

from __future__ import annotations

import json
import os
from pathlib import Path

import grpc
import pytest
from openpyxl import load_workbook

from homeward.intake.v1 import submissions_pb2
from homeward.type.v1 import types_pb2
from services.chassis.calls.common import Violation
from services.chassis.kernel.record import ASKED
from services.client import sidecar
from services.client.sidecar import BatchState
from tests.integration.cli.commands.conftest import Desk
from tests.integration.cli.commands.fake_services import Refusal, away
from tests.unit.client.people_files import windows_1258

TITLES = "STT;Họ và tên;Giới tính;Ngày sinh;Quan hệ gia đình;Thời gian bàn giao"
TABLE = "\r\n".join(
    (
        TITLES,
        "1;Nguyễn Thị Thí Dụ Một;Nữ;2004;2: con;15/01/2026 14:30",
        "2;Nguyễn Văn Thí Dụ Hai;Nam;2022;1: mẹ;",
        "",
    )
)


def long_table(count: int) -> str:
    """A table of so many people."""
    rows = [f"{number};Thí Dụ {number};Nữ;2000;;15/01/2026" for number in range(1, count + 1)]
    return "\r\n".join((TITLES, *rows, ""))


def test_a_submission_shows_row_and_case_number(desk: Desk) -> None:
    done = desk.homeward("submit", desk.file("handover.csv", TABLE))
    assert done.code == 0, done.err
    entries = next(iter(desk.services.receipts.values())).entries
    for row, entry in zip((2, 3), entries, strict=True):
        assert f"{row}" in done.out
        assert entry.case_number in done.out
    assert "2 people registered, 22/11/2026 14:30." in done.out
    request = desk.services.requests("SubmitHandover")[0]
    assert [person.full_name for person in request.handover.people] == [
        "Nguyễn Thị Thí Dụ Một",
        "Nguyễn Văn Thí Dụ Hai",
    ]
    assert request.handover.place.gate_id == "CN-MONG-CAI"
    call = desk.services.calls[0]
    assert call.metadata["authorization"].startswith("Bearer ey")
    assert call.metadata["accept-language"] == "en"


def test_json_is_one_document(desk: Desk) -> None:
    done = desk.homeward("--json", "submit", desk.file("handover.csv", TABLE))
    kept = sidecar.load(desk.folder / "handover.csv")
    assert kept is not None
    assert done.document == {
        "file": "handover.csv",
        "submissions": [
            {
                "request_id": kept.batches[0].request_id,
                "handover_id": "0198b2c4-0000-7000-8000-00000000000a",
                "receive_time": "2026-11-22T07:30:00Z",
                "submitted_before": False,
            }
        ],
        "entries": [
            {"row": entry.row, "case_number": entry.case_number, "case_id": entry.case_id}
            for entry in kept.batches[0].entries
        ],
    }


def test_running_it_again_sends_nothing_and_shows_the_same(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    first, second = desk.homeward("submit", file), desk.homeward("submit", file)
    assert second.code == 0
    assert second.out == "This file was submitted before; nothing was sent again.\n" + first.out
    assert len(desk.services.requests("SubmitHandover")) == 1


def test_the_same_content_written_otherwise_is_the_same_submission(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    desk.homeward("submit", file)
    desk.file("handover.csv", "\ufeff" + TABLE.replace(";", ",").replace("Nữ", "F"))
    assert desk.homeward("submit", file).code == 0
    assert len(desk.services.requests("SubmitHandover")) == 1


def test_the_request_id_is_on_the_disk_before_anything_is_sent(desk: Desk) -> None:
    seen: list[str] = []

    def look(request: submissions_pb2.SubmitHandoverRequest) -> submissions_pb2.SubmitHandoverResponse:
        kept = sidecar.load(desk.folder / "handover.csv")
        assert kept is not None
        assert kept.batches[0].state is BatchState.PREPARED
        seen.append(kept.batches[0].request_id)
        return submissions_pb2.SubmitHandoverResponse(receipt=desk.services.keep(request.request_id, 2))

    desk.services.answer("SubmitHandover", look)
    assert desk.homeward("submit", desk.file("handover.csv", TABLE)).code == 0
    assert seen == [desk.services.requests("SubmitHandover")[0].request_id]


def test_a_crash_between_writing_and_sending_sends_the_same_request_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = desk.file("handover.csv", TABLE)

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("services.client.session.Session.attempt", crash)
        done = desk.homeward("submit", file)
    assert done.code == 5
    assert "INTERRUPTED" in done.err
    assert desk.services.calls == []
    prepared = sidecar.load(Path(file))
    assert prepared is not None
    assert desk.homeward("submit", file).code == 0
    assert [each.request_id for each in desk.services.requests("SubmitHandover")] == [prepared.batches[0].request_id]


def test_an_answer_that_was_lost_registers_nobody_twice(desk: Desk) -> None:
    def lose(request: submissions_pb2.SubmitHandoverRequest) -> submissions_pb2.SubmitHandoverResponse:
        desk.services.keep(request.request_id, 2)
        raise away()

    desk.services.answer("SubmitHandover", lose, desk.services._submit)
    done = desk.homeward("submit", desk.file("handover.csv", TABLE))
    assert done.code == 0
    assert len(desk.services.receipts) == 1
    assert "attempt 2" in done.err
    assert "nothing is lost, Ctrl-C is safe: run the same command again" in done.err


def test_a_service_that_stays_away_ends_with_nothing_lost(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    desk.services.answer("SubmitHandover", away())
    done = desk.homeward("submit", file)
    assert done.code == 5
    assert done.out == ""
    assert "NOT_DELIVERED_YET" in done.err
    assert "run the same command again" in done.err
    assert 60 < sum(desk.slept) <= 120
    ids = {each.request_id for each in desk.services.requests("SubmitHandover")}
    assert len(ids) == 1
    desk.services.answer("SubmitHandover", desk.services._submit)
    assert desk.homeward("submit", file).code == 0
    assert {each.request_id for each in desk.services.requests("SubmitHandover")} == ids


def test_the_officer_decides_how_long_to_wait(desk: Desk) -> None:
    desk.services.answer("SubmitHandover", away())
    done = desk.homeward("submit", desk.file("handover.csv", TABLE), "--wait", "0")
    assert (done.code, desk.slept) == (5, [])


def test_ctrl_c_while_waiting_is_safe(desk: Desk) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    desk.services.answer("SubmitHandover", away())
    desk.on_sleep = interrupt
    done = desk.homeward("submit", desk.file("handover.csv", TABLE))
    assert done.code == 5
    assert "Nothing is lost and nothing is done twice" in done.err


def test_nobody_listening_is_the_same_as_a_service_away(desk: Desk) -> None:
    desk.services.stop()
    done = desk.homeward("submit", desk.file("handover.csv", TABLE), "--wait", "3")
    assert done.code == 5
    assert "NOT_DELIVERED_YET" in done.err


def test_a_file_changed_after_its_submission_is_refused_with_advice(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    desk.homeward("submit", file)
    desk.file("handover.csv", TABLE.replace("2004", "2005"))
    done = desk.homeward("submit", file)
    assert done.code == 1
    assert "FILE_CHANGED_AFTER_SUBMISSION" in done.err
    assert "homeward correct" in done.err
    assert len(desk.services.requests("SubmitHandover")) == 1
    # The second is registered, whatever is said of the file.
    again = desk.homeward("submit", file, "--new")
    assert again.code == 1
    assert "ALREADY_REGISTERED" in again.err
    assert "row 3" in again.err
    desk.file("handover.csv", TABLE.replace("Thí Dụ", "Giả Định"))
    again = desk.homeward("submit", file, "--new")
    assert again.code == 0, again.err
    assert len(desk.services.receipts) == 2
    kept = sidecar.load(Path(file))
    assert kept is not None
    assert (len(kept.batches), len(kept.earlier)) == (1, 2)


def test_a_file_changed_after_a_lost_answer_asks_the_service_first(desk: Desk) -> None:
    def lose(request: submissions_pb2.SubmitHandoverRequest) -> submissions_pb2.SubmitHandoverResponse:
        desk.services.keep(request.request_id, 2)
        raise away()

    file = desk.file("handover.csv", TABLE)
    desk.services.answer("SubmitHandover", lose)
    assert desk.homeward("submit", file, "--wait", "0").code == 5
    desk.services.answer("SubmitHandover", desk.services._submit)
    desk.file("handover.csv", TABLE.replace("2004", "2005"))
    done = desk.homeward("submit", file)
    assert done.code == 1
    assert "FILE_CHANGED_AFTER_SUBMISSION" in done.err
    assert len(desk.services.receipts) == 1
    kept = sidecar.load(Path(file))
    assert kept is not None
    assert kept.batches[0].state is BatchState.DELIVERED


def test_a_file_changed_after_an_attempt_cannot_be_sent_while_nobody_can_be_asked(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    desk.services.answer("SubmitHandover", away())
    desk.homeward("submit", file, "--wait", "0")
    desk.services.answer("GetReceipt", away())
    desk.file("handover.csv", TABLE.replace("2004", "2005"))
    done = desk.homeward("submit", file, "--wait", "0")
    assert done.code == 5
    assert "outcome is not known" in done.err
    assert len(desk.services.requests("SubmitHandover")) == 1


def test_a_refused_file_is_corrected_and_sent_anew(desk: Desk) -> None:
    violations = (
        Violation(1, "birth_date", "IN_THE_FUTURE", "", "This may not be in the future."),
        Violation(2, "family_links[1].row", "UNKNOWN_ROW", "", "There is no row 9 to refer to."),
        Violation(None, "handover.place.gate_id", "UNKNOWN_GATE", "", "There is no such border gate."),
    )
    refusal = Refusal(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_INPUT", "Some fields need correction.", violations)
    file = desk.file("handover.csv", TABLE.replace("15/01", "21/11"))
    desk.services.answer("SubmitHandover", refusal, desk.services._submit)
    done = desk.homeward("submit", file)
    assert done.code == 2
    assert done.err.splitlines() == [
        "Some fields need correction. (INVALID_INPUT)",
        "  - row 2, Ngày sinh: This may not be in the future.",
        "  - row 3, Quan hệ gia đình: There is no row 9 to refer to.",
        "  - gate: There is no such border gate.",
    ]
    desk.file("handover.csv", TABLE.replace("2004", "2003"))
    assert desk.homeward("submit", file).code == 0
    first, second = desk.services.requests("SubmitHandover")
    assert first.request_id != second.request_id


def test_a_file_with_mistakes_is_not_sent(desk: Desk) -> None:
    done = desk.homeward("submit", desk.file("handover.csv", TABLE.replace("2022", "31/02/2022")))
    assert done.code == 2
    assert "1 thing in the file needs correction; nothing was sent. (FILE_HAS_MISTAKES)" in done.err
    assert "row 3, Ngày sinh: there is no such day in the calendar" in done.err
    assert desk.services.calls == []
    assert not sidecar.path_of(desk.folder / "handover.csv").exists()


def test_more_than_thirty_people_need_a_word(desk: Desk) -> None:
    done = desk.homeward("submit", desk.file("month.csv", long_table(31)))
    assert done.code == 2
    assert "TOO_MANY_PEOPLE" in done.err
    assert "--split" in done.err
    assert desk.services.calls == []


def test_a_split_file_goes_on_where_it_stopped(desk: Desk) -> None:
    file = desk.file("month.csv", long_table(75))
    desk.services.answer("SubmitHandover", desk.services._submit, away())
    done = desk.homeward("submit", file, "--split", "--wait", "0")
    assert done.code == 5
    assert "Sending 2 of 3" in done.err
    assert "30 people registered" in done.out
    desk.services.answer("SubmitHandover", desk.services._submit)
    again = desk.homeward("--json", "submit", file, "--split")
    assert again.code == 0
    assert [len(each.handover.people) for each in desk.services.requests("SubmitHandover")] == [30, 30, 30, 15]
    assert len(desk.services.receipts) == 3
    assert [each["row"] for each in again.document["entries"]] == list(range(2, 77))
    assert [each["submitted_before"] for each in again.document["submissions"]] == [True, False, False]


def test_a_refusal_after_some_batches_is_partly_done(desk: Desk) -> None:
    refusal = Refusal(grpc.StatusCode.FAILED_PRECONDITION, "SOME_RULE", "Not now.")
    desk.services.answer("SubmitHandover", desk.services._submit, refusal)
    done = desk.homeward("submit", desk.file("month.csv", long_table(40)), "--split")
    assert done.code == 6
    assert "Not now. (SOME_RULE)" in done.err


def test_a_file_of_another_office_is_refused(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    desk.homeward("submit", file, "--gate", "Móng Cái")
    done = desk.homeward("--as", "BP-CN-HUU-NGHI", "submit", file, "--gate", "Móng Cái")
    assert done.code == 1
    assert "FILE_OF_OTHER_OFFICE" in done.err


def test_a_sidecar_that_cannot_be_read_stops_everything(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    sidecar.path_of(Path(file)).write_text("{")
    done = desk.homeward("submit", file)
    assert done.code == 1
    assert "SIDECAR_UNREADABLE" in done.err
    assert desk.services.calls == []


def test_a_folder_that_cannot_be_written_stops_before_sending(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("services.client.files.tempfile.mkstemp", refuse)
    done = desk.homeward("submit", desk.file("handover.csv", TABLE))
    assert done.code == 2
    assert "FOLDER_NOT_WRITABLE" in done.err
    assert desk.services.calls == []


def test_nothing_about_a_person_is_written_beside_the_file(desk: Desk) -> None:
    desk.homeward("submit", desk.file("handover.csv", TABLE))
    kept = (desk.folder / "handover.csv.homeward.json").read_text()
    for word in ("Thí", "Dụ", "Feminine", "2004", "BIRTH", "CHILD"):
        assert word not in kept
    assert json.loads(kept)["command"] == "submit"


def test_receipt_shows_what_was_sent_and_asks_where_it_is_not_known(desk: Desk) -> None:
    def lose(request: submissions_pb2.SubmitHandoverRequest) -> submissions_pb2.SubmitHandoverResponse:
        desk.services.keep(request.request_id, 2)
        raise away()

    file = desk.file("handover.csv", TABLE)
    assert desk.homeward("receipt", file).code == 4
    desk.services.answer("SubmitHandover", lose)
    desk.homeward("submit", file, "--wait", "0")
    done = desk.homeward("receipt", file)
    assert done.code == 0
    assert "2 people registered" in done.out
    Path(file).unlink()
    assert desk.homeward("receipt", file).out == done.out


def test_receipt_of_a_submission_that_never_arrived(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    desk.services.answer("SubmitHandover", away())
    desk.homeward("submit", file, "--wait", "0")
    done = desk.homeward("receipt", file)
    assert done.code == 5
    assert "Not delivered yet: 1" in done.err


def test_one_person_alone_is_registered(desk: Desk) -> None:
    file = desk.file("one.csv", "Họ và tên;Giới tính\r\nThí Dụ Một;Nữ\r\n")
    done = desk.homeward("--as", "SA-22", "register", file, "--time", "15/01/2026", "--route", "hotline")
    assert done.code == 0, done.err
    request = desk.services.requests("RegisterSelfReturn")[0]
    assert request.person.full_name == "Thí Dụ Một"
    assert request.route == types_pb2.ROUTE_OF_RETURN_HOTLINE_REFERRAL
    assert desk.homeward("--as", "SA-22", "submit", file, "--time", "15/01/2026", "--gate", "Móng Cái").code == 1


def test_register_takes_one_person(desk: Desk) -> None:
    done = desk.homeward("register", desk.file("two.csv", TABLE))
    assert done.code == 2
    assert "NOT_ONE_PERSON" in done.err


def test_template_then_validate_then_submit(desk: Desk) -> None:
    file = str(desk.folder / "form.csv")
    assert desk.homeward("template", file).code == 0
    assert desk.homeward("template", file).code == 1
    assert desk.homeward("validate", file).code == 2
    form = Path(file).read_text(encoding="utf-8")
    row = ";".join(["1", "Thí Dụ Một", "F", "2004", *[""] * 15, "15/01/2026 14:30", "Móng Cái"])
    Path(file).write_text(form + row + "\r\n", encoding="utf-8")
    valid = desk.homeward("validate", file)
    assert (valid.code, valid.out) == (0, "1 person, nothing wrong.\n")
    assert desk.homeward("submit", file).code == 0


def test_the_json_template_is_valid_as_it_is(desk: Desk) -> None:
    file = str(desk.folder / "form.json")
    assert desk.homeward("--json", "template", file).document == {"file": file, "form": "json"}
    document = json.loads(Path(file).read_text())
    document["handover"]["handover_time"] = "2026-01-15T14:30:00+07:00"
    Path(file).write_text(json.dumps(document))
    assert desk.homeward("validate", file).code == 0


def test_validate_names_row_and_column(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE.replace("Nữ", "?").replace("15/01/2026 14:30", "15/01/26"))
    done = desk.homeward("validate", file)
    assert done.code == 2
    assert "Giới tính" in done.out
    machine = desk.homeward("validate", file, "--json")
    assert machine.code == 2
    assert machine.document["valid"] is False
    assert [(each["row"], each["column"], each["code"]) for each in machine.document["problems"]] == [
        (2, "Thời gian bàn giao", "NOT_A_DATE"),
        (2, "Giới tính", "NOT_IN_LIST"),
    ]


def test_a_correction_takes_the_row_of_the_file(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    desk.homeward("submit", file)
    first, second = (each.case_number for each in next(iter(desk.services.receipts.values())).entries)
    desk.file("handover.csv", TABLE.replace("2022", "2021"))
    done = desk.homeward("correct", second, file, "--row", "3", "--reason", "birth year was wrong")
    assert done.code == 0, done.err
    request = desk.services.requests("CorrectCase")[0]
    assert (request.case, request.reason, request.person.birth_date) == (second, "birth year was wrong", "2021")
    assert list(request.update_mask.paths) == ["birth_date"]
    assert request.etag
    assert "To be corrected in " + second + ": Ngày sinh." in done.out
    assert "Corrected." in done.out
    wrong = desk.homeward("correct", first, file, "--row", "3", "--reason", "x")
    assert wrong.code == 1
    assert "ROW_IS_OTHER_CASE" in wrong.err
    # Without a row it is the one where she stands.
    same = desk.homeward("correct", first, file, "--reason", "x")
    assert same.code == 0, same.err
    assert "Nothing was corrected" in same.out
    assert len(desk.services.requests("CorrectCase")) == 1
    assert desk.homeward("correct", first, file, "--row", "9", "--reason", "x").code == 2


def test_two_windows_do_not_send_one_file(desk: Desk) -> None:
    file = desk.file("handover.csv", TABLE)
    with sidecar.only_sender(Path(file)):
        done = desk.homeward("submit", file)
    assert done.code == 1
    assert "FILE_IS_BEING_SENT" in done.err


@pytest.mark.parametrize("name", ["handover.csv", "handover.json"])
def test_the_examples_can_be_submitted(desk: Desk, name: str) -> None:
    example = Path(__file__).parents[4] / "examples" / name
    file = desk.file(name, example.read_text(encoding="utf-8"))
    done = desk.homeward("validate", file)
    assert done.code == 0, done.out + done.err
    assert desk.homeward("submit", file).code == 0


OLD_LETTERS = "\r\n".join((TITLES, "1;NguyÔn ThÞ ThÝ Dô;F;2004;;15/01/2026 14:30", ""))


def test_letters_of_an_old_font_are_not_sent_unless_that_is_asked_for(desk: Desk) -> None:
    file = desk.file("handover.csv", OLD_LETTERS)
    done = desk.homeward("submit", file)
    assert done.code == 2
    assert "--convert-letters" in done.err
    assert desk.services.requests("SubmitHandover") == []
    done = desk.homeward("validate", file, "--convert-letters")
    assert done.code == 0, done.err
    assert "NguyÔn ThÞ ThÝ Dô" in done.out
    assert "Nguyễn Thị Thí Dụ" in done.out
    assert desk.services.requests("SubmitHandover") == []
    done = desk.homeward("submit", file, "--convert-letters")
    assert done.code == 0, done.err
    assert "Nguyễn Thị Thí Dụ" in done.out
    request = desk.services.requests("SubmitHandover")[0]
    assert [person.full_name for person in request.handover.people] == ["Nguyễn Thị Thí Dụ"]


def test_a_guessed_encoding_is_not_sent_unless_it_is_named(desk: Desk) -> None:
    path = desk.folder / "handover.csv"
    path.write_bytes(windows_1258(TABLE))
    file = str(path)
    done = desk.homeward("submit", file)
    assert done.code == 2
    assert "Windows-1258" in done.err
    assert desk.services.requests("SubmitHandover") == []
    assert desk.homeward("validate", file).code == 0
    assert desk.homeward("submit", file, "--encoding", "klingon").code == 2
    done = desk.homeward("submit", file, "--encoding", "windows-1258")
    assert done.code == 0, done.err
    request = desk.services.requests("SubmitHandover")[0]
    assert request.handover.people[0].full_name == "Nguyễn Thị Thí Dụ Một"


def test_a_workbook_is_filled_in_and_submitted(desk: Desk) -> None:
    file = desk.folder / "form.xlsx"
    assert desk.homeward("--json", "template", str(file)).document["form"] == "xlsx"
    assert desk.homeward("validate", str(file)).code == 2
    book = load_workbook(file)
    sheet = book.worksheets[0]
    titles = {cell.value: cell.column for cell in sheet[1]}
    texts = {"Full name": "Thí Dụ Một", "Sex": "F", "Handover time": "21/11/2026 14:30", "Gate": "Móng Cái"}
    for title, text in texts.items():
        sheet.cell(3, titles[title], text)
    book.save(file)
    valid = desk.homeward("validate", str(file))
    assert (valid.code, valid.out) == (0, "1 person, nothing wrong.\n")
    assert valid.err == "Note: 2 lines: 1 person, 1 remark (line 2).\n"
    machine = desk.homeward("--json", "validate", str(file)).document
    assert (machine["lines"]["total"], machine["lines"]["people"], machine["lines"]["remarks"]) == (2, [3], [2])


def test_a_form_is_written_in_no_older_format(desk: Desk) -> None:
    assert desk.homeward("template", str(desk.folder / "form.xls")).code == 2
    assert not (desk.folder / "form.xls").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "is a folder"), ("pipe", "is no file"), ("x" * 300, "too long"), ("none.csv", "there is no file none.csv")],
)
def test_what_is_no_file_is_told(desk: Desk, name: str, said: str) -> None:
    os.mkfifo(desk.folder / "pipe")
    done = desk.homeward("validate", str(desk.folder / name))
    assert done.code == 2
    assert said in done.err


def test_a_gate_left_to_the_post_is_no_mistake(desk: Desk) -> None:
    desk.environ.pop("HOMEWARD_OFFICE", None)
    file = desk.file("plain.csv", "Full name;Sex;Handover time\nThí Dụ Một;F;15/01/2026\n")
    done = desk.homeward("validate", file)
    assert done.code == 0, done.out
    assert "that of your post is taken" in done.err


def test_what_is_plausible_to_a_machine_only_is_sent_when_somebody_is_sure(desk: Desk) -> None:
    """An age, a gate and a day are asked about by one refusal; nothing is sent before."""
    text = (
        "Họ và tên;Giới tính;Ngày sinh;Trở về từ nước;Thời gian bàn giao;Cửa khẩu\r\n"
        "Nguyễn Thị Thí Dụ Một;Nữ;1921;Trung Quốc;15/01/2026 14:30;Mộc Bài\r\n"
    )
    file = desk.file("old.csv", text)
    asked = desk.homeward("submit", file, sure=False)
    assert (asked.code, desk.services.calls) == (2, [])
    assert "FILE_HAS_QUESTIONS" in asked.err
    assert "4 things in the file are to be looked at" in asked.err
    assert "--sure" in asked.err
    assert desk.homeward("validate", file).code == 0
    assert desk.homeward("submit", file).code == 0
    (request,) = desk.services.requests("SubmitHandover")
    assert list(request.confirmed) == sorted(ASKED)
