"""`homeward audit`: proves that nobody is lost between two offices, or names those who may be."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from services.chassis.country.directory import Directory
from services.chassis.events.signing import EventKeys
from services.chassis.kernel.clock import Clock
from services.chassis.kernel.texts import Texts
from services.client.refusals import Kind, Refusal
from services.client.texts import N_
from services.operate.audit_reader import AuditReader, BreakGlassFound, DatabaseUnreachable, RulesFound
from services.operate.audit_rules import SERVICES, CaseRows, Code, Finding, Standard, findings_of
from services.operate.audit_settling import QUIET_S, WAIT_S, Looked, Settling
from services.operate.audit_texts import EXPLANATIONS
from services.operate.chained_logs import LogReport, examine_logs
from services.operate.installation import Installation
from services.operate.options import json_option, state_option
from services.operate.progress import Progress
from services.operate.said import examine_said
from services.terminal import output
from services.terminal.exits import Exit

SUSPECTS_MAX = 10_000
"""Cases with findings that are looked at again; of more only the number is kept, so that memory stays bounded."""
LOOK_S = 1.0
SAID_NEWEST = 100_000
"""The signatures of so many events of each service are looked at, some ten seconds; of all by access-log verify."""
RULES_CHANGED_DAYS = 7
"""So long a changed rule is told, so that nobody learns of it too late."""
PROGRESS_CASES = 20_000
SHOWN_FINDINGS = 50


def build(t: Texts) -> click.Command:
    """The command, in the language of `t`."""

    @click.command(
        "audit",
        help=t(
            "Prove that every open case has exactly one accountable office and exactly one watched deadline, the one"
            " that its phase calls for.\n\n"
            "Reads all four databases, without any identity, and waits for events that are on their way before it"
            " calls a case broken. Looks also whether the newest events that each service keeps are signed by it as"
            " they stand; of all of them homeward access-log verify says it. Changes nothing.\n\n"
            "Exit status: 0 everything is in order, 1 cases are broken, 5 a database cannot be read."
        ),
    )
    @state_option(t)
    @click.option("--offices", is_flag=True, help=t("Also count the open cases of each accountable office."))
    @click.option(
        "--wait-s",
        type=click.FloatRange(0, 3600),
        default=WAIT_S,
        show_default=True,
        help=t("Seconds to wait at most for events on their way."),
    )
    @click.option(
        "--limit",
        type=click.IntRange(1),
        default=SHOWN_FINDINGS,
        show_default=True,
        help=t("Findings shown at most; with --json all are."),
    )
    @json_option(t)
    def audit(state: Path, offices: bool, wait_s: float, limit: int, as_json: bool) -> None:
        installation = Installation.at(state)
        progress = Progress()
        try:
            report = run_audit(
                {service: installation.audit_database(service, t) for service in SERVICES},
                installation.clock(),
                installation.directory(),
                keys=installation.event_keys(t),
                wait_s=wait_s,
                say=lambda phase, **numbers: progress.say(t(phase, **numbers)),
            )
        except DatabaseUnreachable as error:
            raise _unreachable(t, error) from error
        finally:
            progress.end()
        if as_json:
            output.document(_as_dict(report))
        else:
            _print_text(t, report, offices=offices, limit=limit)
        if not report.is_clean:
            click.get_current_context().exit(Exit.REFUSED)

    return audit


@dataclass
class Report:
    """What an audit found.

    Attributes:
        cases: known to any service, ended ones included.
        by_phase, by_office: open cases.
        waited_s: how long it waited for events on their way.
        broken: findings by case id.
        dependents: open cases whose deadline the standing watcher of this service watches.
        not_looked_at_again: cases with findings beyond those that were held in memory.
        refused: records that no service of ours signed as they came, by reason, by the service that refused them.
        rules: those beyond their bounds, and those changed in the last RULES_CHANGED_DAYS days.
        break_glass: people read without a break-glass that allowed it, and those that nobody reviewed.
        said: by service, the first events in its outbox that it has not signed as they stand.
        miscounted: where the counts of open cases are not what there is.
        logs: by service, the logs of which an entry or a signed head is not in its place.
        unacted: by service, how often each method was answered without that it stands who asked.
    """

    cases: int = 0
    by_phase: Counter[str] = field(default_factory=Counter)
    by_office: Counter[str] = field(default_factory=Counter)
    waited_s: float = 0.0
    settled: int = 0
    broken: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    dependents: Counter[str] = field(default_factory=Counter)
    not_looked_at_again: int = 0
    refused: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rules: RulesFound = field(default_factory=RulesFound)
    break_glass: BreakGlassFound = field(default_factory=BreakGlassFound)
    said: Mapping[str, Sequence[int]] = field(default_factory=dict)
    miscounted: Sequence[str] = ()
    logs: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unacted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def open_cases(self) -> int:
        """Open cases of all phases."""
        return self.by_phase.total()

    @property
    def is_clean(self) -> bool:
        """Whether every open case was proved to have its office and its deadline, nobody forged an event or put one
        into an outbox, no rule lies beyond its bounds, nobody was read without a break-glass, or with one that
        nobody reviewed, every act has a person, every log and its heads are whole, and what is counted is what there
        is."""
        cases = self.broken or self.not_looked_at_again or self.miscounted
        written = self.refused or self.said or self.logs or self.unacted
        return not (cases or written or self.rules.beyond or any(self.break_glass))

    @property
    def findings(self) -> list[Finding]:
        """Every finding, by case."""
        return [finding for case_id in sorted(self.broken) for finding in self.broken[case_id]]


def run_audit(
    urls: dict[str, str],
    clock: Clock,
    directory: Directory,
    *,
    keys: EventKeys | None = None,
    wait_s: float = WAIT_S,
    quiet_s: float = QUIET_S,
    look_s: float = LOOK_S,
    say: Callable[..., None] = lambda phase, **numbers: None,
) -> Report:
    """Audit four databases.

    Args:
        urls: by service, for the login that reads the audit view.
        clock: business time.
        keys: of all services, with which what they said is compared; None: it is not looked at.
        say: told how far it is: an English sentence and its numbers.

    Raises:
        DatabaseUnreachable: one cannot be read.
    """
    report = Report()
    if keys is not None:
        found = examine_said(urls, keys, newest=SAID_NEWEST)
        report.said = {one.service: [each.sequence for each in one.findings] for one in found if not one.is_whole}
        report.logs = _changed(examine_logs(urls, keys))
    settling = Settling(wait_s=wait_s, quiet_s=quiet_s)
    with AuditReader(urls) as reader:
        report.refused = reader.refused()
        report.rules = reader.rules(clock.now() - timedelta(days=RULES_CHANGED_DAYS))
        report.break_glass = reader.break_glass(clock.now())
        report.miscounted = reader.miscounted()
        report.unacted = reader.unacted()
        auditor = _Auditor(reader, clock, reader.directory(directory), report, say)
        settling.look(auditor.survey(), time.monotonic())
        began_s = time.monotonic()
        suspects = len(settling.waiting) + len(settling.broken)
        while settling.waiting:
            say(
                WAITING,
                count=len(settling.waiting),
                seconds=int(time.monotonic() - began_s),
            )
            time.sleep(look_s)
            settling.look(auditor.look_again(settling.waiting), time.monotonic())
    report.waited_s = time.monotonic() - began_s if suspects else 0.0
    report.broken = settling.broken
    report.settled = suspects - len(settling.broken)
    return report


def _changed(logs: Iterable[LogReport]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for one in logs:
        if not one.is_whole:
            found.setdefault(one.service, []).append(one.log)
    return found


READING = N_("Reading: {cases} cases")
WAITING = N_("Waiting for events on their way: {count} cases, {seconds} s")


class _Auditor:
    def __init__(
        self, reader: AuditReader, clock: Clock, directory: Directory, report: Report, say: Callable[..., None]
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._directory = directory
        self._report = report
        self._say = say
        self._example: dict[str, str] = {}

    def survey(self) -> dict[str, Looked]:
        """Look at every case once; the suspects."""
        report, suspects = self._report, dict[str, Looked]()
        for case, findings in self._judged(self._reader.all_cases()):
            report.cases += 1
            if report.cases % PROGRESS_CASES == 0:
                self._say(READING, cases=report.cases)
            if case.is_open:
                report.by_phase[case.phase] += 1
                report.by_office[case.office_id or "-"] += 1
            self._count_dependents(findings)
            findings = self._without_repeated_watchers(findings)
            if not findings:
                continue
            if len(suspects) < SUSPECTS_MAX:
                suspects[case.case_id] = Looked(tuple(findings), self._is_on_its_way(case))
            else:
                report.not_looked_at_again += 1
        return suspects

    def look_again(self, case_ids: list[str]) -> dict[str, Looked]:
        """Look at suspects again; one that nobody knows any more has no findings."""
        looked = dict.fromkeys(case_ids, Looked((), in_flight=False))
        for case, findings in self._judged(self._reader.some_cases(case_ids)):
            looked[case.case_id] = Looked(tuple(self._without_repeated_watchers(findings)), self._is_on_its_way(case))
        return looked

    def _is_on_its_way(self, case: CaseRows) -> bool:
        """Whether an event of the case, or the end of an office that had it, has still to take effect somewhere."""
        return case.in_flight or any(
            row is not None and row.office_id is not None and self._directory.was_ended(row.office_id) for row in case
        )

    def _judged(self, cases: Iterable[CaseRows]) -> Iterable[tuple[CaseRows, list[Finding]]]:
        standard = Standard(self._clock.now(), self._reader.real_now, self._directory)
        for case in cases:
            yield case, findings_of(case, standard)

    def _count_dependents(self, findings: list[Finding]) -> None:
        self._report.dependents.update(_standing(one) for one in findings if _standing(one))

    def _without_repeated_watchers(self, findings: list[Finding]) -> list[Finding]:
        """A watcher that stands still is found with every case it watches: the first stands for all."""
        return [
            one
            for one in findings
            if not _standing(one) or self._example.setdefault(_standing(one), one.case_id) == one.case_id
        ]


def _standing(finding: Finding) -> str:
    """The service whose watcher stands still; empty for other findings."""
    return finding.facts["service"] if finding.code is Code.WATCHER_STANDS_STILL else ""


def _unreachable(t: Texts, error: DatabaseUnreachable) -> Refusal:
    return Refusal(
        Kind.UNREACHABLE,
        "DATABASE_UNREACHABLE",
        t("The database of {service} cannot be read ({reason}).", service=error.service, reason=error.reason),
        advice=[
            t("Nothing was proved. Look at: homeward doctor"),
            t("When the view audit_case is missing, run: homeward migrate"),
        ],
    )


def _as_dict(report: Report) -> dict[str, Any]:
    return {
        "ok": report.is_clean,
        "cases": report.cases,
        "open_cases": report.open_cases,
        "by_phase": dict(sorted(report.by_phase.items())),
        "by_office": dict(sorted(report.by_office.items())),
        "waited_s": round(report.waited_s, 1),
        "settled_while_waiting": report.settled,
        "not_looked_at_again": report.not_looked_at_again,
        "broken_cases": len(report.broken),
        "dependent_on_standing_watcher": dict(report.dependents),
        "refused_records": report.refused,
        "events_not_signed": report.said,
        "rules_beyond_bounds": report.rules.beyond,
        "rules_changed_lately": report.rules.changed,
        "reads_without_break_glass": report.break_glass.reads,
        "break_glass_never_reviewed": report.break_glass.unreviewed,
        "open_cases_miscounted": report.miscounted,
        "logs_changed": report.logs,
        "acts_of_nobody": report.unacted,
        "findings": [asdict(finding) for finding in report.findings],
    }


def _print_text(t: Texts, report: Report, *, offices: bool, limit: int) -> None:
    click.echo(t("{open} open cases of {all}, in four databases.", open=report.open_cases, all=report.cases))
    if report.by_phase:
        rows = [(phase, str(count)) for phase, count in sorted(report.by_phase.items())]
        output.table((t("phase"), t("open cases")), rows)
    if offices:
        counted = sorted(report.by_office.items(), key=lambda one: (-one[1], one[0]))
        output.table((t("accountable office"), t("open cases")), [(office, str(n)) for office, n in counted])
    if report.settled:
        settled = t(
            "{count} cases had an event on its way and settled within {seconds} s.",
            count=report.settled,
            seconds=int(report.waited_s) + 1,
        )
        click.echo(settled)
    if report.is_clean:
        click.echo(t("✓ Every open case has one accountable office and one watched deadline."))
    if report.broken or report.not_looked_at_again:
        _print_broken(t, report, limit)
    _print_refused(t, report)
    _print_said(t, report)
    _print_acted(t, report)
    _print_rules(t, report)
    _print_break_glass(t, report.break_glass)
    _print_miscounted(t, report.miscounted, limit)


def _print_miscounted(t: Texts, found: Sequence[str], limit: int) -> None:
    if not found:
        click.echo(t("✓ Open cases are counted as they are."))
        return
    shown = "; ".join(found[:limit])
    click.echo(
        t(
            "✗ Open cases are not counted as they are; handover counts them anew tomorrow, report it: {shown}",
            shown=shown,
        )
    )


def _print_acted(t: Texts, report: Report) -> None:
    for service, logs in report.logs.items():
        click.echo(
            t(
                "✗ {service}: what was written was changed: {logs}. See what: homeward access-log verify",
                service=service,
                logs=", ".join(logs),
            )
        )
    for service, methods in report.unacted.items():
        click.echo(
            t(
                "✗ {service}: done by nobody: {methods}. Somebody had access to that database.",
                service=service,
                methods=", ".join(f"{name} ({count})" for name, count in methods.items()),
            )
        )
    if not (report.logs or report.unacted):
        click.echo(t("✓ Every act has a person, and every log is whole, with its signed heads."))


def _print_rules(t: Texts, report: Report) -> None:
    if report.rules.beyond:
        beyond = ", ".join(report.rules.beyond)
        click.echo(t("✗ Rules beyond their bounds, which therefore do not count: {rules}", rules=beyond))
    else:
        click.echo(t("✓ Every rule lies within its bounds."))
    if report.rules.changed:
        changed = ", ".join(report.rules.changed)
        click.echo(t("Rules changed in the last {days} days: {rules}", days=RULES_CHANGED_DAYS, rules=changed))


def _print_break_glass(t: Texts, found: BreakGlassFound) -> None:
    if found.reads:
        entries = ", ".join(found.reads)
        click.echo(t("✗ People were read without a break-glass that allowed it; in the log: {reads}", reads=entries))
    if found.unreviewed:
        left = ", ".join(found.unreviewed)
        click.echo(t("✗ A week overdue, and nobody reviewed: {left}; homeward break-glass review", left=left))
    if not any(found):
        click.echo(t("✓ Every break-glass allowed what was read, and was reviewed."))


def _print_refused(t: Texts, report: Report) -> None:
    for service, reasons in report.refused.items():
        click.echo(
            t(
                "✗ {service} refused {count} records that no service of ours signed: {reasons}. None took effect; what"
                " to do: homeward doctor",
                service=service,
                count=sum(reasons.values()),
                reasons=", ".join(reasons),
            )
        )


def _print_said(t: Texts, report: Report) -> None:
    for service, numbers in report.said.items():
        click.echo(
            t(
                "✗ In the outbox of {service} stand events that it has not signed so: {numbers}. Somebody had access to"
                " that database; see all: homeward access-log verify",
                service=service,
                numbers=", ".join(map(str, numbers)),
            )
        )


def _print_broken(t: Texts, report: Report, limit: int) -> None:
    findings = report.findings
    click.echo(t("✗ Broken cases: {count}", count=len(report.broken)))
    if findings:
        rows = [(one.case_id, one.code.value, t(EXPLANATIONS[one.code].fact, **one.facts)) for one in findings[:limit]]
        output.table((t("case"), t("finding"), t("what is wrong")), rows)
    if len(findings) > limit:
        click.echo(t("… and {count} more; see all with --json.", count=len(findings) - limit))
    for service in sorted({_standing(one) for one in findings} - {""}):
        count = report.dependents[service]
        click.echo(t("Open cases that depend on the watcher of {service}: {count}", service=service, count=count))
    if report.not_looked_at_again:
        count = report.not_looked_at_again
        click.echo(t("{count} more cases had findings and were not looked at again: run it once more.", count=count))
    codes = Counter(one.code for one in findings)
    if codes:
        click.echo(t("What to do"))
        output.facts((f"{code} ({count})", t(EXPLANATIONS[code].remedy)) for code, count in sorted(codes.items()))
