"""The way home as officers live it: their commands, and the service that answers."""

from __future__ import annotations

from dataclasses import replace

from services.chassis.country.directory import built_in_directory
from services.chassis.kernel.roles import Role
from services.client import sidecar
from tests.integration.cli.handover.conftest import Desks
from tests.integration.handover.world import CENTRE, HANOI, POST, QUANG_NINH

SUPERVISOR, SECOND = "SV-NATIONAL", "SV-20"
REFUSED, USAGE, PARTLY = 1, 2, 6


def days(desks: Desks, leaves: int, arrives: int) -> tuple[str, ...]:
    """The options of a plan, in days from today."""
    return "--leaves", desks.world.day(leaves), "--arrives", desks.world.day(arrives)


async def test_planned_seen_accepted_and_arrived(desks: Desks) -> None:
    case = await desks.world.registered()
    planned = await desks.must(POST, "plan", case.number, "--to", HANOI, *days(desks, 1, 2), "--json")
    assert set(planned.document["warnings"]) == {
        "HOME_SAFETY_NOT_CHECKED",
        "CONSENT_NOT_RECORDED",
        "DESTINATION_NOT_HOME",
    }
    again = await desks.at(POST, "plan", case.number, "--to", QUANG_NINH, *days(desks, 1, 2))
    assert (again.code, "TRANSFER_ALREADY_OPEN" in again.err) == (REFUSED, True)
    await desks.must(
        POST, "plan", case.number, "--to", QUANG_NINH, *days(desks, 0, 0), "--supersede", "--consent", "refused"
    )
    against = await desks.at(POST, "dispatch", case.number, "--left", desks.world.day(0))
    assert (against.code, "CONSENT_REFUSED" in against.err) == (REFUSED, True)
    unasked = await desks.at(POST, "dispatch", case.number, "--left", desks.world.day(0), "--consent", "given")
    assert (unasked.code, "HOME_NOT_CHECKED" in unasked.err) == (REFUSED, True)
    await desks.world.checked(case)
    left = await desks.must(
        POST, "dispatch", case.number, "--left", desks.world.day(0), "--consent", "given",
        "--escort", "social-worker", "--document", "medical-file",
    )  # fmt: skip
    assert left.err == ""
    await desks.must(QUANG_NINH, "accept", case.number)
    shown = await desks.must(QUANG_NINH, "transfers", "show", case.number)
    for word in ("a social worker", "medical file", "she agrees", "checked and safe", "Accepted"):
        assert word in shown.words
    board = await desks.must(QUANG_NINH, "transfers", "board")
    assert "on the way: 1" in board.out
    assert "to be accepted: 0" in board.out
    assert case.number in board.out
    listed = await desks.must(QUANG_NINH, "transfers", "--incoming")
    assert "accepted" in listed.out
    await desks.must(QUANG_NINH, "acknowledge", case.number, "--on", desks.world.day(0))
    custody = await desks.must(QUANG_NINH, "custody", case.number)
    for word in ("with the support agency", "on the way → SA-22", "at the border post"):
        assert word in custody.words


async def test_names_of_the_board_are_those_that_the_command_knows(desks: Desks) -> None:
    board = await desks.must(SUPERVISOR, "transfers", "board", "--json")
    shown = await desks.must(SUPERVISOR, "transfers", "board")
    names = [count["name"] for part in ("incoming", "outgoing", "own") for count in board.document["board"][part]]
    assert len(names) >= 8
    assert not [name for name in names if name in shown.out]


async def test_not_arrived_goes_back_to_the_sender(desks: Desks) -> None:
    case = await desks.world.registered()
    await desks.world.dispatch(case)
    early = await desks.at(QUANG_NINH, "not-arrived", case.number)
    assert (early.code, "NOT_EXPECTED_YET" in early.err) == (REFUSED, True)
    await desks.world.after_days(1)
    done = await desks.must(QUANG_NINH, "not-arrived", case.number)
    assert "did not arrive" in done.out
    lost = await desks.at(POST, "redirect", case.number, "--to", HANOI, "--arrives", desks.world.day(1))
    assert lost.code == REFUSED
    await desks.world.after_days(4)
    searches = await desks.must(POST, "searches", "--json")
    assert [each["reason"] for each in searches.document["searches"]] == ["REJECTED_NOT_REDISPATCHED"]


async def test_a_bus_to_three_offices_leaves_once_or_not_at_all(desks: Desks) -> None:
    one, two, three = [await desks.world.registered() for _ in range(3)]
    titles = "Case number;To;Expected arrival;Consent;Left\n"
    rows = (
        f"{one.number};{QUANG_NINH};{desks.world.day(1)};given;{desks.world.day(0)}\n"
        f"{two.number};Hà Nội;{desks.world.day(1)};given-by-guardian;\n"
    )
    file = desks.folder / "bus.csv"
    file.write_text(titles + rows + f"{three.number};{CENTRE};{desks.world.day(1)};refused;\n", encoding="utf-8")
    await desks.world.checked(one)
    await desks.world.checked(two, to=HANOI)
    refused = await desks.at(POST, "dispatch", "--journey", str(file))
    assert refused.code == USAGE
    assert "row 4" in refused.err
    assert "row 2" not in refused.err
    assert (await desks.must(POST, "transfers", "--json")).document["transfers"] == []
    file.write_text(titles + rows + f"{three.number};{CENTRE};{desks.world.day(1)};given;\n", encoding="utf-8")
    done = await desks.must(POST, "dispatch", "--journey", str(file), "--means", "bus", "--json")
    assert [each["to_office_id"] for each in done.document["transfers"]] == [QUANG_NINH, HANOI, CENTRE]
    assert len({each["journey_id"] for each in done.document["transfers"]}) == 1
    # The answer is lost, and so is what was kept of it: the same file again is the same request.
    known = sidecar.load(file)
    assert known is not None
    unanswered = sidecar.new_batch(known.batches[0].sha256, known.batches[0].rows)
    unanswered = replace(unanswered, request_id=known.batches[0].request_id)
    sidecar.save(file, replace(known, batches=(unanswered,)))
    again = await desks.must(POST, "dispatch", "--journey", str(file), "--means", "bus", "--json")
    assert again.document["journey_id"] == done.document["journey_id"]
    sidecar.save(file, replace(known, batches=()))
    other = await desks.at(POST, "dispatch", "--journey", str(file), "--means", "bus")
    assert other.code == USAGE
    assert other.err.count("row ") == 3


async def test_on_the_way_she_is_sent_to_another_office(desks: Desks) -> None:
    case = await desks.world.registered()
    await desks.world.dispatch(case)
    done = await desks.must(POST, "redirect", case.number, "--to", HANOI, "--arrives", desks.world.day(2))
    assert "consent" in done.err
    gone = await desks.at(QUANG_NINH, "acknowledge", case.number)
    assert gone.code != 0
    await desks.world.after_days(2)
    await desks.must(HANOI, "acknowledge", case.number, "--on", desks.world.day(0))
    story = await desks.at(HANOI, "case", "history", case.number)
    assert "On the way," in story.words


async def test_a_stay_its_discharge_and_the_search_that_follows(desks: Desks) -> None:
    case = await desks.world.registered(CENTRE)
    admitted = await desks.must(CENTRE, "admit", case.number, "--on", desks.world.day(0), "--cannot-be-asked")
    assert "in the reception centre" in admitted.out
    full = await desks.must(CENTRE, "facilities", "--json")
    assert [each["admitted"] for each in full.document["facilities"]] == [1]
    nowhere = await desks.at(CENTRE, "discharge", case.number)
    assert (nowhere.code, "NOTHING_PLANNED" in nowhere.err) == (REFUSED, True)
    await desks.must(CENTRE, "discharge", case.number, "--own-choice", "Hà Nội", "--on", desks.world.day(0))
    await desks.world.after_days(6)
    counts = await desks.must(SUPERVISOR, "lost", "--counts", "--json")
    assert [(each["reason"], each["total"]) for each in counts.document["counts"]] == [
        ("DISCHARGED_WITHOUT_TRANSFER", 1)
    ]
    await desks.must(
        CENTRE, "searches", "step", case.number, "--kind", "person-called", "--on", desks.world.day(0), "--led-to-her"
    )
    shown = await desks.must(SUPERVISOR, "searches", "show", case.number)
    assert "she was called" in shown.out
    done = await desks.must(
        SUPERVISOR, "searches", "resolve", case.number, "--found-at", HANOI, "--on", desks.world.day(0), "--json"
    )
    assert done.document["custody"]["accountable_office_id"] == CENTRE, "who says so moves nothing"
    assert f"said to be at {HANOI}" in (await desks.must(SUPERVISOR, "searches")).words
    assert case.number in (await desks.must(HANOI, "searches", "claims")).out
    await desks.must(HANOI, "searches", "deny-found", case.number)
    await desks.must(SUPERVISOR, "searches", "resolve", case.number, "--found-at", HANOI, "--on", desks.world.day(0))
    await desks.must(SUPERVISOR, "searches", "withdraw-claim", case.number)
    await desks.must(SUPERVISOR, "searches", "resolve", case.number, "--found-at", HANOI, "--on", desks.world.day(0))
    done = await desks.must(HANOI, "searches", "confirm-found", case.number, "--json")
    assert done.document["search"]["resolution"] == "FOUND"
    assert done.document["custody"]["accountable_office_id"] == HANOI
    story = await desks.at(SUPERVISOR, "case", "history", case.number)
    for text in ("left a facility and not sent on", "she was called", "It led to her", "The search ended: found"):
        assert text in story.words
    assert story.code == PARTLY


async def test_the_four_other_ends_of_a_search(desks: Desks) -> None:
    cases = [await desks.world.registered() for _ in range(4)]
    for case in cases:
        await desks.world.dispatch(case)
    await desks.world.after_days(16)
    listed = await desks.must(POST, "searches", "--json")
    assert len(listed.document["searches"]) == 4
    sent, back, again, ended = (case.number for case in cases)
    resolve = ("searches", "resolve")
    await desks.must(POST, *resolve, sent, "--redirected-to", HANOI, "--on", desks.world.day(1))
    await desks.must(POST, *resolve, back, "--returned")
    await desks.approved(SUPERVISOR, SECOND, *resolve, again, "--re-identified-as", back)
    # Nobody ends a journey alone: the sender recalls it, then the supervisor closes.
    assert "PERSON_IS_AWAITED" in (await desks.at(SUPERVISOR, *resolve, ended, "--closed", "abroad-again")).err
    await desks.must(POST, "recall", ended)
    await desks.approved(SUPERVISOR, SECOND, *resolve, ended, "--closed", "abroad-again")
    phases = [(await desks.world.stands(case))[0] for case in cases]
    assert phases == ["IN_TRANSIT", "REGISTERED", "CLOSED", "CLOSED"]
    nobody = await desks.must(SUPERVISOR, "searches")
    assert nobody.out == "There is nothing in this list.\n"


async def test_a_supervisor_makes_another_office_accountable(desks: Desks) -> None:
    case = await desks.world.registered()
    await desks.approved(SUPERVISOR, "SV-22", "reassign", case.number, "--to", QUANG_NINH, "--reason", "home-is-there")
    story = await desks.at(SUPERVISOR, "case", "history", case.number)
    assert f"made {QUANG_NINH} accountable" in story.words
    assert (await desks.world.stands(case))[1] == QUANG_NINH


def test_the_centre_of_these_tests_is_one() -> None:
    assert built_in_directory().office(CENTRE).role is Role.RECEPTION_CENTRE
