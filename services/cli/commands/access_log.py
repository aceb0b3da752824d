"""Who read whom: shown to auditors, and verified by whoever runs the databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from services.chassis.kernel.texts import Texts
from services.cli.answers import show_list
from services.cli.options import Day, help_text, page_options
from services.client import plain
from services.client.pages import every_page
from services.client.session import Session
from services.client.shown.access_log import list_row, list_titles, newest_lists, row, titles
from services.terminal import output
from services.terminal.exits import Exit

if TYPE_CHECKING:
    from homeward.intake.v1 import reading_pb2
    from homeward.office.v1 import acts_pb2
    from services.operate.chained_logs import Finding, LogReport


def access_log(_: Texts) -> click.Command:
    """`homeward access-log`."""
    group = click.Group(
        "access-log",
        help=help_text(
            _,
            _("Shows who read which identity, and verifies that nothing of it, and of who did what, was changed."),
            examples=(("homeward --as AUDIT-NATIONAL access-log show --case HW-999-999-957", _("who read her")),),
        ),
    )
    group.add_command(_show(_))
    group.add_command(_verify(_))
    return group


def _show(_: Texts) -> click.Command:
    @click.command(
        "show",
        help=help_text(
            _,
            _(
                "Lists who read which identity, newest first, and how much of it; also reads that were refused. Below "
                "it stands who looked through lists and through this log, as counts of each day."
            ),
            examples=(("homeward --as AUDIT-NATIONAL access-log show", _("the newest reads of all")),),
        ),
    )
    @click.option("--case", metavar=_("CASE"), default="", help=_("Only about this case, by its number or id."))
    @click.option("--office", metavar=_("OFFICE"), default="", help=_("Only reads by this office."))
    @click.option("--person", metavar=_("ACCOUNT"), default="", help=_("Only reads by this account."))
    @click.option("--from", "read_from", type=Day(_), metavar=_("DAY"), help=_("Only reads on this day or later."))
    @click.option("--until", "read_until", type=Day(_), metavar=_("DAY"), help=_("Only reads on this day or earlier."))
    @page_options(_)
    @click.pass_obj
    def command(
        session: Session,
        /,
        case: str,
        office: str,
        person: str,
        read_from: date | None,
        read_until: date | None,
        **page: Any,
    ) -> int:
        from homeward.intake.v1 import reading_pb2

        whole = True

        def entries(answer: reading_pb2.ListAccessLogResponse) -> Any:
            nonlocal whole
            whole = whole and answer.chain_intact
            return answer.entries

        request = reading_pb2.ListAccessLogRequest(
            case=case,
            office_id=office.strip().upper(),
            subject=person,
            read_from=read_from.isoformat() if read_from else "",
            read_until=read_until.isoformat() if read_until else "",
        )
        found = every_page(session, session.calls.reading.ListAccessLog, request, entries, **page)
        lists = _lists_read(session, request) if not case and not page["page_token"] else []
        plain_lists = [plain.as_dict(each) for each in lists]
        show_list(session, found, "entries", titles(_), lambda each: row(each, _), lists=plain_lists)
        if lists and not session.as_json:
            output.say("")
            output.say(_("Lists that were looked through, by whoever sees beyond the own office:"))
            output.table(list_titles(_), [list_row(each, _) for each in lists])
        if whole:
            return Exit.DONE
        output.warn(_("The chain of the log is broken: an entry was changed or taken out."))
        return Exit.REFUSED

    return command


def _lists_read(session: Session, asked: reading_pb2.ListAccessLogRequest) -> list[acts_pb2.ListsRead]:
    """What overseers listed in each of the four services."""
    from homeward.office.v1 import acts_pb2
    from services.client.services import SERVICES

    request = acts_pb2.CountListsReadRequest(
        office_id=asked.office_id, subject=asked.subject, read_from=asked.read_from, read_until=asked.read_until
    )
    answers = [session.ask(session.calls.acts(service).CountListsRead, request) for service in SERVICES]
    return newest_lists(each for answer in answers for each in answer.lists)


def _verify(_: Texts) -> click.Command:
    @click.command(
        "verify",
        help=help_text(
            _,
            _(
                "Computes every chained log of the four databases anew, who read whom and who did what, and compares "
                "it with every signed head that any of them keeps. Finds what was changed, taken out, cut off or "
                "computed anew, and every event that a service has not signed as it stands in its database. Needs the "
                "databases, as homeward audit does."
            ),
            _("Exit status: 0 all is as it was written, 1 something is not."),
            examples=(("homeward access-log verify", _("all logs of the Homeward of this machine")),),
        ),
    )
    @click.pass_obj
    def command(session: Session) -> int:
        from services.client.refusals import Kind, Refusal
        from services.client.services import SERVICES
        from services.operate.audit_reader import DatabaseUnreachable
        from services.operate.chained_logs import examine_logs
        from services.operate.installation import Installation
        from services.operate.said import examine_said

        installation = Installation.at(session.state)
        urls = {service: installation.audit_database(service, _) for service in SERVICES}
        try:
            keys = installation.event_keys(_)
            reports = [*examine_logs(urls, keys), *examine_said(urls, keys)]
        except DatabaseUnreachable as error:
            text = _("The database of {service} cannot be read ({reason}).", service=error.service, reason=error.reason)
            raise Refusal(Kind.UNREACHABLE, "DATABASE_UNREACHABLE", text) from error
        _tell(session, reports)
        return Exit.DONE if all(one.is_whole for one in reports) else Exit.REFUSED

    return command


def _tell(session: Session, reports: list[LogReport]) -> None:
    _ = session.texts
    if session.as_json:
        output.document({"logs": [_document(one) for one in reports]})
        return
    for one in reports:
        mark = "✓" if one.is_whole else "✗"
        output.say(
            _(
                "{mark} {service}, {log}: {entries} entries, {heads} signed heads",
                mark=mark,
                service=one.service,
                log=_log_name(one.log, _),
                entries=one.entries,
                heads=one.heads,
            )
        )
        for finding in one.findings:
            output.say("  " + _finding_text(finding, _))


def _document(report: LogReport) -> dict[str, Any]:
    findings = [
        {"wrong": one.wrong.value, "sequence": one.sequence, "kept_by": one.kept_by, "case_id": one.case_id}
        for one in report.findings
    ]
    return {
        "service": report.service,
        "log": report.log,
        "entries": report.entries,
        "heads": report.heads,
        "whole": report.is_whole,
        "findings": findings,
    }


def _log_name(log: str, _: Texts) -> str:
    names = {
        "act": _("who did what"),
        "access_log": _("who read whom"),
        "identity": _("records"),
        "outbox": _("what it said"),
    }
    return names.get(log, log)


def _finding_text(finding: Finding, _: Texts) -> str:
    texts = {
        "CHANGED": _("Entry {sequence} was changed, taken out or put in.", sequence=finding.sequence),
        "SHORTENED": _(
            "Entry {sequence} is missing, although its head was signed; {service} keeps it.",
            sequence=finding.sequence,
            service=finding.kept_by,
        ),
        "REWRITTEN": _(
            "Everything up to entry {sequence} was computed anew: {service} keeps another hash, signed.",
            sequence=finding.sequence,
            service=finding.kept_by,
        ),
        "PUT_BACK": _("The record of the case {case} is an older one, put back.", case=finding.case_id),
        "FORGED_HEAD": _(
            "A head of entry {sequence}, kept by {service}, has no signature of the service's key.",
            sequence=finding.sequence,
            service=finding.kept_by,
        ),
        "NOT_SAID": _(
            "Event {sequence} of the outbox was put in or altered: {service} has not signed it so.",
            sequence=finding.sequence,
            service=finding.kept_by,
        ),
    }
    return texts[finding.wrong.value]
