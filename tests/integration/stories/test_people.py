"""What goes wrong with people and lists, a story for each row of complaints: ends, doubles, returns, relatives."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from homeward.handover.v1 import searches_pb2
from homeward.intake.v1 import cases_pb2
from homeward.type.v1 import types_pb2 as types
from services.chassis.kernel.errors import InvalidInput
from services.chassis.service import excess
from tests.integration.stories.story import (
    ADMIN,
    CENTRE,
    ELSEWHERE,
    HER_SUPERVISOR,
    HOME,
    NATION,
    OTHER_POLICE,
    OTHER_POST,
    POLICE,
    POST,
    POSTS_SUPERVISOR,
    THEIR_SUPERVISOR,
    THIRD,
    Story,
)
from tests.support.country import METHODS
from tests.support.identities import caller_for

DECLINED: dict[str, Any] = {"status": "DECLINED"}
NO_CASE = "00000000-0000-7000-8000-000000000000"
OPEN_TO_ALL = frozenset({"ListAccessLog", "ListMessages", "ListBreakGlass", "OpenBreakGlass"})
"""Lists that a case only narrows; and who breaks the glass is let in, and told of at once to those whom it concerns."""


async def test_row_4_every_office_ends_what_is_its_own(told: Story) -> None:
    """Row 4: "moved outside the network, remains live at the origin for ever". F3."""
    gone, dead, refuses = [await told.registered() for _ in range(3)]
    await told.do(POST, "CloseCase", gone, reason="LEFT_ON_HER_OWN", left_for="UNKNOWN")
    assert await told.lost() == {gone: "LEFT_PROVINCE"}
    await told.do(POST, "CloseCase", dead, reason="DIED")
    await told.do(POST, "CloseCase", refuses, reason="REFUSED")
    in_the_shelter, on_the_way = await told.in_the_shelter(), await told.sent(await told.registered())
    await told.do(CENTRE, "CloseCase", in_the_shelter, reason="DIED")
    await told.do(POST, "CloseCase", on_the_way, reason="DIED")
    for case in (dead, refuses, in_the_shelter, on_the_way):
        assert (await told.stands(case))[0] == "CLOSED"
    for office in (POST, CENTRE, POSTS_SUPERVISOR):
        assert await told.asked(office, dead) == await told.asked(office, in_the_shelter) == set()
    await told.do(POST, "ReopenCase", refuses, reason="ASKS_AGAIN")
    assert await told.stands(refuses) == ("REGISTERED", POST)
    await told.do(POSTS_SUPERVISOR, "ReopenCase", dead, reason="NOT_TRUE")
    assert await told.stands(dead) == ("REGISTERED", POST)


async def test_row_4_the_status_word_is_never_untrue(told: Story) -> None:
    """Row 4, its sibling: the border post does not read that a dead woman arrived. F3."""
    case = await told.at_home()
    assert (await told.do(POST, "GetCase", case)).case.status_word == cases_pb2.STATUS_WORD_ARRIVED
    await told.do(HOME, "CloseCase", case, reason="DIED")
    assert (await told.do(POST, "GetCase", case)).case.status_word == cases_pb2.STATUS_WORD_CLOSED


async def test_row_4_who_registered_her_corrects_and_withdraws(told: Story) -> None:
    """Row 4, its sibling: an agency has registered a self-return itself. F3."""
    her = told.somebody()
    case = await told.registers_herself(HOME, person=her)
    her.birth_date = "1997-01-01"
    change = {"person": her, "update_mask": FieldMask(paths=["birth_date"]), "reason": "Ghi nhầm"}
    await told.do(HOME, "CorrectCase", case, **change)
    await told.do(HOME, "WithdrawCase", case, reason="REGISTERED_BY_MISTAKE")
    assert (await told.stands(case))[0] == "WITHDRAWN"


async def test_row_5_who_is_no_victim_is_asked_for_no_more(told: Story) -> None:
    """Row 5: "de-notified enrolments still count, unclear which states are excluded". F3, F4."""
    case = await told.registered()
    too_soon = told.do(POST, "CloseCase", case, reason="NOT_IDENTIFIED")
    assert await told.refused(too_soon) == "IDENTIFICATION_SAYS_OTHERWISE"
    decision = {"status": "NOT_IDENTIFIED", "decided_on": told.day(), "reason": "Không đủ căn cứ"}
    await told.do(POLICE, "DecideIdentification", case, **decision)
    await told.do(POST, "CloseCase", case, reason="NOT_IDENTIFIED")
    await told.passes(400)
    assert await told.asked(POST, case) == await told.asked(POSTS_SUPERVISOR, case) == set()
    assert (await told.do(NATION, "CountOpen")).counts == []


async def test_row_6_never_sent_on_is_a_kind_of_being_lost(told: Story) -> None:
    """Row 6: registered, never dispatched, three years. F4."""
    case = await told.registered()
    await told.passes(10, 4)
    assert await told.lost() == {case: "NOT_SENT_ON"}
    await told.passes(7, 3)
    await told.passes(300, 3)
    for office in (POST, POSTS_SUPERVISOR, NATION):
        assert "SEARCH" in await told.asked(office, case), office
    assert await told.asked(POST, case) <= {"SEARCH"}, "a reminder takes the place of the one before"
    assert len(await told.inbox(NATION, case)) < 10
    await told.arrived(await told.sent(case))
    assert await told.lost() == {}


@pytest.mark.parametrize("alike", [False, True])
async def test_row_7_a_number_takes_nobody_off_her_way(told: Story, alike: bool) -> None:
    """Row 7: "wrong earlier case taken by itself; no way to un-merge; wrong, even dead, person picked". F5."""
    her = told.somebody()
    (stranger,) = await told.submitted(her)
    await told.sent(stranger)
    await told.do(HOME, "AcceptTransfer", stranger)
    other = her if alike else told.somebody(sex="Masculine", birth_date="1970-01-01")
    other.earlier_case = await told.number(stranger)
    (later,) = await told.submitted(other, by=OTHER_POST)
    (link,) = (await told.custody(stranger)).returns
    assert link.state == types.RETURN_LINK_STATE_CLAIMED
    assert bool(await told.lost()) is alike, "only where the records are alike is she searched for"
    await told.do(POST, "DenyReappearance", stranger, later_case=later)
    assert await told.lost() == {}
    assert await told.stands(stranger) == ("IN_TRANSIT", POST), "and her journey stands"
    await told.passes(1)
    await told.arrived(stranger)
    assert (await told.stands(stranger))[1] == HOME


async def test_row_7_a_number_that_was_wrong_is_taken_out_again(told: Story) -> None:
    """Row 7, the way back: the correction of the link, or withdrawing, ends what it began. F5."""
    her = told.somebody()
    (stranger,) = await told.submitted(her)
    await told.sent(stranger)
    for how in ("correct", "withdraw"):
        her.earlier_case = await told.number(stranger)
        (later,) = await told.submitted(her, by=OTHER_POST)
        assert stranger in await told.lost()
        if how == "correct":
            her.earlier_case = ""
            change = {"reason": "Nhầm số", "person": her, "update_mask": FieldMask(paths=["earlier_case"])}
            await told.do(OTHER_POST, "CorrectCase", later, **change)
        else:
            await told.do(OTHER_POST, "WithdrawCase", later, reason="REGISTERED_BY_MISTAKE")
        assert await told.lost() == {}, how
        assert await told.stands(stranger) == ("IN_TRANSIT", POST), how
    await told.arrived(stranger)


@pytest.mark.parametrize("service", ["intake", "handover", "followup"])
async def test_row_7_who_tries_numbers_out_is_told_of(told: Story, service: str) -> None:
    """Row 7, where a number comes from: the supervisor and the nation read that an account tries them out. F5."""
    telling = excess.telling(excess.NUMBERS_TRIED, service, told.country.services[service].chassis.units)
    assert telling is not None
    for _ in range(2):
        await telling(caller_for(HOME))
        await told.country.quiet(service)
    for office in (HER_SUPERVISOR, NATION):
        found = (await told.do(office, "ListMessages", include_read=True, language="en")).messages
        assert [(one.kind, one.case_id) for one in found] == [("NUMBERS_TRIED", "")], office
        assert "asked within an hour for 20 cases" in found[0].body
    assert (await told.do(HOME, "ListMessages", include_read=True)).messages == []
    assert (await told.do(THEIR_SUPERVISOR, "ListMessages", include_read=True)).messages == []


async def test_row_10_coming_back_again_is_told_and_both_cases_say_so(told: Story) -> None:
    """Row 10: "second infection not linked to the first case; authority wants the link". F8."""
    case = await told.at_home()
    await told.do(HOME, "CloseCase", case, reason="ASKED_TO_STOP")
    again = await told.registered(earlier_case=await told.number(case))
    for office in (HOME, HER_SUPERVISOR, NATION):
        assert any(kind.startswith("RETURN_CLAIMED") for kind in await told.kinds(office, case)), office
    assert [one.other_case_id for one in (await told.custody(case)).returns] == [again]
    assert [one.other_case_id for one in (await told.custody(again)).returns] == [case]


async def test_row_12_a_count_is_its_list(told: Story) -> None:
    """Row 12: "dashboard counts differ from the list behind them". F10."""
    never = await told.registered()
    silent = await told.sent(await told.registered())
    gone, neglected = await told.at_home(), await told.at_home()
    await told.do(HOME, "RecordContact", gone, outcome="NOT_AT_ADDRESS")
    await told.passes(10, 4)
    assert set(await told.lost()) == {never, silent, gone}
    await told.passes(70, 2)
    for office in (NATION, HER_SUPERVISOR, POSTS_SUPERVISOR, HOME, POST, THEIR_SUPERVISOR):
        listed = await told.lost(office)
        counts = (await told.do(office, "CountLost")).counts
        assert sum(one.total for one in counts) == len(listed), office
        for one in counts:
            wanted = searches_pb2.LostFilter(reason=one.reason, province=one.province)
            rows = (await told.do(office, "ListLost", page_size=200, filter=wanted)).searches
            assert len(rows) == one.total, office
    assert neglected not in await told.lost()
    await told.do(HOME, "RecordContact", gone, outcome="REACHED")
    await told.arrived(silent)
    assert set(await told.lost()) == {never}
    assert sum(one.total for one in (await told.do(NATION, "CountLost")).counts) == 1


async def test_row_18_copies_of_a_file_make_no_new_people(told: Story) -> None:
    """Row 18: "re-imported rows create duplicates in silence". F12."""
    women = [told.somebody(), told.somebody()]
    first = await told.submitted(*women)
    assert await told.refused(told.submitted(*women, again=())) == "ALREADY_REGISTERED"
    assert await told.refused(told.submitted(*reversed(women), again=())) == "ALREADY_REGISTERED"
    twice = told.somebody()
    assert await told.refused(told.submitted(twice, twice, again=())) in {"INVALID_INPUT", "ALREADY_REGISTERED"}
    assert {str(row.id) for row in await told.country.rows("intake", "SELECT id FROM intake_case")} == set(first)


async def test_row_19_one_person_one_case(told: Story) -> None:
    """Row 19: "referral form created twice; persons to be merged afterwards". F12."""
    case = await told.at_home()
    twice = await told.registers_herself(HOME)
    await told.do(HOME, "CloseCase", twice, reason="REGISTERED_TWICE", other_case=case)
    assert [one.case_id for one in (await told.custody(case)).linked_cases] == [twice]
    await told.do(HOME, "ReopenCase", twice, reason="NOT_SAME_PERSON")
    assert (await told.custody(case)).linked_cases == []
    assert (await told.stands(twice))[0] == "REGISTERED"


async def test_row_19_moving_by_herself_starts_no_new_set(told: Story) -> None:
    """Row 19, its sibling: she moved, and registers at another agency with her number. F12."""
    case = await told.at_home()
    before = await told.due_days(case)
    moved = await told.registers_herself(ELSEWHERE, earlier_case=await told.number(case))
    await told.do(HOME, "ConfirmReappearance", case, later_case=moved)
    assert await told.stands(case) == ("FOLLOW_UP", ELSEWHERE)
    assert (await told.stands(moved))[0] == "CLOSED"
    assert await told.makers(case) == {ELSEWHERE}
    assert await told.due_days(case) == before
    assert await told.follow_ups(moved) == {}, "only a new return starts a new set"


async def test_row_20_a_wrong_row_refuses_the_whole_list_and_is_named(told: Story) -> None:
    """Row 20: "after an import of many rows nobody can say which were taken"."""
    women = [told.somebody() for _ in range(30)]
    women[16].birth_date = "2000-02-31"
    with pytest.raises(InvalidInput) as refused:
        await told.submitted(*women)
    assert {(one.row, one.field.rpartition(".")[2]) for one in refused.value.violations} == {(17, "birth_date")}
    with pytest.raises(InvalidInput):
        await told.submitted(*women[:16], *women[17:], told.somebody(), told.somebody())
    assert await told.country.rows("intake", "SELECT 1 FROM intake_case") == []


async def test_row_21_the_whole_story_is_whole(told: Story) -> None:
    """Row 21: "date, user and reason of the last follow-up status change not shown". F13."""
    case = await told.at_home()
    await told.do(POLICE, "DecideIdentification", case, **DECLINED, decided_on=told.day())
    await told.do(HOME, "RecordContact", case, outcome="REACHED")
    await told.do(HOME, "CloseCase", case, reason="ASKED_TO_STOP")
    await told.do(HOME, "ReopenCase", case, reason="CAME_BACK")
    await told.do(NATION, "ReassignCase", case, office_id=ELSEWHERE, reason="OFFICE_CANNOT")
    await told.passes(180)
    seen = await told.custody(case)
    (closing,) = seen.closings
    assert (closing.reason, closing.office_id) == (types.CLOSE_REASON_ASKED_TO_STOP, HOME)
    assert closing.reopen_reason == types.REOPEN_REASON_CAME_BACK
    assert seen.segments[-1].reassign_reason == types.REASSIGN_REASON_OFFICE_CANNOT
    told_of = "\n".join(await told.history(case)).lower()
    for words in ("asks to stop", "with the office again", "reached", "overdue", "cannot look after", "identification"):
        assert words in told_of, told_of
    (closed,) = [one for one in await told.inbox(HER_SUPERVISOR, case) if one.kind == "CASE_CLOSED"]
    assert "asks to stop" in closed.body.lower(), "a supervisor reads why"
    former = (await told.custody(case, POST)).closings
    assert [one.reason for one in former] == [types.CLOSE_REASON_UNSPECIFIED], "others see that there is one"


async def test_row_28_who_must_not_be_parted(told: Story) -> None:
    """Row 28: "household members and a referral". F18."""
    mother, child = await told.registered(), await told.registered(birth_date="2020-01-01")
    await told.do(POST, "LinkFamily", mother, other_case=child, relation="CHILD")
    away = {"expected_arrival_on": told.day(1)}
    left = await told.do(POST, "DispatchTransfer", mother, to_office_id=HOME, **away)
    assert types.TRANSFER_WARNING_RELATIVE_STAYS_BEHIND in left.warnings
    assert "REUNITE" in await told.asked(POST, mother)
    elsewhere = await told.do(POST, "DispatchTransfer", child, to_office_id=ELSEWHERE, **away)
    assert types.TRANSFER_WARNING_RELATIVE_ELSEWHERE in elsewhere.warnings
    await told.do(POST, "RedirectTransfer", child, to_office_id=HOME, **away)
    assert "REUNITE" not in await told.asked(POST, mother)
    rejected = await told.do(HOME, "RejectTransfer", mother, reason="NOT_RESIDENT")
    assert rejected.warnings, "when one of them is rejected"
    partings = (await told.custody(mother)).partings
    assert [one.HasField("reunite_time") for one in partings][-1] is False
    await told.do(POST, "DispatchTransfer", mother, to_office_id=HOME, **away)
    assert all(one.HasField("reunite_time") for one in (await told.custody(mother)).partings)


async def test_row_29_an_office_goes_into_another(told: Story) -> None:
    """Row 29: "(merging into a unit that has data; users after a merge; cases left behind by location moves)". F19."""
    there = [await told.arrived(await told.sent(await told.registered(), THIRD), THIRD) for _ in range(2)]
    between = await told.sent(there[0], ELSEWHERE, THIRD)
    await told.do(ADMIN, "EndOffice", office_id=THIRD, successor_id=ELSEWHERE)
    assert (await told.stands(there[1]))[1] == ELSEWHERE
    await told.passes(1)
    await told.arrived(between, ELSEWHERE)
    assert (await told.stands(between))[1] == ELSEWHERE
    assert await told.makers(between) == {ELSEWHERE}
    to_the_old = await told.sent(await told.registered(), THIRD)
    assert (await told.custody(to_the_old)).transfers[-1].to_office_id == ELSEWHERE
    offices = (await told.do(NATION, "ListOffices", words=THIRD)).offices
    assert [(one.ended, one.successor_id) for one in offices if one.office_id == THIRD] == [(True, ELSEWHERE)]
    staff = told.do(THIRD, "GetCase", there[1])
    assert await told.refused(staff) in {"OFFICE_SUCCEEDED", "CASE_NOT_FOUND"}


async def test_row_42_what_was_handed_on_is_counted_no_more(told: Story) -> None:
    """Row 42: "counts contain handed-over cases"."""
    kept, handed_on = await told.at_home(), await told.at_home()
    await told.arrived(await told.sent(handed_on, ELSEWHERE, HOME), ELSEWHERE)
    mine = (await told.do(HOME, "ListCases", page_size=200)).cases
    assert {one.case_id for one in mine} == {kept}
    board = await told.do(HOME, "GetTransferBoard")
    assert sum(one.count for one in (*board.own, *board.outgoing, *board.incoming)) == 0
    followed = (await told.do(HOME, "CountFollowUps")).counts
    assert sum(one.total for one in followed) == 2


@pytest.mark.parametrize("stranger", [ELSEWHERE, OTHER_POST, CENTRE, OTHER_POLICE, THEIR_SUPERVISOR, ADMIN])
async def test_row_43_other_regions_see_and_do_nothing(told: Story, stranger: str) -> None:
    """Row 43: "other regions' cases visible to a supervisor"."""
    case, other = await told.at_home(), await told.at_home()
    before = await told.custody(case)
    for method, (_service, request) in METHODS.items():
        if "case" not in request.DESCRIPTOR.fields_by_name or method in OPEN_TO_ALL:
            continue
        said = _something(told, request, other)
        reason = await told.refused(told.do(stranger, method, case, **said))
        if reason == "INVALID_INPUT":
            assert await told.refused(told.do(stranger, method, NO_CASE, **said)) == reason, method
        else:
            assert reason in {"PERMISSION_DENIED", "CASE_NOT_FOUND"}, (method, reason)
    assert await told.custody(case) == before
    assert (await told.do(NATION, "GetFamily", case)).ties == []


def _something(told: Story, request: Any, other: str) -> dict[str, Any]:
    """Well-formed, so that it is the case that decides."""
    said: dict[str, Any] = {}
    for field in request.DESCRIPTOR.fields:
        if field.name in {"case", "request_id", "etag", "supersede", "then", "togetherness", "contact"}:
            continue
        if field.enum_type is not None:
            said[field.name] = field.enum_type.values[1].number
        elif field.name.endswith(("_on", "_since")) or field.name == "on":
            said[field.name] = told.day()
        elif field.name.endswith("office_id"):
            said[field.name] = ELSEWHERE
        elif field.name.endswith("_case"):
            said[field.name] = other
        elif field.name == "entry_number":
            said[field.name] = 1
        elif field.name == "relation":
            said[field.name] = "CHILD"
    return said


async def test_row_44_whoever_may_decides_and_the_others_are_told(told: Story) -> None:
    """Row 44: "identification revised by another authority (jurisdiction)"."""
    case = await told.registered()
    declined = {**DECLINED, "decided_on": told.day()}
    await told.do(POLICE, "DecideIdentification", case, **declined)
    stranger = told.do(OTHER_POLICE, "DecideIdentification", case, **declined)
    assert await told.refused(stranger) == "CASE_NOT_FOUND"
    decided = (await told.custody(case)).decisions
    assert [(one.revision, one.office_id) for one in decided] == [(1, POLICE)]


async def test_row_45_a_decision_that_nobody_takes_is_asked_for(told: Story) -> None:
    """Row 45: "identification never decided (legal reply terms)". F4."""
    case = await told.at_home()
    await told.passes(14, 6)
    for office in (POLICE, NATION):
        undecided = (await told.do(office, "ListUndecided", page_size=50, overdue_only=True)).cases
        assert case in {one.case_id for one in undecided}, office
    for office in (POLICE, POSTS_SUPERVISOR, NATION):
        assert "DECIDE_IDENTIFICATION" in await told.asked(office, case), office
    await told.do(POLICE, "DecideIdentification", case, **DECLINED, decided_on=told.day())
    for office in (POLICE, POSTS_SUPERVISOR, NATION):
        assert "DECIDE_IDENTIFICATION" not in await told.asked(office, case), office
