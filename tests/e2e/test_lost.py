"""The nine ways in which somebody is lost between two provinces, each to its end.

Every story goes by the public API from the gate to the loss, to what the right offices are told, to the search that
goes from the office to the province to the nation, and to the resolution that puts custody right.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from homeward.type.v1 import types_pb2
from tests.e2e.searching import Country
from tests.e2e.timeline import Timeline
from tests.e2e.work import NATIONAL_SUPERVISOR, POST, agency
from tests.robustness import history
from tests.support.whole import Whole

QUANG_NINH_SUPERVISOR = "SV-22"
"""Of the province of the gate."""
CENTRE, OTHER_CENTRE = "RC-SOCIAL-22", "RC-SOCIAL-20"


@pytest.fixture(scope="module")
def whole(moved: Whole) -> Whole:
    """One country for all stories, in which the clock may be moved."""
    return moved


@pytest.fixture(scope="module")
def country(whole: Whole) -> Iterator[Country]:
    """Its offices."""
    with whole.desks() as desks:
        yield Country(desks, Timeline(whole))


def supervisor_of(province: str) -> str:
    """The supervisor of a province."""
    return f"SV-{province}"


def goes_up_to_the_nation(country: Country, case: str, accountable: str, supervisor: str) -> None:
    """Nobody resolves the search: after seven days the province is told, after fourteen the nation."""
    assert country.search(case).level == 0
    assert NATIONAL_SUPERVISOR not in (accountable, supervisor)
    nation_knew = "SEARCH_OPENED_SUPERVISOR" in country.told(NATIONAL_SUPERVISOR, case)
    country.escalates(case)
    assert country.search(case).level == 1
    # A supervisor who is accountable is told as such, and not twice.
    assert ("SEARCH_ESCALATED" if supervisor != accountable else "SEARCH_STILL_OPEN") in country.told(supervisor, case)
    known = [kind for kind in country.told(NATIONAL_SUPERVISOR, case) if kind.startswith("SEARCH_")]
    assert known == (["SEARCH_OPENED_SUPERVISOR"] if nation_knew else [])
    country.escalates(case)
    found = country.lost(case, seen_by=accountable)
    assert found is not None
    assert (found.level, found.age_days >= 14) == (2, True)
    assert "SEARCH_STILL_OPEN" in country.told(accountable, case)
    assert "SEARCH_ESCALATED" in country.told(NATIONAL_SUPERVISOR, case)


def is_over(country: Country, case: str, resolution: str, *told: str) -> None:
    """The search ended so, whoever searched was told, nobody searches on, and custody has no gap."""
    assert country.search(case).resolution == resolution
    assert country.lost(case) is None
    for office_id in told:
        assert "SEARCH_ENDED" in country.told(office_id, case), office_id
    assert country.has_no_gap(case)


def test_not_acknowledged(country: Country) -> None:
    """NOT_ACKNOWLEDGED: seven days after the acknowledgement was due, nobody has said that she arrived.

    The sender stays accountable all the time. The receiver finds her at last: a late acknowledgement is still taken,
    and ends the search as found.
    """
    case = country.handed_over("04")
    country.sent(case, agency("04"))
    country.timeline.move_past(country.timeline.deadline_of(case, "TRANSFER_ACKNOWLEDGE"))
    assert country.stands(case) == ("IN_TRANSIT", POST)
    assert "ACKNOWLEDGEMENT_MISSING" in country.told(POST, case)
    assert "ACKNOWLEDGEMENT_OVERDUE" in country.told(agency("04"), case)
    for supervisor in (QUANG_NINH_SUPERVISOR, supervisor_of("04")):
        assert "ACKNOWLEDGEMENT_MISSING_SUPERVISOR" in country.told(supervisor, case)
    assert country.lost(case) is None

    country.timeline.move_past(country.timeline.deadline_of(case, "TRANSFER_LOST"))
    assert country.stands(case) == ("SEARCH", POST)
    found = country.lost(case, seen_by=QUANG_NINH_SUPERVISOR)
    assert found is not None
    assert (found.reason, found.office_id, found.to_office_id) == ("NOT_ACKNOWLEDGED", POST, agency("04"))
    assert "SEARCH_OPENED" in country.told(POST, case)
    assert "SEARCH_ASKED" in country.told(agency("04"), case)
    assert "SEARCH_OPENED_SUPERVISOR" in country.told(QUANG_NINH_SUPERVISOR, case)
    country.step(case, POST, "ADDRESSEE_ASKED")
    goes_up_to_the_nation(country, case, POST, QUANG_NINH_SUPERVISOR)
    country.step(case, agency("04"), "ADDRESS_VISITED")
    assert country.search(case).steps == ("ADDRESSEE_ASKED", "ADDRESS_VISITED")

    country.arrived(case, agency("04"))
    assert country.stands(case) == ("FOLLOW_UP", agency("04"))
    is_over(country, case, "FOUND", POST, agency("04"), QUANG_NINH_SUPERVISOR, NATIONAL_SUPERVISOR)
    country.closed(case)


def test_rejected_and_not_sent_on(country: Country) -> None:
    """REJECTED_NOT_REDISPATCHED: the duty went back to the sender, who sent her nowhere in two working days.

    She turns out to be on the way to another province already: the search is redirected there, and she arrives.
    """
    case = country.handed_over("15")
    country.sent(case, agency("15"))
    country.rejected(case, agency("15"))
    assert country.stands(case) == ("REJECTED", POST)
    country.timeline.move_past(country.timeline.deadline_of(case, "REDISPATCH_AFTER_REJECT"))
    found = country.lost(case, seen_by=POST)
    assert found is not None
    assert (found.reason, found.office_id, found.to_office_id) == ("REJECTED_NOT_REDISPATCHED", POST, "")
    assert "SEARCH_OPENED" in country.told(POST, case)
    assert country.asked(POST, case) == ["SEARCH_OPENED"], "to search for her, and no longer to send her on"
    assert "SEARCH_OPENED_SUPERVISOR" in country.told(QUANG_NINH_SUPERVISOR, case)
    assert "SEARCH_ASKED" not in country.told(agency("15"), case), "whoever rejected is not asked"
    country.step(case, POST, "ESCORT_ASKED")
    goes_up_to_the_nation(country, case, POST, QUANG_NINH_SUPERVISOR)

    country.resolved(case, POST, "REDIRECTED", office_id=agency("20"), on=country.day(1))
    assert country.stands(case) == ("IN_TRANSIT", POST)
    assert "TRANSFER_UNDER_WAY" in country.told(agency("20"), case)
    is_over(country, case, "REDIRECTED", POST, QUANG_NINH_SUPERVISOR, NATIONAL_SUPERVISOR)
    country.arrived(case, agency("20"))
    assert country.stands(case) == ("FOLLOW_UP", agency("20"))
    country.closed(case)


def test_discharged_without_a_transfer(country: Country) -> None:
    """DISCHARGED_WITHOUT_TRANSFER: discharged towards a planned transfer that was not dispatched in two working days.

    The centre stays accountable, and it is there that she is found: the stay goes on, its limit does not begin anew.
    """
    case = country.handed_over("11")
    country.sent(case, CENTRE)
    country.arrived(case, CENTRE)
    assert country.stands(case) == ("ADMITTED", CENTRE)
    stay_ends = country.custody(case).deadline_on
    country.planned(case, agency("11"), sender=CENTRE)
    country.discharged(case, CENTRE)
    assert country.stands(case) == ("DISCHARGED", CENTRE)
    country.timeline.move_past(country.timeline.deadline_of(case, "DISPATCH_AFTER_DISCHARGE"))
    found = country.lost(case, seen_by=CENTRE)
    assert found is not None
    assert (found.reason, found.office_id, found.to_office_id) == ("DISCHARGED_WITHOUT_TRANSFER", CENTRE, agency("11"))
    assert "SEARCH_OPENED" in country.told(CENTRE, case)
    assert "SEARCH_ASKED" in country.told(agency("11"), case)
    assert "SEARCH_OPENED_SUPERVISOR" in country.told(QUANG_NINH_SUPERVISOR, case)
    country.step(case, CENTRE, "PERSON_CALLED")
    goes_up_to_the_nation(country, case, CENTRE, QUANG_NINH_SUPERVISOR)

    country.resolved(case, CENTRE, "RETURNED_TO_SENDER")
    assert country.stands(case) == ("ADMITTED", CENTRE)
    assert country.custody(case).deadline_on == stay_ends
    assert "TRANSFER_RECALLED" in country.told(agency("11"), case)
    is_over(country, case, "RETURNED_TO_SENDER", CENTRE, QUANG_NINH_SUPERVISOR, NATIONAL_SUPERVISOR)
    country.sent(case, agency("11"), sender=CENTRE)
    country.arrived(case, agency("11"))
    country.closed(case)


def test_not_sent_on(country: Country) -> None:
    """NOT_SENT_ON: registered, and nobody sends her on; the third time the deadline passes she counts as lost.

    The post stays accountable. It sends her home at last, and by that the search is over.
    """
    case = country.handed_over("11")
    for _ in range(3):
        assert country.lost(case) is None
        country.timeline.move_past(country.timeline.deadline_of(case, "DISPATCH_DUE"))
    assert country.stands(case) == ("SEARCH", POST)
    found = country.lost(case, seen_by=QUANG_NINH_SUPERVISOR)
    assert found is not None
    assert (found.reason, found.office_id, found.to_office_id) == ("NOT_SENT_ON", POST, "")
    assert "SEARCH_OPENED" in country.told(POST, case)
    assert "SEARCH_OPENED_SUPERVISOR" in country.told(QUANG_NINH_SUPERVISOR, case)
    goes_up_to_the_nation(country, case, POST, QUANG_NINH_SUPERVISOR)

    country.sent(case, agency("11"))
    country.arrived(case, agency("11"))
    is_over(country, case, "REDIRECTED", POST, QUANG_NINH_SUPERVISOR, NATIONAL_SUPERVISOR)
    country.closed(case)


def test_arrived_elsewhere(country: Country) -> None:
    """ARRIVED_ELSEWHERE: another province registers her while she is expected in her own.

    The journey stands until it is decided. It is the same person, who moved by herself: her case goes on in that
    province, and the one under which she was registered there ends.
    """
    case = country.handed_over("14")
    country.sent(case, agency("14"))
    anew = country.reported_herself(agency("40"), case, home="14")
    assert country.stands(case) == ("SEARCH", POST)
    found = country.lost(case, seen_by=POST)
    assert found is not None
    assert (found.reason, found.office_id) == ("ARRIVED_ELSEWHERE", POST)
    assert "SEARCH_OPENED" in country.told(POST, case)
    assert "RETURN_CLAIMED" in country.told(POST, case)
    assert "RETURN_CLAIMED_SUPERVISOR" in country.told(QUANG_NINH_SUPERVISOR, case)
    assert "TRANSFER_SUPERSEDED" not in country.told(agency("14"), case)
    assert country.custody(case).transfers[-1].state == types_pb2.TRANSFER_STATE_DISPATCHED
    assert "SEARCH_OPENED_SUPERVISOR" in country.told(QUANG_NINH_SUPERVISOR, case)
    country.step(case, POST, "POLICE_ASKED")
    goes_up_to_the_nation(country, case, POST, QUANG_NINH_SUPERVISOR)

    country.resolved(case, QUANG_NINH_SUPERVISOR, "RE_IDENTIFIED", other_case=anew)
    assert country.stands(case) == ("FOLLOW_UP", agency("40"))
    assert country.stands(anew) == ("CLOSED", agency("40"))
    assert "EARLIER_RETURN_CONFIRMED" in country.told(agency("40"), anew)
    is_over(country, case, "FOUND", POST, QUANG_NINH_SUPERVISOR, NATIONAL_SUPERVISOR)
    country.closed(case)


def test_a_strangers_number(country: Country) -> None:
    """A number that somebody else's file names takes nobody off her way, and says nothing to whoever names it."""
    case = country.handed_over("14")
    country.sent(case, agency("14"))
    stranger = country.handed_over_again(case, home="22", name="Trần Thị Ví Dụ Khác")
    assert country.stands(case) == ("IN_TRANSIT", POST)
    assert "RETURN_CLAIMED" in country.told(POST, case)
    country.arrived(case, agency("14"))
    assert country.stands(case) == ("FOLLOW_UP", agency("14"))
    country.denied(case, stranger, agency("14"))
    assert "EARLIER_RETURN_DENIED" in country.told(POST, stranger)
    country.closed(case)


def test_not_at_the_address(country: Country) -> None:
    """NOT_AT_ADDRESS: she arrived, but when the agency came to see her for the first time, nobody was there.

    She is found in another province: custody passes to its agency, and her follow-ups go along with their due dates.
    """
    case = country.arrived_home("12")
    due = [one.due_on for one in country.follow_ups(case, agency("12"))]
    country.contacted(case, agency("12"), "NOT_AT_ADDRESS")
    assert country.stands(case) == ("SEARCH", agency("12"))
    found = country.lost(case, seen_by=supervisor_of("12"))
    assert found is not None
    assert (found.reason, found.office_id, found.to_office_id) == ("NOT_AT_ADDRESS", agency("12"), "")
    assert "SEARCH_OPENED" in country.told(agency("12"), case)
    assert "SEARCH_OPENED_SUPERVISOR" in country.told(supervisor_of("12"), case)
    assert "SEARCH_OPENED" not in country.told(POST, case), "the gate has only a status word"
    country.step(case, agency("12"), "COMMUNE_ASKED")
    goes_up_to_the_nation(country, case, agency("12"), supervisor_of("12"))

    country.resolved(case, agency("12"), "FOUND", office_id=agency("38"))
    assert country.stands(case) == ("FOLLOW_UP", agency("38"))
    assert [one.due_on for one in country.follow_ups(case, agency("38"))] == due
    is_over(country, case, "FOUND", agency("12"), agency("38"), supervisor_of("12"), NATIONAL_SUPERVISOR)
    country.closed(case)


def test_left_the_province(country: Country) -> None:
    """LEFT_PROVINCE: she moved away, and no transfer is open, so nobody expects her anywhere.

    She is abroad again, as the supervisor learns, who closes the case.
    """
    case = country.arrived_home("38")
    country.contacted(case, agency("38"), "MOVED_AWAY")
    found = country.lost(case, seen_by=agency("38"))
    assert found is not None
    assert (found.reason, found.office_id, found.to_office_id) == ("LEFT_PROVINCE", agency("38"), "")
    assert "SEARCH_OPENED" in country.told(agency("38"), case)
    assert "SEARCH_OPENED_SUPERVISOR" in country.told(supervisor_of("38"), case)
    country.step(case, agency("38"), "PERSON_CALLED")
    goes_up_to_the_nation(country, case, agency("38"), supervisor_of("38"))

    country.resolved(case, supervisor_of("38"), "CLOSED", close_reason="ABROAD_AGAIN")
    assert country.stands(case) == ("CLOSED", agency("38"))
    is_over(country, case, "CLOSED", agency("38"), supervisor_of("38"), NATIONAL_SUPERVISOR)
    assert country.follow_ups(case, agency("38")) == []


def test_reappeared_at_a_border(country: Country) -> None:
    """REAPPEARED: handed over again at a border, which may mean that she was trafficked again.

    The nation is told at once. The gate has her now, under a new case; the old one is closed for it.
    """
    case = country.arrived_home("20")
    anew = country.handed_over_again(case, home="20")
    assert country.stands(case) == ("SEARCH", agency("20"))
    found = country.lost(case)
    assert found is not None
    assert (found.reason, found.office_id) == ("REAPPEARED", agency("20"))
    assert "SEARCH_OPENED" in country.told(agency("20"), case)
    assert "SEARCH_OPENED_SUPERVISOR" in country.told(supervisor_of("20"), case)
    assert "SEARCH_OPENED_SUPERVISOR" in country.told(NATIONAL_SUPERVISOR, case)
    country.step(case, agency("20"), "POLICE_ASKED")
    goes_up_to_the_nation(country, case, agency("20"), supervisor_of("20"))

    country.resolved(case, agency("20"), "RE_IDENTIFIED", other_case=anew)
    assert country.stands(case) == ("CLOSED", agency("20"))
    assert country.stands(anew) == ("REGISTERED", POST)
    is_over(country, case, "RE_IDENTIFIED", agency("20"), supervisor_of("20"), NATIONAL_SUPERVISOR)
    country.sent(anew, agency("20"))
    country.arrived(anew, agency("20"))
    country.closed(anew)


def test_the_office_ended(country: Country, whole: Whole) -> None:
    """OFFICE_ENDED: the validity of the accountable office ended, and no successor was named.

    The supervisor of its province is accountable until she is found, in another centre.
    """
    case = country.handed_over("20")
    country.sent(case, OTHER_CENTRE)
    country.arrived(case, OTHER_CENTRE)
    country.timeline.move_on(days=1)
    country.ended_without_successor(OTHER_CENTRE)
    assert country.stands(case) == ("SEARCH", supervisor_of("20"))
    found = country.lost(case, seen_by=supervisor_of("20"))
    assert found is not None
    assert (found.reason, found.office_id) == ("OFFICE_ENDED", supervisor_of("20"))
    assert "SEARCH_OPENED" in country.told(supervisor_of("20"), case)
    country.step(case, supervisor_of("20"), "POLICE_ASKED")
    goes_up_to_the_nation(country, case, supervisor_of("20"), supervisor_of("20"))

    country.resolved(case, supervisor_of("20"), "FOUND", office_id=CENTRE)
    assert country.stands(case) == ("ADMITTED", CENTRE)
    is_over(country, case, "FOUND", supervisor_of("20"), NATIONAL_SUPERVISOR)

    assert [*history.order_of_cases(whole), *history.legal_states(whole), *history.no_effect_twice(whole)] == []
    assert history.unexpected_errors(whole) == []
