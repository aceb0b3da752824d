"""What administrators do at the command line: offices, rules, calendar."""

from __future__ import annotations

import json

from homeward.handover.v1 import directory_pb2, sessions_pb2
from homeward.intake.v1 import reading_pb2
from homeward.office.v1 import acts_pb2, office_end_pb2
from homeward.type.v1 import types_pb2
from services.terminal.exits import Exit
from tests.integration.cli.commands.conftest import Desk
from tests.integration.cli.commands.fake_services import away

ADMIN = ("--as", "ADMIN-NATIONAL")
COUNTS = directory_pb2.OfficeEndCounts(custodies=12, transfers=3, deadlines=9, searches=1)
ENDED = directory_pb2.EndOfficeResponse(counts=COUNTS, successor_id="SA-27")


def confirmed(desk: Desk, *, notify: object = None) -> None:
    """All four services have taken the end in; `notify` answers otherwise first."""
    desk.services.answer("EndOffice", ENDED)
    desk.services.answer(
        "GetOfficeEnd",
        office_end_pb2.GetOfficeEndResponse(done=True, moved={"custodies": 12, "transfers": 3, "deadlines": 9}),
        office_end_pb2.GetOfficeEndResponse(done=True, moved={"cases": 15}),
        office_end_pb2.GetOfficeEndResponse(done=True, moved={"cases": 7, "deadlines": 9}),
        *([notify] if notify is not None else []),
        office_end_pb2.GetOfficeEndResponse(done=True, moved={"messages": 31}),
    )


def test_the_four_confirmations_are_shown(desk: Desk) -> None:
    confirmed(desk)
    done = desk.homeward(*ADMIN, "offices", "end", "sa-24", "--successor", "SA-27", "--ended-on", "30/06/2026")
    assert done.code == 0, done.err
    for word in ("SA-24 has ended; SA-27 takes over", "People in its care", "12", "Everything has moved."):
        assert word in done.out
    assert done.out.count("✓") == 4
    [request] = desk.services.requests("EndOffice")
    assert (request.office_id, request.successor_id, request.ended_on) == ("SA-24", "SA-27", "2026-06-30")
    assert not request.validate_only
    assert [each.office_id for each in desk.services.requests("GetOfficeEnd")] == ["SA-24"] * 4


def test_a_service_that_comes_back_is_waited_for(desk: Desk) -> None:
    confirmed(desk, notify=away())
    done = desk.homeward(*ADMIN, "offices", "end", "SA-24", "--successor", "SA-27")
    assert done.code == 0, done.err
    assert done.out.count("✓") == 4
    assert desk.slept


def test_one_that_stays_away_is_named_and_nothing_is_lost(desk: Desk) -> None:
    confirmed(desk, notify=office_end_pb2.GetOfficeEndResponse(done=False, left=31))
    done = desk.homeward(*ADMIN, "--json", "offices", "end", "SA-24", "--successor", "SA-27", "--wait", "0")
    assert done.code == Exit.PARTLY_DONE
    assert [each["moved"] for each in done.document["confirmations"]] == [12, 15, 7, None]
    assert "notify" in done.err
    assert "Run the same command again" in done.err


def test_a_rehearsal_changes_nothing_and_asks_nobody_else(desk: Desk) -> None:
    desk.services.answer("EndOffice", ENDED)
    done = desk.homeward(*ADMIN, "offices", "end", "SA-24", "--successor", "SA-27", "--dry-run")
    assert done.code == 0, done.err
    assert "Nothing was changed" in done.out
    assert desk.services.requests("EndOffice")[0].validate_only
    assert desk.services.requests("GetOfficeEnd") == []


def test_a_successor_or_nobody_has_to_be_said(desk: Desk) -> None:
    for arguments in ((), ("--successor", "SA-27", "--nobody")):
        done = desk.homeward(*ADMIN, "offices", "end", "SA-24", *arguments)
        assert done.code == Exit.USAGE
        assert "--successor" in done.err
    assert desk.services.requests("EndOffice") == []


def test_nobody_is_sent_as_nobody(desk: Desk) -> None:
    confirmed(desk)
    assert desk.homeward(*ADMIN, "offices", "end", "SA-24", "--nobody").code == 0
    assert desk.services.requests("EndOffice")[0].successor_id == ""


def test_an_office_is_opened_and_known_here_from_then_on(desk: Desk) -> None:
    desk.services.answer("OpenOffice", directory_pb2.OpenOfficeResponse(office_id="RC-NEW"))
    done = desk.homeward(
        *ADMIN,
        *("offices", "open", "rc-new", "--role", "reception-centre", "--province", "24@2025"),
        *("--name-vi", "Nhà mới", "--name-en", "New house", "--facility", "shelter", "--places", "12"),
    )
    assert done.code == 0, done.err
    [request] = desk.services.requests("OpenOffice")
    assert (request.office_id, request.role, request.facility_kind, request.capacity) == (
        "RC-NEW",
        "RECEPTION_CENTRE",
        "SHELTER",
        12,
    )
    assert (request.province.code, request.province.vintage) == ("24", "2025")
    province = types_pb2.ProvinceRef(code="24", vintage="2025")
    opened = directory_pb2.Office(
        office_id="RC-NEW",
        role="RECEPTION_CENTRE",
        province=province,
        name_en="New house",
        name_vi="Nhà mới",
        valid_from="2026-01-01",
        facility_kind="SHELTER",
        capacity=12,
        provenance="CONFIGURED",
    )
    desk.services.answer("ListOffices", directory_pb2.ListOfficesResponse(offices=[opened], edition="1"))
    shown = desk.homeward("--json", "offices", "RC-NEW").document["offices"][0]
    assert (shown["name_en"], shown["capacity"]) == ("New house", 12)
    assert desk.homeward("token", "RC-NEW").code == 0


def test_offices_are_looked_up_as_before(desk: Desk) -> None:
    plain = desk.homeward("--json", "offices", "lào", "cai", "--role", "reception-centre").document
    assert plain == desk.homeward("--json", "offices", "list", "lào", "cai", "--role", "reception-centre").document
    assert "RC-LAO-CAI" in json.dumps(plain)


RULE = directory_pb2.DeadlineRule(
    code="TRANSFER_ACKNOWLEDGE",
    version=2,
    amount=5,
    unit="WORKING_DAYS",
    basis="LAW",
    legal_source="Invented decree",
    valid_from="2027-01-01",
)


def test_rules_are_shown_with_how_sure_they_are(desk: Desk) -> None:
    desk.services.answer("ListRules", directory_pb2.ListRulesResponse(rules=[RULE]))
    done = desk.homeward("rules", "transfer_acknowledge")
    assert done.code == 0, done.err
    assert {"TRANSFER_ACKNOWLEDGE", "2", "5", "working", "law", "decree", "01/01/2027"} <= set(done.out.split())
    assert desk.services.requests("ListRules")[0].code == "TRANSFER_ACKNOWLEDGE"


def test_a_rule_is_changed(desk: Desk) -> None:
    desk.services.answer("ChangeRule", directory_pb2.ChangeRuleResponse(rule=RULE))
    done = desk.homeward(
        *ADMIN,
        *("rules", "change", "TRANSFER_ACKNOWLEDGE", "--limit", "5", "--unit", "working-days", "--basis", "law"),
        *("--source", "Invented decree", "--from", "01/01/2027"),
    )
    assert done.code == 0, done.err
    assert "Version 2 of TRANSFER_ACKNOWLEDGE holds from 01/01/2027 on." in done.out
    [request] = desk.services.requests("ChangeRule")
    assert (request.amount, request.unit, request.basis, request.valid_from) == (5, "WORKING_DAYS", "LAW", "2027-01-01")


def test_the_calendar_of_a_year_tells_what_was_changed_here(desk: Desk) -> None:
    changed = [
        directory_pb2.ChangedDay(on="2026-11-27", working=False),
        directory_pb2.ChangedDay(on="2026-12-05", working=True),
    ]
    answer = directory_pb2.ListRulesResponse(calendar_version="VN+1", changed_days=changed)
    desk.services.answer("ListRules", answer, answer)
    days = desk.homeward("--json", "calendar", "--year", "2026").document
    assert days["calendar_version"] == "VN+1"
    found = {day["on"]: (day["working"], day["changed"]) for day in days["days"]}
    assert found["2026-11-27"] == (False, True)
    assert found["2026-12-05"] == (True, True)
    assert found["2026-04-30"] == (False, False)
    done = desk.homeward("calendar", "--year", "2035")
    assert done.code == 0
    assert "provisional" in done.out


def test_days_are_changed(desk: Desk) -> None:
    answer = directory_pb2.ChangeCalendarResponse(calendar_version="VN+2", moved=4)
    desk.services.answer("ChangeCalendar", answer)
    done = desk.homeward(*ADMIN, "calendar", "change", "--off", "02/01/2027", "--worked", "09/01/2027")
    assert done.code == 0, done.err
    assert "VN+2; 4 due dates" in " ".join(done.out.split())
    [request] = desk.services.requests("ChangeCalendar")
    assert (list(request.days_off), list(request.days_worked)) == (["2027-01-02"], ["2027-01-09"])
    assert desk.homeward(*ADMIN, "calendar", "change").code == Exit.USAGE


def test_what_is_shown_in_vietnamese(desk: Desk) -> None:
    confirmed(desk)
    done = desk.homeward("--lang", "vi", *ADMIN, "offices", "end", "SA-24", "--successor", "SA-27")
    assert "SA-24 đã kết thúc; SA-27 kế thừa" in done.out


def test_sign_ins_are_ended_by_exactly_one_name(desk: Desk) -> None:
    ended = sessions_pb2.Revocation(office_id="BP-CN-MONG-CAI", reason=types_pb2.REVOKE_REASON_DEVICE_LOST)
    ended.not_before.FromSeconds(1_780_000_000)
    desk.services.answer("RevokeSessions", sessions_pb2.RevokeSessionsResponse(revocation=ended))
    revoke = (*ADMIN, "sessions", "revoke", "--reason", "device-lost")
    for arguments in ((), ("--office", "SA-24", "--account", "officer-1")):
        assert desk.homeward(*revoke, *arguments).code == Exit.USAGE
    done = desk.homeward(*revoke, "--office", "bp-cn-mong-cai")
    assert done.code == 0, done.err
    assert "counts no more" in done.out
    [request] = desk.services.requests("RevokeSessions")
    assert (request.office_id, request.reason) == ("BP-CN-MONG-CAI", types_pb2.REVOKE_REASON_DEVICE_LOST)
    desk.services.answer("ListRevocations", sessions_pb2.ListRevocationsResponse(revocations=[ended]))
    listed = desk.homeward(*ADMIN, "sessions")
    assert "BP-CN-MONG-CAI" in listed.out
    assert "a device was lost or" in listed.out


def test_the_access_log_is_asked_for_by_office_account_and_day(desk: Desk) -> None:
    entry = reading_pb2.AccessLogEntry(case_number="HW-999-999-957", subject="an.officer", office_id="SA-24")
    lists = [acts_pb2.ListsRead(day="2026-11-01", subject="a.supervisor", method="ListCases", pages=3, rows=120)]
    found = reading_pb2.ListAccessLogResponse(entries=[entry], chain_intact=True)
    desk.services.answer("ListAccessLog", found)
    desk.services.answer("CountListsRead", acts_pb2.CountListsReadResponse(lists=lists))
    asked = ("--office", "sa-24", "--person", "an.officer", "--from", "01/11/2026", "--until", "30/11/2026")
    done = desk.homeward("--as", "AUDIT-NATIONAL", "access-log", "show", *asked)
    assert done.code == 0, done.err
    assert "HW-999-999-957" in done.out
    assert "a.supervisor" in done.out
    told = json.loads(desk.homeward("--as", "AUDIT-NATIONAL", "--json", "access-log", "show").out)
    assert told["lists"][0]["rows"] == 120
    request = desk.services.requests("ListAccessLog")[0]
    assert (request.office_id, request.subject) == ("SA-24", "an.officer")
    assert (request.read_from, request.read_until) == ("2026-11-01", "2026-11-30")
