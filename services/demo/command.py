"""`homeward demo`: a year of handovers and three years of follow-up, in minutes."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click

from services.chassis.calls.client import RpcFailure
from services.chassis.calls.security import TokenIssuer
from services.chassis.country.calendars import viet_nam_calendar
from services.chassis.country.directory import Directory, built_in_directory
from services.chassis.country.reference_lists import demonstration_profile
from services.chassis.events.kafka_admin import KafkaSettings
from services.chassis.kernel.calendar import WorkingCalendar
from services.chassis.kernel.clock import local_date
from services.chassis.kernel.texts import Language, Texts
from services.client.refusals import Kind, Refusal
from services.client.texts import N_, texts_in
from services.client.tokens import TOKEN_ISSUER
from services.demo import attacks, numbers, story
from services.demo.behaviour import plan_cases
from services.demo.driver import Case, Driver
from services.demo.homeward import DemoState, Homeward, Record
from services.demo.journal import Journal
from services.demo.office_calls import AioOfficeCalls
from services.demo.population import PEOPLE_MAX, PEOPLE_MIN, make_year
from services.demo.screen import Screen, columns, say
from services.demo.watch import HeldUp, Watch
from services.local.embedded import remove_databases
from services.operate.home import Home
from services.operate.kafka_access import as_login
from services.terminal.exits import Exit

PEOPLE: Final = 1_000
SEED: Final = 1
STATE: Final = "var-demo"
PASSABLE: Final = 0o711
"""As root PostgreSQL runs as a user of its own, who has to pass through."""

ORIGINS: Final[Mapping[str, str]] = {
    "route_of_return": N_("route of return"),
    "sex": N_("sex"),
    "age": N_("age"),
    "ethnic_minority": N_("ethnic minority"),
    "destination_country": N_("country of exploitation"),
    "home_in_another_province": N_("home in another province"),
    "handover_batch_size": N_("size of a handover"),
    "identified_share_of_received": N_("identified of those received"),
    "offices_that_forget": N_("offices that forget"),
    "reappeared_at_a_border": N_("handed over a second time"),
}


def build(t: Texts) -> click.Command:
    """The command, in the language of `t`."""

    @click.command(
        "demo",
        help=t(
            "Play a year of handovers at the real gates, with plainly invented people, and the three years after "
            "it.\n\n"
            "Starts a Homeward of its own in a state directory of its own, drives it through the public API as border "
            "posts, verifiers, support agencies, communes and supervisors, some of whom forget, and moves its clock "
            "from deadline to deadline. A demonstration that broke off goes on where it stopped.\n\n"
            "Exit status: 0 the numbers agree and nobody is unaccounted for, 1 they do not."
        ),
    )
    @click.option(
        "--state",
        type=click.Path(file_okay=False, path_type=Path),
        default=STATE,
        show_default=True,
        help=t("Folder of the demonstration; one with real data is refused."),
    )
    @click.option("--temporary", is_flag=True, help=t("Use a folder that is taken away at the end."))
    @click.option("--keep", is_flag=True, help=t("With --temporary: leave the folder where it is."))
    @click.option(
        "--people",
        type=click.IntRange(PEOPLE_MIN, PEOPLE_MAX),
        default=PEOPLE,
        show_default=True,
        help=t("How many people come back in the year."),
    )
    @click.option(
        "--seed",
        type=click.IntRange(0, 2**31),
        default=SEED,
        show_default=True,
        help=t("Another number gives another year."),
    )
    def demo(state: Path, temporary: bool, keep: bool, people: int, seed: int) -> None:
        language: Language = getattr(t, "language", "en")
        with _folder(state, temporary=temporary, keep=keep, t=t) as path:
            first_day = local_date(datetime.now(UTC)) + timedelta(days=1)
            wanted = Record(people, seed, first_day)
            code = _Demonstration(DemoState(path), wanted, t, language, stays=keep or not temporary).play()
        if code:
            click.get_current_context().exit(code)

    return demo


@contextmanager
def _folder(state: Path, *, temporary: bool, keep: bool, t: Texts) -> Iterator[Path]:
    if not temporary:
        yield state
        return
    folder = Path(tempfile.mkdtemp(prefix="homeward-demo-"))
    if os.geteuid() == 0:
        folder.chmod(PASSABLE)
    try:
        yield folder / "state"
    finally:
        if keep:
            say(t("The folder is {path}", path=folder / "state"))
        else:
            remove_databases(folder)
            shutil.rmtree(folder, ignore_errors=True)


class _Demonstration:
    def __init__(self, state: DemoState, wanted: Record, t: Texts, language: Language, *, stays: bool) -> None:
        self._state = state
        self._stays = stays
        self._wanted = wanted
        self._t = t
        self._language = language
        self._directory: Directory = built_in_directory()
        self._calendar: WorkingCalendar = viet_nam_calendar()
        self._stopping = False

    @property
    def _home(self) -> Home:
        return self._state.home

    def play(self) -> int:
        """From the empty folder to the last number. Returns the exit code; raises Refusal, KeyboardInterrupt."""
        t, began_s = self._t, time.monotonic()
        record = self._state.prepare(self._wanted, t, say)
        say(t("A demonstration with {people} invented people.", people=record.people))
        say(t("State directory: {path}", path=self._home.path))
        homeward = Homeward(self._home, t, self._language)
        with self._heeding_signals():
            try:
                run = homeward.start(say, lambda: self._stopping)
                ready_s = time.monotonic() - began_s
                say(t("✓ Homeward is ready after {seconds} s", seconds=f"{ready_s:.1f}"))
                code = self._guarded(record, run, began_s)
                self._state.write(replace(record, ended=True))
            finally:
                say(t("Stopping …"))
                homeward.stop()
        say(t("It took {time}.", time=_duration(time.monotonic() - began_s)))
        if self._stays:
            say(t("Look around in it: homeward up --state {path} --no-play", path=self._home.path))
        return code

    @contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        """SIGTERM ends it as Ctrl-C does: Homeward is stopped in order."""

        def interrupt(*_: object) -> None:
            self._stopping = True
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGTERM, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)

    def _guarded(self, record: Record, run: Mapping[str, Any], began_s: float) -> int:
        t = self._t
        try:
            return asyncio.run(self._played(record, run, began_s))
        except* RpcFailure as group:
            raise _first_of(group) from None
        except* HeldUp as group:
            what = str(_first_of(group))
            raise Refusal(
                Kind.REFUSED,
                "HELD_UP",
                t("The demonstration waited too long for: {what}", what=what),
                advice=[t("Read {path}", path=self._home.logs)],
            ) from None

    async def _played(self, record: Record, run: Mapping[str, Any], began_s: float) -> int:
        profile = demonstration_profile()
        year = make_year(profile, record.people, record.seed, record.first_day, self._directory)
        plans = plan_cases(profile, year, record.seed, self._directory)
        addresses = {name: entry["grpc"] for name, entry in run["services"].items()}
        issuer = TokenIssuer.from_file(self._home.signing_key, TOKEN_ISSUER)
        async with AioOfficeCalls(addresses, issuer, self._directory) as offices, Watch(self._databases()) as watch:
            with Screen(self._t) as screen:
                driver = Driver(
                    year,
                    plans,
                    record.seed,
                    offices=offices,
                    watch=watch,
                    clock_file=self._home.clock_file,
                    journal=Journal(self._home.path / "demo.journal"),
                    directory=self._directory,
                    calendar=self._calendar,
                    show=screen.show,
                )
                await driver.run()
            played_s = time.monotonic() - began_s
            await self._tell_stories(offices, list(driver.cases.values()), driver.today)
            disagree = await self._tell_numbers(record, offices, watch, driver)
            worked = await self._tell_attacks(offices, issuer, run, driver)
            self._tell_origins(profile)
            self._tell_effort(driver, played_s)
        return Exit.REFUSED if self._audit() or disagree or worked else Exit.DONE

    def _databases(self) -> Mapping[str, str]:
        found: dict[str, str] = json.loads(self._home.databases_file.read_text())
        return found

    async def _tell_stories(self, offices: AioOfficeCalls, cases: Sequence[Case], today: date) -> None:
        t = self._t
        say("")
        say(t("— What happened to a few of them —"))
        for telling, case in story.chosen(cases, self._calendar, today):
            say("")
            say(f"{case.number}  {t(telling.title)}")
            for line in await story.tell(offices, case, texts_in(self._language)):
                say(f"  {line}")

    async def _tell_numbers(self, record: Record, offices: AioOfficeCalls, watch: Watch, driver: Driver) -> bool:
        """Print the numbers; whether something does not agree, or somebody is unaccounted for."""
        t, today = self._t, driver.today
        told, stored = await numbers.of_services(offices), await numbers.of_databases(watch, today)
        driven = numbers.of_driver(driver, self._calendar, today, unbroken=record.tries == 1)
        lines = numbers.lines(driven, told, stored)
        again = sum(1 for case in driver.cases.values() if case.plan.submission.reappears)
        say("")
        say(t("— The numbers on {date} —", date=today.isoformat()))
        say("")
        rows = [_row(line, t) for line in lines]
        for text in columns(("", t("driven"), t("services"), t("databases"), ""), rows):
            say(text)
        say("")
        say(t("{count} of those received were handed over a second time: a new return, a new case.", count=again))
        wrong = [line for line in lines if not line.agrees]
        missing = numbers.unaccounted(stored)
        if wrong:
            say(t("✗ Numbers that do not agree: {count}", count=len(wrong)))
        else:
            say(t("✓ What was done, what the services tell and what the databases hold agree."))
        return bool(wrong) or not self._tell_account(stored, missing)

    async def _tell_attacks(
        self, offices: AioOfficeCalls, issuer: TokenIssuer, run: Mapping[str, Any], driver: Driver
    ) -> bool:
        """Try to move, lose and read somebody, and print how that ended; whether anything was not as it should be."""
        t, cases = self._t, (case.case_id for case in driver.cases.values() if case.arrived_on and not case.closed)
        victim = await attacks.find_victim(offices, self._directory, cases, driver.today)
        if victim is None:
            return False
        addresses = {name: entry["grpc"] for name, entry in run["services"].items()}
        passwords = json.loads(self._home.kafka_logins.read_text())
        broker = as_login(KafkaSettings(run["kafka"], "SASL_PLAINTEXT"), "notify", passwords["notify"])
        stage = attacks.Stage(offices, issuer, self._directory, addresses, broker, victim, driver.today)
        outcomes = await attacks.tried(stage)
        say("")
        say(t("— What an attacker tried —"))
        say("")
        for text in columns((t("attack"), t("refused as")), attacks.told(outcomes, t)):
            say(text)
        wrong = sum(not each.is_as_expected for each in outcomes)
        say("")
        if wrong:
            say(t("✗ Attacks that were not refused as they should be: {count}", count=wrong))
        else:
            say(t("✓ Each of {count} attacks was refused for the reason that it is about.", count=len(outcomes)))
        return bool(wrong)

    def _tell_account(self, stored: numbers.Numbers, missing: int) -> bool:
        t = self._t
        phases = [phase for phase in numbers.OPEN_PHASES if stored.get(phase)]
        open_cases = " + ".join(f"{stored[phase]} {phase}" for phase in phases) or t("0 open")
        sum_ = t(
            "{received} received = {closed} closed + {open}",
            received=stored["received"],
            closed=stored["closed"],
            open=open_cases,
        )
        if missing:
            say(t("✗ {sum}: {count} cases are unaccounted for", sum=sum_, count=missing))
        else:
            say(t("✓ Every case is accounted for: {sum}", sum=sum_))
        return not missing

    def _tell_origins(self, profile: Mapping[str, Any]) -> None:
        t = self._t
        say("")
        say(t("Where the proportions come from (A, U, Y: the assessments that the project's documents name):"))
        for key, label in ORIGINS.items():
            say(f"  {t(label)}: {profile[key]['source']}")
        say(
            t(
                "Also invented: how busy each gate is, where people report who came back alone, days between steps, "
                "what visits find, who accepts before the arrival, misses the bus, is redirected or stays in a centre "
                "first, which silent offices give in to a supervisor, and what supervisors find out about the others."
            )
        )

    def _tell_effort(self, driver: Driver, played_s: float) -> None:
        t = self._t
        say("")
        say(
            t(
                "The clock was moved {moves} times, offices called {calls} times, in {time}.",
                moves=driver.moves,
                calls=driver.calls,
                time=_duration(played_s),
            )
        )

    def _audit(self) -> int:
        """The audit as an operator runs it; its exit code."""
        from services import operate
        from services.operate.audit import build as audit

        say("")
        say(self._t("— homeward audit —"))
        command = audit(texts_in(self._language, operate.LOCALE))
        code = command.main(["--state", str(self._home.path)], prog_name="audit", standalone_mode=False)
        return code if isinstance(code, int) else 0


def _row(line: numbers.Line, t: Texts) -> tuple[str, ...]:
    told = [("·" if number is None else str(number)) for number in (line.driven, line.told, line.stored)]
    return (t(numbers.LABELS[line.key]), *told, "" if line.agrees else "✗")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d} min"


def _first_of(group: BaseExceptionGroup[Any]) -> Exception:
    """The first single error of a group, however deep."""
    first: Any = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    assert isinstance(first, Exception)
    return first
